"""The caller chooses from a menu, or a number dialled from one is done with."""

from __future__ import annotations

from flask import Blueprint, Response

from callcenter.twiml import farewell
from webhooks.common import (
    SPOKE,
    call_event,
    optional,
    optional_int,
    services,
    signed_by_twilio,
    speak,
)

bp = Blueprint("ivr", __name__, url_prefix="/api/twilio")


@bp.post("/ivr-input")
@signed_by_twilio
def ivr_input() -> Response:
    """Follow the caller's key or words; none at all is an answer too."""
    event = call_event(
        menu=optional("menu"),
        attempt=optional_int("attempt"),
        digits=optional("Digits"),
        speech=optional("SpeechResult"),
    )
    return speak(services().db.receive_ivr_input, event)


@bp.post("/dial-exit")
@signed_by_twilio
def dial_exit() -> Response:
    """A transfer from the menu ended: it was answered, or the caller goes to a queue."""
    status = optional("DialCallStatus") or "failed"
    event = call_event(dial_status=status.replace("-", "_"))
    over = farewell() if status in SPOKE else None
    return speak(services().db.receive_dial_exit, event, over)
