"""Where a caller may wait: hours, holidays, full queues, and where they go instead."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.switchboard import Switchboard

WORKDAYS = {
    day: [["08:00", "12:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}


def is_waiting(board: Switchboard, sid: str) -> bool:
    return bool(
        board.call(sid)["call_status"] in ("queued", "ringing")
        and board.rows(
            "select 1 from private.queue_entries where left_at is null and call_record_id = %s",
            board.call(sid)["id"],
        )
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T13:00:00Z", True),  # Monday 08:00 in Bogotá
        ("2026-11-23T12:59:00Z", False),
        ("2026-11-23T17:00:00Z", False),  # noon: lunch
        ("2026-11-23T19:00:00Z", True),
        ("2026-11-23T23:00:00Z", False),  # 18:00
        ("2026-11-22T15:00:00Z", False),  # Sunday
        ("2026-11-24T15:00:00Z", False),  # a holiday
    ],
)
def test_a_queue_is_open_by_its_own_clock(board: Switchboard, moment: str, is_open: bool) -> None:
    queue = board.queue(
        board.agent(), opening_hours=WORKDAYS, holidays=["2026-11-24"], time_zone="America/Bogota"
    )
    board.set_clock(moment)
    assert is_waiting(board, board.caller(queue)) == is_open


def test_hours_until_2359_or_2400_are_open_to_the_end_of_the_day(board: Switchboard) -> None:
    for end in ("23:59", "24:00"):
        days = {day: [["00:00", end]] for day in ("mon", "tue")}
        queue = board.queue(board.agent(), opening_hours=days, time_zone="America/Bogota")
        for moment in ("2026-11-24T04:59:59Z", "2026-11-24T05:00:00Z"):
            board.set_clock(moment)
            assert is_waiting(board, board.caller(queue))
    other = board.queue(
        board.agent(), opening_hours={"mon": [["08:00", "23:58"]]}, time_zone="America/Bogota"
    )
    board.set_clock("2026-11-24T04:58:00Z")
    assert not is_waiting(board, board.caller(other))


@pytest.mark.parametrize(
    "hours",
    [
        {"mon": [["08:00", "24:30"]]},
        {"mon": [["24:00", "24:00"]]},
        {"mon": [["08:00", "24:01"]]},
        {"mon": [[None, None]]},
        {"mon": [["08:00", None]]},
        {"mon": [None]},
        {"mon": None},
        {"mon": [["08:00", "12:00", "13:00"]]},
        {"mon": [["22:00", "06:00"]]},
        {"MON": [["08:00", "12:00"]]},
        [],
        "x",
        5,
    ],
)
def test_hours_that_are_none_are_refused_by_their_column(board: Switchboard, hours: object) -> None:
    queue = board.queue()
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="opening_hours"):
        board.rows(
            "update public.call_queues set opening_hours = %s where name = %s", Jsonb(hours), queue
        )


def test_a_closed_queue_says_so_and_takes_a_message(board: Switchboard) -> None:
    queue = board.queue(board.agent(), opening_hours={}, closed_message="Abrimos el lunes.")
    sid = board.caller(queue)
    answer = board.rpc("receive_ivr_input", {"call_sid": sid})
    assert answer["plan"]["kind"] == "voicemail"


def test_a_full_queue_sends_the_next_caller_to_its_overflow(board: Switchboard) -> None:
    spare = board.queue(board.agent("break"))
    spare_id = board.row("select id from public.call_queues where name = %s", spare)["id"]
    queue = board.queue(board.agent("break"), max_waiting=1, overflow_queue_id=spare_id)
    first, second = board.caller(queue), board.caller(queue)
    assert board.call(first)["queue_name"] == queue
    assert board.call(second)["queue_name"] == spare


def test_who_waited_long_enough_overflows_and_keeps_their_time(board: Switchboard) -> None:
    helper = board.agent()
    spare = board.queue(helper)
    spare_id = board.row("select id from public.call_queues where name = %s", spare)["id"]
    queue = board.queue(board.agent("break"), overflow_queue_id=spare_id, overflow_after_seconds=30)
    sid = board.caller(queue)
    joined = board.call(sid)["queued_at"]
    board.pass_time(31)
    board.sweep()
    assert board.rung(sid) == helper
    assert board.call(sid)["queue_name"] == spare
    assert board.call(sid)["queued_at"] == joined


@pytest.mark.parametrize(
    "hours", [{"lunes": [["08:00", "12:00"]]}, {"mon": [["12:00", "08:00"]]}, {"mon": "always"}]
)
def test_hours_that_cannot_be_read_are_refused(
    board: Switchboard, hours: dict[str, object]
) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="opening_hours"):
        board.queue(opening_hours=hours)


def test_a_time_zone_nobody_knows_is_refused(board: Switchboard) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="America/Macondo"):
        board.queue(time_zone="America/Macondo")
