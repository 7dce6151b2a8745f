"""Virtual time: everything a call does takes virtual seconds, only HTTP time-outs are real."""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import format_datetime


class Clock:
    """``virtual = since + (real - since) * speed``; the database can compute the same."""

    def __init__(self, speed: float = 1.0, since: datetime | None = None) -> None:
        self.speed = speed
        self._since = since.timestamp() if since else time.time()

    @property
    def since(self) -> datetime:
        return datetime.fromtimestamp(self._since, UTC)

    def time(self) -> float:
        """Virtual seconds since the epoch."""
        return self._since + (time.time() - self._since) * self.speed

    def now(self) -> datetime:
        return at(self.time())

    def real(self, virtual_seconds: float) -> float:
        return max(0.0, virtual_seconds) / self.speed

    async def sleep(self, virtual_seconds: float) -> None:
        await asyncio.sleep(self.real(virtual_seconds))


def at(virtual: float) -> datetime:
    return datetime.fromtimestamp(virtual, UTC)


def rfc2822(virtual: float) -> str:
    """Twilio's date format, whole seconds: ``Tue, 31 Aug 2010 20:36:28 +0000``."""
    return format_datetime(at(int(virtual)))


def http_date(virtual: float) -> str:
    """As HTTP's headers say it: ``Tue, 31 Aug 2010 20:36:28 GMT``."""
    return format_datetime(at(int(virtual)), usegmt=True)


def iso(virtual: float) -> str:
    return at(virtual).isoformat(timespec="milliseconds").replace("+00:00", "Z")
