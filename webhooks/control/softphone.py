"""Softphones: what a browser signs in to Twilio with."""

from __future__ import annotations

from datetime import UTC, datetime

from callcenter.models import JSON
from webhooks.control.answers import Softphone
from webhooks.control.blueprint import ask, operation
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
