"""Who asked to be rung: asked for and kept, rung once, and by an agent who is there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.switchboard import Switchboard

CUSTOMER = "+573015557788"


def chosen(board: Switchboard, queue: str, number: str = CUSTOMER) -> str:
    """A waiting caller pressed 1 for a callback, and is asked for the number."""
    sid = board.caller(queue, number)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    return sid


def choice(board: Switchboard, sid: str, **said: object) -> dict[str, Any]:
    return dict(board.rpc("receive_callback_choice", {"call_sid": sid, **said})["plan"])


def wishes(board: Switchboard, number: str = CUSTOMER) -> list[dict[str, Any]]:
    query = (
        "select r.*, b.attempts, b.ended_at as settled_at from private.callbacks b"
        " join public.call_records r on r.id = b.call_record_id where b.number = %s"
    )
    return board.rows(query, number)


def commands(board: Switchboard, kind: str) -> list[dict[str, Any]]:
    query = "select * from private.telephony_commands where kind = %s and state = 'claimed'"
    return board.rows(query, kind)


def agent_takes(board: Switchboard, sid: str) -> str:
    """The agent being rung for a callback is on the line; returns their leg."""
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    return leg


@pytest.fixture
def wish(board: Switchboard) -> dict[str, Any]:
    """A callback that waits, and an agent who is being rung for it."""
    agent = board.agent("break")
    sid = chosen(board, board.queue(agent))
    choice(board, sid, digits="1")
    board.status(sid, "completed", 9)
    board.pass_time(11)
    board.set_status(agent, "available")
    (wish,) = wishes(board)
    assert board.rung(wish["call_id"]) == agent
    return wish


def customer_leg(board: Switchboard, wish: dict[str, Any], status: str = "ringing") -> str:
    sid = f"CAcustomer{wish['attempts']}"
    board.status(sid, status, 1, call_record_id=str(wish["id"]), direction="outbound-api")
    return sid


def test_nobody_is_rung_for_it_while_the_customer_still_hears_our_goodbye(
    board: Switchboard,
) -> None:
    agent = board.agent("break")
    sid = chosen(board, board.queue(agent))
    board.set_status(agent, "available")
    assert choice(board, sid, digits="1")["kind"] == "hang_up"
    (wish,) = wishes(board)
    assert board.rung(wish["call_id"]) is None
    board.pass_time(11)
    board.sweep()
    assert board.rung(wish["call_id"]) == agent


def test_a_customer_whose_agent_left_is_not_rung_any_more(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg = agent_takes(board, wish["call_id"])
    assert len(commands(board, "ring_customer")) == 1
    board.status(leg, "completed", 9)
    assert commands(board, "ring_customer") == []
    (wish,) = wishes(board)
    sid = customer_leg(board, wish)
    assert [c["target"] for c in commands(board, "hang_up")] == [sid]
    board.status(sid, "canceled", 2)
    (wish,) = wishes(board)
    assert (wish["ended_at"], wish["settled_at"]) == (None, None)


def test_a_customer_who_answers_although_their_agent_left_waits_and_is_not_rung_again(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg = agent_takes(board, wish["call_id"])
    (rung,) = wishes(board)
    sid = customer_leg(board, rung)
    board.status(leg, "completed", 9)
    event = {"call_sid": sid, "call_record_id": str(wish["id"])}
    assert board.rpc("receive_caller_connect", event)["plan"]["kind"] == "enqueue"
    assert commands(board, "ring_customer") == []
    board.pass_time(20)
    board.sweep()
    assert board.rung(sid) is not None
    agent_takes(board, sid)
    assert commands(board, "ring_customer") == []
    assert [c["target"] for c in commands(board, "redirect")] == [sid]
    assert board.rpc("receive_caller_connect", event)["plan"]["kind"] == "conference"


def test_an_agent_whose_customer_did_not_answer_handled_nothing(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    agent_takes(board, wish["call_id"])
    (rung,) = wishes(board)
    board.pass_time(30)
    board.status(customer_leg(board, rung), "no_answer", 2)
    agent = board.row("select * from public.call_center_agents where id = %s", rung["agent_id"])
    assert (agent["total_calls_handled"], agent["wrap_up_until"]) == (0, None)


def test_what_can_not_be_rung_is_asked_for_again_twice(board: Switchboard) -> None:
    sid = chosen(board, board.queue(board.agent("break")))
    again = choice(board, sid, attempt=1, digits="9")
    assert (again["kind"], again["attempt"]) == ("callback", 2)
    ours = choice(board, sid, attempt=2, digits="6015550100", number="+576015550100")
    assert (ours["kind"], ours["attempt"]) == ("callback", 3)
    assert choice(board, sid, attempt=3)["kind"] == "voicemail"


def test_who_hangs_up_when_asked_for_the_number_is_rung_at_theirs(board: Switchboard) -> None:
    sid = chosen(board, board.queue(board.agent("break")))
    board.status(sid, "completed", 9)
    assert len(wishes(board)) == 1
    call = board.call(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "callback_requested")


def test_who_keyed_another_number_is_not_rung_at_theirs_too(board: Switchboard) -> None:
    sid = chosen(board, board.queue(board.agent("break")))
    choice(board, sid, digits="3015559900", number="+573015559900")
    board.status(sid, "completed", 9)
    assert (len(wishes(board)), len(wishes(board, "+573015559900"))) == (0, 1)
