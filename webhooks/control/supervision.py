"""Supervisors in an agent's call, and the agent who asks for one."""

from __future__ import annotations

from callcenter.models import JSON
from webhooks.control.answers import OneCall
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import AnotherQueue, Help, Supervision


@operation("POST", "/calls/<call>/supervise", OneCall, Supervision)
def supervise(call: str, body: Supervision) -> JSON:
    """Listen to a call, whisper to its agent, or be heard by all (barge). Once more: otherwise.

    For supervisors. Their leaving ends nothing.
    """
    return ask("supervise_call", call, mode=body.mode)


@operation("DELETE", "/calls/<call>/supervise", OneCall)
def stop_supervising(call: str) -> JSON:
    """Leave the call that one listens to."""
    return ask("stop_supervising", call)


@operation("POST", "/calls/<call>/take-over", OneCall)
def take_over(call: str) -> JSON:
    """Go on with the customer in the agent's place, who leaves. For supervisors."""
    return ask("take_over_call", call)


@operation("POST", "/calls/<call>/move", OneCall, AnotherQueue)
def move(call: str, body: AnotherQueue) -> JSON:
    """Move a caller who waits to another queue, at the time they joined. For supervisors.

    Whoever is being rung for them is let go; where the queue takes nobody now, nothing changes.
    """
    return ask("move_call", call, to=body.to)


@operation("POST", "/calls/<call>/help", OneCall, Help)
def ask_for_help(call: str, body: Help) -> JSON:
    """Have supervisors see that this call needs one; the customer does not notice."""
    return ask("ask_for_help", call, reason=body.reason)
