"""The demo's people: signed up through the auth API as a browser would, then given their roles."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import psycopg

from devstack.layout import DevstackError


@dataclass(frozen=True, slots=True)
class User:
    """A demo user; `role` is what public.profiles says."""

    email: str
    role: str
    full_name: str


USERS = (
    User("supervisora@demo.local", "gerente", "Lucía Herrera"),
    User("supervisor@demo.local", "supervisor", "Camilo Restrepo"),
    User("agente1@demo.local", "empleado", "Andrés Gómez"),
    User("agente2@demo.local", "empleado", "Valentina Ríos"),
    User("agente3@demo.local", "empleado", "Mateo Vargas"),
)


@dataclass(frozen=True, slots=True)
class AuthApi:
    """The auth server of a stack, reached without the gateway."""

    url: str
    password: str

    def sign_up_missing(self, present: set[str]) -> int:
        """Sign up the demo users who are not there yet; returns how many."""
        missing = [user for user in USERS if user.email not in present]
        # One at a time: bcrypt keeps a core busy, and the server's first request makes its tables.
        with httpx.Client(base_url=self.url, timeout=20) as client:
            for user in missing:
                body = {"email": user.email, "password": self.password}
                answer = client.post("/auth/v1/signup", json=body)
                if answer.status_code not in (200, 201):
                    raise DevstackError(f"signing up {user.email} failed: {answer.text[:500]}")
        return len(missing)

    def access_token(self, email: str) -> str:
        """Sign in with the demo password; the token lives an hour."""
        body = {"email": email, "password": self.password}
        path = "/auth/v1/token?grant_type=password"
        try:
            answer = httpx.post(f"{self.url}{path}", json=body, timeout=20)
        except httpx.ConnectError as error:
            raise DevstackError("The auth server is not running: `make up` first.") from error
        if answer.status_code != 200:
            raise DevstackError(f"signing in {email} failed: {answer.text[:500]}")
        return str(answer.json()["access_token"])


def registered_emails(admin_url: str) -> set[str]:
    """Who can sign in; nobody before the auth server made its tables."""
    with psycopg.connect(admin_url) as connection:
        if not _exists(connection, "auth.users"):
            return set()
        return {row[0] for row in connection.execute("select email from auth.users")}


def give_roles(admin_url: str) -> bool:
    """Write the demo users' profiles; False where the migrations made no public.profiles yet."""
    with psycopg.connect(admin_url) as connection:
        if not _exists(connection, "public.profiles"):
            return False
        for user in USERS:
            connection.execute(
                "insert into public.profiles (id, role, full_name)"
                " select id, %(role)s, %(full_name)s from auth.users where email = %(email)s"
                " on conflict (id) do update"
                " set role = excluded.role, full_name = excluded.full_name",
                {"email": user.email, "role": user.role, "full_name": user.full_name},
            )
    return True


def _exists(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", [table]).fetchone()
    return bool(row and row[0])
