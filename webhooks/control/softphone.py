"""Softphones: what a browser signs in to Twilio with, and which page it is."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.models import JSON
from webhooks.control.answers import OneSoftphone, Softphone
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import Device
from webhooks.services import services


@operation("POST", "/softphone/token", Softphone)
def sign_softphone_in() -> JSON:
    """Get an access token for Twilio's Voice SDK, good for an hour: ask anew before it is over.

    The softphone is the agent's own, or a supervisor's; it takes and places calls in no other name.
    """
    identity = ask("name_softphone")["identity"]
    made = services().twilio.softphone_token(identity)
    until = datetime.fromtimestamp(made.expires_at, UTC)
    return {"token": made.token, "identity": made.identity, "expires_at": until.isoformat()}


@operation("POST", "/softphone/device", OneSoftphone, Device)
def take_softphone(body: Device) -> JSON:
    """Be the softphone of who asks: the page that was it before is told so by its desk.

    Twilio must know this page by now, for what a queue has ringing at the softphone is rung again.
    """
    return ask("take_softphone", device=body.device)


@operation("POST", "/softphone/heartbeat", OneSoftphone, Device)
def keep_softphone(body: Device) -> JSON:
    """Say that this page is there: one that is not, and does not answer, is not held against them.

    Where another page was made the softphone since, this is refused (409, taken_over).
    """
    return ask("keep_softphone", device=body.device)
