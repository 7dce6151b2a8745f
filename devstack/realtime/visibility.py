"""What a change looks like, and who may see it: asked of Postgres, each time as the subscriber."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from devstack.realtime.database import Connection, become
from devstack.realtime.filters import Filter, FilterError
from devstack.realtime.pgoutput import Change, Tuple
from devstack.realtime.tokens import Identity

_COLUMNS = """
select a.attname as name, t.typname as type_name,
  format_type(a.atttypid, a.atttypmod) as sql_type,
  coalesce(a.attnum = any (i.indkey), false) as is_key,
  array(select rolname::text from pg_roles where rolname = any (%(roles)s)
    and has_column_privilege(oid, a.attrelid, a.attnum, 'select')) as readers
from pg_attribute a
join pg_type t on t.oid = a.atttypid
left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
where a.attrelid = %(table)s and a.attnum > 0 and not a.attisdropped order by a.attnum
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is now, and which of the subscribers' roles may read it."""

    name: str
    type_name: str
    sql_type: str
    is_key: bool
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A changed row with its values as JSON."""

    change: Change
    columns: tuple[Column, ...]
    is_secured: bool
    new: dict[str, Any]
    old: dict[str, Any]

    def fault(self, role: str) -> str | None:
        """Why nobody of this role can be told what changed."""
        keys = [column for column in self.columns if column.is_key]
        if self.change.kind == "DELETE":
            return None
        if not keys:
            return "Error 400: Bad Request, no primary key"
        if not all(role in column.readers for column in keys):
            return "Error 401: Unauthorized"
        return None

    def data(self, role: str, selected: Collection[str]) -> dict[str, Any]:
        """What a subscriber of this role is sent: the columns it may read, of those it wants."""
        kind, fault = self.change.kind, self.fault(role)
        shown = [
            column
            for column in self.columns
            if not fault
            and role in column.readers
            and (not selected or column.is_key or column.name in selected)
        ]
        names = [column.name for column in shown]
        data: dict[str, Any] = {
            "schema": self.change.relation.schema,
            "table": self.change.relation.table,
            "type": kind,
            "commit_timestamp": _moment(self.change),
            "columns": [{"name": column.name, "type": column.type_name} for column in shown],
            "errors": [fault] if fault else None,
        }
        if kind != "DELETE":
            data["record"] = _only(names, self.old | self.new if kind == "UPDATE" else self.new)
        if kind == "DELETE" and self.is_secured:
            # What a policy would say of a row that is gone, nobody knows.
            names = [column.name for column in shown if column.is_key]
        if kind != "INSERT":
            data["old_record"] = _only(names, self.old)
        return data


async def read_row(connection: Connection, change: Change, roles: Iterable[str]) -> Row | None:
    """The row of a change; None where its table is gone."""
    oid = change.relation.oid
    found = await connection.execute("select relrowsecurity from pg_class where oid = %s", (oid,))
    table = await found.fetchone()
    if table is None:
        return None
    values = {"table": oid, "roles": list(roles)}
    described = await connection.execute(_COLUMNS, values)
    columns = tuple(
        [Column(**row | {"readers": frozenset(row["readers"])}) async for row in described]
    )
    new = await _as_json(connection, columns, change.new or {})
    old = {}
    if change.kind != "INSERT":
        old = await _as_json(connection, columns, _identity(change, columns))
    return Row(change, columns, table["relrowsecurity"], new, old)


async def passing_filters(
    connection: Connection, row: Row, filters: Collection[Filter]
) -> set[Filter]:
    """Those of the filters that the row passes; one on a column that the stream left out is not."""
    values = (row.change.new or {}) | (row.change.old or {} if row.change.new is None else {})
    types = {column.name: column.sql_type for column in row.columns}
    asked = [f for f in filters if f.column in values and f.column in types]
    if not asked:
        return set()
    conditions = [f.condition(types[f.column], values[f.column]) for f in asked]
    query = sql.SQL("select array[{}] as passed").format(sql.SQL(", ").join(conditions))
    answer = await (await connection.execute(query)).fetchone()
    return (
        {f for f, passed in zip(asked, answer["passed"], strict=True) if passed}
        if answer
        else set()
    )


async def sees(connection: Connection, row: Row, identity: Identity) -> bool:
    """Whether row level security shows somebody the row as it stands now, not as it was written."""
    if not row.is_secured or row.change.kind == "DELETE":
        return True
    try:
        async with connection.transaction(force_rollback=True):
            await become(connection, identity)
            found = await connection.execute(_lookup(row))
            return await found.fetchone() is not None
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        return False


async def check_filters(
    connection: Connection, table: int, role: str, filters: Iterable[Filter]
) -> None:
    """Raises FilterError where a filter is on no column that the role may read, or on no value."""
    described = await connection.execute(_COLUMNS, {"table": table, "roles": [role]})
    types = {row["name"]: row["sql_type"] async for row in described if row["readers"]}
    for wanted in filters:
        if wanted.column not in types:
            raise FilterError(f"invalid column for filter {wanted.column}")
        condition = wanted.condition(types[wanted.column], None)
        try:
            await connection.execute(sql.SQL("select {}").format(condition))
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            raise FilterError(str(error).partition("\n")[0]) from error


def _identity(change: Change, columns: Iterable[Column]) -> Tuple:
    """The old row, as far as the replica identity goes; the key itself where it did not change."""
    if change.old is not None or change.new is None:
        return change.old or {}
    return {c.name: change.new[c.name] for c in columns if c.is_key and c.name in change.new}


async def _as_json(
    connection: Connection, columns: Iterable[Column], values: Tuple
) -> dict[str, Any]:
    """Values by the column's type, as PostgREST would show them."""
    present = [column for column in columns if column.name in values]
    if not present:
        return {}
    items = sql.SQL(", ").join(
        sql.SQL("{}::{} as {}").format(
            sql.Literal(values[column.name]),
            sql.SQL(column.sql_type),
            sql.Identifier(column.name),
        )
        for column in present
    )
    query = sql.SQL("select to_jsonb(r)::text as row from (select {}) r").format(items)
    answer = await (await connection.execute(query)).fetchone()
    return dict(json.loads(answer["row"])) if answer else {}


def _lookup(row: Row) -> sql.Composed:
    relation, values = row.change.relation, row.change.new or {}
    conditions = [
        sql.SQL("{} = {}::{}").format(
            sql.Identifier(column.name),
            sql.Literal(values.get(column.name)),
            sql.SQL(column.sql_type),
        )
        for column in row.columns
        if column.is_key
    ]
    table = sql.Identifier(relation.schema, relation.table)
    return sql.SQL("select 1 from {} where {}").format(table, sql.SQL(" and ").join(conditions))


def _only(names: Iterable[str], values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _moment(change: Change) -> str:
    return change.committed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
