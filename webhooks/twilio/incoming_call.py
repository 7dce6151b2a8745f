"""The number rings."""

from __future__ import annotations

import structlog
from flask import Response, request

from callcenter.errors import MissingParameterError
from callcenter.twiml import hang_up, offline_voicemail
from webhooks.services import services
from webhooks.twilio.answers import respond_offline, respond_with_plan, twiml
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import DIAL_ANSWERED, optional, required, voice_request

log = structlog.get_logger()


@bp.post("/incoming-call")
def incoming_call() -> Response:
    """Open the call and answer with the first menu; asked again, with where the call stands."""
    return _open_call()


@bp.post("/fallback")
def fallback() -> Response:
    """Twilio could not get an answer of ours: go on where the call stands.

    Not with what it got and could not read (12xxx), for that would be the same again.
    """
    code = optional("ErrorCode") or ""
    log.error("twilio fell back", code=code, url=optional("ErrorUrl"))
    if code.startswith("12"):
        return respond_offline()
    return _open_call()


@bp.post("/fallback-exit")
def fallback_exit() -> Response:
    """The fallback number was rung, without the database: who reached nobody leaves a message."""
    if optional("DialCallStatus") in DIAL_ANSWERED:
        return twiml(hang_up())
    return twiml(offline_voicemail(services().urls))


def _open_call() -> Response:
    if "From" not in request.values:  # empty is a withheld number too
        raise MissingParameterError("From")
    required("To")
    return respond_with_plan(services().db.receive_incoming_call, voice_request())
