"""Access tokens: what a browser signs in to Twilio with, as a softphone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from callcenter.errors import SoftphonesUnavailableError
from callcenter.settings import Settings

LIFE_SECONDS = 3600
_CLOCKS_DIFFER_SECONDS = 60


@dataclass(frozen=True)
class SoftphoneToken:
    """identity: whom Twilio rings as client:<identity>. expires_at: seconds since 1970."""

    token: str
    identity: str
    expires_at: int


def missing_for_softphones(settings: Settings) -> list[str]:
    """The names of what is not set of what softphones need."""
    given = {
        "TWILIO_API_KEY_SID": settings.twilio_api_key_sid,
        "TWILIO_API_KEY_SECRET": settings.twilio_api_key_secret,
        "TWILIO_TWIML_APP_SID": settings.twilio_twiml_app_sid,
    }
    return [name for name, value in given.items() if not value]


def softphone_token(settings: Settings, identity: str) -> SoftphoneToken:
    """A token with which a softphone takes calls to this identity, and places calls as it.

    Good for an hour, and for nothing else at Twilio. Raises SoftphonesUnavailableError that names
    what is not set.
    """
    if missing := missing_for_softphones(settings):
        raise SoftphonesUnavailableError(missing)
    now = int(time.time())
    token = AccessToken(
        settings.twilio_account_sid,
        settings.twilio_api_key_sid,
        settings.twilio_api_key_secret,
        identity=identity,
        # Twilio's clock and ours.
        nbf=now - _CLOCKS_DIFFER_SECONDS,
        valid_until=now + LIFE_SECONDS,
    )
    token.add_grant(
        VoiceGrant(outgoing_application_sid=settings.twilio_twiml_app_sid, incoming_allow=True)
    )
    return SoftphoneToken(str(token.to_jwt()), identity, now + LIFE_SECONDS)
