"""The TwiML App of softphones: where the calls go that agents place from a browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from callcenter.errors import TwilioRefusedError
from callcenter.settings import Settings
from callcenter.telephony.client import TwilioClient
from callcenter.twiml import Urls


@dataclass(frozen=True)
class Application:
    """What Twilio says of a TwiML App: each webhook as (URL, method)."""

    voice: tuple[str, str]
    status: tuple[str, str]


def wanted_application(settings: Settings) -> Application:
    """How the app should be set up. It has no fallback: who places a call can do so again."""
    urls = Urls(settings.public_url)
    return Application(voice=(urls("softphone-call"), "POST"), status=(urls("call-status"), "POST"))


class Applications:
    def __init__(self, client: TwilioClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def find(self, sid: str) -> Application | None:
        """An app of the account (AP…); None where there is no such one."""
        try:
            found = self._client.ask(self._client.rest.applications(sid).fetch)
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            return None
        return _facts(found)

    def configure(self, sid: str) -> None:
        """Point an app of the account at us."""
        wanted = wanted_application(self._settings)
        self._client.ask(
            self._client.rest.applications(sid).update,
            voice_url=wanted.voice[0],
            voice_method=wanted.voice[1],
            status_callback=wanted.status[0],
            status_callback_method=wanted.status[1],
        )


def _facts(application: Any) -> Application:
    return Application(
        voice=(application.voice_url or "", application.voice_method or ""),
        status=(application.status_callback or "", application.status_callback_method or ""),
    )
