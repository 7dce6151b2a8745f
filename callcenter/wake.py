"""Wakes the worker: by Realtime, and at intervals.

The database broadcasts on a private topic when there are commands that no process was handed. A
message may get lost and Realtime may be down: the worker also polls, more often while it is.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from callcenter import metrics
from callcenter.channel import joined
from callcenter.settings import Settings

log = structlog.get_logger()
# As private.wake_workers says them.
_TOPIC, _EVENT = "callcenter:commands", "due"
_SHORTEST_BACK_OFF_SECONDS, _LONGEST_BACK_OFF_SECONDS = 0.5, 30.0
_LONGEST_CLOSE_SECONDS = 2.0


class WorkSignal:
    """Set when there may be work. Any thread may set it; one waits for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._set = threading.Event()
        self._connected: bool | None = None

    def notify(self) -> None:
        """Have wait() return, now or when it is next called."""
        self._set.set()

    def wait(self) -> None:
        """Wait until notified, or for as long as a worker may go without looking for work."""
        seconds = self._settings.worker_poll_seconds
        if self._connected:
            seconds = self._settings.worker_connected_poll_seconds
        woken = self._set.wait(seconds)
        self._set.clear()
        metrics.wakes.labels("realtime" if woken else "poll").inc()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Be notified by the database while the block lasts, whenever Realtime can be reached."""
        loop, leaving = asyncio.new_event_loop(), asyncio.Event()

        def listen() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(self._listen_until(leaving))

        listener = threading.Thread(target=listen, name="realtime", daemon=True)
        listener.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(leaving.set)
            listener.join(_LONGEST_CLOSE_SECONDS)

    async def _listen_until(self, leaving: asyncio.Event) -> None:
        listening = asyncio.create_task(self._listen())
        await leaving.wait()
        listening.cancel()

    async def _listen(self) -> None:
        back_off = _SHORTEST_BACK_OFF_SECONDS
        while True:
            try:
                reason = await self._connection()
            except Exception as error:  # noqa: BLE001 - whatever it is, polling goes on
                reason = str(error) or repr(error)
            if self._connected:
                back_off = _SHORTEST_BACK_OFF_SECONDS
            self._set_connected(False, reason)
            await asyncio.sleep(back_off * random.uniform(0.5, 1.0))
            back_off = min(2 * back_off, _LONGEST_BACK_OFF_SECONDS)

    async def _connection(self) -> str:
        """Join, and listen to the end of the connection; returns why it ended."""
        async with joined(self._settings, _TOPIC, _EVENT, self.notify) as ended:
            self._set_connected(True)
            return await ended

    def _set_connected(self, connected: bool, reason: str = "") -> None:
        if connected is self._connected:
            return
        self._connected = connected
        metrics.show_realtime(connected)
        if connected:
            log.info("realtime wakes this worker")
        else:
            log.warning("realtime is away: polling", error=reason)
        # Look for what was missed while disconnected; and the poll interval is another now.
        self.notify()
