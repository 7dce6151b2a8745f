"""The number rings."""

from __future__ import annotations

from flask import Blueprint, Response, request

from callcenter.errors import MissingParameterError
from webhooks.common import call_event, required, services, signed_by_twilio, speak

bp = Blueprint("incoming", __name__, url_prefix="/api/twilio")


@bp.post("/incoming-call")
@signed_by_twilio
def incoming_call() -> Response:
    """Open the call and speak the first menu; asked again, answer where the call stands."""
    if "From" not in request.values:  # empty is a withheld number too
        raise MissingParameterError("From")
    required("To")
    return speak(services().db.receive_incoming_call, call_event())
