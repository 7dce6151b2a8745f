"""Signed-in people of every role, made through the auth API, and rows that belong to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from devstack.stack import Stack

Row = dict[str, Any]
# What public.profiles says of each; an agent is whoever has an agent row.
ROLES = {
    "agent": "empleado",
    "other": "empleado",
    "outsider": "empleado",
    # Of whom rows are made and removed; never signs in.
    "newcomer": "empleado",
    "supervisor": "supervisor",
    "gerente": "gerente",
}
AGENTS = ("agent", "other")
PASSWORD = "ni la sombra de una duda 7"


@dataclass
class People:
    """A user of each role, each with a token; `agent` and `other` have agent rows."""

    stack: Stack
    db: psycopg.Connection[Row]
    # Unique in this run: in e-mail addresses, extensions, names.
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    user_ids: dict[str, str] = field(default_factory=dict)
    agent_ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def email(self, role: str) -> str:
        return f"{role}-{self.mark}@people.test"

    def sign_up(self) -> None:
        self.tokens["anon"] = self.stack.env["SUPABASE_ANON_KEY"]
        self.tokens["service"] = self.stack.env["SUPABASE_SERVICE_ROLE_KEY"]
        for role, profile in ROLES.items():
            answer = httpx.post(
                f"{self.stack.env['SUPABASE_URL']}/auth/v1/signup",
                headers={"apikey": self.stack.env["SUPABASE_ANON_KEY"]},
                json={"email": self.email(role), "password": PASSWORD},
                timeout=20,
            ).raise_for_status()
            self.tokens[role] = answer.json()["access_token"]
            self.user_ids[role] = answer.json()["user"]["id"]
            self.insert("profiles", id=self.user_ids[role], role=profile)
        for place, role in enumerate(AGENTS):
            row = self.insert(
                "call_center_agents",
                user_id=self.user_ids[role],
                extension=f"{place}{self.mark}",
            )
            self.agent_ids[role] = row["id"]

    def insert(self, table: str, **values: Any) -> Row:
        """Insert as the owner of the database; returns the row as JSON would show it."""
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        query = f"insert into public.{table} as t ({names}) values ({marks}) returning to_jsonb(t)"
        row = self.db.execute(query, [_plain(value) for value in values.values()]).fetchone()
        assert row
        return dict(row["to_jsonb"])

    def read(self, table: str, row_id: str) -> Row | None:
        """The row as it stands, whoever may see it."""
        query = f"select to_jsonb(t) from public.{table} t where id = %s"
        row = self.db.execute(query, [row_id]).fetchone()
        return row["to_jsonb"] if row else None

    def api(self, role: str) -> httpx.Client:
        """PostgREST through the gateway, as one of them."""
        if role not in self._clients:
            anon = self.stack.env["SUPABASE_ANON_KEY"]
            self._clients[role] = httpx.Client(
                base_url=f"{self.stack.env['SUPABASE_URL']}/rest/v1",
                headers={
                    "apikey": self.tokens["service"] if role == "service" else anon,
                    "authorization": f"Bearer {self.tokens[role]}",
                    "prefer": "return=representation",
                },
                timeout=20,
            )
        return self._clients[role]

    def close(self) -> None:
        """Remove the users, and with them what is theirs."""
        users = list(self.user_ids.values())
        self.db.execute("delete from auth.users where id = any (%s)", [users])
        self.db.close()
        for client in self._clients.values():
            client.close()


def open_people(stack: Stack) -> People:
    """Everybody signed up."""
    db: psycopg.Connection[Row] = psycopg.connect(
        stack.env["DATABASE_ADMIN_URL"], autocommit=True, row_factory=dict_row
    )
    people = People(stack, db)
    people.sign_up()
    return people


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
