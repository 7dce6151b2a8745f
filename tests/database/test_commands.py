"""What becomes of commands that processes hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.commands import KINDS
from tests.database.switchboard import Switchboard


def test_processes_know_how_long_they_may_hold_a_command(board: Switchboard) -> None:
    kinds = board.rows(
        "select kind, private.command_lease(kind) as lease from private.command_kinds"
    )
    assert {row["kind"]: row["lease"] for row in kinds} == {
        kind: timedelta(seconds=said.lease_seconds) for kind, said in KINDS.items()
    }


def refused(board: Switchboard, sid: str, code: int) -> None:
    """Twilio refuses to ring the agent who was to be rung for a call."""
    board.commit()
    board.refuse(str(board.offer(sid)["id"]), code)


def agent_row(board: Switchboard, agent: str) -> dict[str, Any]:
    return board.row("select * from public.call_center_agents where id = %s", agent)


@pytest.mark.parametrize("code", [20003, 20005, 21210, 21215, 21219])
def test_what_ails_the_account_is_not_held_against_the_agent_and_the_caller_waits_a_while(
    board: Switchboard, code: int
) -> None:
    agents = {board.agent(), board.agent()}
    sid = board.caller(board.queue(*agents))
    for wait in (5, 10, 20):
        assert board.rung(sid) in agents
        refused(board, sid, code)
        assert board.offer(sid)["outcome"] == "lost"
        board.pass_time(wait - 1)
        board.sweep()
        assert board.rung(sid) is None
        board.pass_time(2)
        board.sweep()
    assert board.rung(sid) in agents
    for agent in agents:
        assert agent_row(board, agent)["missed_offers"] == 0


def test_a_number_that_twilio_can_not_ring_is_its_agents_and_the_next_is_rung_at_once(
    board: Switchboard,
) -> None:
    agent, other = board.agent(), board.agent("break")
    sid = board.caller(board.queue(agent, other))
    refused(board, sid, 21211)
    assert board.offer(sid)["outcome"] == "unreachable"
    row = agent_row(board, agent)
    assert (row["missed_offers"], row["unreached_offers"]) == (0, 1)
    board.set_status(other, "available")
    assert board.rung(sid) == other


def test_a_refusal_that_comes_when_another_agent_is_rung_changes_nothing(
    board: Switchboard,
) -> None:
    agent = board.agent()
    other = board.agent("break")
    sid = board.caller(board.queue(agent, other))
    offer = str(board.offer(sid)["id"])
    board.set_status(other, "available")
    board.set_status(agent, "break")
    assert board.rung(sid) == other
    board.refuse(offer, 20003)
    assert (board.rung(sid), board.call(sid)["call_status"]) == (other, "ringing")
