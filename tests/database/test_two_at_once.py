"""Two transactions that meet at one call: each on a connection of its own, in a fixed order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard


@pytest.fixture
def scratch(stack: Stack, seeded_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, seeded_template) as database:
        yield database


@pytest.fixture
def other(scratch: Scratch) -> Iterator[psycopg.Connection]:
    with psycopg.connect(scratch.url(), autocommit=True) as db:
        db.execute("set lock_timeout = '3s'")
        yield db


@pytest.fixture
def board(scratch: Scratch) -> Iterator[Switchboard]:
    with psycopg.connect(scratch.url()) as db:
        yield Switchboard(db)


def record(board: Switchboard, sid: str) -> object:
    return board.call(sid)["id"]


@pytest.mark.parametrize("change", ["agent_ids = '{}'", "name = 'renamed'"])
def test_the_router_waits_for_no_supervisor(
    board: Switchboard, other: psycopg.Connection, change: str
) -> None:
    agent = board.agent("break")
    queue = board.queue(agent)
    sid = board.caller(queue)
    board.db.commit()
    board.rows(f"update public.call_queues set {change} where name = %s", queue)
    other.execute(
        "update public.call_center_agents set agent_status = 'available' where id = %s", [agent]
    )
    if change.startswith("name"):
        board.db.commit()
        other.execute("select public.sweep('test')")
    assert board.rung(sid) == agent


def test_a_caller_who_was_offered_while_the_sweep_went_on_stays_in_their_queue(
    board: Switchboard, other: psycopg.Connection, scratch: Scratch
) -> None:
    agent = board.agent("break")
    spare = board.queue(board.agent("break"))
    queue = board.queue(agent, overflow_after_seconds=30)
    board.rows(
        "update public.call_queues set overflow_queue_id ="
        " (select id from public.call_queues where name = %s) where name = %s",
        spare,
        queue,
    )
    first, second = board.caller(queue), board.caller(queue)
    calls = [record(board, sid) for sid in (first, second)]
    board.rows(
        "update private.queue_entries set entered_at = entered_at - interval '1 minute',"
        " overflow_at = overflow_at - interval '1 minute'"
    )
    board.db.commit()
    board.rows("select 1 from private.call_sessions where call_record_id = %s for update", calls[0])

    with psycopg.connect(scratch.url(), autocommit=True) as sweeping:
        sweep = threading.Thread(target=sweeping.execute, args=("select public.sweep('sweeping')",))
        sweep.start()
        while not other.execute(
            "select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'",
            [sweeping.info.backend_pid],
        ).fetchone():
            assert sweep.is_alive(), "the sweep waited for nobody"
            time.sleep(0.01)
        other.execute(
            "update public.call_center_agents set agent_status = 'available' where id = %s", [agent]
        )
        board.db.commit()
        sweep.join()
    assert board.call(first)["queue_name"] == spare
    assert board.call(second)["queue_name"] == queue
    assert board.rung(second) == agent


def test_a_call_with_a_live_offer_is_offered_to_nobody_else(board: Switchboard) -> None:
    agents = [board.agent(), board.agent()]
    sid = board.caller(board.queue(*agents))
    rung = board.rung(sid)
    board.rows(
        "update private.queue_entries set offered = false where call_record_id = %s",
        record(board, sid),
    )
    assert board.rung(sid) == rung


def test_who_waits_for_the_router_has_nobodys_desk_in_hand(
    board: Switchboard, other: psycopg.Connection, scratch: Scratch
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    board.db.commit()
    board.rows("select pg_advisory_xact_lock(hashtext('callcenter.arrivals'))")
    leaves = "update public.call_center_agents set agent_status = 'offline' where id = %s"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(scratch.url(), autocommit=True) as third:
        leaving = pool.submit(other.execute, leaves, [agent])
        while not third.execute(_WAITS_FOR_THE_ROUTER).fetchall() and not leaving.done():
            pass
        desk = "select 1 from private.live_topics where topic = %s for update nowait"
        assert third.execute(desk, [f"agent:{agent}"]).fetchall()
        board.db.commit()
        leaving.result()


def test_a_message_whose_call_is_being_held_is_left_to_the_next_sweep(
    board: Switchboard, other: psycopg.Connection
) -> None:
    call = record(board, board.caller(board.queue(keep_recordings_days=1)))
    board.rows(
        "insert into public.voicemails (queue_id, call_record_id, caller_number, recording_sid,"
        " created_at) select queue_id, id, caller_number, %s, private.clock() - interval '2 days'"
        " from public.call_records where id = %s",
        f"RE{'1' * 32}",
        call,
    )
    board.db.commit()
    status = "select recording_status from public.voicemails"
    for held in (True, False):
        board.rows("update public.call_records set legal_hold = %s where id = %s", held, call)
        other.execute("select public.sweep('test', 'recordings')")
        board.db.commit()
        assert board.row(status)["recording_status"] == "completed"
        board.db.commit()
    other.execute("select public.sweep('test', 'recordings')")
    assert board.row(status)["recording_status"] == "deleting"


_WAITS_FOR_THE_ROUTER = """
select 1 from pg_locks where locktype = 'advisory' and not granted
and database = (select oid from pg_database where datname = current_database())
"""


def test_desks_are_told_after_the_router_whatever_a_transaction_did_first(
    board: Switchboard, other: psycopg.Connection, scratch: Scratch
) -> None:
    """Who waits for the router's locks with a desk's topic in their hands would wait for somebody
    who has the locks and waits for the topic."""
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    board.db.commit()
    with psycopg.connect(scratch.url()) as third, ThreadPoolExecutor(1) as pool:
        other.execute("select pg_advisory_lock(hashtext('callcenter.arrivals'))")
        board.rows("delete from public.call_center_agents where id = %s", agent)
        deleted = pool.submit(board.db.commit)
        while not other.execute(
            "select 1 from pg_locks where locktype = 'advisory' and not granted"
        ).fetchall():
            time.sleep(0.05)
        free = third.execute(
            "select topic from private.live_topics for update skip locked"
        ).fetchall()
        third.rollback()
        other.execute("select pg_advisory_unlock(hashtext('callcenter.arrivals'))")
        deleted.result()
    assert (f"agent:{agent}",) in free


def test_no_number_is_kept_for_a_callback_that_was_ended_at_the_same_moment(
    board: Switchboard, scratch: Scratch
) -> None:
    sid = board.caller(board.queue(board.agent("break")))
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.status(sid, "completed", 9)  # asked for their number: they are called back at theirs
    wish = board.row("select * from private.callbacks")
    board.db.commit()
    board.rows(
        "select private.end_callback(r, 'not_reached', 'cancelled', private.clock())"
        " from public.call_records r where id = %s for no key update",
        wish["call_record_id"],
    )
    other = {"call_sid": sid, "digits": "1234", "number": "+573015550001", "params": {}}
    asked = "select public.receive_callback_choice(%s, 'late')"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(scratch.url(), autocommit=True) as late:
        asking = pool.submit(late.execute, asked, [json.dumps(other)])
        while not board.rows(
            "select 1 from pg_stat_activity where pid = %s and wait_event_type = 'Lock'",
            late.info.backend_pid,
        ):
            assert not asking.done(), "it waited for nobody"
            time.sleep(0.01)
        board.db.commit()
        asking.result()
    assert board.row("select number from private.callbacks")["number"] == wish["number"]
