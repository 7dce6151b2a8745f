"""Why a call went to whom, as a supervisor reads it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database.desk import Desk, talking
from tests.database.screens import as_user, supervisor
from tests.database.switchboard import Switchboard


def routing(board: Switchboard, sid: str, user: str | None = None) -> dict[str, Any]:
    query = "select public.call_routing(%s) as answer"
    user = user or supervisor(board)
    (row,) = as_user(board, user, query, board.call(sid)["id"])
    return dict(row["answer"])


def whys(decision: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {c["agent_id"]: (c["why"], c["detail"]) for c in decision["candidates"]}


def test_each_candidate_is_told_with_why_they_lost(board: Switchboard) -> None:
    levels: dict[str, Any] = {"skills": {"ventas": 1}}
    chosen = board.agent(**levels)
    board.pass_time(5)
    idle_for_less = board.agent(**levels)
    agents = {
        chosen: ("chosen", None),
        idle_for_less: ("ranked_lower", None),
        board.agent("break", break_reason="Almuerzo", **levels): ("on_break", "Almuerzo"),
        board.agent("break", **levels): ("on_break", None),
        board.agent("offline", **levels): ("offline", None),
        board.agent(): ("lacks_skill", "ventas"),
    }
    queue = board.queue(*agents, required_skills={"ventas": 1}, routing_strategy="longest_idle")
    sid = board.caller(queue)
    board.commit()
    told = routing(board, sid)
    (decision,) = told["decisions"]
    assert whys(decision) == agents
    assert (decision["queue"], decision["agent_id"], decision["outcome"]) == (queue, chosen, None)
    assert decision["candidates"][0]["agent_id"] == chosen
    assert told["now"] is None


def test_who_is_busy_or_wraps_up_or_leaves_is_told_so(board: Switchboard) -> None:
    busy, _sid, _leg, queue = talking(board)
    leaving = Desk(board, max_concurrent_calls=2)
    other = board.queue(leaving.id)
    served = board.caller(other)
    leaving.takes(served)
    leaving.asks("set_next_status", status="break")
    board.rows(
        "update public.call_queues set agent_ids = agent_ids || %s::uuid where name = %s",
        leaving.id,
        queue,
    )
    sid = board.caller(queue)
    now = routing(board, sid)["now"]
    assert whys(now) == {busy.id: ("at_capacity", None), leaving.id: ("leaving", "break")}


def test_decisions_come_newest_first_with_what_became_of_them(board: Switchboard) -> None:
    first = board.agent()
    board.pass_time(5)
    second = board.agent()
    queue = board.queue(first, second, routing_strategy="longest_idle")
    sid = board.caller(queue)
    board.commit()
    board.not_answered(sid)
    board.commit()
    newest, oldest = routing(board, sid)["decisions"]
    assert (oldest["agent_id"], oldest["outcome"]) == (first, "no_answer")
    assert (newest["agent_id"], newest["outcome"]) == (second, None)
    assert whys(newest)[first] == ("resting", None)


def test_of_a_call_that_waits_it_says_who_could_be_rung_now(board: Switchboard) -> None:
    away = board.agent("break", break_reason="Reunión")
    sid = board.caller(board.queue(away))
    told = routing(board, sid)
    assert told["decisions"] == []
    assert whys(told["now"]) == {away: ("on_break", "Reunión")}


def test_it_is_for_supervisors_and_of_a_call_that_there_is(board: Switchboard) -> None:
    agent, sid, _leg, _queue = talking(board)
    with pytest.raises(psycopg.Error) as refusal, board.db.transaction():
        routing(board, sid, agent.user)
    assert refusal.value.sqlstate == "PT403"
    with pytest.raises(psycopg.Error) as refusal:
        as_user(board, supervisor(board), "select public.call_routing(gen_random_uuid())")
    assert refusal.value.sqlstate == "PT404"
