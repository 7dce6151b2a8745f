"""The number rings."""

from __future__ import annotations

from flask import Blueprint, Response

from webhooks.common import call_event, required, services, signed_by_twilio, speak

bp = Blueprint("incoming", __name__, url_prefix="/api/twilio")


@bp.post("/incoming-call")
@signed_by_twilio
def incoming_call() -> Response:
    """Open the call and speak the first menu; asked again, answer where the call stands."""
    required("From")
    required("To")
    return speak(services().db.receive_incoming_call, call_event())
