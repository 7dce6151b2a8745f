"""A condition without a lock: one event loop, so waking every waiter is enough."""

import asyncio
from collections.abc import Callable

from devstack.twilio.clock import Clock


class Signal:
    """Wakes all who wait each time something about its owner changes."""

    __slots__ = ("_clock", "_waiters")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiters: set[asyncio.Future[None]] = set()

    def fire(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def until(self, true: Callable[[], bool], timeout: float | None = None) -> bool:
        """Waits until ``true()``; False after ``timeout`` virtual seconds without it."""
        deadline = None if timeout is None else self._clock.time() + timeout
        while not true():
            left = None if deadline is None else deadline - self._clock.time()
            if left is not None and left <= 0:
                return False
            await self._changed(left)
        return True

    async def _changed(self, timeout: float | None) -> None:
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiters.add(waiter)
        timer = None
        if timeout is not None:
            timer = loop.call_later(self._clock.real(timeout), _wake, waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
            if timer:
                timer.cancel()


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
