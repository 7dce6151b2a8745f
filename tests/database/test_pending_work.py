"""What waits to be done in an agent's queues: customers to be called back."""

from __future__ import annotations

from tests.database.desk import CUSTOMER, Desk
from tests.database.screens import Json, as_user
from tests.database.switchboard import Switchboard
from tests.database.test_callbacks import choice, chosen


def pending(board: Switchboard, agent: Desk) -> Json:
    (row,) = as_user(board, agent.user, "select public.pending_work() as answer")
    return dict(row["answer"])


def missed(board: Switchboard, queue: str) -> str:
    """Somebody waits, and hangs up; the call's id."""
    sid = board.caller(queue, CUSTOMER)
    board.pass_time(60)
    board.status(sid, "completed", 9)
    board.pass_time(60)
    return str(board.call(sid)["id"])


def test_who_was_missed_is_listed_once_until_somebody_served_them(board: Switchboard) -> None:
    agent, other = Desk(board, agent_status="break"), Desk(board, agent_status="break")
    queue = board.queue(agent.id)
    missed(board, queue)
    last = missed(board, queue)
    (shown,) = pending(board, agent)["missed"]
    assert (shown["id"], shown["number"], shown["queue"]) == (last, CUSTOMER, queue)
    assert pending(board, other)["missed"] == []
    board.set_status(agent.id, "available")
    sid = board.caller(queue, CUSTOMER)
    assert pending(board, agent)["missed"] == []
    board.answered(sid)
    board.status(sid, "completed", 9)
    assert pending(board, agent)["missed"] == []


def test_a_callback_is_listed_while_it_waits(board: Switchboard) -> None:
    agent = Desk(board, agent_status="break")
    queue = board.queue(agent.id)
    sid = chosen(board, queue, CUSTOMER)
    choice(board, sid, digits="1")
    board.status(sid, "completed", 9)
    (shown,) = pending(board, agent)["callbacks"]
    assert (shown["number"], shown["queue"]) == (CUSTOMER, queue)
    assert shown["at_work"] is False
    assert pending(board, agent)["missed"] == []
    board.pass_time(11)
    board.sweep()
    board.set_status(agent.id, "available")
    board.commit()
    (shown,) = pending(board, agent)["callbacks"]
    assert shown["at_work"] is True
