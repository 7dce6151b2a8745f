"""Many browsers at once: websockets that have joined a private topic, in processes of their own.

A message's arrival is noted by the clock that all processes of a machine share, before it is read.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp

from devstack.stack import Stack

SUPERVISOR = "supervisora@demo.local"
_PROCESSES = 2
_JOINING_AT_ONCE = 20
_HEARTBEAT_SECONDS = 25.0
# The message's own is the last: calls in it have others.
_VERSION = re.compile(rb'"version": ?(\d+)')


class Arrival(NamedTuple):
    """One message at one listener: its number, and when (time.monotonic) it came."""

    version: int
    at: float


class Listeners:
    """So many connections that have joined a topic, as a supervisor, while the block lasts."""

    def __init__(self, stack: Stack, topic: str, count: int) -> None:
        shares = [count // _PROCESSES + (place < count % _PROCESSES) for place in range(_PROCESSES)]
        env = stack.env
        url = f"{env['SUPABASE_URL']}/realtime/v1/websocket?vsn=2.0.0&apikey="
        token = stack.access_token(SUPERVISOR) if count else ""
        spawned = multiprocessing.get_context("spawn")
        self._lines: list[Connection] = []
        self._processes = []
        for share in filter(None, shares):
            ours, theirs = spawned.Pipe()
            given = (theirs, url + env["SUPABASE_ANON_KEY"], token, topic, share)
            self._processes.append(spawned.Process(target=_listen, args=given, daemon=True))
            self._lines.append(ours)

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        for line in self._lines:
            line.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.kill()
            process.join()

    def arrivals(self) -> list[Arrival]:
        """What arrived since this was asked last."""
        for line in self._lines:
            line.send(None)
        return [arrival for line in self._lines for arrival in line.recv()]


def _listen(line: Connection, url: str, token: str, topic: str, count: int) -> None:
    asyncio.run(_Crowd(line, url, token, topic).listen(count))


class _Crowd:
    """The listeners of one process."""

    def __init__(self, line: Connection, url: str, token: str, topic: str) -> None:
        self._line = line
        self._url = url
        config = {"private": True, "presence": {"enabled": False}}
        join = {"config": config, "access_token": token}
        self._join = ["1", "1", f"realtime:{topic}", "phx_join", join]
        self._arrivals: list[Arrival] = []

    async def listen(self, count: int) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            turn = asyncio.Semaphore(_JOINING_AT_ONCE)
            joined = [asyncio.Event() for _ in range(count)]
            listeners = [asyncio.create_task(self._one(session, turn, event)) for event in joined]
            listening = asyncio.gather(*listeners)  # ends only by an error
            await self._all_joined(joined, listening)
            self._line.send("joined")
            asyncio.get_running_loop().add_reader(self._line.fileno(), self._tell)
            await listening

    async def _all_joined(
        self, joined: list[asyncio.Event], listening: asyncio.Future[list[None]]
    ) -> None:
        for event in joined:
            either: list[asyncio.Future[Any]] = [asyncio.ensure_future(event.wait()), listening]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()

    def _tell(self) -> None:
        self._line.recv()
        arrivals, self._arrivals = self._arrivals, []
        self._line.send(arrivals)

    async def _one(
        self, session: aiohttp.ClientSession, turn: asyncio.Semaphore, joined: asyncio.Event
    ) -> None:
        async with turn:
            socket = await session.ws_connect(self._url, max_msg_size=0)
            await socket.send_json(self._join)
            reply = await socket.receive_json()
        if reply[-1]["status"] != "ok":
            raise RuntimeError(f"a listener was refused: {reply[-1]}")
        joined.set()
        beating = asyncio.create_task(_beat(socket))
        async for frame in socket:
            at = time.monotonic()
            if frame.type is aiohttp.WSMsgType.BINARY:  # a broadcast
                self._arrivals.append(Arrival(int(_VERSION.findall(frame.data)[-1]), at))
        beating.cancel()
        raise RuntimeError("Realtime ended a listener's connection")


async def _beat(socket: aiohttp.ClientWebSocketResponse) -> None:
    while True:
        await asyncio.sleep(_HEARTBEAT_SECONDS)
        await socket.send_json([None, "2", "phoenix", "heartbeat", {}])
