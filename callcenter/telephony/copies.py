"""Recordings' copies in Supabase Storage: made, let go at Twilio, and deleted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from typing import IO

from callcenter.errors import (
    SoundUnavailableError,
    StorageRefusedError,
    StorageUncertainError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON
from callcenter.storage import Storage
from callcenter.telephony.media import Media

# All that a copy takes, from the first byte: an hour's, at 1 Mbit/s.
LONGEST_SECONDS = 230.0
_Delete = Callable[[str], bool]


class Copies:
    """What is done with copies of Twilio's recordings. Make one a process.

    Raises the errors of Twilio and of Storage, by who is to blame.
    """

    def __init__(
        self, media: Media, storage: Storage, delete_recording: _Delete, delete_words: _Delete
    ) -> None:
        self._media = media
        self._storage = storage
        self._delete_recording = delete_recording
        self._delete_words = delete_words

    def copy(self, recording: str, payload: JSON) -> int:
        """Copy a recording (its SID) as MP3 to a bucket and path; returns its bytes.

        Done again, it takes the place of what was there. Nothing is sent to a public bucket.
        """
        bucket, path = payload["bucket"], payload["path"]
        self._require_private(bucket)
        until = time.monotonic() + LONGEST_SECONDS
        with tempfile.TemporaryFile() as file:
            size = self._fetch(recording, file, until)
            self._storage.upload(bucket, path, file, until)
        if self._storage.size(bucket, path) != size:
            raise StorageUncertainError("it is not whole in Storage")
        return size

    def release(self, recording: str, payload: JSON) -> bool:
        """Delete a recording at Twilio, with its words, of which Storage has all bytes.

        False where Twilio had it no more.
        """
        if self._storage.size(payload["bucket"], payload["path"]) != payload["bytes"]:
            raise StorageRefusedError(404, "not_whole", "it is not whole in Storage any more")
        if payload["words"]:
            self._delete_words(recording)
        return self._delete_recording(recording)

    def delete(self, payload: JSON) -> bool:
        """Delete a copy for good; False where there is none."""
        return self._storage.delete(payload["bucket"], payload["path"])

    def _require_private(self, name: str) -> None:
        bucket = self._storage.bucket(name)
        if bucket is None:
            raise StorageRefusedError(404, "no_bucket", f"there is no bucket {name}")
        if bucket.is_public:
            raise StorageRefusedError(403, "bucket_public", f"bucket {name} is public")

    def _fetch(self, recording: str, file: IO[bytes], until: float) -> int:
        """What Twilio has, into a file; returns its bytes."""
        try:
            sound = self._media.open(recording, "mp3", "GET", {})
            try:
                for piece in sound.pieces(until - time.monotonic()):
                    file.write(piece)
            finally:
                sound.close()
        except SoundUnavailableError as error:
            code = (error.details or {})["code"]
            if code in ("no_sound", "twilio_refused", "too_slow"):
                raise TwilioRefusedError(404, None, str(error)) from error
            raise TwilioUncertainError(str(error)) from error
        file.flush()
        size = file.tell()
        if not size or size != (sound.total or size):
            raise TwilioUncertainError("Twilio broke off")
        return size
