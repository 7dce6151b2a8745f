"""The one connection on which questions are asked as somebody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg.rows import DictRow, dict_row

from devstack.realtime.tokens import Identity

Connection = psycopg.AsyncConnection[DictRow]
_T = TypeVar("_T")


class Database:
    """Used by one task at a time; connects when asked, and again after the connection broke."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        """Do work that leaves nothing behind; once more where the server had gone meanwhile."""
        async with self._turn:
            was_open = self._connection is not None
            try:
                return await work(await self._connected())
            except psycopg.OperationalError:
                still_open = self._connection is not None and not self._connection.closed
                if still_open or not was_open:
                    raise
                return await work(await self._connected())

    async def close(self) -> None:
        if self._connection:
            await self._connection.close()

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._url,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=5,
                application_name="realtime",
                options="-c statement_timeout=5s",
            )
        return self._connection


async def become(connection: Connection, identity: Identity, topic: str = "") -> None:
    """Be somebody until the transaction ends: role, claims, and the channel's name."""
    values: tuple[Any, ...] = (identity.role, json.dumps(identity.claims), topic)
    await connection.execute(
        "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true),"
        " set_config('realtime.topic', %s, true)",
        values,
    )
