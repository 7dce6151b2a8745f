"""What Twilio asks for on behalf of one participant of a room."""

from __future__ import annotations

from flask import Response

from callcenter.twiml import announcement, music_on_hold
from webhooks.services import services
from webhooks.twilio.answers import twiml
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import optional


@bp.post("/hold-music")
def hold_music() -> Response:
    """Somebody is on hold. Nothing is asked of the database, so that music never fails."""
    return twiml(music_on_hold(services().urls, optional("music")))


@bp.post("/announce")
def announce() -> Response:
    """Keys or words for one participant, as our own address says them."""
    speech = {"language": optional("language"), "voice": optional("voice")}
    return twiml(announcement(optional("digits"), optional("say"), speech))
