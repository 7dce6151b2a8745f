"""Who ended a call where several came and went, nobody was on the line, or there were two rooms."""

from __future__ import annotations

import pytest

from tests.database.desk import CUSTOMER, Desk, answers, call, ends, room, talking
from tests.database.switchboard import Switchboard
from tests.database.test_callback_promises import asks, callback, later
from tests.database.test_control_supervision import Supervisor

TELEPHONE, ANOTHER = "+576015550150", "+576015550151"


def hangs_up(board: Switchboard, leg: str, to: str = TELEPHONE) -> None:
    """Somebody on a telephone, half a minute later."""
    board.pass_time(30)
    board.status(leg, "completed", 9, to=to)


def test_an_agent_who_left_before_the_two_met_ended_nothing(board: Switchboard) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id), CUSTOMER)
    board.commit()
    leg = agent.takes(sid)
    agent.asks("leave_call", sid)
    ends(board, leg)
    hangs_up(board, sid)
    row = call(board, sid)
    assert (row["call_status"], row["ended_by"]) == ("missed", "customer")


def test_a_party_who_hung_up_in_the_middle_ended_nothing(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    hangs_up(board, answers(board, sid), "+576015550199")
    hangs_up(board, sid)
    ends(board, leg)
    assert call(board, sid)["ended_by"] == "customer"


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("last", ["customer", "colleague"])
def test_a_telephone_that_hung_up_beside_a_colleague_ended_nothing(
    board: Switchboard, merged: bool, last: str
) -> None:
    agent, sid, leg, _ = talking(board, phone_number=TELEPHONE)
    colleague = Desk(board, extension="c7", phone_number=ANOTHER)
    agent.asks("start_consult", sid, to="c7")
    other = colleague.takes(sid)
    if merged:
        agent.asks("merge_consult", sid)
    hangs_up(board, leg)
    if last == "colleague":
        hangs_up(board, other, ANOTHER)
    hangs_up(board, sid)
    row = call(board, sid)
    assert str(row["agent_id"]) == colleague.id
    assert row["ended_by"] == ("agent" if last == "colleague" else "customer")


def test_a_telephone_hung_up_first_though_an_earlier_room_had_ended(board: Switchboard) -> None:
    agent, sid, leg, queue = talking(board)
    agent.asks("transfer_call", sid, to=queue)
    over = {"ReasonParticipantLeft": "moderator_ended_conference"}
    room(board, sid, leg, "leave", params=over)
    ends(board, leg)
    board.set_status(agent.id, "offline")
    second = Desk(board, phone_number=TELEPHONE)
    board.rows(
        "update public.call_queues set agent_ids = array[%s]::uuid[] where name = %s",
        second.id,
        queue,
    )
    board.commit()
    leg = second.takes(sid)
    board.rpc("receive_caller_connect", {"call_sid": sid})
    room(board, sid, sid, "join")
    hangs_up(board, leg)
    hangs_up(board, sid)
    assert call(board, sid)["ended_by"] == "agent"


def test_a_supervisor_without_an_agents_row_ends_a_call_that_waits(board: Switchboard) -> None:
    supervisor = Supervisor(board, agent=False)
    sid = board.caller(board.queue(board.agent("break")))
    supervisor.asks("end_call_for_all", sid)
    board.status(sid, "completed", 9)
    assert call(board, sid)["ended_by"] == "supervisor"


def test_no_customer_ends_a_callback_that_nobody_got_to(board: Switchboard) -> None:
    asks(board, board.queue(board.agent("break")))
    later(board, 4 * 3600 + 60)
    row = callback(board)
    assert (row["disposition"], row["ended_by"]) == ("callback_expired", "system")


def test_no_customer_ends_a_call_that_was_never_placed(board: Switchboard) -> None:
    agent = Desk(board)
    query = (
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values (%s, %s, %s, 'queued', 'outbound', private.clock())"
    )
    board.rows(query, "pending-e", agent.id, CUSTOMER)
    later(board, 301)
    row = board.call("pending-e")
    assert (row["disposition"], row["ended_by"]) == ("not_placed", "system")
