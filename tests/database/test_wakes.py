"""When the database tells workers that commands wait, and when it has no need to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

TOLD = "select event, private, payload from realtime.messages where topic = 'callcenter:commands'"


@pytest.fixture
def board_of_superuser(stack: Any, own_database: str) -> Iterator[Switchboard]:
    """As who may break the realtime schema; rolled back."""
    name = own_database.rpartition("/")[2]
    url = stack.env["DATABASE_ADMIN_URL"].rpartition("/")[0]
    with psycopg.connect(f"{url}/{name}") as connection:
        yield Switchboard(connection)
        connection.rollback()


def rung(board: Switchboard) -> list[str]:
    return [row["target"] for row in board.rows("select target from private.telephony_commands")]


def callers_wait_for(board: Switchboard, *agents: str) -> str:
    """As many as agents, in a queue where nobody is free; nobody has been told of it."""
    queue = board.queue(*agents)
    for _ in agents:
        board.caller(queue)
    board.commit()
    board.rows("delete from private.telephony_commands")
    board.rows("delete from realtime.messages")
    board.rows("select set_config('callcenter.workers_woken', '', true)")
    return queue


def test_an_agent_who_makes_themselves_available_wakes_the_workers(board: Switchboard) -> None:
    agent = board.agent("break")
    callers_wait_for(board, agent)
    board.set_status(agent, "available")
    board.commit()
    (told,) = board.rows(TOLD)
    assert (told["event"], told["private"], told["payload"].keys()) == ("due", True, {"id"})


def test_a_transaction_wakes_them_once_whatever_it_decided(board: Switchboard) -> None:
    agents = [board.agent("break"), board.agent("break")]
    callers_wait_for(board, *agents)
    board.rows("update public.call_center_agents set agent_status = 'available'")
    board.commit()
    assert len(rung(board)) == 2
    assert len(board.rows(TOLD)) == 1


def test_what_is_handed_over_wakes_nobody(board: Switchboard) -> None:
    agent = board.agent("available")
    queue = board.queue(agent)
    board.rows("delete from realtime.messages")
    sid = board.caller(queue)
    assert board.rung(sid) == agent
    board.commit()
    assert board.rows(TOLD) == []


def test_what_the_sweep_hands_over_wakes_nobody(board: Switchboard) -> None:
    agent = board.agent("break")
    callers_wait_for(board, agent)
    board.rows("alter table public.call_center_agents disable trigger call_center_agents_route")
    board.set_status(agent, "available")
    assert len(board.sweep()["commands"]) == 1
    board.commit()
    assert board.rows(TOLD) == []


@pytest.mark.parametrize(
    "broken",
    [
        "drop schema realtime cascade",
        "drop function realtime.send",
        "drop table realtime.messages cascade",
        "create or replace function realtime.send(payload jsonb, event text, topic text,"
        " private boolean default true) returns void language plpgsql as"
        " $$ begin raise exception 'out of order'; end $$",
    ],
)
def test_without_a_working_realtime_agents_are_rung_all_the_same(
    broken: str, board_of_superuser: Switchboard
) -> None:
    board = board_of_superuser
    agent = board.agent("break")
    callers_wait_for(board, agent)
    board.rows(broken)
    board.set_status(agent, "available")
    board.commit()
    assert len(rung(board)) == 1
