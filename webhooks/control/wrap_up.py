"""After a call: what came of it, and the time to write that down."""

from __future__ import annotations

from callcenter.models import JSON
from webhooks.control.answers import Me, OneCall, OneCallback
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import Callback, Disposition, MoreTime


@operation("POST", "/calls/<call>/disposition", OneCall, Disposition)
def set_disposition(call: str, body: Disposition) -> JSON:
    """Say what came of the call. Where a queue asks for it, wrap-up lasts until then."""
    return ask("set_disposition", call, disposition=body.disposition, notes=body.notes)


@operation("POST", "/calls/<call>/callback", OneCallback, Callback)
def schedule_callback(call: str, body: Callback) -> JSON:
    """Have the customer called back at a time, at their number or another."""
    return ask("schedule_callback", call, at=body.at.isoformat(), number=body.number)


@operation("POST", "/me/wrap-up/extend", Me, MoreTime)
def extend_wrap_up(body: MoreTime) -> JSON:
    """Take longer for wrap-up."""
    return ask("extend_wrap_up", seconds=body.seconds)


@operation("POST", "/me/wrap-up/finish", Me)
def finish_wrap_up() -> JSON:
    """Be done with wrap-up, and free for the next call."""
    return ask("finish_wrap_up")


@operation("POST", "/agents/<uuid:agent>/wrap-up/finish", Me)
def finish_wrap_up_of(agent: str) -> JSON:
    """End an agent's wrap-up. For supervisors."""
    return ask("finish_wrap_up", agent_id=agent)
