"""The caller waits: what they hear, which key they press, why they leave."""

from __future__ import annotations

from flask import Blueprint, Response

from callcenter.twiml import patience
from webhooks.common import (
    call_event,
    keyed_number,
    optional,
    optional_int,
    services,
    signed_by_twilio,
    speak,
)

bp = Blueprint("queue", __name__, url_prefix="/api/twilio")


@bp.post("/queue-wait")
@signed_by_twilio
def queue_wait() -> Response:
    """Announce the place and play music; Twilio asks again when it is over."""
    return speak(services().db.receive_queue_wait, call_event(), patience(services().urls))


@bp.post("/queue-key")
@signed_by_twilio
def queue_key() -> Response:
    """A key pressed while waiting."""
    event = call_event(digits=optional("Digits"))
    return speak(services().db.receive_queue_key, event, patience(services().urls))


@bp.post("/callback-choice")
@signed_by_twilio
def callback_choice() -> Response:
    """The caller confirmed their number for a callback, or keyed another of their country's."""
    event = call_event(
        attempt=optional_int("attempt"), digits=optional("Digits"), number=keyed_number()
    )
    return speak(services().db.receive_callback_choice, event)


@bp.post("/queue-exit")
@signed_by_twilio
def queue_exit() -> Response:
    """The caller left the queue; Twilio ignores the answer where an agent fetched them."""
    return speak(
        services().db.receive_queue_exit, call_event(result=optional("QueueResult") or "unknown")
    )
