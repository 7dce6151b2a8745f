"""Agents and queues that are deleted: what is going on goes on, and what was stays."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

DELETE_AGENT = "delete from public.call_center_agents where id = %s"
DELETE_QUEUE = "delete from public.call_queues where name = %s"
DELETE_USER = (
    "delete from auth.users where id ="
    " (select user_id from public.call_center_agents where id = %s)"
)


def agent_row(board: Switchboard, agent: str) -> dict[str, Any]:
    return board.row("select * from public.call_center_agents where id = %s", agent)


def refused(board: Switchboard, statement: str, *values: object) -> str:
    """The reason with which the database refuses a deletion."""
    with pytest.raises(psycopg.Error) as error, board.db.transaction():
        board.rows(statement, *values)
    assert error.value.sqlstate == "PT409"
    return error.value.diag.message_primary or ""


def served(board: Switchboard, queue: str, seconds: float = 60) -> str:
    """A caller who is served and hangs up; their call SID."""
    sid = board.caller(queue)
    leg, _ = board.answered(sid)
    board.pass_time(seconds)
    board.status(sid, "completed", 8)
    board.status(leg, "completed", 9)
    board.pass_time(60)
    board.sweep()
    return sid


@pytest.mark.parametrize("statement", [DELETE_AGENT, DELETE_USER])
def test_the_next_agent_is_rung_when_the_one_who_was_is_deleted(
    board: Switchboard, statement: str
) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    sid = board.caller(queue)
    leg, _ = board.agent_leg(sid)
    other = board.agent()
    query = "update public.call_queues set agent_ids = agent_ids || %s::uuid where name = %s"
    board.rows(query, other, queue)
    board.rows(statement, agent)
    assert board.rung(sid) == other
    hang_ups = "select target from private.telephony_commands where kind = 'hang_up'"
    assert board.rows(hang_ups) == [{"target": leg}]
    assert agent_row(board, other)["seats_taken"] == 1


@pytest.mark.parametrize("statement", [DELETE_AGENT, DELETE_USER])
@pytest.mark.parametrize("when", ["before they met", "talking", "after the customer left"])
def test_an_agent_on_a_call_is_not_deleted(board: Switchboard, statement: str, when: str) -> None:
    agent = board.agent(extension="1001x")
    sid = board.caller(board.queue(agent))
    if when == "before they met":
        leg, offer = board.agent_leg(sid)
        board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    else:
        leg, offer = board.answered(sid)
    if when == "after the customer left":
        board.status(sid, "completed", 8)
    assert refused(board, statement, agent) == "agent 1001x is on a call"
    board.status(leg, "completed", 9)
    board.status(sid, "completed", 9)
    board.rows(statement, agent)
    assert agent_row_or_none(board, agent) in (None, "offline")


def agent_row_or_none(board: Switchboard, agent: str) -> str | None:
    """Their status, if there is a row."""
    rows = board.rows("select agent_status from public.call_center_agents where id = %s", agent)
    return rows[0]["agent_status"] if rows else None


def test_an_agent_who_placed_a_call_is_not_deleted_while_it_goes_on(board: Switchboard) -> None:
    agent = board.agent()
    sid = place_call(board, agent)
    assert "is on a call" in refused(board, DELETE_AGENT, agent)
    board.status(sid, "completed", 2, direction="inbound")
    board.rows(DELETE_AGENT, agent)


def place_call(board: Switchboard, agent: str) -> str:
    """A browser's call, of which Twilio has begun the agent's leg."""
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction) values ('CAplaced', %s, '+573001234567', 'queued', 'outbound')",
        agent,
    )
    board.status("CAplaced", "in_progress", 1, direction="inbound")
    return "CAplaced"


def test_an_agent_with_a_past_is_archived_and_one_without_goes(board: Switchboard) -> None:
    veteran, newcomer = board.agent(extension="1001x"), board.agent()
    queue = board.queue(veteran, newcomer)
    board.set_status(newcomer, "break")
    served(board, queue)
    for agent in (veteran, newcomer):
        board.rows(DELETE_AGENT, agent)
    board.commit()
    row = agent_row(board, veteran)
    assert row["archived_at"] is not None
    assert (row["agent_status"], row["free_from"]) == ("offline", None)
    assert agent_row_or_none(board, newcomer) is None
    query = "select agent_ids from public.call_queues where name = %s"
    assert veteran not in map(str, board.row(query, queue)["agent_ids"])
    assert board.agent(extension="1001x"), "the extension is free"


def test_an_archived_agent_can_not_be_made_available(board: Switchboard) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    served(board, queue)
    board.rows(DELETE_AGENT, agent)
    board.set_status(agent, "available")
    board.rows("update public.call_queues set agent_ids = array[%s::uuid]", agent)
    assert board.rung(board.caller(queue)) is None
    assert agent_row_or_none(board, agent) == "offline"


def test_whoever_is_made_an_agent_again_has_their_past_again(board: Switchboard) -> None:
    agent = board.agent()
    sid = served(board, board.queue(agent))
    user = agent_row(board, agent)["user_id"]
    board.rows(DELETE_AGENT, agent)
    board.rows(
        "insert into public.call_center_agents (user_id, extension, agent_status)"
        " values (%s, '1002x', 'available')",
        user,
    )
    row = agent_row(board, agent)
    assert (row["archived_at"], row["extension"]) == (None, "1002x")
    assert (row["agent_status"], row["total_calls_handled"]) == ("available", 1)
    assert board.call(sid)["agent_id"] == row["id"]


def test_an_agent_goes_with_their_user_and_the_figures_stay(board: Switchboard) -> None:
    agent = board.agent()
    sid = served(board, board.queue(agent))
    before = board.row("select * from public.call_center_stats")
    board.rows(DELETE_USER, agent)
    board.sweep()
    assert board.rows("select 1 from public.call_center_agents where id = %s", agent) == []
    assert board.call(sid)["agent_id"] is None
    after = board.row("select * from public.call_center_stats")
    for figure in ("calls_completed_today", "calls_offered_today", "calls_answered_today"):
        assert after[figure] == before[figure] > 0
    handled = board.row(
        "select sum(handled) as n, sum(talk_seconds) as talk from private.agent_sums"
        " where agent_id = %s",
        agent,
    )
    assert (handled["n"], handled["talk"]) == (1, 60)
    board.rows("delete from public.call_records where call_id = %s", sid)
    board.sweep()


def test_a_queue_with_a_past_is_archived_and_keeps_its_figures(board: Switchboard) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    sid = served(board, queue)
    figures = "select calls_offered_today, calls_answered_today, total_calls_today"
    before = board.row(f"{figures} from public.call_center_stats")
    board.rows(DELETE_QUEUE, queue)
    board.sweep()
    assert board.row(f"{figures} from public.call_center_stats") == before
    assert board.call(sid)["queue_name"] == queue
    row = board.row("select * from public.call_queues where id = %s", board.call(sid)["queue_id"])
    assert (row["active"], row["agent_ids"]) == (False, [])
    assert board.queue(name=queue) == queue, "the name is free"
    stats = "select count(*) as n from public.call_queue_stats where queue_id = %s"
    assert board.row(stats, row["id"])["n"] == 0


def test_a_queue_without_a_past_goes(board: Switchboard) -> None:
    queue = board.queue(board.agent())
    board.rows(DELETE_QUEUE, queue)
    assert board.rows("select 1 from public.call_queues where name like %s", queue + "%") == []


def test_callers_of_a_deleted_queue_go_on_to_the_next_in_their_place(board: Switchboard) -> None:
    nxt = board.queue(board.agent("break"))
    queue = board.queue(board.agent("break"))
    board.rows(
        "update public.call_queues set overflow_queue_id ="
        " (select id from public.call_queues where name = %s) where name = %s",
        nxt,
        queue,
    )
    sid = board.caller(queue)
    board.rows(DELETE_QUEUE, queue)
    assert board.rpc("receive_queue_wait", {"call_sid": sid})["plan"]["kind"] == "wait"
    assert board.call(sid)["queue_name"] == nxt


def test_messages_left_for_a_deleted_queue_stay(board: Switchboard) -> None:
    queue = board.queue()
    sid = board.caller(queue)
    said = {"recording_sid": "RE1", "duration": 9}
    board.rpc("receive_voicemail", {"call_sid": sid, **said})
    board.rows(DELETE_QUEUE, queue)
    assert len(board.rows("select 1 from public.voicemails where recording_sid = 'RE1'")) == 1


def test_deleting_what_is_archived_changes_nothing(board: Switchboard) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    sid = served(board, queue)
    for _ in range(2):
        board.rows(DELETE_AGENT, agent)
        board.rows("delete from public.call_queues where id = %s", board.call(sid)["queue_id"])
    assert len(board.rows("select * from public.archived")) == 2
    assert agent_row(board, agent)["extension"].count("-") == 1


def test_a_placed_call_counts_for_its_agent_as_long_as_it_lasts(board: Switchboard) -> None:
    agent = board.agent()
    sid = place_call(board, agent)
    board.pass_time(61)
    board.sweep()
    assert agent_row(board, agent)["agent_status"] == "busy"
    assert board.rung(board.caller(board.queue(agent))) is None
    board.status("CAother", "in_progress", 1, direction="outbound-dial", parent_call_sid=sid)
    board.pass_time(300)
    board.sweep()
    board.status(sid, "completed", 2, direction="inbound")
    call = board.call(sid)
    assert (call["call_status"], call["talk_seconds"]) == ("completed", 300)
    assert agent_row(board, agent)["current_call_count"] == 0


def test_a_browser_s_call_that_is_never_placed_expires_and_says_so(board: Switchboard) -> None:
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at)"
        " values ('pending-1', %s, '+573001234567', 'queued', 'outbound', private.clock())",
        board.agent(),
    )
    board.pass_time(240)
    board.sweep()
    assert board.call("pending-1")["ended_at"] is None
    board.pass_time(120)
    board.sweep()
    call = board.call("pending-1")
    assert (call["call_status"], call["disposition"]) == ("failed", "not_placed")
