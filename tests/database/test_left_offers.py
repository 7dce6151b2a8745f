"""Agents who go on break or home while they are being rung."""

from __future__ import annotations

import pytest

from tests.database.switchboard import Switchboard


def goes(board: Switchboard, agent: str, status: str) -> None:
    board.set_status(agent, status)
    board.commit()


@pytest.mark.parametrize("status", ["break", "offline"])
def test_an_agent_who_leaves_is_rung_no_more_and_the_caller_goes_to_the_next(
    board: Switchboard, status: str
) -> None:
    agent = board.agent()
    other = board.agent("break")
    sid = board.caller(board.queue(agent, other))
    leg, offer = board.agent_leg(sid)
    goes(board, other, "available")
    goes(board, agent, status)
    assert (board.rung(sid), board.call(sid)["call_status"]) == (other, "ringing")
    ended = board.row("select state, outcome from private.call_offers where id = %s", offer)
    assert ended == {"state": "ended", "outcome": "declined"}
    commands = "select 1 from private.telephony_commands where kind = 'hang_up' and target = %s"
    assert board.rows(commands, leg)
    board.status(leg, "no_answer", 2, offer_id=offer)
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert (row["missed_offers"], row["chosen_status"]) == (0, status)


def test_an_agent_whom_twilio_was_not_yet_asked_to_ring_is_not_rung_at_all(
    board: Switchboard,
) -> None:
    agent = board.agent("break")
    sid = board.caller(board.queue(agent))
    goes(board, agent, "available")
    assert board.rung(sid) == agent
    goes(board, agent, "break")
    offer = str(board.offer(sid)["id"])
    command = "select state, result from private.telephony_commands where target = %s"
    assert board.row(command, offer)["result"] == {"reason": "withdrawn"}
    assert (board.rung(sid), board.call(sid)["call_status"]) == (None, "queued")


def test_who_comes_back_is_rung_at_once(board: Switchboard) -> None:
    agent = board.agent(max_concurrent_calls=2)
    queue = board.queue(agent)
    sids = [board.caller(queue), board.caller(queue)]
    assert [board.rung(sid) for sid in sids] == [agent, agent]
    goes(board, agent, "break")
    assert [board.rung(sid) for sid in sids] == [None, None]
    goes(board, agent, "available")
    assert [board.rung(sid) for sid in sids] == [agent, agent]


def test_a_conversation_goes_on_when_its_agent_leaves(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    board.answered(sid)
    goes(board, agent, "offline")
    assert (board.call(sid)["call_status"], board.offer(sid)["state"]) == ("active", "connected")


def test_an_offer_whose_call_was_busy_when_the_agent_left_is_ended_by_the_sweep(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    # Before the commit, and so before the agent's own change has ended it.
    board.set_status(agent, "break")
    assert board.offer(sid)["state"] == "reserved"
    board.sweep()
    assert (board.offer(sid)["outcome"], board.rung(sid)) == ("declined", None)
