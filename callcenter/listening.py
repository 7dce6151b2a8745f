"""Listening to recordings: who may, and where the sound is, is the database's to say."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Protocol

import structlog

from callcenter.errors import CallCenterError, SoundUnavailableError
from callcenter.models import Copy, Opened
from callcenter.sound import Format, Sound

log = structlog.get_logger()
# Half of the threads that a web process serves with (gunicorn.conf.py): callers and screens need
# the others. A listener has one while what they asked for is on its way.
MOST_LISTENERS = 16
# As many connections as a browser has to one host: nobody listens so much that no others can.
MOST_OF_ONE = 6
# Such a part, of one that is heard in a minute or two, is there within a second.
_RETRY_SECONDS = 1


class Listens(Protocol):
    """The database, as far as listening goes."""

    def open_recording(self, user_id: str, recording: str, form: str, hears: bool) -> Opened: ...
    def note_delivered(self, listen: int, first: int, last: int, total: int | None) -> None: ...


class Recordings(Protocol):
    """Twilio, as far as listening goes."""

    def open_sound(
        self, recording: str, form: Format, method: str, wanted: Mapping[str, str]
    ) -> Sound: ...


class Copied(Protocol):
    """Storage, as far as listening goes."""

    def open_sound(self, copy: Copy, wanted: Mapping[str, str]) -> Sound: ...


class Listening:
    """Make one a process."""

    def __init__(self, db: Listens, twilio: Recordings, storage: Copied) -> None:
        self._db = db
        self._twilio = twilio
        self._storage = storage
        self._taking = threading.Lock()
        self._taken: Counter[str] = Counter()

    def begin(
        self, user_id: str, recording: str, form: Format, method: str, wanted: Mapping[str, str]
    ) -> Stream:
        """Open a recording (its SID) for a user; close what is returned.

        method: GET, or HEAD, of which nothing is kept. wanted: Range, If-Range. Raises
        OperationRefusedError, SoundUnavailableError, RangeRefusedError, DatabaseUnavailableError.
        """
        if not self._take(user_id):
            message = "Many are listening at this moment."
            raise SoundUnavailableError(503, "many_listeners", message, _RETRY_SECONDS)
        try:
            opened = self._db.open_recording(user_id, recording, form, method == "GET")
            if opened.copy:
                sound = self._storage.open_sound(opened.copy, wanted)
            else:
                sound = self._twilio.open_sound(recording, form, method, wanted)
        except BaseException:
            self._leave(user_id)
            raise
        return Stream(self, user_id, sound, opened.listen)

    def over(self, stream: Stream) -> None:
        """Keep how far somebody listened; another may."""
        self._leave(stream.user_id)
        if stream.listen is None or not stream.delivered:
            return
        first = stream.sound.first
        try:
            self._db.note_delivered(
                stream.listen, first, first + stream.delivered, stream.sound.total
            )
        except CallCenterError as error:
            log.warning("how far is not kept", listen=stream.listen, error=str(error))

    def _take(self, user_id: str) -> bool:
        """A place, unless all are taken, or as many as one user may have."""
        with self._taking:
            if self._taken.total() >= MOST_LISTENERS or self._taken[user_id] >= MOST_OF_ONE:
                return False
            self._taken[user_id] += 1
            return True

    def _leave(self, user_id: str) -> None:
        with self._taking:
            self._taken[user_id] -= 1
            self._taken += Counter()  # forgets who has none


class Stream:
    """What somebody listens to, as a server takes it: perhaps iterated over, and then closed."""

    def __init__(
        self, listening: Listening, user_id: str, sound: Sound, listen: int | None
    ) -> None:
        self._listening = listening
        self._closed = False
        self.user_id = user_id
        self.sound = sound
        self.listen = listen
        self.delivered = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.sound.pieces():
            yield piece
            # The server has written it, for it asks for the next.
            self.delivered += len(piece)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.sound.close()
            self._listening.over(self)
