"""Agent and caller meet."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from callcenter.errors import BadParameterError
from webhooks.common import call_event, optional, required, services, signed_by_twilio, speak

bp = Blueprint("agent", __name__, url_prefix="/api/twilio")


@bp.post("/agent-connect")
@signed_by_twilio
def agent_connect() -> Response:
    """An agent's leg was answered, or the agent pressed a key to take the call."""
    event = call_event(
        offer_id=offer_id(),
        confirming=optional("confirming") is not None,
        digits=optional("Digits"),
    )
    return speak(services().db.receive_agent_answer, event)


@bp.post("/caller-connect")
@signed_by_twilio
def caller_connect() -> Response:
    """The caller was fetched out of the queue and asks where to go."""
    return speak(services().db.receive_caller_connect, call_event())


def offer_id() -> str:
    """The offer named in our own callback address."""
    try:
        return str(UUID(required("offer")))
    except ValueError as error:
        raise BadParameterError("offer is not a UUID") from error
