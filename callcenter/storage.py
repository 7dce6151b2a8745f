"""Supabase Storage, where recordings may be copied to: the only importer of `storage3`."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, TypeVar
from urllib.parse import quote

import httpx
import requests
import structlog
from storage3 import SyncStorageClient
from storage3.exceptions import StorageApiError

from callcenter.errors import (
    RangeRefusedError,
    SoundUnavailableError,
    StorageRefusedError,
    StorageUncertainError,
)
from callcenter.models import JSON, Copy
from callcenter.settings import Settings
from callcenter.sound import CONNECT_SECONDS, READ_SECONDS, Sound, part_of, session, sound_of

log = structlog.get_logger()
_T = TypeVar("_T")
_TYPE = "audio/mpeg"


@dataclass(frozen=True)
class Bucket:
    """What matters of a bucket. limit: of an object, in bytes; None: the project's."""

    is_public: bool
    takes_mp3: bool
    limit: int | None


class Storage:
    """The project's Storage as the service role. Make one a process, after fork.

    Raises StorageRefusedError and StorageUncertainError where nothing else is said.
    """

    def __init__(self, settings: Settings) -> None:
        key = settings.supabase_service_role_key
        self._url = f"{settings.supabase_url.rstrip('/')}/storage/v1"
        self._headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        client = httpx.Client(timeout=timeout)
        self._client = SyncStorageClient(f"{self._url}/", self._headers, http_client=client)
        # The key goes nowhere else, and this header of it would on a redirect.
        self._session = session(most_redirects=0)

    def bucket(self, name: str) -> Bucket | None:
        """What a bucket is like; None where there is none."""
        try:
            found = _ask(lambda: self._client.get_bucket(name))
        except StorageRefusedError as error:
            if error.status == 404:
                return None
            raise
        types = found.allowed_mime_types
        takes_mp3 = not types or bool({_TYPE, "audio/*", "*/*"} & {*types})
        return Bucket(found.public, takes_mp3, found.file_size_limit)

    def upload(self, bucket: str, path: str, file: IO[bytes], until: float) -> None:
        """Store an MP3, in the place of what is there; gives up at a moment (monotonic)."""
        sent = _Sent(file, until)
        # Nobody between us and Storage is to hold it when it is deleted.
        options: JSON = {"content-type": _TYPE, "upsert": "true", "cache-control": "0"}
        _ask(lambda: self._client.from_(bucket).upload(path, sent, options))  # type: ignore[arg-type]

    def size(self, bucket: str, path: str) -> int | None:
        """How many bytes an object has; None where there is none."""
        try:
            return int(_ask(lambda: self._client.from_(bucket).info(path))["size"])
        except StorageRefusedError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, bucket: str, path: str) -> bool:
        """Delete an object for good; False where there was none."""
        return bool(_ask(lambda: self._client.from_(bucket).remove([path])))

    def open_sound(self, copy: Copy, wanted: Mapping[str, str]) -> Sound:
        """Ask for a copy, or for the part that a listener wants (Range, If-Range).

        Who wants to know its length alone closes it unread: a refusal of HEAD has no body to say
        why. Raises SoundUnavailableError, RangeRefusedError.
        """
        part = part_of(wanted)
        if part and _begins_beyond(part, copy.bytes):
            # Storage itself answers 500, and does not say how long it is.
            raise RangeRefusedError(copy.bytes)
        answer = self._get(copy, part)
        unless = wanted.get("If-Range")
        known = [answer.headers.get(name) for name in ("ETag", "Last-Modified")]
        if part and unless and unless not in known:
            # Storage does not look at If-Range.
            answer.close()
            answer = self._get(copy, None)
        if answer.status_code in (200, 206):
            return sound_of(answer, "mp3", "Storage")
        with answer:
            raise _no_sound(copy, answer)

    def _get(self, copy: Copy, part: str | None) -> requests.Response:
        path = f"{quote(copy.bucket, safe='')}/{quote(copy.path)}"
        asked = self._headers | {"Accept-Encoding": "identity"} | ({"Range": part} if part else {})
        try:
            return self._session.get(
                f"{self._url}/object/authenticated/{path}",
                headers=asked,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            log.warning("no sound", path=copy.path, kind=type(error).__name__)
            message = "Storage does not answer."
            raise SoundUnavailableError(502, "storage_silent", message) from error


class _Sent(io.FileIO):
    """A file that is sent from its beginning, until a moment (monotonic)."""

    def __init__(self, file: IO[bytes], until: float) -> None:
        super().__init__(file.fileno(), closefd=False)
        self._until = until
        self.seek(0)

    def read(self, size: int | None = -1) -> bytes:
        if time.monotonic() > self._until:
            raise StorageRefusedError(None, "too_slow", "it takes too long to be sent")
        return super().read(-1 if size is None else size) or b""


def _ask(operation: Callable[[], _T]) -> _T:
    try:
        return operation()
    except StorageApiError as error:
        status = int(error.status) if str(error.status).isdecimal() else 500
        reason = f"Storage {status}: {error.message}"
        if status == 429 or status >= 500:
            raise StorageUncertainError(reason) from error
        raise StorageRefusedError(status, error.code, reason) from error
    except httpx.HTTPError as error:
        raise StorageUncertainError(f"Storage: {type(error).__name__}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise StorageUncertainError("Storage: an answer that is none of its own") from error


def _begins_beyond(part: str, total: int) -> bool:
    first, _, last = part.removeprefix("bytes=").partition("-")
    return int(first) >= total if first else int(last) == 0


def _no_sound(copy: Copy, answer: requests.Response) -> SoundUnavailableError:
    """Storage says what is wrong in the body, most of it beneath a 400."""
    status = answer.status_code
    try:
        said = answer.json().get("statusCode") if status == 400 else status
        status = int(said)
    except (ValueError, TypeError, AttributeError, requests.RequestException):
        pass
    if status == 404:
        return SoundUnavailableError(404, "no_sound", "Storage has no sound of this recording.")
    log.warning("no sound", path=copy.path, status=status)
    if status == 429:
        return SoundUnavailableError(503, "storage_busy", "Storage is asked for too much.", 2)
    if status >= 500:
        return SoundUnavailableError(502, "storage_silent", f"Storage answered {status}.")
    return SoundUnavailableError(502, "storage_refused", f"Storage refused with {status}.")
