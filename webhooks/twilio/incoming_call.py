"""The number rings."""

from __future__ import annotations

from flask import Response, request

from callcenter.errors import MissingParameterError
from callcenter.twiml import hang_up, offline_voicemail
from webhooks.services import services
from webhooks.twilio.answers import log_fallback, respond_offline, respond_with_plan, twiml
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    DIAL_ANSWERED,
    optional,
    required,
    voice_request,
    was_unreadable,
)


@bp.post("/incoming-call")
def incoming_call() -> Response:
    """Open the call and answer with the first menu; asked again, with where the call stands."""
    return _open_call()


@bp.post("/fallback")
def fallback() -> Response:
    """A caller's answer could not be had from us: go on where the call stands."""
    log_fallback()
    return respond_offline() if was_unreadable() else _open_call()


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
