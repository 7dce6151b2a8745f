"""What is promised to whoever asks to be rung, and when it is kept, moved, or given up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.desk import Desk, commands, hung_up
from tests.database.switchboard import Switchboard

CUSTOMER = "+573015557788"
# A Monday in Bogotá, and the Tuesday after it.
HOURS = {"mon": [["08:00", "18:00"]], "tue": [["08:00", "18:00"]]}
AFTERNOON, EVENING = "2026-11-23T22:50:00Z", "2026-11-24T02:40:00Z"
MORNING, NEXT_NOON = "2026-11-24T13:00:30Z", "2026-11-24T17:01:00Z"


def asks(board: Switchboard, queue: str, number: str = CUSTOMER) -> dict[str, Any]:
    """A waiting caller asks to be rung and hangs up; their callback."""
    sid = board.caller(queue, number)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
    board.status(sid, "completed", 9)
    return callback(board, number)


def callback(board: Switchboard, number: str = CUSTOMER) -> dict[str, Any]:
    return board.rows(
        "select r.* from private.callbacks b join public.call_records r on r.id = b.call_record_id"
        " where b.number = %s order by b.created_at desc limit 1",
        number,
    )[0]


def delete_queues(board: Switchboard) -> None:
    board.rows("update public.ivr_scripts set active = false")  # none that a script names goes
    board.rows("delete from public.call_queues")


def later(board: Switchboard, seconds: float) -> None:
    board.pass_time(seconds)
    board.sweep()


def at(board: Switchboard, moment: str) -> None:
    board.set_clock(moment)
    board.sweep()


def test_nobody_is_rung_while_the_queue_is_closed(board: Switchboard) -> None:
    agent = board.agent("break")
    board.set_clock(AFTERNOON)
    wish = asks(board, board.queue(agent, opening_hours=HOURS, time_zone="America/Bogota"))
    board.set_clock("2026-11-23T23:30:00Z")
    board.set_status(agent, "available")
    board.sweep()
    assert board.rung(wish["call_id"]) is None
    at(board, EVENING)
    assert board.rung(wish["call_id"]) is None
    at(board, "2026-11-24T03:30:00Z")
    assert callback(board)["disposition"] == "callback_expired"


def test_a_queue_that_keeps_callbacks_over_night_rings_them_when_it_opens(
    board: Switchboard,
) -> None:
    agent = board.agent("break")
    board.set_clock(AFTERNOON)
    queue = board.queue(
        agent, opening_hours=HOURS, time_zone="America/Bogota", callbacks_overnight=True
    )
    wish = asks(board, queue)
    board.set_status(agent, "available")
    at(board, "2026-11-24T00:10:00Z")
    at(board, EVENING)
    at(board, "2026-11-24T03:30:00Z")  # four hours after: expired, were it not kept
    assert board.rung(wish["call_id"]) is None
    at(board, MORNING)
    assert board.rung(wish["call_id"]) == agent


def test_one_that_is_kept_over_night_expires_when_nobody_gets_to_it_next_day_either(
    board: Switchboard,
) -> None:
    board.set_clock(AFTERNOON)
    asks(
        board,
        board.queue(
            board.agent("break"),
            opening_hours=HOURS,
            time_zone="America/Bogota",
            callbacks_overnight=True,
        ),
    )
    at(board, "2026-11-24T03:30:00Z")
    at(board, MORNING)
    assert callback(board)["ended_at"] is None
    at(board, NEXT_NOON)
    assert callback(board)["disposition"] == "callback_expired"


@pytest.mark.parametrize(("overnight", "promised"), [(False, False), (True, True)])
def test_a_callback_is_promised_only_where_it_can_be_kept(
    board: Switchboard, overnight: bool, promised: bool
) -> None:
    queue = board.queue(
        board.agent(),
        opening_hours=HOURS,
        time_zone="America/Bogota",
        callbacks_overnight=overnight,
    )
    board.set_clock(EVENING)  # ten hours before it opens
    query = "select private.can_call_back(q) as can from public.call_queues q where name = %s"
    assert board.row(query, queue)["can"] is promised


def test_the_next_opening_knows_nights_holidays_and_queues_that_never_open(
    board: Switchboard,
) -> None:
    def opening(**columns: object) -> str | None:
        queue = board.queue(time_zone="America/Bogota", **columns)
        query = "select private.next_opening(q, %s)::text as at from public.call_queues q"
        board.rows("set local timezone = 'UTC'")
        found = board.row(query + " where name = %s", EVENING, queue)["at"]
        return str(found) if found else None

    assert opening() == "2026-11-24 02:40:00+00"
    assert opening(opening_hours=HOURS) == "2026-11-24 13:00:00+00"
    assert opening(opening_hours=HOURS, holidays=["2026-11-24"]) == "2026-11-30 13:00:00+00"
    assert opening(holidays=["2026-11-23"]) == "2026-11-24 05:00:00+00"
    assert opening(opening_hours={}) is None
    assert opening(active=False) is None


def test_a_customer_who_was_served_meanwhile_is_not_rung_any_more(board: Switchboard) -> None:
    agent = board.agent("break")
    queue = board.queue(agent)
    sid = board.caller(queue, CUSTOMER)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "9", "number": CUSTOMER})
    board.status(sid, "completed", 9)
    another = board.queue(board.agent())
    again = board.caller(another, CUSTOMER)
    leg, _ = board.answered(again)
    board.set_status(agent, "available")
    later(board, 60)
    board.status(leg, "completed", 5)
    board.status(again, "completed", 9)
    later(board, 600)
    wish = callback(board, CUSTOMER)
    assert board.rung(wish["call_id"]) is None
    assert (wish["call_status"], wish["disposition"]) == ("completed", "served_meanwhile")
    figures = "select sum(offered_today) as offered from public.call_queue_stats"
    assert board.row(figures)["offered"] == 1


def test_that_somebody_else_of_the_same_switchboard_was_served_ends_nobodys_callback(
    board: Switchboard,
) -> None:
    agent = board.agent("break")
    queue = board.queue(agent)
    sid = board.caller(queue, CUSTOMER)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    mobile = {"call_sid": sid, "digits": "9", "number": "+573015559900"}
    board.rpc("receive_callback_choice", mobile)
    board.status(sid, "completed", 9)
    colleague = board.caller(board.queue(board.agent()), CUSTOMER)
    board.answered(colleague)
    board.status(colleague, "completed", 9)
    later(board, 60)
    wish = callback(board, "+573015559900")
    assert (wish["call_status"], wish["disposition"]) == ("queued", None)


@pytest.mark.parametrize("how", ["update public.call_queues set active = false", "delete from"])
def test_callbacks_of_a_queue_that_is_gone_go_on_to_another_in_their_place(
    board: Switchboard, how: str
) -> None:
    agent = board.agent("break")
    queue = board.queue(board.agent("break"))
    board.rows("update public.call_queues set agent_ids = array[%s::uuid]", agent)
    wish = asks(board, queue)
    joined = entry(board, wish)["joined_at"]
    statement = how if how.startswith("update") else "delete from public.call_queues"
    board.rows(f"{statement} where name = %s", queue)
    later(board, 15)
    board.set_status(agent, "available")
    assert board.rung(wish["call_id"]) == agent
    assert callback(board)["queue_name"] == "General"
    assert entry(board, wish)["joined_at"] == joined


def test_a_callback_that_no_queue_can_keep_any_more_ends_and_says_why(board: Switchboard) -> None:
    asks(board, board.queue(board.agent("break")))
    board.rows("update public.call_queues set active = false")
    later(board, 15)
    wish = callback(board)
    assert (wish["call_status"], wish["disposition"]) == ("no_answer", "callback_queue_gone")


def entry(board: Switchboard, call: dict[str, Any]) -> dict[str, Any]:
    query = "select * from private.queue_entries where call_record_id = %s and left_at is null"
    return board.row(query, call["id"])


def test_where_no_queue_is_left_a_message_is_asked_for_instead(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent("break")), CUSTOMER)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    delete_queues(board)
    said = {"call_sid": sid, "digits": "1"}
    assert board.rpc("receive_callback_choice", said)["plan"]["kind"] == "voicemail"


def test_a_menu_promises_no_callback_that_no_queue_could_keep(board: Switchboard) -> None:
    delete_queues(board)
    script = {"menus": [{"id": "main", "options": [{"digit": "1", "actionCallback": "gone"}]}]}
    sid = board.in_menu(script, CUSTOMER)
    said = {"call_sid": sid, "attempt": 1, "digits": "1"}
    assert board.rpc("receive_ivr_input", said)["plan"]["kind"] == "voicemail"
    board.status(sid, "completed", 9)
    assert board.call(sid)["ended_at"] is not None


def test_a_promise_made_of_a_call_that_was_never_placed_is_kept(board: Switchboard) -> None:
    agent = Desk(board)
    query = "update public.call_queues set agent_ids = array[%s]::uuid[] where name = 'General'"
    board.rows(query, agent.id)
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values ('pending-e', %s, %s, 'queued', 'outbound',"
        " private.clock())",
        agent.id,
        CUSTOMER,
    )
    tomorrow = board.row("select (private.clock() + interval '1 day')::text as at")["at"]
    agent.asks("schedule_callback", "pending-e", at=tomorrow)
    later(board, 301)
    assert board.call("pending-e")["disposition"] == "not_placed"
    wish = callback(board)
    assert wish["ended_at"] is None
    later(board, 86400)
    assert board.rung(wish["call_id"]) == agent.id


def test_a_callback_that_is_ended_while_its_customer_rings_rings_them_no_more(
    board: Switchboard,
) -> None:
    agent = Desk(board, status="break")
    wish = asks(board, board.queue(agent.id))
    board.set_status(agent.id, "available")
    later(board, 15)
    leg = agent.takes(wish["call_id"])
    attempt = {"call_record_id": str(wish["id"]), "attempt": 1}
    board.status("CAcustomer", "ringing", 1, direction="outbound-api", **attempt)
    agent.asks("end_call_for_all", wish["call_id"])
    row = callback(board)
    assert (row["call_status"], row["disposition"]) == ("no_answer", "cancelled")
    assert hung_up(board) == {leg, "CAcustomer"}
    board.status("CAcustomer", "canceled", 2, **attempt)
    board.status(leg, "completed", 9)
    later(board, 3600)
    assert len(commands(board, "ring_customer")) == 1
    assert callback(board)["ended_by"] == "agent"
