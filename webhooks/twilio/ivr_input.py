"""The caller chooses from a menu, or a number dialled from one is done with."""

from __future__ import annotations

from flask import Response

from callcenter.twiml import hang_up
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import call_event, dialled_party_answered, optional, optional_int


@bp.post("/ivr-input")
def ivr_input() -> Response:
    """Follow the caller's key or words; none at all is an answer too."""
    event = call_event(
        menu=optional("menu"),
        attempt=optional_int("attempt"),
        digits=optional("Digits"),
        speech=optional("SpeechResult"),
    )
    return respond_with_plan(services().db.receive_ivr_input, event)


@bp.post("/dial-exit")
def dial_exit() -> Response:
    """A transfer from the menu ended: it was answered, or the caller goes to a queue."""
    status = optional("DialCallStatus") or "failed"
    event = call_event(dial_status=status.replace("-", "_"))
    over = hang_up() if dialled_party_answered() else None
    return respond_with_plan(services().db.receive_dial_exit, event, over)
