"""Postgres' own logical decoding output (pgoutput, protocol version 1), read into changes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A column's text as Postgres writes it; None is null. A large value that an update left alone is
# not in the stream, and so not in the tuple.
Tuple = dict[str, str | None]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as the stream introduces it."""

    oid: int
    schema: str
    table: str
    columns: tuple[str, ...]
    identity: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """One row's change; `old` is the replica identity, None where an update left it alone."""

    relation: Relation
    kind: str
    position: int
    committed_at: datetime
    new: Tuple | None
    old: Tuple | None


class Decoder:
    """Reads one stream; knows the tables it has been told of."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}
        # Of the transaction that is being read: where in the log it was committed, and when.
        self._position, self._committed_at = 0, _EPOCH

    def changes(self, message: bytes) -> Iterator[Change]:
        """The change that a message holds, if it holds one."""
        reader = _Reader(message)
        match reader.byte():
            case b"B":
                self._position, microseconds = reader.unpack("!Qq")
                self._committed_at = _EPOCH + timedelta(microseconds=microseconds)
            case b"R":
                relation = reader.relation()
                self._relations[relation.oid] = relation
            case b"I":
                relation = self._relation(reader)
                reader.byte()
                yield self._change(relation, "INSERT", reader.row(relation), None)
            case b"U":
                yield self._update(reader)
            case b"D":
                relation = self._relation(reader)
                old = reader.old_row(relation, reader.byte())
                yield self._change(relation, "DELETE", None, old)

    def _relation(self, reader: _Reader) -> Relation:
        (oid,) = reader.unpack("!I")
        return self._relations[oid]

    def _update(self, reader: _Reader) -> Change:
        relation = self._relation(reader)
        old, kind = None, reader.byte()
        if kind != b"N":
            old = reader.old_row(relation, kind)
            reader.byte()
        return self._change(relation, "UPDATE", reader.row(relation), old)

    def _change(
        self, relation: Relation, kind: str, new: Tuple | None, old: Tuple | None
    ) -> Change:
        return Change(relation, kind, self._position, self._committed_at, new, old)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def byte(self) -> bytes:
        return self._take(1)

    def unpack(self, shape: str) -> tuple[int, ...]:
        return struct.unpack(shape, self._take(struct.calcsize(shape)))

    def relation(self) -> Relation:
        (oid,) = self.unpack("!I")
        schema, table = self._string(), self._string()
        _, count = self.unpack("!BH")
        columns, identity = [], set()
        for _ in range(count):
            is_identity, name = self.byte() == b"\1", self._string()
            self.unpack("!Ii")
            columns.append(name)
            if is_identity:
                identity.add(name)
        return Relation(oid, schema, table, tuple(columns), frozenset(identity))

    def row(self, relation: Relation) -> Tuple:
        (count,) = self.unpack("!H")
        found: Tuple = {}
        for column in relation.columns[:count]:
            match self.byte():
                case b"n":
                    found[column] = None
                case b"t":
                    (size,) = self.unpack("!I")
                    found[column] = self._take(size).decode()
        return found

    def old_row(self, relation: Relation, kind: bytes) -> Tuple:
        """The replica identity; where it is but a key, the rest comes as null and means nothing."""
        row = self.row(relation)
        return row if kind == b"O" else {name: row[name] for name in row.keys() & relation.identity}

    def _take(self, size: int) -> bytes:
        start, self._place = self._place, self._place + size
        return self._data[start : self._place]

    def _string(self) -> str:
        end = self._data.index(b"\0", self._place)
        text = self._data[self._place : end].decode()
        self._place = end + 1
        return text
