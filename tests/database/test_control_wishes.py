"""How people are to be in a room, whatever Twilio answers, and whoever wished it leaves."""

from __future__ import annotations

import json
from typing import Any

from tests.database.desk import (
    JOIN,
    Desk,
    answers,
    commands,
    ends,
    held,
    ringing,
    room,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard


def told(board: Switchboard, leg: str) -> dict[str, Any]:
    """What Twilio was asked last of a leg, done or not."""
    asked = [c for c in commands(board, "set_participant") if c["target"] == leg]
    return dict(asked[-1]["payload"]["changes"])


def refuses(board: Switchboard, leg: str) -> None:
    """Twilio refuses what is asked of a leg."""
    command = next(
        c
        for c in commands(board, "set_participant")
        if c["target"] == leg and c["state"] in ("pending", "claimed")
    )
    board.rows(
        "update private.telephony_commands set state = 'claimed', claimed_by = 'test',"
        " lease_until = private.clock() + interval '1 minute' where id = %s",
        command["id"],
    )
    result = {"code": 20001, "reason": "no"}
    outcome = [{"id": command["id"], "outcome": "failed", "result": result}]
    board.rows("select public.settle_commands('test', %s)", json.dumps(outcome))


def test_a_resume_that_twilio_refuses_can_be_asked_for_again(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("hold_party", sid, on=True)
    settle(board, "set_participant", live=True)
    room(board, sid, sid, "hold", held=True, muted=False)
    agent.asks("hold_party", sid, on=False)
    refuses(board, sid)
    now = agent.asks("read_call", sid)["call"]
    assert now["held_since"] is not None
    assert "resume" in now["allowed_actions"]
    agent.asks("hold_party", sid, on=False)
    assert told(board, sid)["hold"] is False


def test_who_is_as_they_were_to_be_waits_for_no_answer_that_got_lost(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("hold_party", sid, on=True)
    agent.asks("hold_party", sid, on=False)
    assert told(board, sid)["hold"] is True, "one word at a time"
    room(board, sid, sid, "hold", held=True, muted=False)
    assert told(board, sid)["hold"] is False


def test_a_late_word_of_an_earlier_hold_is_no_answer_to_this_one(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    moment = board.row("select private.clock() as now")["now"]
    for on in (True, False):
        agent.asks("hold_party", sid, on=on)
        settle(board, "set_participant", live=True)
    board.pass_time(5)
    agent.asks("hold_party", sid, on=True)
    agent.asks("hold_party", sid, on=False)
    room(board, sid, sid, "hold", held=True, muted=False, occurred_at=moment.isoformat())
    assert told(board, sid)["hold"] is True


def test_a_customer_hears_the_next_one_as_soon_as_the_last_is_gone(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("transfer_call", sid, to="601 555 0189")
    settle(board, "set_participant", live=True)
    room(board, sid, sid, "hold", held=True, muted=False)
    answers(board, sid)
    assert told(board, sid)["hold"] is True, "the agent would hear them"
    ends(board, leg)  # by the hang-up that Twilio has not answered
    assert told(board, sid)["hold"] is False


def test_a_customer_who_can_not_be_held_overhears_no_consult(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    Desk(board, extension="7101")
    agent.asks("start_consult", sid, to="7101")
    refuses(board, sid)
    assert (
        board.rows(
            "select 1 from private.call_offers where purpose = 'consult' and state <> 'ended'"
        )
        == []
    )
    assert agent.asks("read_call", sid)["call"]["consult"]["state"] == "failed"


def test_who_is_not_there_yet_is_told_again_once_they_are(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board, extension="7102")
    agent.asks("start_consult", sid, to="7102")
    settle(board, "set_participant", live=True)
    leg = colleague.takes(sid)
    agent.asks("swap_consult", sid)
    settle(board, "set_participant", live=False)  # Twilio answers what it was asked before the join
    assert held(board, leg) or told(board, leg)["hold"] is True
    unfinished = [c for c in commands(board, "set_participant") if c["target"] == leg]
    assert len(unfinished) >= 2


def test_a_late_word_of_another_room_swallows_no_later_wish(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    for on in (True, False, True):
        agent.asks("hold_party", sid, on=on)
        settle(board, "set_participant", live=True)
    agent.asks("hold_party", sid, on=False)
    late = commands(board, "set_participant")[-1]
    board.rows(
        "update private.telephony_commands set state = 'claimed', claimed_by = 'test',"
        " lease_until = private.clock() + interval '1 minute' where id = %s",
        late["id"],
    )
    colleague = Desk(board)
    name = board.queue(colleague.id)
    agent.asks("transfer_call", sid, to=name)
    board.commit()
    ends(board, leg)
    colleague.takes(sid)
    board.rpc("receive_caller_connect", {"call_sid": sid})
    room(board, sid, sid, JOIN)
    outcome = [{"id": late["id"], "outcome": "done", "result": {"live": False}}]
    board.rows("select public.settle_commands('test', %s)", json.dumps(outcome))
    colleague.asks("hold_party", sid, on=True)
    assert held(board, sid)


def test_who_was_muted_by_an_agent_who_is_lost_is_heard_again(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    party = Desk(board, extension="7103")
    agent.asks("add_party", sid, to="7103")
    party_leg = party.takes(sid)
    agent.asks("mute_party", sid, party=party_leg, on=True)
    settle(board, "set_participant", live=True)
    ends(board, leg)
    assert told(board, party_leg)["muted"] is False


def test_what_one_mutes_oneself_and_what_is_forced_are_two_things(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    party = Desk(board, extension="7104")
    agent.asks("add_party", sid, to="7104")
    party_leg = party.takes(sid)
    agent.asks("mute_party", sid, party=party_leg, on=True)
    party.asks("mute_party", sid, on=True)
    assert party.is_refused("mute_party", sid, on=False)["code"] == "muted_by_another"
    settle(board, "set_participant", live=True)
    agent.asks("leave_call", sid)
    ends(board, leg)
    assert party.asks("read_call", sid)["call"]["parties"][-1]["muted"], "they muted themselves"
    party.asks("mute_party", sid, on=False)
    settle(board, "set_participant", live=True)
    assert told(board, party_leg)["muted"] is False


def test_whoever_has_the_customer_next_has_who_was_asked_for_advice(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    party, asked = Desk(board, extension="7105"), Desk(board, extension="7106")
    agent.asks("add_party", sid, to="7105")
    party.takes(sid)
    agent.asks("start_consult", sid, to="7106")
    agent.asks("leave_call", sid)
    ends(board, leg)
    asked.takes(sid)
    assert "cancel_consult" in party.asks("read_call", sid)["call"]["allowed_actions"]
    party.asks("cancel_consult", sid)
    assert not held(board, sid)


def test_a_number_outside_that_has_the_customer_asks_nobody(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    asked = Desk(board, extension="7107")
    agent.asks("add_party", sid, to="601 555 0188")
    answers(board, sid)
    agent.asks("start_consult", sid, to="7107")
    offer = ringing(board, sid)
    agent.asks("leave_call", sid)
    ends(board, leg)
    assert board.row("select state from private.call_offers where id = %s", offer["id"]) == {
        "state": "ended"
    }
    assert asked.asks("read_my_state")["calls"] == []
