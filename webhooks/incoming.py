"""The number rings."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from callcenter.errors import MissingParameterError
from webhooks.common import call_event, optional, required, services, signed_by_twilio, speak

log = structlog.get_logger()
bp = Blueprint("incoming", __name__, url_prefix="/api/twilio")


@bp.post("/incoming-call")
@signed_by_twilio
def incoming_call() -> Response:
    """Open the call and speak the first menu; asked again, answer where the call stands."""
    return _begin()


@bp.post("/fallback")
@signed_by_twilio
def fallback() -> Response:
    """Twilio could not get or read an answer of ours: go on where the call stands."""
    log.error("twilio fell back", code=optional("ErrorCode"), url=optional("ErrorUrl"))
    return _begin()


def _begin() -> Response:
    if "From" not in request.values:  # empty is a withheld number too
        raise MissingParameterError("From")
    required("To")
    return speak(services().db.receive_incoming_call, call_event())
