"""What the stack prepares in its database before any migration: roles, schemas, clock, profiles."""

from __future__ import annotations

import hashlib

import psycopg
from psycopg import sql

from devstack.clock import Clock
from devstack.credentials import Credentials
from devstack.layout import ROOT

SQL_FILES = ROOT / "devstack" / "sql"


def prepare_hosted_shape(admin_url: str, credentials: Credentials) -> None:
    """Make a new cluster look like a hosted project; all of it or nothing."""
    with psycopg.connect(admin_url) as connection:
        for path in sorted(SQL_FILES.glob("*.sql")):
            connection.execute(path.read_bytes())
        for role, password in {
            "postgres": credentials.postgres_password,
            "authenticator": credentials.authenticator_password,
            "supabase_auth_admin": credentials.auth_admin_password,
        }.items():
            statement = sql.SQL("alter role {} password {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def shape() -> str:
    """A fingerprint of what `prepare_hosted_shape` makes."""
    content = b"".join(path.read_bytes() for path in sorted(SQL_FILES.glob("*.sql")))
    return hashlib.sha256(content).hexdigest()


def refresh(admin_url: str, clock: Clock) -> None:
    """What every start renews: message partitions, and the speed of the database's clock."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("select realtime.keep_message_partitions()")
        for name, value in clock.settings().items():
            connection.execute(_database_setting(name, value))


def _database_setting(name: str, value: str | None) -> sql.Composed:
    setting = sql.SQL(".").join(map(sql.Identifier, name.split(".")))
    if value is None:
        return sql.SQL("alter database postgres reset {}").format(setting)
    return sql.SQL("alter database postgres set {} = {}").format(setting, sql.Literal(value))
