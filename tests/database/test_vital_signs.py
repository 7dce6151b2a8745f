"""What an operator watches: how callers, agents and commands fare, and what must never be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from devstack.stack import Stack
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard


@pytest.fixture(scope="module")
def scratch(stack: Stack, migrated_template: Scratch) -> Iterator[Scratch]:
    """A call centre in which nothing else happens, at the pace of life."""
    with Scratch(stack, migrated_template) as database:
        yield database


@pytest.fixture
def board(scratch: Scratch) -> Iterator[Switchboard]:
    with psycopg.connect(scratch.url("DATABASE_ADMIN_URL")) as connection:
        yield Switchboard(connection)
        connection.rollback()


def vital_signs(board: Switchboard) -> dict[str, Any]:
    """As the service reads them."""
    board.db.execute("set local role service_role")
    answer = board.row("select public.vital_signs() as signs")
    board.db.execute("reset role")
    return dict(answer["signs"])


def waiting_in(board: Switchboard, name: str) -> dict[str, Any]:
    (queue,) = [queue for queue in vital_signs(board)["queues"] if queue["name"] == name]
    return dict(queue)


def test_a_queue_shows_who_waits_and_how_long(board: Switchboard) -> None:
    queue, quiet = board.queue(board.agent("break")), board.queue()
    board.caller(queue)
    board.pass_time(40)
    board.caller(queue)
    board.commit()
    shown = waiting_in(board, queue)
    assert (shown["waiting"], shown["longest_wait_seconds"]) == (2, pytest.approx(40, abs=2))
    assert waiting_in(board, quiet) == {
        "name": quiet,
        "waiting": 0,
        "longest_wait_seconds": 0,
        "callbacks": 0,
    }


def test_who_waits_for_a_callback_is_no_caller_who_waits(board: Switchboard) -> None:
    queue = board.queue(board.agent("break"))
    sid = board.caller(queue)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
    board.pass_time(600)
    shown = waiting_in(board, queue)
    assert (shown["waiting"], shown["longest_wait_seconds"], shown["callbacks"]) == (0, 0, 1)


def test_agents_are_counted_by_status_and_those_on_break_for_ring_no_answer(
    board: Switchboard,
) -> None:
    board.agent()
    board.agent("break")
    unanswering = board.agent()
    board.rows(
        "update public.call_center_agents set chosen_status = 'break', aside_reason = 'no_answer'"
        " where id = %s",
        unanswering,
    )
    agents = vital_signs(board)["agents"]
    assert agents == {"available": 1, "break": 2, "busy": 0, "offline": 0, "set_aside": 1}


def test_live_calls_and_offers_are_counted_until_they_end(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.commit()
    assert (vital_signs(board)["live_calls"], vital_signs(board)["live_offers"]) == (1, 1)
    board.status(sid, "completed", 9)
    assert (vital_signs(board)["live_calls"], vital_signs(board)["live_offers"]) == (0, 0)


def test_the_oldest_command_is_as_old_as_its_decision(board: Switchboard) -> None:
    for sid, state in (("CA1", "pending"), ("CA2", "unknown"), ("CA3", "pending")):
        board.rows("select private.write_command('hang_up', %s, '{}', null)", sid)
        board.rows("update private.telephony_commands set state = %s where target = %s", state, sid)
        board.pass_time(30)
    commands = vital_signs(board)["commands"]
    assert (commands["pending"], commands["unknown"], commands["claimed"]) == (2, 1, 0)
    assert commands["oldest_seconds"] == pytest.approx(90, abs=2)


def test_an_offers_latency_ends_with_twilios_first_word(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.commit()
    offer = str(board.offer(sid)["id"])
    assert vital_signs(board)["offer_latency"]["offers"] == 0
    board.pass_time(3)
    board.status("CAleg", "initiated", 0, offer_id=offer, direction="outbound-api")
    board.pass_time(5)
    board.status("CAleg", "ringing", 1, offer_id=offer, direction="outbound-api")
    latency = vital_signs(board)["offer_latency"]
    assert (latency["offers"], latency["longest"]) == (1, pytest.approx(3, abs=0.5))


def test_an_answer_may_be_the_first_word(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.commit()
    offer = str(board.offer(sid)["id"])
    board.rows("update private.call_offers set leg_sid = 'CAleg' where id = %s", offer)
    board.pass_time(4)
    board.rpc("receive_agent_answer", {"call_sid": "CAleg", "offer_id": offer, "to": "client:x"})
    assert vital_signs(board)["offer_latency"]["median"] == pytest.approx(4, abs=0.5)


def test_latency_forgets_what_is_older_than_a_quarter_of_an_hour(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.commit()
    board.agent_leg(sid)
    assert vital_signs(board)["offer_latency"]["offers"] == 1
    board.pass_time(16 * 60)
    assert vital_signs(board)["offer_latency"] == {
        "offers": 0,
        "median": None,
        "p95": None,
        "longest": None,
    }


def test_a_free_agent_beside_a_caller_is_an_alarm(board: Switchboard) -> None:
    agent = board.agent("break")
    board.caller(board.queue(agent))
    board.commit()
    assert vital_signs(board)["idle_agents_with_callers"] == 0
    board.rows("set local session_replication_role = replica")  # nobody routes
    board.rows(
        "update public.call_center_agents set chosen_status = 'available',"
        " free_from = private.clock() where id = %s",
        agent,
    )
    assert vital_signs(board)["idle_agents_with_callers"] == 1
    board.rows("set local session_replication_role = origin")
    board.sweep()
    assert vital_signs(board)["idle_agents_with_callers"] == 0


def test_a_free_agent_without_the_skill_is_no_alarm(board: Switchboard) -> None:
    queue = board.queue(board.agent(), required_skills={"billing": 1})
    board.caller(queue)
    board.commit()
    assert waiting_in(board, queue)["waiting"] == 1
    assert vital_signs(board)["idle_agents_with_callers"] == 0


def reconciled(board: Switchboard, sid: str, status: str = "completed") -> None:
    event = {"source": "reconcile", "call_sid": sid, "status": status}
    board.rpc("record_call_event", event)


def test_an_end_that_only_asking_told_us_counts_as_drift(board: Switchboard) -> None:
    lost, told = board.caller(board.queue()), board.caller(board.queue())
    reconciled(board, lost, "in_progress")
    assert vital_signs(board)["legs_ended_by_reconciling"] == 0
    reconciled(board, lost)
    board.status(told, "completed", 9)
    assert vital_signs(board)["legs_ended_by_reconciling"] == 1
    board.pass_time(16 * 60)
    assert vital_signs(board)["legs_ended_by_reconciling"] == 0


def test_an_end_told_late_is_no_drift(board: Switchboard) -> None:
    sid = board.caller(board.queue())
    reconciled(board, sid)
    board.status(sid, "completed", 9)
    assert vital_signs(board)["legs_ended_by_reconciling"] == 0


HISTORY = """
with call as (
  insert into public.call_records (call_id, caller_number, call_status, ended_at)
  values ('CAhistory', '+573005550000', 'completed', now()) returning id
), agent as (select id from public.call_center_agents limit 1
), offers as (
  insert into private.call_offers (call_record_id, agent_id, seat, state, created_at, heard_at,
    ended_at, outcome)
  select call.id, agent.id, 1, 'ended', s, s, s, 'finished'
  from call, agent, generate_series(1, 5000) n, lateral (select now() - n * interval '1 hour') t(s)
), commands as (
  insert into private.telephony_commands (kind, target, payload, state, due_at, created_at,
    settled_at)
  select 'hang_up', 'CA' || n, '{}', 'done', now(), now(), now() from generate_series(1, 5000) n
)
insert into private.call_events (call_sid, source, event, occurred_at, received_at, params)
select 'CA' || n, 'reconcile', 'completed', s, s, %s
from generate_series(1, 5000) n, lateral (select now() - n * interval '1 hour') t(s)
"""


def test_the_read_costs_the_same_whatever_the_history(board: Switchboard) -> None:
    board.agent()

    def pages() -> int:
        """How many one read touches."""
        query = "explain (analyze, buffers, format json) select public.vital_signs()"
        (plan,) = board.row(query)["QUERY PLAN"]
        return int(plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"])

    pages()
    before = pages()
    board.rows(HISTORY, Jsonb({}))
    board.rows("analyze private.call_offers, private.telephony_commands, private.call_events")
    pages()
    assert pages() < before + 30
