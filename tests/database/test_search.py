"""Finding contacts: what is found, by whom, and through which index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

SEARCH = "select phone_number from public.search_contacts(%s, %s, %s)"
CONTACTS = [
    ("+573105550001", "ana.gomez@example.com", "Ana María", "Gómez", "client"),
    ("+573105550002", "luis@example.com", "Luis", "Gómez Peña", "lead"),
    ("+573205559999", None, "100%_sure", None, "lead"),
    ("+573205558888", "qx@example.com", "Zoë", "O'Hara", "customer"),
]


@pytest.fixture(scope="module")
def filled(own_database: str) -> Iterator[psycopg.Connection]:
    """A transaction with four contacts and three thousand others."""
    with psycopg.connect(own_database) as sql:
        sql.execute("delete from public.crm_contacts")
        sql.execute(
            "insert into public.crm_contacts (phone_number, first_name)"
            " select '+5760' || 10000000 + i, 'Cliente' || i from generate_series(1, 3000) i"
        )
        with sql.cursor() as cursor:
            cursor.executemany(
                "insert into public.crm_contacts"
                " (phone_number, email, first_name, last_name, contact_type)"
                " values (%s, %s, %s, %s, %s)",
                CONTACTS,
            )
        yield sql
        sql.rollback()


@pytest.fixture
def agent(filled: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """Signed in as an agent; what the test does is undone."""
    with filled.transaction(force_rollback=True):
        query = "select user_id from public.call_center_agents order by extension limit 1"
        sign_in(filled, query)
        yield filled


def sign_in(sql: psycopg.Connection, query: str) -> None:
    row = sql.execute(query.encode()).fetchone()
    assert row
    claims = json.dumps({"sub": str(row[0]), "role": "authenticated"})
    sql.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    sql.execute("set local role authenticated")


def found(
    sql: psycopg.Connection, query: str, kind: str | None = None, limit: int = 20
) -> set[str]:
    return {row[0][-4:] for row in sql.execute(SEARCH, [query, kind, limit])}


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("5550001", {"0001"}),
        ("310 555", {"0001", "0002"}),
        ("+57 (310) 555-0002", {"0002"}),
        ("gómez", {"0001", "0002"}),
        ("GOMEZ@", {"0001"}),
        ("mar", {"0001"}),
        ("o'har", {"8888"}),
        ("100%_", {"9999"}),
        ("100_", set()),
        ("q", {"8888"}),
        ("pe", {"0002"}),
        ("zo ex", {"8888"}),
        ("57 ana", {"0001"}),
        ("ana maria gomez", {"0001"}),
        ("Gómez  Ana", {"0001"}),
        ("Gómez, Ana M", {"0001"}),
        ("Luis 0001", set()),
        ("luis 5550002", {"0002"}),
        ("Pena", {"0002"}),
        ("ZOE", {"8888"}),
        ("Go\u0301mez Pen\u0303a", {"0002"}),
        ("0057 310 555 0002", {"0002"}),
        ("03 310 5550002", {"0002"}),
        ("", set()),
        ("  ", set()),
        ("%", set()),
        ("@", set()),
    ],
)
def test_contacts_are_found_by_part_of_what_is_known_of_them(
    query: str, ends: set[str], agent: psycopg.Connection
) -> None:
    assert found(agent, query) == ends


def test_only_contacts_of_the_type_asked_for(agent: psycopg.Connection) -> None:
    assert found(agent, "gómez", "lead") == {"0002"}
    assert found(agent, "gómez", "prospect") == set()


def test_what_many_match_comes_without_repeats_up_to_the_limit(agent: psycopg.Connection) -> None:
    for limit in (1, 20, 100):
        rows = agent.execute(SEARCH, ["cliente", None, limit]).fetchall()
        assert len({row[0] for row in rows}) == len(rows) == limit
    assert len(agent.execute(SEARCH, ["cliente", None, 100_000]).fetchall()) == 100


PAGE = """
select id, created_at from public.search_contacts(%s, %s, 100, %s, %s)
"""


@pytest.mark.parametrize(
    ("query", "kind", "many"),
    [(None, None, 3004), ("cliente", None, 3000), (None, "lead", 3002), ("gómez", None, 2)],
)
def test_pages_follow_each_other_from_the_newest_to_the_end(
    query: str | None, kind: str | None, many: int, agent: psycopg.Connection
) -> None:
    rows: list[tuple[Any, ...]] = []
    last: tuple[Any, Any] = (None, None)
    while page := agent.execute(PAGE.encode(), [query, kind, last[1], last[0]]).fetchall():
        rows += page
        last = page[-1]
    assert len({row[0] for row in rows}) == len(rows) == many
    assert rows == sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)


def test_a_contact_is_found_by_another_of_its_numbers(agent: psycopg.Connection) -> None:
    agent.execute(
        "update public.crm_contacts set other_numbers = '{320 555 7777}'"
        " where phone_number = '+573105550001'"
    )
    assert found(agent, "5557777") == {"0001"}
    assert found(agent, "03 320 5557777") == {"0001"}


def test_whoever_may_not_see_contacts_finds_none(agent: psycopg.Connection) -> None:
    agent.execute("select set_config('request.jwt.claims', '{\"role\": \"authenticated\"}', true)")
    assert found(agent, "gómez") == set()
    agent.execute("reset role")
    query = "select count(*) from private.find_contacts('{%%}', null, 20, null, null)"
    assert agent.execute(query.encode()).fetchone() == (0,)


def test_supervisors_and_the_service_find_them(agent: psycopg.Connection) -> None:
    agent.execute("reset role")
    sign_in(agent, "select id from public.profiles where role = 'supervisor' limit 1")
    assert found(agent, "o'hara") == {"8888"}
    agent.execute("reset role")
    agent.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', true)")
    agent.execute("set local role service_role")
    assert found(agent, "o'hara") == {"8888"}


def test_the_frontends_query_on_the_table_finds_the_same(agent: psycopg.Connection) -> None:
    rows = agent.execute(
        "select phone_number from public.crm_contacts where phone_number ilike '%%gómez%%'"
        " or email ilike '%%gómez%%' or first_name ilike '%%gómez%%' or last_name ilike '%%gómez%%'"
        " limit 20".replace("%%", "%").encode()
    )
    assert {row[0][-4:] for row in rows} == found(agent, "gómez")


def plan(sql: psycopg.Connection, word: str) -> list[Any]:
    query = (
        "explain select * from public.crm_contacts where private.contact_words("
        "phone_number, email, first_name, last_name, other_numbers) like {} limit 20"
    )
    return [row[0] for row in sql.execute(query.format(f"'%{word}%'").encode())]


def test_the_index_serves_the_pattern(agent: psycopg.Connection) -> None:
    agent.execute("reset role")
    agent.execute("set local enable_seqscan = off")
    assert any("crm_contacts_search_idx" in line for line in plan(agent, "zoë"))


def test_searching_leaves_the_planners_settings_alone(agent: psycopg.Connection) -> None:
    found(agent, "zoë")
    assert agent.execute("show enable_seqscan").fetchone() == ("on",)
