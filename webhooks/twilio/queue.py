"""The caller waits: what they hear, which key they press, why they leave."""

from __future__ import annotations

from flask import Response

from callcenter.twiml import hold_music
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import call_event, keyed_number, optional, optional_int


@bp.post("/queue-wait")
def queue_wait() -> Response:
    """Announce the place and play music; Twilio asks again when it is over."""
    music = hold_music(services().urls)
    return respond_with_plan(services().db.receive_queue_wait, call_event(), music)


@bp.post("/queue-key")
def queue_key() -> Response:
    """A key pressed while waiting."""
    event, music = call_event(digits=optional("Digits")), hold_music(services().urls)
    return respond_with_plan(services().db.receive_queue_key, event, music)


@bp.post("/callback-choice")
def callback_choice() -> Response:
    """The caller confirmed their number for a callback, or keyed another of their country's."""
    event = call_event(
        attempt=optional_int("attempt"), digits=optional("Digits"), number=keyed_number()
    )
    return respond_with_plan(services().db.receive_callback_choice, event)


@bp.post("/queue-exit")
def queue_exit() -> Response:
    """The caller left the queue; Twilio ignores the answer where an agent fetched them."""
    event = call_event(result=optional("QueueResult") or "unknown")
    return respond_with_plan(services().db.receive_queue_exit, event)
