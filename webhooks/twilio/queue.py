"""The caller waits: what they hear, which key they press, why they leave."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from callcenter.twiml import hold_music
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import voice_request


@bp.post("/queue-wait")
def queue_wait() -> Response:
    """Announce the place and play music; Twilio asks again when it is over."""
    music = hold_music(services().urls)
    return respond_with_plan(services().db.receive_queue_wait, voice_request(), music)


@bp.post("/queue-key")
def queue_key() -> Response:
    """A key pressed while waiting."""
    music = hold_music(services().urls)
    return respond_with_plan(services().db.receive_queue_key, voice_request(), music)


@bp.post("/callback-choice")
def callback_choice() -> Response:
    """The caller confirmed their number for a callback, or keyed another of their country's."""
    return respond_with_plan(services().db.receive_callback_choice, voice_request())


@bp.post("/queue-exit")
def queue_exit() -> Response:
    """The caller left the queue; Twilio ignores the answer where an agent fetched them."""
    request = voice_request()
    if request.result is None:
        request = replace(request, result="unknown")
    return respond_with_plan(services().db.receive_queue_exit, request)
