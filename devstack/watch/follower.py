"""Follows the wallboard as a browser does: joins its topic, asks for a snapshot, applies messages.

By the rules of docs/live.md, with the real Python client, signed in as a supervisor.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable

import httpx
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.types import RealtimeChannelOptions

from devstack.layout import DevstackError
from devstack.stack import Stack
from devstack.watch.board import Board, Json

SUPERVISOR = "supervisora@demo.local"
# Tokens live an hour.
_TOKEN_SECONDS = 3000.0
_POLL_SECONDS = 30.0
_SHORTEST_BACK_OFF_SECONDS, _LONGEST_BACK_OFF_SECONDS = 0.5, 5.0
_PRIVATE: RealtimeChannelOptions = {
    "config": {
        "broadcast": {"ack": False, "self": False},
        "presence": {"key": "", "enabled": False},
        "private": True,
    }
}


class Follower:
    """Keeps a board current; `changed` is called, in the loop's thread, whenever it is another.

    `connected` says whether messages come; while they do not, it asks again now and then.
    """

    def __init__(self, stack: Stack, changed: Callable[[Board], None]) -> None:
        self.board = Board()
        self.connected = False
        self._stack = stack
        self._changed = changed
        self._token = ""
        self._fetched_at = float("-inf")

    async def run(self) -> None:
        """Follow until cancelled."""
        # The client logs each attempt as an error.
        logging.getLogger("realtime").setLevel(logging.CRITICAL)
        back_off = _SHORTEST_BACK_OFF_SECONDS
        while True:
            try:
                self._token = await asyncio.to_thread(self._stack.access_token, SUPERVISOR)
                await self._follow()
            except Exception as error:  # noqa: BLE001 - whatever the client raises, it comes again
                logging.getLogger(__name__).info("no messages: %r", error)
            if self.connected:
                back_off = _SHORTEST_BACK_OFF_SECONDS
            self.connected = False
            await self._poll()
            await asyncio.sleep(back_off * random.uniform(0.5, 1.0))
            back_off = min(2 * back_off, _LONGEST_BACK_OFF_SECONDS)

    async def _follow(self) -> None:
        """Join, and apply what is told until the channel ends or the token is old."""
        env = self._stack.env
        client = AsyncRealtimeClient(
            f"{env['SUPABASE_URL']}/realtime/v1", env["SUPABASE_ANON_KEY"], auto_reconnect=False
        )
        told: asyncio.Queue[Json | None] = asyncio.Queue()
        await client.set_auth(self._token)
        channel = client.channel("supervisors", _PRIVATE)
        channel.on_broadcast("wallboard", lambda message: told.put_nowait(message["payload"]))

        def on_state(state: RealtimeSubscribeStates, _error: Exception | None) -> None:
            if state is not RealtimeSubscribeStates.SUBSCRIBED:
                told.put_nowait(None)

        try:
            await channel.subscribe(on_state)
            self.connected = channel.is_joined
            async with asyncio.timeout(_TOKEN_SECONDS):
                await self._apply(told)
        finally:
            await client.close()

    async def _apply(self, told: asyncio.Queue[Json | None]) -> None:
        """The snapshot first; what was told meanwhile waits, and what it holds is passed over."""
        if self.connected:
            await self._fetch()
        while (message := await told.get()) is not None:
            if not self.board.hear(message):
                await self._fetch()
            self._changed(self.board)

    async def _poll(self) -> None:
        """While nobody tells us anything."""
        if time.monotonic() - self._fetched_at < _POLL_SECONDS:
            return
        try:
            await self._fetch()
        except (httpx.HTTPError, DevstackError) as error:
            logging.getLogger(__name__).info("no snapshot: %r", error)

    async def _fetch(self) -> None:
        env = self._stack.env
        headers = {"apikey": env["SUPABASE_ANON_KEY"], "Authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(headers=headers, timeout=10) as http:
            answer = await http.post(f"{env['SUPABASE_URL']}/rest/v1/rpc/wallboard", json={})
        if answer.is_error:
            raise DevstackError(f"wallboard(): {answer.status_code} {answer.text[:200]}")
        self.board.take(answer.json())
        self._fetched_at = time.monotonic()
        self._changed(self.board)
