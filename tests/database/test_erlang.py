"""How many agents a load needs: the formula held to a known case and to what must always be so."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

LOAD = "select * from public.load_with_agents(%s, %s, %s, %s, %s)"
AGENTS = "select * from public.agents_for_load(%s, %s, %s, %s, %s)"


def ask(sql: psycopg.Connection, query: str, *values: Any) -> dict[str, Any]:
    row = sql.cursor(row_factory=dict_row).execute(query, values).fetchone()
    assert row
    return {name: float(value) for name, value in row.items()}


@pytest.fixture
def supervisor(sql: psycopg.Connection) -> psycopg.Connection:
    """Signed in; the functions are the API's, and need nothing but a user."""
    sql.execute("set local role authenticated")
    return sql


def test_a_hundred_calls_in_half_an_hour_with_fourteen_agents(
    supervisor: psycopg.Connection,
) -> None:
    assert ask(supervisor, LOAD, 100, 1800, 180, 14, 20) == {
        "agents": 14,
        "wait_probability": 0.1741,
        "service_level_percent": 88.84,
        "average_speed_of_answer_seconds": 7.84,
        "occupancy_percent": 71.43,
    }


def test_the_fewest_agents_who_reach_the_target(supervisor: psycopg.Connection) -> None:
    assert ask(supervisor, AGENTS, 100, 1800, 180, 88, 20)["agents"] == 14
    assert ask(supervisor, AGENTS, 100, 1800, 180, 79, 20)["agents"] == 13


@pytest.mark.parametrize("calls", [1, 10, 250, 3000, 80_000])
def test_one_agent_less_misses_the_target(calls: int, supervisor: psycopg.Connection) -> None:
    enough = ask(supervisor, AGENTS, calls, 3600, 240, 80, 20)
    assert enough["service_level_percent"] >= 80
    fewer = int(enough["agents"]) - 1
    if fewer > calls / 3600 * 240:
        assert ask(supervisor, LOAD, calls, 3600, 240, fewer, 20)["service_level_percent"] < 80
    else:
        assert fewer < 1 or fewer <= calls / 3600 * 240


@pytest.mark.parametrize(("calls", "aht", "agents"), [(20, 60, 2), (100, 180, 14), (60, 300, 12)])
def test_as_the_textbook_sums_it(
    calls: int, aht: int, agents: int, supervisor: psycopg.Connection
) -> None:
    erlangs = calls * aht / 1800
    top = erlangs**agents / math.factorial(agents) * agents / (agents - erlangs)
    below = sum(erlangs**n / math.factorial(n) for n in range(agents))
    answer = ask(supervisor, LOAD, calls, 1800, aht, agents, 20)
    assert answer["wait_probability"] == pytest.approx(top / (below + top), abs=1e-4)


def test_no_calls_need_one_agent_who_does_nothing(supervisor: psycopg.Connection) -> None:
    answer = ask(supervisor, AGENTS, 0, 1800, 180, 80, 20)
    assert (answer["agents"], answer["occupancy_percent"]) == (1, 0)
    assert answer["service_level_percent"] == 100


@pytest.mark.parametrize(
    ("calls", "agents"), [(60, 170), (60, 100_000), (Decimal("1e-400"), 300), (Decimal("1e-90"), 3)]
)
def test_with_far_too_many_agents_nobody_waits(
    calls: float, agents: int, supervisor: psycopg.Connection
) -> None:
    answer = ask(supervisor, LOAD, calls, 3600, 60, agents, 20)
    assert (answer["wait_probability"], answer["service_level_percent"]) == (0, 100)


@pytest.mark.parametrize(
    ("query", "values", "reason"),
    [
        (LOAD, (100, 1800, 180, 10, 20), "can never keep up with 10.00 erlangs"),
        (LOAD, (100, 1800, 180, 0, 20), "agents must be from 1"),
        (LOAD, (100, 1800, 180, 14, -1), "time to answer within"),
        (AGENTS, (-1, 1800, 180, 80, 20), "calls must be 0 or more"),
        (AGENTS, (None, 1800, 180, 80, 20), "calls must be 0 or more, not null"),
        (AGENTS, (100, 0, 180, 80, 20), "interval must be longer"),
        (AGENTS, (100, 1800, 0, 80, 20), "handling time must be longer"),
        (AGENTS, (100, 1800, 180, 100, 20), "at most 99.99"),
        (AGENTS, (100, 1800, 180, 0, 20), "target must be above 0"),
        (AGENTS, (10**9, 1800, 180, 80, 20), "more than this can plan"),
        (LOAD, (Decimal("1e400"), 1800, 180, 14, 20), "more than this can plan"),
        (LOAD, (Decimal("NaN"), 1800, 180, 14, 20), "more than this can plan"),
        (LOAD, (100, Decimal("1e-300"), 180, 14, 20), "interval must be longer"),
        (LOAD, (100, 1800, Decimal("Infinity"), 14, 20), "handling time must be longer"),
        (LOAD, (100, 1800, 180, 14, Decimal("1e300")), "time to answer within"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    query: str, values: tuple[Any, ...], reason: str, supervisor: psycopg.Connection
) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=reason):
        supervisor.execute(query, values)
