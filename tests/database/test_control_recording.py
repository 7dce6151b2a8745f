"""Recordings pause, keys are pressed for a party, long holds are told, callbacks are promised."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.desk import (
    CUSTOMER,
    Desk,
    answers,
    call,
    commands,
    hung_up,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard


def recorded(board: Switchboard) -> list[str]:
    """What Twilio was told of the call's recording, in its order."""
    return [c["payload"]["status"] for c in commands(board, "set_recording")]


def test_a_recording_pauses_and_goes_on_and_who_did_it_is_kept(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board, record_calls=True)
    document = agent.asks("pause_recording", sid, on=True)["call"]
    assert document["recording"] == "paused"
    assert "resume_recording" in document["allowed_actions"]
    settle(board, "set_recording")
    agent.asks("pause_recording", sid, on=True)
    assert agent.asks("pause_recording", sid, on=False)["call"]["recording"] == "on"
    assert recorded(board) == ["paused", "in-progress"]
    done = board.rows("select action, agent_id from private.call_actions order by id")
    assert [row["action"] for row in done] == ["pause_recording", "resume_recording"]
    assert {str(row["agent_id"]) for row in done} == {agent.id}


def test_the_last_word_about_a_recording_wins_however_slow_twilio_is(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board, record_calls=True)
    for on in (True, False, True, False):
        agent.asks("pause_recording", sid, on=on)
    assert recorded(board) == ["paused"]
    settle(board, "set_recording")
    assert recorded(board) == ["paused", "in-progress"]
    settle(board, "set_recording")
    assert recorded(board) == ["paused", "in-progress"]


def test_pausing_what_is_not_recorded_is_no_error(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board, record_calls=False)
    assert agent.asks("pause_recording", sid, on=True)["call"]["recording"] == "off"
    assert recorded(board) == []


def test_a_recording_is_still_paused_after_a_transfer_in_the_same_room(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board, record_calls=True)
    colleague = Desk(board, extension="r1")
    agent.asks("pause_recording", sid, on=True)
    settle(board, "set_recording")
    agent.asks("transfer_call", sid, to="r1")
    colleague.takes(sid)
    assert colleague.asks("read_call", sid)["call"]["recording"] == "paused"
    colleague.asks("pause_recording", sid, on=False)
    assert recorded(board)[-1] == "in-progress"


def test_the_next_rooms_recording_runs(board: Switchboard) -> None:
    agent, sid, _, name = talking(board, record_calls=True)
    agent.asks("pause_recording", sid, on=True)
    agent.asks("transfer_call", sid, to=name)
    assert not call(board, sid)["recording_paused"]
    settle(board, "set_recording")
    assert recorded(board) == ["paused", "in-progress"]


