"""The number rings."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from callcenter.errors import MissingParameterError
from callcenter.twiml import farewell, tape
from webhooks.common import (
    SPOKE,
    apologise,
    call_event,
    optional,
    required,
    services,
    signed_by_twilio,
    speak,
    xml,
)

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
    """Twilio could not get an answer of ours: go on where the call stands.

    Not with what it got and could not read (12xxx), for that would be the same again.
    """
    code = optional("ErrorCode") or ""
    log.error("twilio fell back", code=code, url=optional("ErrorUrl"))
    if code.startswith("12"):
        return apologise()
    return _begin()


@bp.post("/fallback-exit")
@signed_by_twilio
def fallback_exit() -> Response:
    """The fallback number was rung, without the database: who reached nobody leaves a message."""
    if optional("DialCallStatus") in SPOKE:
        return xml(farewell())
    return xml(tape(services().urls))


def _begin() -> Response:
    if "From" not in request.values:  # empty is a withheld number too
        raise MissingParameterError("From")
    required("To")
    return speak(services().db.receive_incoming_call, call_event())
