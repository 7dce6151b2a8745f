"""The process: websockets on one side, the stream of what Postgres committed on the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from weakref import WeakSet

import psycopg
from aiohttp import WSCloseCode, web

from devstack.realtime.authorisation import Authoriser
from devstack.realtime.changes import Changes
from devstack.realtime.channel import Services, Streaming
from devstack.realtime.database import Database
from devstack.realtime.hub import Hub, Topic
from devstack.realtime.pgoutput import Change
from devstack.realtime.protocol import VERSIONS, UserBroadcast
from devstack.realtime.replication import replication
from devstack.realtime.socket import Socket
from devstack.realtime.tokens import RealtimeError, Tokens

log = logging.getLogger(__name__)
_LARGEST_FRAME = 16 * 1024 * 1024
# Clients send a heartbeat every 25 s.
_LONGEST_SILENCE_SECONDS = 60.0
_SHORTEST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 2.0


class Server:
    """Everything one stack's Realtime consists of."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._url = environment["DATABASE_ADMIN_URL"]
        self._database = Database(self._url)
        self._services = Services(
            Tokens(environment["SUPABASE_JWT_SECRET"], _keys(environment)),
            Authoriser(self._database),
            Hub(),
            Changes(self._database),
            Streaming(),
        )
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    async def serve(self, port: int, stopped: asyncio.Event) -> None:
        """Serve until told to stop."""
        app = web.Application()
        app.router.add_get("/websocket", self._connect)
        app.on_shutdown.append(self._close_sockets)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        background = [
            asyncio.create_task(self._follow_postgres()),
            asyncio.create_task(self._services.changes.run()),
        ]
        stop = asyncio.create_task(stopped.wait())
        # None of the background tasks ends by itself: one that does is a fault, and ends us all.
        await asyncio.wait([*background, stop], return_when=asyncio.FIRST_COMPLETED)
        await runner.cleanup()
        for task in background:
            task.cancel()
        for outcome in await asyncio.gather(*background, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
        await self._database.close()

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        version, key = request.query.get("vsn", "1.0.0"), request.query.get("apikey", "")
        try:
            self._services.tokens.identify(key)
        except RealtimeError as error:
            raise web.HTTPForbidden(text=str(error)) from error
        if version not in VERSIONS:
            raise web.HTTPBadRequest(text=f"vsn is one of {', '.join(VERSIONS)}")
        websocket = web.WebSocketResponse(
            receive_timeout=_LONGEST_SILENCE_SECONDS, max_msg_size=_LARGEST_FRAME
        )
        await websocket.prepare(request)
        self._open.add(websocket)
        await Socket(websocket, version, key, self._services).serve()
        return websocket

    async def _close_sockets(self, _: web.Application) -> None:
        closing = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in set(self._open)]
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*closing), 1.0)

    async def _follow_postgres(self) -> None:
        pause, streaming = _SHORTEST_PAUSE_SECONDS, self._services.streaming
        while True:
            try:
                async with replication(self._url) as changes:
                    log.info("changes arrive from Postgres")
                    streaming.set(True)
                    pause = _SHORTEST_PAUSE_SECONDS
                    async for change in changes:
                        self._take(change)
            except psycopg.Error as error:
                if pause == _SHORTEST_PAUSE_SECONDS:
                    log.warning("no changes from Postgres: %s", error)
            streaming.set(False)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _take(self, change: Change) -> None:
        if change.relation.schema != "realtime":
            self._services.changes.put(change)
        elif change.new and change.new.get("extension") == "broadcast":
            row = change.new
            topic = Topic(row.get("topic") or "", row.get("private") == "t")
            payload = (row.get("payload") or "{}").encode()
            self._services.hub.publish(
                topic, UserBroadcast(row.get("event") or "", payload, meta={"id": row["id"]})
            )


def _keys(environment: Mapping[str, str]) -> dict[str, str]:
    """Keys that are no tokens, with the tokens that they stand for."""
    pairs = {
        "SUPABASE_PUBLISHABLE_KEY": "SUPABASE_ANON_KEY",
        "SUPABASE_SECRET_KEY": "SUPABASE_SERVICE_ROLE_KEY",
    }
    return {environment[key]: environment[token] for key, token in pairs.items()}
