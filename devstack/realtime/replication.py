"""What was committed, as Postgres streams it.

The slot is temporary: it ends with the connection, so no WAL is kept for a server that is away.
Nothing is polled; while nothing is written, nothing happens.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import psycopg
from psycopg import pq

from devstack.realtime.pgoutput import Change, Decoder

PUBLICATIONS = ("supabase_realtime", "supabase_realtime_messages_publication")
# Of Postgres' clock, 1 January 2000.
_EPOCH_SECONDS = 946_684_800


@asynccontextmanager
async def replication(url: str) -> AsyncIterator[AsyncIterator[Change]]:
    """Changes of published tables committed from now on, for as long as the block lasts.

    Raises psycopg.OperationalError where the server is away or goes.
    """
    connection = await psycopg.AsyncConnection.connect(
        url, autocommit=True, replication="database", connect_timeout=5
    )
    try:
        slot = f"realtime_{secrets.token_hex(6)}"
        await connection.execute(
            f"CREATE_REPLICATION_SLOT {slot} TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT".encode()
        )
        stream = _Stream(connection.pgconn)
        await stream.start(slot)
        yield stream.changes()
    finally:
        await connection.close()


class _Stream:
    """The connection once it streams, which psycopg has no more words for than libpq's own."""

    def __init__(self, connection: pq.abc.PGconn) -> None:
        self._connection = connection
        self._decoder = Decoder()
        self._position = 0

    async def start(self, slot: str) -> None:
        names = ",".join(PUBLICATIONS)
        options = f"(proto_version '1', publication_names '{names}')"
        self._connection.send_query(f"START_REPLICATION SLOT {slot} LOGICAL 0/0 {options}".encode())
        while self._connection.is_busy():
            await self._receive()
        result = self._connection.get_result()
        if result is None or result.status != pq.ExecStatus.COPY_BOTH:
            reason = result.error_message.decode() if result else "no answer"
            raise psycopg.OperationalError(f"Postgres does not stream changes: {reason}")

    async def changes(self) -> AsyncIterator[Change]:
        while True:
            size, data = self._connection.get_copy_data(1)
            if size < 0:
                raise psycopg.OperationalError("Postgres ended the stream of changes")
            if size == 0:
                self._confirm()
                await self._receive()
                continue
            for change in self._take(bytes(data)):
                yield change

    def _take(self, message: bytes) -> Iterable[Change]:
        kind, body = message[:1], message[1:]
        if kind == b"w":
            start, end = struct.unpack("!QQ", body[:16])
            self._position = max(self._position, start, end)
            return self._decoder.changes(body[24:])
        if kind == b"k":
            (end,) = struct.unpack("!Q", body[:8])
            self._position = max(self._position, end)
        return ()

    def _confirm(self) -> None:
        """Say that we live, and let Postgres forget what we have seen."""
        now = int((time.time() - _EPOCH_SECONDS) * 1_000_000)
        place = self._position
        self._connection.put_copy_data(b"r" + struct.pack("!QQQqB", place, place, place, now, 0))
        self._connection.flush()

    async def _receive(self) -> None:
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(self._connection.socket, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._connection.socket)
        self._connection.consume_input()
