"""A customer is handed to somebody who is not there: told in the same second, by another clock."""

from __future__ import annotations

import pytest

from tests.database.desk import Desk, call, ends, hung_up, ringing, talking
from tests.database.switchboard import Switchboard
from tests.database.test_control_supervision import Supervisor


def is_not_there(board: Switchboard, colleague: Desk, sid: str, told: str) -> None:
    """Twilio rings a softphone that nobody opened, and tells it with its own times."""
    offer = ringing(board, sid)
    about = {"offer_id": str(offer["id"]), "to": colleague.client, "occurred_at": told}
    board.pass_time(0.3)
    leg = f"CA{offer['id'].hex}"
    board.status(leg, "initiated", 0, **about)
    board.status(leg, "no_answer", 1, **about)


# The second in which it is handed over, and Twilio's clock four seconds behind.
@pytest.mark.parametrize("told", ["2031-03-03T15:00:10Z", "2031-03-03T15:00:06Z"])
@pytest.mark.parametrize("how", ["transfer_call", "leave_call", "complete_consult"])
def test_a_customer_whom_nobody_could_take_waits_again(
    board: Switchboard, how: str, told: str
) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="c7")
    board.set_clock("2031-03-03T15:00:10.5Z")
    if how == "transfer_call":
        agent.asks("transfer_call", sid, to="c7")
    else:
        agent.asks("start_consult", sid, to="c7")
        board.pass_time(0.1)
        agent.asks(how, sid)
    is_not_there(board, colleague, sid, told)
    assert (call(board, sid)["call_status"], call(board, sid)["stage"]) == ("queued", "waiting")
    assert hung_up(board) == {leg}


def test_who_left_to_a_colleague_who_did_not_come_ended_nothing(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="c7")
    board.set_clock("2031-03-03T15:00:10.5Z")
    agent.asks("start_consult", sid, to="c7")
    agent.asks("leave_call", sid)
    is_not_there(board, colleague, sid, "2031-03-03T15:00:10Z")
    ends(board, leg)
    board.pass_time(20)
    board.status(sid, "completed", 9)
    assert call(board, sid)["ended_by"] == "customer"


def test_a_supervisor_who_took_over_and_lost_their_softphone_is_rung_again(
    board: Switchboard,
) -> None:
    _, sid, leg, _ = talking(board)
    supervisor = Supervisor(board)
    own = supervisor.hears(sid, "barge")
    supervisor.asks("take_over_call", sid)
    ends(board, leg)
    board.pass_time(30)
    ends(board, own)
    board.pass_time(2.1)
    board.sweep()
    assert sid not in hung_up(board)
    assert str(ringing(board, sid)["agent_id"]) == supervisor.id
