"""Databases made of folders of migrations, side by side: before and after in one run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
from psycopg import sql

from bench.measure import say
from devstack.database import SQL_FILES
from devstack.postgres import ADMIN
from devstack.stack import Stack

DEFAULT_BASE = 23320
# Enough of what the auth server makes for foreign keys to it.
_AUTH_USERS = """
create table auth.users (id uuid primary key default gen_random_uuid(), email text unique,
  raw_user_meta_data jsonb, created_at timestamptz default now());
alter table auth.users owner to supabase_auth_admin;
grant select, insert, update, delete, references, trigger on auth.users to postgres;
"""


class Database:
    """One with migrations and seed; `label` is what tables call it."""

    def __init__(self, url: str, label: str) -> None:
        self.url = url
        self.label = label

    def connect(self) -> psycopg.Connection[Any]:
        """As `postgres`, which owns what migrations make."""
        return psycopg.connect(self.url, autocommit=True)

    def has(self, function: str) -> bool:
        """Whether these migrations know a function: older ones do without."""
        with self.connect() as owner:
            return owner.execute("select to_regproc(%s)", [function]).fetchone() != (None,)


class Edition(Database):
    """A database with one folder's migrations and seed."""

    def __init__(self, cluster: Cluster, name: str, label: str) -> None:
        super().__init__(cluster.url("postgres", name), label)
        self._cluster = cluster
        self._name = name

    def copy(self) -> Edition:
        """Another, with the rows of this one, to which nobody may be connected."""
        return Edition(self._cluster, self._cluster.create(self._name), self.label)


class Cluster:
    """A Postgres of the bench's own, and the databases in it for as long as the block lasts."""

    def __init__(self) -> None:
        self._stack = Stack(int(os.environ.get("BENCH_PORT_BASE") or DEFAULT_BASE), "1")
        self._names: list[str] = []
        self._started = False

    def __enter__(self) -> Self:
        self._started = not self._stack.pid("postgres")
        if self._started:
            self._stack.start("postgres")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in self._names:
            self._run("drop database if exists {} with (force)", name)
        if self._started:
            self._stack.down()

    def edition(self, folder: Path) -> Edition:
        """A new database with the folder's migrations and the seed beside it.

        Its label is the folder's commit, so that a table says what was measured.
        """
        say(f"making a database of {folder}")
        edition = Edition(self, self.create("template0"), _label(folder))
        with psycopg.connect(self.url(ADMIN, self._names[-1])) as admin:
            for path in sorted(SQL_FILES.glob("*.sql")):
                if path.name != "1_roles.sql":  # roles are the cluster's
                    admin.execute(re.sub(r"(?m)^create role .*;$", "", path.read_text()).encode())
            admin.execute(_AUTH_USERS)
            admin.execute("select realtime.keep_message_partitions()")
        with edition.connect() as owner:
            for path in [*sorted(folder.glob("*.sql")), folder.parents[1] / "seed/quickstart.sql"]:
                owner.execute(path.read_bytes())
        return edition

    def create(self, template: str) -> str:
        """Make a database; returns its name."""
        name = f"edition_{len(self._names)}"
        self._run("drop database if exists {} with (force)", name)
        self._run("create database {} owner postgres template {}", name, template)
        self._names.append(name)
        return name

    def url(self, role: str, database: str) -> str:
        return self._stack.server.url(role).removesuffix("postgres") + database

    def _run(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.url(ADMIN, "template1"), autocommit=True) as admin:
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _label(folder: Path) -> str:
    """`<short commit>`, with a + where its migrations were edited since; else the folder's name."""

    def git(*words: str) -> str:
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    commit = git("rev-parse", "--short", "HEAD")
    return commit + ("+" if git("status", "--porcelain", ".") else "") if commit else folder.name
