"""Bringing somebody else in: asking a colleague first (warm transfer), and more parties."""

from __future__ import annotations

from callcenter.models import JSON
from webhooks.control.answers import OneCall
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import Whom
from webhooks.control.numbers import to_ring


@operation("POST", "/calls/<call>/consult", OneCall, Whom, statuses=(429,))
def consult(call: str, body: Whom) -> JSON:
    """Ask somebody first: the customer hears music, and they are rung."""
    return ask("start_consult", call, to=to_ring(body.to, "to"))


@operation("POST", "/calls/<call>/consult/cancel", OneCall)
def cancel_consult(call: str) -> JSON:
    """Ask them no more, whether they ring or talk; the customer is back."""
    return ask("cancel_consult", call)


@operation("POST", "/calls/<call>/consult/swap", OneCall)
def swap_consult(call: str) -> JSON:
    """Talk to the other of the two: the customer, or who is asked. The one left hears music."""
    return ask("swap_consult", call)


@operation("POST", "/calls/<call>/consult/merge", OneCall)
def merge_consult(call: str) -> JSON:
    """Talk all together."""
    return ask("merge_consult", call)


@operation("POST", "/calls/<call>/consult/complete", OneCall)
def complete_consult(call: str) -> JSON:
    """Leave the customer with who was asked (warm transfer), or still rings, and wrap up.

    Where nobody takes the customer then, they go back to the queue that they came from.
    """
    return ask("complete_consult", call)


@operation("POST", "/calls/<call>/parties", OneCall, Whom, statuses=(429,))
def add_party(call: str, body: Whom) -> JSON:
    """Ring somebody into the conversation."""
    return ask("add_party", call, to=to_ring(body.to, "to"))


@operation("DELETE", "/calls/<call>/parties/<party>", OneCall)
def remove_party(call: str, party: str) -> JSON:
    """Take somebody out of the conversation, or ring them no more; the others stay."""
    return ask("remove_party", call, party=party)
