"""Databases to measure in: copies of a freshly migrated one, filled to order, then thrown away.

They live in a stack of their own (BENCH_PORT_BASE), of which only Postgres keeps running.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import LiteralString, Self

import psycopg
from psycopg import sql

from bench.data import Size, fill
from bench.measure import say
from devstack.layout import DevstackError
from devstack.postgres import ADMIN
from devstack.services import NAMES
from devstack.stack import Stack

DEFAULT_BASE = 23320
SUPERVISOR = "supervisora@demo.local"
AGENT = "agente1@demo.local"


class Session:
    """A connection to one of the databases; each run gives its milliseconds."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def sign_in(self, user_id: str) -> Self:
        """From here on it asks as this user, under RLS, as the API would."""
        claims = json.dumps({"sub": user_id, "role": "authenticated"})
        self.connection.execute("select set_config('request.jwt.claims', %s, false)", [claims])
        self.connection.execute("set role authenticated")
        return self

    def run(self, query: LiteralString, *values: object) -> float:
        """Run and fetch; `%` means itself where no values are given."""
        started = time.perf_counter()
        self.connection.execute(query, values or None).fetchall()
        return (time.perf_counter() - started) * 1000

    def run_and_undo(self, query: LiteralString, *values: object) -> float:
        """Run a change and roll it back; the time is the change's alone."""
        with self.connection.transaction(force_rollback=True):
            return self.run(query, *values)


class Scratch:
    """One database, and its sessions."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.owner = Session(url)
        self._sessions = [self.owner]

    def signed_in(self, email: str) -> Session:
        """A session of one of the demo's users."""
        query = "select id::text from auth.users where email = %s"
        (user_id,) = self.owner.connection.execute(query, [email]).fetchone() or ("",)
        return self.session_of(user_id)

    def session_of(self, user_id: str) -> Session:
        """A session of a user who need not be known by an address."""
        session = Session(self._url).sign_in(user_id)
        self._sessions.append(session)
        return session

    def close(self) -> None:
        for session in self._sessions:
            session.connection.close()


class Databases:
    """Makes each size once, when it is first asked for."""

    def __init__(self) -> None:
        self._stack = Stack(int(os.environ.get("BENCH_PORT_BASE") or DEFAULT_BASE), "1")
        self._made: dict[Size, Scratch] = {}

    def __enter__(self) -> Self:
        return self

    def _begin(self) -> None:
        say("making an empty database with all migrations")
        try:
            self._stack.reset()
        except DevstackError:
            self._stack.down()
            raise
        for name in NAMES:  # a database that somebody uses cannot be copied
            if self._stack.pid(name):
                self._stack.kill(name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._made:
            return
        for scratch in self._made.values():
            scratch.close()
        for number in range(len(self._made)):
            with self._admin("template1") as admin:
                admin.execute(sql.SQL("drop database {}").format(_name(number)))
        self._stack.down()

    def of(self, size: Size) -> Scratch:
        """The database of this size."""
        if size not in self._made:
            self._made[size] = self._make(len(self._made), size)
        return self._made[size]

    def _make(self, number: int, size: Size) -> Scratch:
        if not number:
            self._begin()
        say(f"filling a database: {size}")
        with self._admin("template1") as admin:
            query = "create database {} template postgres owner postgres"
            admin.execute(sql.SQL(query).format(_name(number)))
        database = f"bench_{number}"
        with self._admin(database) as admin:
            fill(admin, size)
        return Scratch(self._url("postgres", database))

    @contextmanager
    def _admin(self, database: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._url(ADMIN, database), autocommit=True) as connection:
            yield connection

    def _url(self, role: str, database: str) -> str:
        return self._stack.server.url(role).removesuffix("postgres") + database


def _name(number: int) -> sql.Identifier:
    return sql.Identifier(f"bench_{number}")
