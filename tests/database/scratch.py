"""Scratch databases in the stack's cluster, shaped like an empty hosted project."""

from __future__ import annotations

import re
import subprocess
import uuid
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from devstack.database import SQL_FILES
from devstack.envfile import base_environment
from devstack.layout import ROOT
from devstack.stack import Stack

# What the auth server makes on its first request; enough of it for foreign keys.
AUTH_USERS = """
create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text unique,
  raw_user_meta_data jsonb,
  created_at timestamptz default now()
);
alter table auth.users owner to supabase_auth_admin;
grant select, insert, update, delete, references, trigger on auth.users to postgres;
"""


class Scratch:
    """A database of its own for as long as the block lasts.

    It begins like an empty hosted project, or like another to which nobody is connected meanwhile.
    """

    def __init__(self, stack: Stack, like: Scratch | None = None) -> None:
        self.stack = stack
        self.name = f"scratch_{uuid.uuid4().hex[:12]}"
        self._like = like

    def __enter__(self) -> Scratch:
        template = self._like.name if self._like else "template0"
        with self._cluster() as admin:
            statement = "create database {} owner postgres template {}"
            names = sql.Identifier(self.name), sql.Identifier(template)
            admin.execute(sql.SQL(statement).format(*names))
        if not self._like:
            self._shape()
        return self

    def _shape(self) -> None:
        with psycopg.connect(self.url("DATABASE_ADMIN_URL")) as admin:
            for path in sorted(SQL_FILES.glob("*.sql")):
                if path.name != "1_roles.sql":  # roles are the cluster's
                    admin.execute(re.sub(r"(?m)^create role .*;$", "", path.read_text()).encode())
            admin.execute(AUTH_USERS)
            admin.execute("select realtime.keep_message_partitions()")

    def __exit__(self, *_: object) -> None:
        with self._cluster() as admin:
            admin.execute(
                sql.SQL("drop database {} with (force)").format(sql.Identifier(self.name))
            )

    def url(self, kind: str = "DATABASE_URL") -> str:
        return self.stack.env[kind].rpartition("/")[0] + f"/{self.name}"

    def connect(self, kind: str = "DATABASE_URL") -> psycopg.Connection[dict[str, Any]]:
        return psycopg.connect(self.url(kind), autocommit=True, row_factory=dict_row)

    def push(self, *options: str) -> str:
        """`supabase db push`, as ops would."""
        return supabase(self.stack, "push", "--yes", *options, url=self.url())

    def _cluster(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.stack.env["DATABASE_ADMIN_URL"], autocommit=True)


def supabase(stack: Stack, command: str, *options: str, url: str) -> str:
    """Run `supabase db …` on a database of the stack; what it prints."""
    argv = [*stack.tools.supabase, "db", command, *options]
    argv += [f"--remote={url}?sslmode=disable", f"--workdir={ROOT}"]
    env = {**base_environment(), "DO_NOT_TRACK": "1", "SUPABASE_TELEMETRY_DISABLED": "1"}
    result = subprocess.run(argv, env=env, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    return result.stdout
