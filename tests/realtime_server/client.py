"""The real Python client of Realtime, with words for tests: waits instead of awaits."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates

PATIENCE = 15.0


@dataclass
class Listening:
    """A channel, and what it was told since it was joined."""

    client: Client
    channel: AsyncRealtimeChannel
    told: queue.Queue[Any] = field(default_factory=queue.Queue)
    states: queue.Queue[str] = field(default_factory=queue.Queue)
    complaints: queue.Queue[str] = field(default_factory=queue.Queue)
    system: queue.Queue[str] = field(default_factory=queue.Queue)

    def hears(self, within: float = PATIENCE) -> Any:
        """The next broadcast or change."""
        return self.told.get(timeout=within)

    def hears_nothing(self, within: float = 0.5) -> bool:
        try:
            self.told.get(timeout=within)
        except queue.Empty:
            return True
        return False

    def says(self, event: str, payload: dict[str, Any]) -> None:
        self.client.wait_for(self.channel.send_broadcast(event, payload))

    def complaint(self) -> str:
        """Why it was refused, or ended."""
        return self.complaints.get(timeout=PATIENCE)

    def turned(self, state: RealtimeSubscribeStates, error: Exception | None) -> None:
        self.states.put(str(state.value))
        if error:
            self.complaints.put(str(error))

    def becomes(self, state: str) -> None:
        """Wait for a state, whatever comes before."""
        while self.states.get(timeout=PATIENCE) != state:
            pass

    def is_subscribed_to_postgres(self) -> None:
        assert self.system.get(timeout=PATIENCE) == "Subscribed to PostgreSQL"


class Client:
    """One connection on an event loop of its own."""

    def __init__(self, url: str, key: str, token: str | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        # More patient than by default: the server is killed and comes back.
        self._client = AsyncRealtimeClient(
            f"{url}/realtime/v1", key, max_retries=100, initial_backoff=0.05
        )
        if token:
            self.wait_for(self._client.set_auth(token))

    def wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def join(
        self,
        topic: str,
        *changes: dict[str, Any],
        private: bool = False,
        hears_itself: bool = False,
        waits: bool = True,
    ) -> Listening:
        """Join, and wait until changes will be told; the outcome is the first of the states."""
        config: Any = {
            "broadcast": {"ack": False, "self": hears_itself},
            "presence": {"key": "", "enabled": False},
            "private": private,
        }
        listening = Listening(self, self._client.channel(topic, {"config": config}))
        channel = listening.channel
        channel.on_broadcast("*", listening.told.put)
        channel.on_system(lambda payload: listening.system.put(payload.message))
        for change in changes:
            wish = {"event": "*", "table": "notes", **change}
            channel.on_postgres_changes(wish.pop("event"), listening.told.put, **wish)
        self.wait_for(channel.subscribe(listening.turned))
        if changes and waits:
            listening.is_subscribed_to_postgres()
        return listening

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wait_for(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
