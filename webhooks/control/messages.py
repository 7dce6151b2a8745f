"""Text messages that people at screens write to customers."""

from __future__ import annotations

from callcenter.errors import BadRequestError
from callcenter.models import JSON
from webhooks.control.answers import OneMessage
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import TextMessage
from webhooks.control.numbers import to_text


@operation("POST", "/messages", OneMessage, TextMessage, statuses=(429,))
def send_message(body: TextMessage) -> JSON:
    """Send a text message to a call's customer, a contact or a number.

    Who opted out is sent nothing (409). What the carrier makes of it is told later.
    """
    whom = {"call": body.call, "contact": body.contact, "to": body.to}
    named = [name for name, value in whom.items() if value is not None]
    if len(named) != 1:
        raise BadRequestError("one of call, contact and to says to whom", "to")
    answer = ask(
        "send_text",
        body.call,
        contact=str(body.contact) if body.contact else None,
        to=to_text(body.to, "to") if body.to else None,
        text=body.text,
    )
    return {"message": answer["message"]}
