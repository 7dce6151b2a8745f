"""The local Supabase is shaped like a hosted one where our migrations could tell the difference."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from devstack.stack import Stack

pytestmark = pytest.mark.xdist_group("devstack")


@pytest.fixture
def as_postgres(own_stack: Stack) -> Iterator[psycopg.Connection]:
    """The role of migrations; what a test does is rolled back."""
    with psycopg.connect(own_stack.env["DATABASE_URL"]) as connection:
        yield connection
        connection.rollback()


def answer(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_postgres_is_no_superuser_but_passes_row_level_security(
    as_postgres: psycopg.Connection,
) -> None:
    query = "select rolsuper::text || rolbypassrls from pg_roles where rolname = current_user"
    assert answer(as_postgres, query) == "falsetrue"


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_a_new_table_is_granted_to_nobody(as_postgres: psycopg.Connection, role: str) -> None:
    as_postgres.execute("create table public.brand_new (id int primary key)")
    query = f"select has_table_privilege('{role}', 'public.brand_new', 'select')"
    assert answer(as_postgres, query) is False


def test_extensions_that_hosted_trusts_can_be_created(as_postgres: psycopg.Connection) -> None:
    for name in ("pg_trgm", "btree_gist", "unaccent"):
        as_postgres.execute(f"drop extension if exists {name} cascade")
        as_postgres.execute(f"create extension {name} with schema extensions")


def test_auth_schema_is_closed_to_migrations(as_postgres: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_postgres.execute("create table auth.mine (id int)")


def test_realtime_send_turns_an_error_into_a_warning(as_postgres: psycopg.Connection) -> None:
    warnings: list[str] = []
    as_postgres.add_notice_handler(lambda note: warnings.append(note.message_primary or ""))
    as_postgres.execute("select realtime.send('{\"a\": 1}', 'event', null)")
    assert "ErrorSendingBroadcastMessage" in warnings[0]


def test_a_broadcast_is_a_row_of_today(as_postgres: psycopg.Connection) -> None:
    as_postgres.execute("select realtime.send('{\"a\": 1}', 'moved', 'room:1')")
    query = "select payload ->> 'a' from realtime.messages where topic = 'room:1'"
    assert answer(as_postgres, query) == "1"


def test_auth_functions_read_the_claims_postgrest_sets(as_postgres: psycopg.Connection) -> None:
    claims = '{"role": "authenticated", "email": "a@b"}'
    as_postgres.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    query = "select auth.role() || ' ' || auth.email() || ' ' || (auth.jwt() ->> 'role')"
    assert answer(as_postgres, query) == "authenticated a@b authenticated"


def test_the_gateway_asks_for_a_key(api: httpx.Client) -> None:
    refused = api.get("/rest/v1/profiles")
    assert (refused.status_code, refused.json()) == (
        401,
        {"message": "No API key found in request"},
    )
    assert api.get("/rest/v1/profiles", headers={"apikey": "guess"}).status_code == 401


@pytest.mark.parametrize("name", ["SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_SECRET_KEY"])
def test_a_key_alone_stands_for_its_role(own_stack: Stack, api: httpx.Client, name: str) -> None:
    key = own_stack.env[name]
    for headers in ({"apikey": key}, {"apikey": key, "Authorization": f"Bearer {key}"}):
        assert api.get("/rest/v1/", headers=headers).status_code == 200


def test_the_gateway_answers_preflights_with_authorization(api: httpx.Client) -> None:
    headers = {"Origin": "http://localhost:3000", "Access-Control-Request-Headers": "authorization"}
    allowed = api.options("/auth/v1/token", headers=headers)
    assert allowed.headers["access-control-allow-headers"] == "authorization"


def test_shared_secret_tokens_have_no_public_keys(api: httpx.Client) -> None:
    assert api.get("/auth/v1/.well-known/jwks.json").json() == {"keys": []}


def test_requests_are_counted_and_listed(own_stack: Stack, api: httpx.Client) -> None:
    own_stack.kill("worker")  # it asks for work now and then, and would be counted too
    api.post("/_devstack/requests/reset")
    api.get("/rest/v1/", headers={"apikey": own_stack.env["SUPABASE_ANON_KEY"]})
    seen = api.get("/_devstack/requests").json()
    own_stack.start("worker")
    assert seen["counts"] == {"/rest/v1": 1}
    assert seen["requests"] == [{"method": "GET", "path": "/rest/v1/"}]
