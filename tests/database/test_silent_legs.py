"""Legs that Twilio says nothing of: asked for, one by one or by the list, never given up early."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from tests.database.switchboard import Switchboard


@pytest.fixture
def board(board: Switchboard) -> Switchboard:
    board.rows("update private.call_legs set last_heard_at = 'infinity' where ended_at is null")
    board.rows("update private.calls_listing set live_due_at = private.clock()")
    return board


def in_turn(board: Switchboard, sid: str) -> str:
    """Twilio took the order to ring the agent, and holds it back; returns the leg."""
    leg = f"CAturn{sid[-20:]}"
    offer = str(board.offer(sid)["id"])
    board.status(leg, "queued", offer_id=offer, direction="outbound-api", source="rest")
    return leg


def test_an_agent_whose_leg_awaits_its_turn_at_twilio_stays_reserved(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    leg = in_turn(board, sid)
    for _ in range(10):
        board.pass_time(11)
        found = board.sweep()
        assert leg in found["silent_legs"]
        assert found["lapsed_offers"] == 0
        board.status(leg, "queued", source="reconcile")
    board.answered(sid)
    assert board.call(sid)["agent_id"] is not None


def test_an_agent_whose_leg_twilio_says_nothing_of_is_given_up(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    in_turn(board, sid)
    board.pass_time(45)
    assert board.sweep()["lapsed_offers"] == 1


def test_a_leg_that_is_hung_up_while_it_awaits_its_turn_is_asked_for_at_once(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    leg = in_turn(board, sid)
    board.status(sid, "completed", 9)
    command = "select id from private.telephony_commands where kind = 'hang_up' and target = %s"
    done = [{"id": board.row(command, leg)["id"], "outcome": "done", "result": {"live": True}}]
    board.rows("select public.settle_commands('test', %s)", Jsonb(done))
    assert board.sweep()["silent_legs"] == [leg]
    assert calls_of(board, agent) == 1
    board.status(leg, "canceled", source="reconcile")
    assert calls_of(board, agent) == 0


def calls_of(board: Switchboard, agent: str) -> int:
    query = "select current_call_count as n from public.call_center_agents where id = %s"
    return int(board.row(query, agent)["n"])


def test_a_few_silent_legs_are_asked_for_one_by_one_and_not_at_once_again(
    board: Switchboard,
) -> None:
    queue = board.queue()
    callers = {board.caller(queue) for _ in range(3)}
    board.pass_time(31)
    found = board.sweep()
    assert (set(found["silent_legs"]), found["list_live_calls"]) == (callers, False)
    assert board.sweep()["silent_legs"] == []


def test_of_many_the_list_is_asked_for_and_then_only_those_it_does_not_hold(
    board: Switchboard,
) -> None:
    queue = board.queue()
    callers = [board.caller(queue) for _ in range(25)]
    board.pass_time(31)
    found = board.sweep()
    assert (found["silent_legs"], found["list_live_calls"]) == ([], True)
    board.rows("select public.receive_live_calls(%s)", callers[3:])
    found = board.sweep()
    assert (set(found["silent_legs"]), found["list_live_calls"]) == (set(callers[:3]), False)


def test_an_agent_not_known_to_have_answered_is_asked_for_whatever_the_list_says(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, _ = board.agent_leg(sid)
    board.pass_time(31)
    board.rows("select public.receive_live_calls(%s)", [sid, leg])
    assert board.sweep()["silent_legs"] == [leg]
