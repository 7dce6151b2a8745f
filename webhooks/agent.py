"""Agent and caller meet."""

from __future__ import annotations

from flask import Blueprint, Response

from callcenter.twiml import farewell
from webhooks.common import (
    call_event,
    optional,
    optional_uuid,
    required,
    services,
    signed_by_twilio,
    speak,
)

bp = Blueprint("agent", __name__, url_prefix="/api/twilio")


@bp.post("/agent-connect")
@signed_by_twilio
def agent_connect() -> Response:
    """An agent's leg was answered, or the agent pressed a key to take the call."""
    required("offer")
    event = call_event(
        offer_id=optional_uuid("offer"),
        confirming=optional("confirming") is not None,
        digits=optional("Digits"),
    )
    return speak(services().db.receive_agent_answer, event, farewell())


@bp.post("/caller-connect")
@signed_by_twilio
def caller_connect() -> Response:
    """The caller, or a callback's customer, asks where to go."""
    event = call_event(call_record_id=optional_uuid("call"))
    return speak(services().db.receive_caller_connect, event)
