"""The caller chooses from a menu, or a number dialled from one is done with."""

from __future__ import annotations

from flask import Response

from callcenter.twiml import hang_up
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import DIAL_ANSWERED, voice_request


@bp.post("/ivr-input")
def ivr_input() -> Response:
    """Follow the caller's key or words; none at all is an answer too."""
    return respond_with_plan(services().db.receive_ivr_input, voice_request())


@bp.post("/dial-exit")
def dial_exit() -> Response:
    """A transfer from the menu ended: it was answered, or the caller goes to a queue."""
    request = voice_request()
    over = hang_up() if request.dial_status in DIAL_ANSWERED else None
    return respond_with_plan(services().db.receive_dial_exit, request, over)
