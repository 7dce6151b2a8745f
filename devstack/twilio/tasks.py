"""Background work of the simulator, held so that it is neither lost nor silent."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger("twilio-sim")

T = TypeVar("T")


class Tasks:
    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._telling: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def spawn_telling(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that ends once the service was told of it, or could not be."""
        self._telling.add(self.spawn(work))

    @property
    def untold(self) -> int:
        """How much of such work is not over."""
        return len(self._telling)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._telling.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("the simulator itself failed", exc_info=error)

    async def cancel_all(self) -> None:
        running = list(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=2)
