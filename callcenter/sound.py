"""The sound of a recording, from where it is kept to whoever listens, a piece at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import requests
from urllib3.exceptions import HTTPError

from callcenter.errors import SoundUnavailableError

Format = Literal["mp3", "wav"]
_TYPES: dict[Format, str] = {"mp3": "audio/mpeg", "wav": "audio/wav"}
CONNECT_SECONDS = 3.0
# From one piece to the next.
READ_SECONDS = 10.0
# A listener who is not done by then asks again, from where they are.
LONGEST_SECONDS = 900.0
MOST_AT_ONCE = 32
_PIECE = 32 * 1024
# One part, as players ask for them: of several, the answer would be of another form. No number is
# longer than what the database keeps (bigint).
_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-\d{1,18})")
_CONTENT_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")
_PASSED_ON = ("Content-Length", "Content-Range", "Accept-Ranges", "ETag", "Last-Modified")


@dataclass(frozen=True)
class Sound:
    """An answer that has begun; close it, whether or not it was read.

    status: 200, or 206 of a part. first: the number of its first byte; total: of all, if known.
    source: whose it is, Twilio's or Storage's.
    """

    status: int
    headers: dict[str, str]
    first: int
    total: int | None
    source: str
    _answer: requests.Response

    def pieces(self, longest: float = LONGEST_SECONDS) -> Iterator[bytes]:
        """What was recorded, as it comes, for so many seconds.

        Raises SoundUnavailableError where it ends too early.
        """
        until = time.monotonic() + longest
        try:
            while piece := self._answer.raw.read1(_PIECE):
                yield piece
                if time.monotonic() > until:
                    raise SoundUnavailableError(502, "too_slow", "It takes too long.")
        except (HTTPError, OSError) as error:
            code = f"{self.source.lower()}_silent"
            raise SoundUnavailableError(502, code, f"{self.source} broke off.") from error

    def close(self) -> None:
        self._answer.close()


def session(most_redirects: int) -> requests.Session:
    """For many listeners at once."""
    made = requests.Session()
    made.max_redirects = most_redirects
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=MOST_AT_ONCE)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


def part_of(wanted: Mapping[str, str]) -> str | None:
    """The part (Range) that a listener asks for; whatever else is asked for than one is ignored, as
    servers may: all of it is sent. One that ends before it begins is none.
    """
    part = wanted.get("Range", "")
    found = _ONE_RANGE.fullmatch(part)
    if not found or (found[1] and found[2] and int(found[2]) < int(found[1])):
        return None
    return part


def is_sound(answer: requests.Response) -> bool:
    """Whether it may be one, by its type: what is between us and Twilio may send a page instead."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return not kind or kind.startswith("audio/") or kind.endswith("/octet-stream")


def sound_of(answer: requests.Response, form: Format, source: str) -> Sound:
    """What was answered with 200 or 206."""
    headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    kind = answer.headers.get("Content-Type", "")
    headers["Content-Type"] = kind if kind.startswith("audio/") else _TYPES[form]
    part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    first, total = 0, _number(headers.get("Content-Length"))
    if answer.status_code == 206 and part:
        headers.setdefault("Accept-Ranges", "bytes")
        first, total = int(part[1] or 0), _number(part[3])
    return Sound(answer.status_code, headers, first, total, source, answer)


def total_of(answer: requests.Response) -> int | None:
    """How long it is, as the answer to a part beyond its end says (416)."""
    part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return _number(part[3]) if part else None


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() else None
