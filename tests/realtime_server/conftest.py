"""A stack with notes, which their owners see, and teams, which only their member may join."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from devstack.stack import Stack
from tests.realtime_server.client import Client

OWNER, STRANGER = "agente1@demo.local", "agente2@demo.local"
NOTES = """
create table public.notes (id int primary key, owner uuid, body text, rank int);
alter table public.notes enable row level security;
grant select on public.notes to authenticated, service_role;
create policy "owners read their notes" on public.notes for select to authenticated
  using (owner = (select auth.uid()));
alter publication supabase_realtime add table public.notes;
create policy "members hear their team" on realtime.messages for select to authenticated
  using (extension = 'broadcast'
    and (select realtime.topic()) in ('team:' || (select auth.uid()), 'news'));
create policy "members speak in their team" on realtime.messages for insert to authenticated
  with check (extension = 'broadcast'
    and (select realtime.topic()) = 'team:' || (select auth.uid()));
"""
NO_NOTES = """
drop table public.notes;
drop policy "members hear their team" on realtime.messages;
drop policy "members speak in their team" on realtime.messages;
"""


@dataclass(frozen=True)
class Notes:
    """The database with the notes in it."""

    stack: Stack

    def sql(self, query: str, *values: object) -> list[dict[str, Any]]:
        url = self.stack.env["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as db:
            cursor = db.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def user_id(self, email: str) -> str:
        (user,) = self.sql("select id::text from auth.users where email = %s", email)
        return str(user["id"])

    def insert(self, id_: int, owner: str = OWNER, body: str = "", rank: int = 0) -> None:
        query = "insert into public.notes values (%s, %s, %s, %s)"
        self.sql(query, id_, self.user_id(owner), body, rank)

    def send(self, topic: str, event: str, *, private: bool = True) -> None:
        """From the database, as a trigger would."""
        self.sql("select realtime.send('{\"a\": 1}', %s, %s, %s)", event, topic, private)


@cache
def token_of(stack: Stack, email: str) -> str:
    """A demo user's token: signing in takes a while, on purpose."""
    return stack.access_token(email)


@pytest.fixture(scope="module")
def _tables(own_stack: Stack) -> Iterator[Notes]:
    own_stack.up()
    notes = Notes(own_stack)
    notes.sql(NOTES)
    yield notes
    notes.sql(NO_NOTES)


@pytest.fixture
def notes(_tables: Notes) -> Notes:
    """The tables, empty."""
    _tables.sql("alter table public.notes replica identity default")
    _tables.sql("delete from public.notes")
    return _tables


@pytest.fixture
def connect(own_stack: Stack) -> Iterator[Callable[..., Client]]:
    """Connect as a demo user, or with a key alone; closed after the test."""
    with ExitStack() as clients:

        def connected(email: str | None = None, key: str = "SUPABASE_ANON_KEY") -> Client:
            token = token_of(own_stack, email) if email else None
            env = own_stack.env
            return clients.enter_context(Client(env["SUPABASE_URL"], env[key], token))

        yield connected
