"""Postgres Changes: who asked to hear of which tables, and the telling, in the order of commits."""

from __future__ import annotations

import asyncio
import json
import logging
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import psycopg

from devstack.realtime.database import Connection, Database
from devstack.realtime.filters import Filter, FilterError, parse_filters
from devstack.realtime.pgoutput import Change
from devstack.realtime.protocol import JSON
from devstack.realtime.tokens import Identity
from devstack.realtime.visibility import Row, check_filters, passing_filters, read_row, sees

log = logging.getLogger(__name__)
_PUBLISHED = """
select format('%%I.%%I', schemaname, tablename)::regclass::oid as oid from pg_publication_tables
where pubname = 'supabase_realtime' and %(schema)s::text in ('*', schemaname)
  and %(table)s::text in ('*', tablename)
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What one of a channel's listeners asked for."""

    id: int
    event: str
    schema: str
    table: str
    filters: tuple[Filter, ...]
    selected: tuple[str, ...]

    @classmethod
    def read(cls, asked: JSON) -> Wish:
        """Raises FilterError."""
        event = str(asked.get("event", "*")).upper()
        return cls(
            wish_id(asked),
            event if event in ("INSERT", "UPDATE", "DELETE") else "*",
            str(asked.get("schema") or "public"),
            str(asked.get("table") or "*"),
            parse_filters(asked.get("filter")),
            tuple(asked.get("select") or ()),
        )

    def covers(self, change: Change) -> bool:
        relation = change.relation
        return (
            self.event in ("*", change.kind)
            and self.schema in ("*", relation.schema)
            and self.table in ("*", relation.table)
        )

    def __str__(self) -> str:
        asked = ", ".join(f"{f.column}={f.operator}.{f.value}" for f in self.filters)
        return (
            f"event: {self.event}, schema: {self.schema}, table: {self.table}, filters: [{asked}]"
        )


def wish_id(asked: JSON) -> int:
    """The same for the same words, as clients that join again expect."""
    return zlib.crc32(json.dumps(asked, sort_keys=True).encode()) or 1


@dataclass(eq=False, slots=True)
class Subscriber:
    """A channel with wishes; `tell` is given the payload of a postgres_changes event."""

    wishes: tuple[Wish, ...]
    identity: Identity
    tell: Callable[[JSON], None]
    # Where in the log it began to listen.
    since: int = 0


_Told = tuple[Subscriber, JSON]


class Changes:
    """Tells each subscriber of the changes that it asked for and may see."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: set[Subscriber] = set()
        self._waiting: asyncio.Queue[Change] = asyncio.Queue()

    async def add(self, subscriber: Subscriber) -> None:
        """Raises FilterError, in words for the client, where a wish cannot be fulfilled."""
        for wish in subscriber.wishes:
            await self._database.run(partial(_check, wish, subscriber.identity.role))
        subscriber.since = await self._database.run(_log_position)
        self._subscribers.add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    def put(self, change: Change) -> None:
        """Tell of it soon."""
        if any(self._interested(change)):
            self._waiting.put_nowait(change)

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            change = await self._waiting.get()
            try:
                told = await self._database.run(partial(self._addressed, change))
            except psycopg.Error as error:
                log.warning("nobody was told of a change of %s: %s", change.relation.table, error)
                continue
            for subscriber, payload in told:
                subscriber.tell(payload)

    def _interested(self, change: Change) -> Iterator[Subscriber]:
        for subscriber in self._subscribers:
            listened = subscriber.since <= change.position
            if listened and any(wish.covers(change) for wish in subscriber.wishes):
                yield subscriber

    async def _addressed(self, change: Change, connection: Connection) -> list[_Told]:
        subscribers = list(self._interested(change))
        row = await read_row(connection, change, {s.identity.role for s in subscribers})
        if row is None:
            return []
        filters = {f for s in subscribers for wish in s.wishes for f in wish.filters}
        passed = await passing_filters(connection, row, filters)
        shown: dict[str, bool] = {}
        told: list[_Told] = []
        for subscriber in subscribers:
            identity = subscriber.identity
            wishes = [
                w for w in subscriber.wishes if w.covers(change) and passed.issuperset(w.filters)
            ]
            if wishes and identity.token not in shown:
                fault = row.fault(identity.role)
                shown[identity.token] = bool(fault) or await sees(connection, row, identity)
            if wishes and shown[identity.token]:
                told += [(subscriber, payload) for payload in _payloads(identity.role, wishes, row)]
        return told


def _payloads(role: str, wishes: Iterable[Wish], row: Row) -> Iterator[JSON]:
    """One event for the wishes that select the same columns."""

    def selected(wish: Wish) -> tuple[str, ...]:
        return wish.selected

    for columns, alike in groupby(sorted(wishes, key=selected), key=selected):
        yield {"ids": [wish.id for wish in alike], "data": row.data(role, columns)}


async def _log_position(connection: Connection) -> int:
    query = "select (pg_current_wal_insert_lsn() - '0/0')::bigint as position"
    answer = await (await connection.execute(query)).fetchone()
    return int(answer["position"]) if answer else 0


async def _check(wish: Wish, role: str, connection: Connection) -> None:
    values = {"schema": wish.schema, "table": wish.table}
    published = await (await connection.execute(_PUBLISHED, values)).fetchall()
    if not published:
        raise FilterError(
            "Unable to subscribe to changes with given parameters. Please check Realtime is enabled"
            f" for the given connect parameters: [{wish}]"
        )
    try:
        for table in published:
            await check_filters(connection, table["oid"], role, wish.filters)
    except FilterError as error:
        raise FilterError(
            "Unable to subscribe to changes with given parameters. An exception happened so please"
            f" check your connect parameters: [{wish}]. Exception: {error}"
        ) from error