def test_keys_are_pressed_for_the_customer_or_a_party(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    out = answers(board, sid)
    agent.asks("send_digits", sid, digits="1W2#")
    agent.asks("send_digits", sid, digits="*", party=out)
    one, two = commands(board, "announce")
    assert (one["payload"]["leg"], one["payload"]["query"]) == (sid, {"digits": "1w2#"})
    assert (two["payload"]["leg"], two["payload"]["query"]) == (out, {"digits": "*"})
    assert one["payload"]["path"] == "announce"
    settle(board, "announce")
    assert [c["payload"]["query"] for c in commands(board, "announce")] == [{}, {}]


def test_the_same_wish_for_keys_presses_them_once(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    for _ in range(2):
        agent.asks("send_digits", sid, digits="1", idempotency_key="k")
    assert len(commands(board, "announce")) == 1
    agent.asks("send_digits", sid, digits="1")
    assert len(commands(board, "announce")) == 2


@pytest.mark.parametrize("digits", ["", "1a", "1" * 33, None, "1\n"])
def test_what_is_no_key_is_refused(board: Switchboard, digits: str | None) -> None:
    agent, sid, _, _ = talking(board)
    refusal = agent.is_refused("send_digits", sid, digits=digits)
    assert (refusal["status"], refusal["field"]) == ("PT400", "digits")


def test_the_agent_is_told_once_of_a_customer_long_on_hold(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("hold_party", sid, on=True)
    board.pass_time(119)
    board.sweep()
    assert commands(board, "announce") == []
    board.pass_time(2)
    board.sweep()
    board.sweep()
    (told,) = commands(board, "announce")
    assert told["payload"]["leg"] == leg
    assert told["payload"]["query"]["say"] == "El cliente sigue en espera."
    assert told["payload"]["query"]["language"]
    settle(board, "set_participant")
    agent.asks("hold_party", sid, on=False)
    agent.asks("hold_party", sid, on=True)
    board.pass_time(121)
    board.sweep()
    assert len(commands(board, "announce")) == 2


def in_hours(board: Switchboard, hours: float) -> str:
    query = "select (private.clock() + make_interval(hours => 0, mins => %s)) as at"
    return str(board.row(query, int(hours * 60))["at"].isoformat())


def entry(board: Switchboard) -> dict[str, Any]:
    return board.row(
        "select e.*, b.scheduled_at, b.expires_at, b.number from private.queue_entries e"
        " join private.callbacks b on b.call_record_id = e.call_record_id where e.left_at is null"
    )


def test_a_promised_callback_is_offered_at_its_time_and_not_before(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    at = in_hours(board, 24 * 3)
    answer = agent.asks("schedule_callback", sid, at=at)
    assert answer["callback"]["number"] == CUSTOMER
    board.status(sid, "completed", 9)
    agent_is_free = "select seats_taken from public.call_center_agents where id = %s"
    board.status(f"CA{board.offer(sid)['id'].hex}", "completed", 9)
    assert board.row(agent_is_free, agent.id)["seats_taken"] == 0
    row = entry(board)
    assert row["joined_at"] == row["not_before"] == row["scheduled_at"]
    assert row["expires_at"] > row["scheduled_at"]
    board.pass_time(3600 * 24 * 3 - 60)
    board.sweep()
    assert commands(board, "ring_agent")[1:] == []
    board.pass_time(61)
    board.sweep()
    board.commit()
    assert len(commands(board, "ring_agent")) == 2


def test_a_promise_is_kept_though_the_customer_talked_to_somebody_before_its_time(
    board: Switchboard,
) -> None:
    agent, sid, leg, name = talking(board)
    agent.asks("schedule_callback", sid, at=in_hours(board, 24))
    board.status(sid, "completed", 9)
    board.status(leg, "completed", 9)
    board.pass_time(3600)
    again = board.caller(name, CUSTOMER)
    board.commit()
    board.answered(again)
    board.status(again, "completed", 9)
    board.sweep()
    assert entry(board)["left_at"] is None


def test_one_callback_is_promised_a_number(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("schedule_callback", sid, at=in_hours(board, 24))
    refusal = agent.is_refused("schedule_callback", sid, at=in_hours(board, 25))
    assert (refusal["status"], refusal["code"]) == ("PT409", "callback_exists")
    agent.asks("schedule_callback", sid, at=in_hours(board, 25), number="601 555 0199")


@pytest.mark.parametrize(("hours", "field"), [(-1, "at"), (24 * 91, "at")])
def test_a_promise_is_for_the_next_ninety_days(
    board: Switchboard, hours: float, field: str
) -> None:
    agent, sid, _, _ = talking(board)
    refusal = agent.is_refused("schedule_callback", sid, at=in_hours(board, hours))
    assert (refusal["status"], refusal["field"]) == ("PT400", field)
    assert agent.is_refused("schedule_callback", sid)["field"] == "at"


def test_a_callback_can_be_promised_after_the_call(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    board.status(sid, "completed", 9)
    board.status(leg, "completed", 9)
    agent.asks("schedule_callback", sid, at=in_hours(board, 24))
    assert hung_up(board) == {leg}
