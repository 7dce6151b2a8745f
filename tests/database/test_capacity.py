"""No agent is offered more than they may take, and one whom Twilio refuses to ring hides nobody."""

from __future__ import annotations

import psycopg
import pytest

from tests.database.switchboard import Switchboard


def places_a_call(board: Switchboard, agent: str) -> None:
    """A call that an agent placed themselves: a leg of theirs lives, and no offer."""
    board.rows(
        "with call as (insert into public.call_records"
        " (call_id, caller_number, agent_id, call_direction, call_status)"
        " values ('own', '+573005550001', %s, 'outbound', 'active') returning id)"
        " insert into private.call_legs (call_sid, call_record_id, role, agent_id, status,"
        " started_at, last_heard_at) select 'CAown', id, 'agent', %s, 'in_progress',"
        " private.clock(), private.clock() from call",
        agent,
        agent,
    )


def test_a_call_of_their_own_takes_a_seat_beside_what_is_offered(board: Switchboard) -> None:
    agent = board.agent(max_concurrent_calls=2)
    queue = board.queue(agent)
    places_a_call(board, agent)
    first, second = board.caller(queue), board.caller(queue)
    assert [board.rung(first), board.rung(second)] == [agent, None]


@pytest.mark.parametrize("strategy", ["longest_idle", "round_robin", "least_busy"])
def test_after_a_refusal_another_agent_is_tried_next(board: Switchboard, strategy: str) -> None:
    agents = {board.agent(), board.agent()}
    sid = board.caller(board.queue(*agents, routing_strategy=strategy))
    first = board.rung(sid)
    board.refuse(str(board.offer(sid)["id"]), 21215)
    board.pass_time(6)
    board.sweep()
    assert {board.rung(sid)} == agents - {first}


@pytest.mark.parametrize(
    "change",
    [
        "update public.call_center_agents set max_concurrent_calls = 1001",
        "update public.call_queues set max_waiting = -1",
        "update public.call_queues set overflow_after_seconds = -5",
        "update public.call_queues set holidays = array[null]::date[]",
    ],
)
def test_a_value_that_would_stop_a_queue_is_refused(board: Switchboard, change: str) -> None:
    board.queue(board.agent())
    with pytest.raises(psycopg.errors.CheckViolation):
        board.rows(change)


@pytest.mark.parametrize("sid", ["pending-1", "CA" + "a" * 32, "manual-1"])
def test_a_call_that_a_screen_began_and_nobody_placed_ends_whatever_its_id(
    board: Switchboard, sid: str
) -> None:
    board.rows(
        "insert into public.call_records"
        " (call_id, caller_number, agent_id, call_direction, call_status, started_at)"
        " values (%s, '+573005550001', %s, 'outbound', 'queued', private.clock())",
        sid,
        board.agent("break"),
    )
    board.pass_time(200)
    board.sweep()
    assert board.call(sid)["call_status"] == "queued"
    board.pass_time(101)
    board.sweep()
    assert board.call(sid)["call_status"] == "failed"


def test_an_agent_who_is_made_one_again_is_rung_in_the_queues_that_name_them(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    board.rung(sid)
    board.status(sid, "completed", 9)
    board.commit()
    user = board.row("select user_id from public.call_center_agents where id = %s", agent)
    board.rows("delete from public.call_center_agents where id = %s", agent)
    queue = board.queue()
    board.rows(
        "update public.call_queues set agent_ids = array[%s]::uuid[] where name = %s", agent, queue
    )
    board.rows(
        "insert into public.call_center_agents (user_id, extension, agent_status)"
        " values (%s, 'again', 'available')",
        user["user_id"],
    )
    board.pass_time(60)
    assert board.rung(board.caller(queue)) == agent
