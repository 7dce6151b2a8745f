"""The sound of recordings, from Twilio to whoever listens, a piece at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import requests
import structlog
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from callcenter.errors import RangeRefusedError, SoundUnavailableError
from callcenter.settings import Settings
from callcenter.telephony.client import relocated

log = structlog.get_logger()
Format = Literal["mp3", "wav"]
_TYPES: dict[Format, str] = {"mp3": "audio/mpeg", "wav": "audio/wav"}
_CONNECT_SECONDS = 3.0
# From one piece to the next.
_READ_SECONDS = 10.0
# A listener who is not done by then asks again, from where they are.
LONGEST_SECONDS = 900.0
_PIECE = 32 * 1024
_MOST_REDIRECTS = 3
_MOST_AT_ONCE = 32
# One part, as players ask for them: of several, Twilio's answer would be of another form. No number
# is longer than what the database keeps (bigint).
_ONE_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})")
_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")
_PASSED_ON = ("Content-Length", "Content-Range", "Accept-Ranges", "ETag", "Last-Modified")


@dataclass(frozen=True)
class Sound:
    """An answer of Twilio's that has begun; close it, whether or not it was read.

    status: 200, or 206 of a part. first: the number of its first byte; total: of all, if known.
    """

    status: int
    headers: dict[str, str]
    first: int
    total: int | None
    _answer: requests.Response

    def pieces(self) -> Iterator[bytes]:
        """What was recorded, as it comes. Raises SoundUnavailableError where it ends too early."""
        until = time.monotonic() + LONGEST_SECONDS
        try:
            while piece := self._answer.raw.read1(_PIECE):
                yield piece
                if time.monotonic() > until:
                    raise SoundUnavailableError(502, "too_slow", "It takes too long.")
        except (HTTPError, OSError) as error:
            raise SoundUnavailableError(502, "twilio_silent", "Twilio broke off.") from error

    def close(self) -> None:
        self._answer.close()


class Media:
    """Twilio's recordings. Make one a process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._auth = HTTPBasicAuth(settings.twilio_account_sid, settings.twilio_auth_token)
        # Redirected to another host, it sends no credentials there.
        self._session = requests.Session()
        self._session.max_redirects = _MOST_REDIRECTS
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=_MOST_AT_ONCE)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

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
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                stream=True,
                allow_redirects=True,
            )
        except requests.RequestException as error:
            log.warning("no sound", recording_sid=recording, kind=type(error).__name__)
            raise SoundUnavailableError(502, "twilio_silent", "Twilio does not answer.") from error
        if answer.status_code not in (200, 206):
            answer.close()
            raise _refusal(recording, answer)
        return _sound(answer, form)

    def _url(self, recording: str, form: Format) -> str:
        """Made of the SID alone: no address that anybody wrote into a row is ever asked."""
        account = self._settings.twilio_account_sid
        path = f"2010-04-01/Accounts/{account}/Recordings/{recording}.{form}"
        url = f"https://api.twilio.com/{path}"
        base = self._settings.twilio_api_base_url
        return relocated(url, base) if base else url


def _range_of(wanted: Mapping[str, str]) -> dict[str, str]:
    """Whatever else is asked for than one part is ignored, as servers may: all of it is sent."""
    part = wanted.get("Range", "")
    if not _ONE_RANGE.fullmatch(part):
        return {}
    unless = wanted.get("If-Range")
    return {"Range": part, **({"If-Range": unless} if unless else {})}


def _sound(answer: requests.Response, form: Format) -> Sound:
    headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    kind = answer.headers.get("Content-Type", "")
    headers["Content-Type"] = kind if kind.startswith("audio/") else _TYPES[form]
    part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status_code == 206 and part:
        headers.setdefault("Accept-Ranges", "bytes")
        return Sound(206, headers, int(part[1] or 0), _number(part[3]), answer)
    return Sound(answer.status_code, headers, 0, _number(headers.get("Content-Length")), answer)


def _refusal(
    recording: str, answer: requests.Response
) -> SoundUnavailableError | RangeRefusedError:
    status = answer.status_code
    if status == 416:
        part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        return RangeRefusedError(_number(part[3]) if part else None)
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


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() else None
