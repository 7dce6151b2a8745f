"""Private channels: what row level security on realtime.messages lets somebody do there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import psycopg

from devstack.realtime.database import Connection, Database, become
from devstack.realtime.tokens import Identity, RealtimeError

_KINDS = ("broadcast", "presence")
_INSERT = "insert into realtime.messages (id, topic, extension) values (%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Permissions:
    """The kinds of message that may be read and written."""

    reads: frozenset[str]
    writes: frozenset[str]


EVERYTHING = Permissions(frozenset(_KINDS), frozenset(_KINDS))


class Authoriser:
    """Tries with rows that are rolled back, as the policies are nowhere else evaluated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def permissions(self, identity: Identity, topic: str) -> Permissions:
        """What somebody may do on a private topic; raises RealtimeError if it may not be read."""

        async def probe(connection: Connection) -> Permissions:
            async with connection.transaction(force_rollback=True):
                reads = await _readable(connection, identity, topic)
                return Permissions(reads, await _writable(connection, topic))

        try:
            found = await self._database.run(probe)
        except psycopg.OperationalError as error:
            text = "Realtime was unable to connect to the project database"
            raise RealtimeError("UnableToConnectToProject", text) from error
        except psycopg.Error as error:
            raise RealtimeError("UnableToSetPolicies", str(error)) from error
        if "broadcast" not in found.reads:
            text = f"You do not have permissions to read from this Channel topic: {topic}"
            raise RealtimeError("Unauthorized", text)
        return found


async def _readable(connection: Connection, identity: Identity, topic: str) -> frozenset[str]:
    probes = {kind: uuid.uuid4() for kind in _KINDS}
    for kind, probe in probes.items():
        await connection.execute(_INSERT, (probe, topic, kind))
    await become(connection, identity, topic)
    query = "select extension from realtime.messages where id = any (%s)"
    rows = await connection.execute(query, (list(probes.values()),))
    return frozenset([row["extension"] async for row in rows])


async def _writable(connection: Connection, topic: str) -> frozenset[str]:
    writes = set()
    for kind in _KINDS:
        try:
            async with connection.transaction():
                await connection.execute(_INSERT, (uuid.uuid4(), topic, kind))
            writes.add(kind)
        except psycopg.errors.InsufficientPrivilege:
            continue
    return frozenset(writes)
