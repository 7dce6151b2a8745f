"""Who asked to be rung: asked for and kept, rung once, and by an agent who is there."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.types.json import Jsonb

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
    board.sweep()
    board.set_status(agent, "available")
    (wish,) = wishes(board)
    assert board.rung(wish["call_id"]) == agent
    return wish


def customer_says(board: Switchboard, wish: dict[str, Any], attempt: int, status: str) -> str:
    """Twilio speaks of the customer's leg of an attempt."""
    sid = f"CAcustomer{attempt}"
    about = {"call_record_id": str(wish["id"]), "attempt": attempt, "role": "customer"}
    board.status(sid, status, 1, direction="outbound-api", **about)
    return sid


def customer_leg(board: Switchboard, wish: dict[str, Any], status: str = "ringing") -> str:
    return customer_says(board, wish, wish["attempts"], status)


def attempt(board: Switchboard, sid: str) -> dict[str, Any]:
    """The command to ring the customer that was last written for a callback."""
    query = (
        "select c.* from private.telephony_commands c join public.call_records r"
        " on r.id = c.call_record_id where c.kind = 'ring_customer' and r.call_id = %s"
        " order by c.id desc limit 1"
    )
    return board.row(query, sid)


def settle(board: Switchboard, command: dict[str, Any], outcome: str, **result: object) -> Any:
    """What came of a command; returns what is to be done then."""
    said = Jsonb([{"id": command["id"], "outcome": outcome, "result": result}])
    query = "select public.settle_commands('test', %s) as answer"
    return board.row(query, said)["answer"]["commands"]


def another_agent(board: Switchboard, wish: dict[str, Any]) -> str:
    """A second member of the callback's queue, available."""
    agent = board.agent()
    query = "update public.call_queues set agent_ids = agent_ids || %s::uuid where name = %s"
    board.rows(query, agent, wishes(board)[0]["queue_name"])
    return agent


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
    (redirect,) = commands(board, "redirect")
    assert redirect["target"] == sid
    about = {"role": "customer", "call": str(wish["id"]), "attempt": 1}
    assert redirect["payload"] == {"path": "caller-connect", **about}
    assert board.rpc("receive_caller_connect", event)["plan"]["kind"] == "conference"


