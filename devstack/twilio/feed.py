"""What happened, for people who watch: a bounded, numbered feed of events and of errors."""

import logging
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from devstack.twilio.clock import Clock, iso
from devstack.twilio.signals import Signal

log = logging.getLogger("twilio-sim")

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    at: str
    sid: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SimError:
    """One entry of Twilio's debugger: what the service under test did wrong."""

    id: int
    at: str
    sid: str
    code: int
    message: str
    url: str


class Feed:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self.changed = Signal(clock)
        self.events: deque[Event] = deque(maxlen=KEPT)
        self.errors: deque[SimError] = deque(maxlen=KEPT)

    def _next(self) -> tuple[int, str]:
        self._count += 1
        return self._count, iso(self._clock.time())

    def event(self, sid: str, kind: str, text: str = "") -> None:
        number, now = self._next()
        self.events.append(Event(number, now, sid, kind, text))
        log.info("%s %s %s", sid, kind, text)
        self.changed.fire()

    def error(self, sid: str, code: int, message: str, url: str = "") -> None:
        """Loud on purpose: at Twilio nobody looks into the debugger until it is late."""
        number, now = self._next()
        self.errors.append(SimError(number, now, sid, code, message, url))
        log.error("%s %s: %s %s", sid, code, message, url)
        self.event(sid, "error", f"{code} {message}")

    def has_since(self, number: int) -> bool:
        return bool(self.events) and self.events[-1].id > number

    def events_since(self, number: int) -> list[dict[str, Any]]:
        newer: deque[dict[str, Any]] = deque()
        for event in reversed(self.events):
            if event.id <= number:
                break
            newer.appendleft(asdict(event))
        return list(newer)

    def clear(self) -> None:
        self.events.clear()
        self.errors.clear()
