"""Twilio's recordings, as sound."""

from __future__ import annotations

from collections.abc import Mapping

import requests
import structlog
from requests.auth import HTTPBasicAuth

from callcenter.errors import RangeRefusedError, SoundUnavailableError
from callcenter.settings import Settings
from callcenter.sound import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Format,
    Sound,
    is_sound,
    part_of,
    session,
    sound_of,
    total_of,
)
from callcenter.telephony.client import relocated

log = structlog.get_logger()
_MOST_REDIRECTS = 3


class Media:
    """Twilio's recordings. Make one a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._auth = HTTPBasicAuth(settings.twilio_account_sid, settings.twilio_auth_token)
        # Redirected to another host, it sends no credentials there.
        self._session = session(_MOST_REDIRECTS)

    def open(self, recording: str, form: Format, method: str, wanted: Mapping[str, str]) -> Sound:
        """Ask for a recording (its SID), or with HEAD for how long it is.

        wanted: Range and If-Range, where the listener sent them. Raises SoundUnavailableError,
        RangeRefusedError.
        """
        try:
            answer = self._session.request(
                method,
                self._url(recording, form),
                headers={"Accept-Encoding": "identity", **_range_of(wanted)},
                auth=self._auth,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
                allow_redirects=True,
            )
        except requests.RequestException as error:
            log.warning("no sound", recording_sid=recording, kind=type(error).__name__)
            raise SoundUnavailableError(502, "twilio_silent", "Twilio does not answer.") from error
        if answer.status_code not in (200, 206):
            answer.close()
            raise _refusal(recording, answer)
        if not is_sound(answer):
            answer.close()
            log.warning("no sound", recording_sid=recording, type=answer.headers["Content-Type"])
            raise SoundUnavailableError(502, "twilio_silent", "What came from Twilio is no sound.")
        return sound_of(answer, form, "Twilio")

    def _url(self, recording: str, form: Format) -> str:
        """Made of the SID alone: no address that anybody wrote into a row is ever asked."""
        account = self._settings.twilio_account_sid
        path = f"2010-04-01/Accounts/{account}/Recordings/{recording}.{form}"
        url = f"https://api.twilio.com/{path}"
        base = self._settings.twilio_api_base_url
        return relocated(url, base) if base else url


def _range_of(wanted: Mapping[str, str]) -> dict[str, str]:
    part = part_of(wanted)
    if part is None:
        return {}
    unless = wanted.get("If-Range")
    return {"Range": part, **({"If-Range": unless} if unless else {})}


def _refusal(
    recording: str, answer: requests.Response
) -> SoundUnavailableError | RangeRefusedError:
    status = answer.status_code
    if status == 416:
        return RangeRefusedError(total_of(answer))
    if status == 404:
        return SoundUnavailableError(
            404, "no_sound", "Twilio has no sound of this recording, or not yet."
        )
    log.warning("no sound", recording_sid=recording, status=status)
    if status == 429:
        return SoundUnavailableError(503, "twilio_busy", "Twilio is asked for too much.", 2)
    if status >= 500:
        return SoundUnavailableError(502, "twilio_silent", f"Twilio answered {status}.")
    return SoundUnavailableError(502, "twilio_refused", f"Twilio refused with {status}.")
