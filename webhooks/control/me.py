"""Who asks, as an agent: their state, and what they do next."""

from __future__ import annotations

from callcenter.models import JSON
from webhooks.control.answers import Me
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import NewStatus, NextStatus


@operation("GET", "/me", Me)
def read_my_state() -> JSON:
    """All that a screen that was just loaded needs: the agent, their calls, their wrap-up."""
    return ask("read_my_state")


@operation("POST", "/me/status", Me, NewStatus)
def set_my_status(body: NewStatus) -> JSON:
    """Be available, on break (and why) or offline, at once: calls that go on, go on."""
    return ask("set_my_status", status=body.status, reason=body.reason)


@operation("POST", "/me/next-status", Me, NextStatus)
def set_next_status(body: NextStatus) -> JSON:
    """Be it after this call and its wrap-up; null takes that back."""
    return ask("set_next_status", status=body.status, reason=body.reason)


@operation("POST", "/agents/<uuid:agent>/status", Me, NewStatus)
def set_status_of(agent: str, body: NewStatus) -> JSON:
    """Set an agent's status. For supervisors."""
    return ask("set_my_status", agent_id=agent, status=body.status, reason=body.reason)
