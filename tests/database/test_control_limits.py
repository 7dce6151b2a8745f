"""What an operation may not do: take another call's name or leg, call without limit, tell a private
number, or count a conversation twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.database.desk import (
    CUSTOMER,
    Desk,
    call,
    commands,
    ends,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard

OTHER = "+573009990000"


def places(agent: Desk, number: str = CUSTOMER, **more: Any) -> str:
    return str(agent.asks("place_call", number=number, **more)["call"]["id"])


def figures(board: Switchboard, agent: Desk) -> dict[str, int]:
    return board.row(
        "select total_calls_handled as handled, handling_seconds as seconds"
        " from public.call_center_agents where id = %s",
        agent.id,
    )


def test_a_browser_does_not_give_its_row_the_name_of_another_call(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    other = Desk(board)
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values ('pending-1', %s, %s, 'queued', 'outbound',"
        " private.clock())",
        other.id,
        OTHER,
    )
    claims = json.dumps({"sub": other.user, "role": "authenticated"})
    board.rows("select set_config('request.jwt.claims', %s, true)", claims)
    board.db.execute("set local role authenticated")
    query = "update public.call_records set call_id = %s where call_id = %s returning call_id"
    kept = board.row(query, leg, "pending-1")["call_id"]
    board.db.execute("reset role")
    assert kept == "pending-1"
    # Nor is it theirs where the row was there first.
    board.row(query, leg, "pending-1")
    assert agent.asks("read_call", leg)["call"]["call_id"] == call(board, sid)["call_id"]


def test_numbers_that_are_asked_or_invited_count_as_calls(board: Switchboard) -> None:
    agent, sid, *_ = talking(board)
    board.set_clock("2026-11-25T15:00:10Z")
    for last in range(5):
        agent.asks("start_consult", sid, to=f"+57300999000{last}")
        agent.asks("cancel_consult", sid)
    for function in ("start_consult", "add_party", "transfer_call"):
        refusal = agent.is_refused(function, sid, to=OTHER)
        assert (refusal["status"], refusal["code"]) == ("PT429", "too_many_calls")
        assert 1 <= refusal["retry_after"] <= 60
    colleague = Desk(board)
    query = "select extension from public.call_center_agents where id = %s"
    extension = board.row(query, colleague.id)["extension"]
    assert agent.asks("start_consult", sid, to=extension)["call"]["consult"]
    placing = Desk(board)
    assert places(placing)


def test_a_key_is_that_of_one_number(board: Switchboard) -> None:
    agent = Desk(board)
    ended = places(agent, idempotency_key="k")
    agent.asks("end_call_for_all", ended)
    refusal = agent.is_refused("place_call", number=OTHER, idempotency_key="k")
    assert (refusal["status"], refusal["code"]) == ("PT422", "key_used")
    assert refusal["field"] == "Idempotency-Key"
    assert places(agent, idempotency_key="k") == ended


def test_an_agents_private_number_is_not_told_as_the_one_that_a_customer_sees(
    board: Switchboard,
) -> None:
    private = "+573017654321"
    agent = Desk(board, phone_number=private)
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, receiver_number,"
        " call_status, call_direction, started_at) values ('pending-1', %s, %s, %s, 'queued',"
        " 'outbound', private.clock())",
        agent.id,
        CUSTOMER,
        private,
    )
    sid = places(agent)
    assert call(board, "pending-1")["id"] == call(board, sid)["id"]
    assert call(board, sid)["receiver_number"] is None
    shown = {"from": "+576015550100", "call_record_id": sid, "role": "customer", "attempt": 1}
    board.status(f"CA{'7' * 32}", "ringing", 1, **shown)
    assert call(board, sid)["receiver_number"] == "+576015550100"


def test_the_service_decides_whether_an_agents_number_may_be_shown(board: Switchboard) -> None:
    agent = Desk(board, phone_number="+576015550101")
    agent.takes(places(agent))
    (ring,) = commands(board, "ring_customer")
    assert ring["payload"]["receiver"] == "+576015550101"
    asking = Desk(board, phone_number="+576015550101")
    asking.takes(places(asking, OTHER, caller_id="+576015550100"))
    assert commands(board, "ring_customer")[-1]["payload"]["receiver"] == "+576015550100"


def test_what_a_person_said_of_a_call_stays_when_its_customer_is_not_reached(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    sid = places(agent)
    agent.asks("set_disposition", sid, disposition="wrong number")
    agent.asks("end_call_for_all", sid)
    assert call(board, sid)["disposition"] == "wrong number"


def test_who_leaves_a_caller_before_they_met_turned_them_down(board: Switchboard) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id), CUSTOMER)
    leg = agent.takes(sid)
    agent.asks("leave_call", sid)
    ends(board, leg)
    query = "select outcome from private.call_offers where leg_sid = %s"
    assert board.row(query, leg)["outcome"] == "declined"
    query = "select rest_until - private.clock() > interval '10 seconds' as rests"
    assert board.row(f"{query} from public.call_center_agents where id = %s", agent.id)["rests"]


def test_who_was_lost_and_came_back_handled_one_call(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board, wrap_up_seconds=30)
    board.pass_time(60)
    ends(board, leg)
    board.pass_time(3)
    board.sweep()
    again = agent.takes(sid, f"CA{'9' * 32}")
    board.pass_time(60)
    board.status(sid, "completed", 5)
    ends(board, again)
    counted = figures(board, agent)
    assert counted["handled"] == 1
    # Twice a minute, three seconds of a wrap-up that was none, and one wrap-up.
    assert counted["seconds"] == pytest.approx(60 + 3 + 60 + 30, abs=2)


def test_another_calls_leg_is_not_taken_for_the_customer_of_this_one(board: Switchboard) -> None:
    agent, other = Desk(board), Desk(board)
    sid, others = places(agent), places(other)
    agent.takes(sid)
    other.takes(others)
    leg = f"CA{'7' * 32}"
    board.status(leg, "ringing", 1, call_record_id=others, role="customer", attempt=1)
    # Nobody heard Twilio's answer, and the call that was found is the other one's.
    settle(board, "ring_customer", sid=leg)
    row = call(board, sid)
    assert (row["call_status"], row["disposition"]) == ("failed", "refused")
    assert call(board, others)["ended_at"] is None
    assert leg not in {c["target"] for c in commands(board, "hang_up")}
