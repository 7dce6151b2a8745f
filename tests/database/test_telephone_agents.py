"""Agents who are rung on a telephone: they hear who calls, and press a key to take the call."""

from __future__ import annotations

from typing import Any

from tests.database.switchboard import Switchboard

TELEPHONE = "+573015550199"


def picked_up(board: Switchboard, sid: str, ringing: float = 1) -> tuple[str, str]:
    """The agent picks up after a while, and is asked for the key."""
    leg, offer = board.agent_leg(sid)
    board.pass_time(ringing)
    board.sweep()
    event = {"call_sid": leg, "offer_id": offer, "to": TELEPHONE}
    assert board.rpc("receive_agent_answer", event)["plan"]["kind"] == "confirm"
    return leg, offer


def confirm(board: Switchboard, leg: str, offer: str, digits: str | None) -> dict[str, Any]:
    event = {"call_sid": leg, "offer_id": offer, "to": TELEPHONE, "confirming": True}
    plan: dict[str, Any] = board.rpc("receive_agent_answer", {**event, "digits": digits})["plan"]
    return plan


def test_who_picks_up_at_the_last_moment_has_time_to_press_the_key(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent(phone_number=TELEPHONE), ring_timeout_seconds=20))
    leg, offer = picked_up(board, sid, 29)
    board.pass_time(20)
    assert board.sweep()["lapsed_offers"] == 0
    assert confirm(board, leg, offer, "1")["kind"] == "conference"
    assert board.offer(sid)["state"] == "connected"


def test_that_they_picked_up_may_be_told_first_and_often_and_holds_for_45_seconds(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent(phone_number=TELEPHONE), ring_timeout_seconds=20))
    leg, offer = board.agent_leg(sid)
    board.pass_time(29)
    board.status(leg, "in_progress", 2, offer_id=offer)
    board.pass_time(40)
    assert board.sweep()["lapsed_offers"] == 0
    board.status(leg, "in_progress", 3, offer_id=offer)
    board.pass_time(10)
    assert board.sweep()["lapsed_offers"] == 1


def test_no_key_is_no_answer_and_a_mobiles_voicemail_that_answers_thrice_is_ring_no_answer(
    board: Switchboard,
) -> None:
    agent = board.agent(phone_number=TELEPHONE)
    sid = board.caller(board.queue(agent))
    for _ in range(3):
        assert board.rung(sid) == agent
        leg, offer = picked_up(board, sid)
        confirm(board, leg, offer, None)
        assert board.offer(sid)["outcome"] == "no_answer"
        board.status(leg, "completed", 3, offer_id=offer)
        board.pass_time(10)
        board.sweep()
    row = "select agent_status, aside_reason, missed_offers from public.call_center_agents"
    shown = {"agent_status": "break", "aside_reason": "no_answer", "missed_offers": 3}
    assert board.row(f"{row} where id = %s", agent) == shown
    board.status(sid, "completed", 9)
    assert board.row(f"{row} where id = %s", agent) == shown


def test_another_key_is_a_refusal_that_counts_for_nothing(board: Switchboard) -> None:
    agent = board.agent(phone_number=TELEPHONE)
    sid = board.caller(board.queue(agent))
    confirm(board, *picked_up(board, sid), "2")
    assert board.offer(sid)["outcome"] == "declined"
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert row["missed_offers"] == 0
