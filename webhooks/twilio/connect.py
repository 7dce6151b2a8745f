"""Agent and caller meet."""

from __future__ import annotations

from flask import Response

from callcenter.twiml import hang_up, pause_and_repeat
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import call_event, optional, optional_int, optional_uuid, required

_MOST_RETRIES = 5


@bp.post("/agent-connect")
def agent_connect() -> Response:
    """An agent's leg was answered, or the agent pressed a key to take the call."""
    required("offer")
    event = call_event(
        offer_id=optional_uuid("offer"),
        confirming=optional("confirming") is not None,
        digits=optional("Digits"),
    )
    return respond_with_plan(services().db.receive_agent_answer, event, hang_up())


@bp.post("/caller-connect")
def caller_connect() -> Response:
    """The caller, or a callback's customer, asks where to go.

    An agent waits for them: while the database is away they are held for a moment, a few times.
    """
    call = optional_uuid("call")
    retry = (optional_int("retry") or 0) + 1
    query = {"retry": retry, **({"call": call} if call else {})}
    again = (
        pause_and_repeat(services().urls, "caller-connect", **query)
        if retry <= _MOST_RETRIES
        else None
    )
    event = call_event(call_record_id=call)
    return respond_with_plan(services().db.receive_caller_connect, event, again)