def test_an_agent_whose_customer_is_rung_hears_music_until_they_come(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg, offer = board.agent_leg(wish["call_id"])
    answer = {"call_sid": leg, "offer_id": offer, "to": "client:x"}
    assert not board.rpc("receive_agent_answer", answer)["plan"]["silent"]


def test_an_agent_whose_customer_did_not_answer_handled_nothing(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    agent_takes(board, wish["call_id"])
    (rung,) = wishes(board)
    board.pass_time(30)
    board.status(customer_leg(board, rung), "no_answer", 2)
    agent = board.row("select * from public.call_center_agents where id = %s", rung["agent_id"])
    assert (agent["total_calls_handled"], agent["wrap_up_until"]) == (0, None)


def test_who_takes_a_call_has_missed_none_in_a_row_whatever_comes_of_it(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    missed = "update public.call_center_agents set missed_offers = 2, unreached_offers = 1"
    board.rows(f"{missed} where id = %s", board.rung(wish["call_id"]))
    agent_takes(board, wish["call_id"])
    (rung,) = wishes(board)
    row = "select missed_offers, unreached_offers from public.call_center_agents where id = %s"
    assert board.row(row, rung["agent_id"]) == {"missed_offers": 0, "unreached_offers": 0}
    board.status(customer_leg(board, rung), "no_answer", 2)
    assert board.row(row, rung["agent_id"]) == {"missed_offers": 0, "unreached_offers": 0}


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


def test_a_customer_whose_first_ringing_may_go_on_is_not_rung_a_second_time(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg = agent_takes(board, wish["call_id"])
    asked = attempt(board, wish["call_id"])
    another_agent(board, wish)
    board.status(leg, "completed", 9)
    for _ in range(10):  # nobody knows yet whether Twilio rings them
        board.pass_time(60)
        board.sweep()
        assert board.rung(wish["call_id"]) is None
    (command,) = settle(board, asked, "done", sid="CAcustomer1")
    assert (command["kind"], command["target"]) == ("hang_up", "CAcustomer1")
    board.pass_time(600)
    board.sweep()
    assert board.rung(wish["call_id"]) is None
    customer_says(board, wish, 1, "canceled")
    board.pass_time(301)
    board.sweep()
    assert board.rung(wish["call_id"]) is not None


def test_a_request_that_was_called_off_is_looked_up_and_not_made_again(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg = agent_takes(board, wish["call_id"])
    board.status(leg, "completed", 9)
    assert attempt(board, wish["call_id"])["payload"]["called_off"] is True
    assert settle(board, attempt(board, wish["call_id"]), "failed", reason="called off") == []
    board.pass_time(301)
    board.sweep()
    assert board.rung(wish["call_id"]) is not None


def test_an_attempt_whose_customer_was_never_rung_is_none_of_those_agreed(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    for _ in range(4):
        leg = agent_takes(board, wish["call_id"])
        board.status(leg, "completed", 9)
        settle(board, attempt(board, wish["call_id"]), "failed", reason="called off")
        board.pass_time(301)
        board.sweep()
        assert board.rung(wish["call_id"]) is not None
    for number in (5, 6, 7):
        leg = agent_takes(board, wish["call_id"])
        customer_says(board, wish, number, "no_answer")
        board.status(leg, "completed", 5)
        board.pass_time(301)
        board.sweep()
        assert (board.rung(wish["call_id"]) is not None) is (number < 7)


def test_the_late_end_of_an_earlier_attempt_leaves_the_one_at_work_alone(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    first = agent_takes(board, wish["call_id"])
    customer_says(board, wish, 1, "no_answer")
    board.status(first, "completed", 5)
    board.pass_time(301)
    board.sweep()
    leg = agent_takes(board, wish["call_id"])
    customer_says(board, wish, 2, "ringing")
    about = {"call_record_id": str(wish["id"]), "attempt": 1, "role": "customer"}
    board.status("CAother", "no_answer", 2, direction="outbound-api", **about)
    board.status("CAlate", "ringing", 1, direction="outbound-api", **about)
    assert leg not in [c["target"] for c in commands(board, "hang_up")]
    assert "CAlate" in [c["target"] for c in commands(board, "hang_up")]
    said = {"call_sid": "CAcustomer2", "call_record_id": str(wish["id"]), "attempt": 2}
    assert board.rpc("receive_caller_connect", said)["plan"]["kind"] == "conference"
    board.status("CAlate", "completed", 3, direction="outbound-api", **about)
    assert board.call("CAcustomer2")["ended_at"] is None


@pytest.mark.parametrize("who", ["customer", "agent"])
def test_a_customer_is_rung_no_more_often_than_agreed_whoever_hangs_up_first(
    board: Switchboard, wish: dict[str, Any], who: str
) -> None:
    for number in (1, 2, 3):
        leg = agent_takes(board, wish["call_id"])
        customer_says(board, wish, number, "ringing")
        board.pass_time(3)
        if who == "agent":
            board.status(leg, "completed", 5)
            customer_says(board, wish, number, "canceled")
        else:
            customer_says(board, wish, number, "no_answer")
            board.status(leg, "completed", 5)
        for _ in range(3):
            board.pass_time(301)
            board.sweep()
    (wish,) = wishes(board)
    assert (wish["attempts"], wish["call_status"]) == (3, "no_answer")
    assert board.rung(wish["call_id"]) is None


def test_a_callback_reached_at_the_third_attempt_was_offered_and_answered_once(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    for number in (1, 2, 3):
        leg = agent_takes(board, wish["call_id"])
        sid = customer_says(board, wish, number, "ringing")
        board.pass_time(30)
        if number < 3:
            customer_says(board, wish, number, "no_answer")
            board.status(leg, "completed", 9)
            board.pass_time(301)
            board.sweep()
    board.joined(leg, wish["id"])
    said = {"call_sid": sid, "call_record_id": str(wish["id"]), "attempt": 3}
    board.rpc("receive_caller_connect", said)
    board.joined(sid, wish["id"])
    board.pass_time(60)
    customer_says(board, wish, 3, "completed")
    board.status(leg, "completed", 9)
    figures = board.row(
        "select offered_today, answered_today, abandoned_today from public.call_queue_stats"
        " where queue_name = %s",
        wish["queue_name"] or wishes(board)[0]["queue_name"],
    )
    assert tuple(figures.values()) == (1, 1, 0)
    handled = board.row("select sum(calls_handled_today) as n from public.agent_stats")["n"]
    assert handled == 1
    assert board.call(sid)["talk_seconds"] == 60


def test_a_callback_whose_customer_never_answers_was_offered_and_not_answered(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    for number in (1, 2, 3):
        leg = agent_takes(board, wish["call_id"])
        customer_says(board, wish, number, "ringing")
        board.pass_time(30)
        customer_says(board, wish, number, "no_answer")
        board.status(leg, "completed", 9)
        board.pass_time(301)
        board.sweep()
    figures = board.row(
        "select offered_today, answered_today, abandoned_today, callbacks_requested_today"
        " from public.call_queue_stats where queue_name = %s",
        wishes(board)[0]["queue_name"],
    )
    assert tuple(figures.values()) == (1, 0, 0, 1)


def test_the_number_keyed_just_before_hanging_up_is_the_one_that_is_rung(
    board: Switchboard,
) -> None:
    sid = chosen(board, board.queue(board.agent("break")))
    board.status(sid, "completed", 9)
    choice(board, sid, digits="3015559900", number="+573015559900")
    assert wishes(board) == []
    (wish,) = wishes(board, "+573015559900")
    assert wish["caller_number"] == "+573015559900"


def test_who_hides_their_number_keys_one_and_hangs_up_is_rung_there(board: Switchboard) -> None:
    sid = chosen(board, board.queue(board.agent("break")), "anonymous")
    board.status(sid, "completed", 9)
    choice(board, sid, digits="3015559900", number="+573015559900")
    assert len(wishes(board, "+573015559900")) == 1


def test_a_choice_that_comes_again_after_the_callback_was_done_makes_no_second(
    board: Switchboard, wish: dict[str, Any]
) -> None:
    leg = agent_takes(board, wish["call_id"])
    sid = customer_says(board, wish, 1, "ringing")
    about = {"call_sid": sid, "call_record_id": str(wish["id"]), "attempt": 1}
    board.rpc("receive_caller_connect", about)
    customer_says(board, wish, 1, "completed")
    board.status(leg, "completed", 9)
    asked = wish["custom_data"]["callback_of"]
    choice(board, asked, digits="1")
    choice(board, asked, digits="3015559900", number="+573015559900")
    assert len(wishes(board)) == 1
    assert wishes(board, "+573015559900") == []


def test_a_choice_for_a_call_that_was_never_asked_changes_nothing(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()), CUSTOMER)
    board.answered(sid)
    board.status(sid, "completed", 9)
    before = board.call(sid)
    assert choice(board, sid, digits="1")["kind"] == "hang_up"
    assert wishes(board) == []
    assert board.call(sid)["disposition"] == before["disposition"]
