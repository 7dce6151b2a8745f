"""Agent and caller meet."""

from __future__ import annotations

from flask import Blueprint, Response

from callcenter.twiml import a_moment, farewell
from webhooks.common import (
    call_event,
    optional,
    optional_int,
    optional_uuid,
    required,
    services,
    signed_by_twilio,
    speak,
)

bp = Blueprint("agent", __name__, url_prefix="/api/twilio")
_MOST_RETRIES = 5


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
    """The caller, or a callback's customer, asks where to go.

    An agent waits for them: while the database is away they are held for a moment, a few times.
    """
    call = optional_uuid("call")
    retry = (optional_int("retry") or 0) + 1
    query = {"retry": retry, **({"call": call} if call else {})}
    again = a_moment(services().urls, "caller-connect", **query) if retry <= _MOST_RETRIES else None
    return speak(services().db.receive_caller_connect, call_event(call_record_id=call), again)
