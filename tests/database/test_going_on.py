"""What becomes of callers who wait while their queue changes around them."""

from __future__ import annotations

import pytest

from tests.database.switchboard import Switchboard


def stays(board: Switchboard, sid: str) -> list[tuple[str, str | None]]:
    rows = board.rows(
        "select q.name, e.outcome from private.queue_entries e"
        " join public.call_queues q on q.id = e.queue_id where e.call_record_id = %s order by e.id",
        board.call(sid)["id"],
    )
    return [(row["name"], row["outcome"]) for row in rows]


def queue_id(board: Switchboard, name: str) -> str:
    return str(board.row("select id from public.call_queues where name = %s", name)["id"])


def change(board: Switchboard, name: str, **columns: object) -> None:
    settings = ", ".join(f"{column} = %s" for column in columns)
    board.rows(f"update public.call_queues set {settings} where name = %s", *columns.values(), name)


def waits(board: Switchboard, sid: str) -> str:
    """What the next wait document tells the caller to do."""
    return str(board.rpc("receive_queue_wait", {"call_sid": sid})["plan"]["kind"])


def leaves(board: Switchboard, sid: str) -> dict[str, object]:
    """What the caller hears who was told to leave."""
    answer = board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    return dict(answer["plan"])


def test_queues_that_overflow_to_each_other_keep_callers_after_one_round(
    board: Switchboard,
) -> None:
    one, other = (board.queue(board.agent("break"), overflow_after_seconds=30) for _ in range(2))
    change(board, one, overflow_queue_id=queue_id(board, other))
    change(board, other, overflow_queue_id=queue_id(board, one))
    sid = board.caller(one)
    for _ in range(4):
        board.pass_time(31)
        board.sweep()
    assert stays(board, sid) == [(one, "overflowed"), (other, None)]


def test_the_time_to_overflow_and_the_longest_wait_begin_anew_in_each_queue(
    board: Switchboard,
) -> None:
    last = board.queue(board.agent("break"), max_wait_seconds=100)
    second = board.queue(
        board.agent("break"),
        max_wait_seconds=100,
        overflow_queue_id=queue_id(board, last),
        overflow_after_seconds=60,
    )
    first = board.queue(
        board.agent("break"),
        overflow_queue_id=queue_id(board, second),
        overflow_after_seconds=120,
    )
    sid = board.caller(first)
    board.pass_time(125)
    board.sweep()
    board.pass_time(50)
    board.sweep()
    assert stays(board, sid) == [(first, "overflowed"), (second, None)]
    assert waits(board, sid) == "wait"
    board.pass_time(15)
    board.sweep()
    board.pass_time(101)
    assert waits(board, sid) == "leave"
    assert stays(board, sid) == [(first, "overflowed"), (second, "overflowed"), (last, "voicemail")]


def test_callers_leave_for_voicemail_when_the_last_agent_signs_off(board: Switchboard) -> None:
    agent = board.agent("break")
    queue = board.queue(agent)
    sid = board.caller(queue)
    assert waits(board, sid) == "wait", "an agent on break comes back"
    board.set_status(agent, "offline")
    assert waits(board, sid) == "leave"
    assert leaves(board, sid)["kind"] == "voicemail"
    assert stays(board, sid) == [(queue, "voicemail")]


def test_callers_who_still_wait_at_closing_time_hear_that_it_is_closed(board: Switchboard) -> None:
    queue = board.queue(board.agent("break"), closed_message="Abrimos el lunes.")
    sid = board.caller(queue)
    change(board, queue, opening_hours="{}")
    assert waits(board, sid) == "leave"
    assert leaves(board, sid)["say"] == ["Abrimos el lunes."]


def test_callers_go_on_to_the_overflow_queue_when_the_last_agent_signs_off(
    board: Switchboard,
) -> None:
    agent, helper = board.agent("break"), board.agent()
    spare = board.queue(helper)
    queue = board.queue(agent, overflow_queue_id=queue_id(board, spare))
    sid = board.caller(queue)
    board.set_status(agent, "offline")
    assert waits(board, sid) == "wait"
    assert stays(board, sid) == [(queue, "overflowed"), (spare, None)]
    assert board.rung(sid) == helper


def test_a_full_queue_sends_nobody_away_who_waits_in_it(board: Switchboard) -> None:
    queue = board.queue(board.agent("break"), max_waiting=1)
    sid = board.caller(queue)
    assert waits(board, sid) == "wait"


def test_a_caller_whose_agent_is_being_rung_stays_when_the_queue_closes(
    board: Switchboard,
) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    sid = board.caller(queue)
    assert board.rung(sid) == agent
    change(board, queue, opening_hours="{}")
    assert waits(board, sid) == "wait"
    assert board.rung(sid) == agent


@pytest.mark.parametrize(("key", "stage"), [("1", "callback"), ("2", "voicemail")])
def test_a_key_counts_while_an_agent_is_being_rung(
    board: Switchboard, key: str, stage: str
) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    sid = board.caller(queue)
    assert board.rung(sid) == agent
    answer = board.rpc("receive_queue_key", {"call_sid": sid, "digits": key})
    assert answer["plan"]["kind"] == "leave"
    assert board.rung(sid) is None
    assert board.offer(sid)["outcome"] == "caller_left"
    assert board.call(sid)["call_status"] == "queued"
    assert leaves(board, sid)["kind"] == stage


def callback(board: Switchboard, queue: str) -> str:
    """A caller who asks to be rung; the call SID of their callback."""
    asks = board.caller(queue)
    board.rpc("receive_queue_key", {"call_sid": asks, "digits": "1"})
    leaves(board, asks)
    board.rpc("receive_callback_choice", {"call_sid": asks, "digits": "1"})
    board.status(asks, "completed", 9)
    wish = board.row(
        "select call_id from public.call_records where custom_data ->> 'callback_of' = %s", asks
    )
    return str(wish["call_id"])


def not_before(board: Switchboard, sid: str, seconds: int) -> None:
    board.rows(
        "update private.queue_entries set not_before = private.clock() + make_interval(secs => %s)"
        " where call_record_id = %s and left_at is null",
        seconds,
        board.call(sid)["id"],
    )


def test_callbacks_fill_no_queue_and_count_in_no_place_between_attempts(
    board: Switchboard,
) -> None:
    queue = board.queue(board.agent("break"), max_waiting=1)
    wish = callback(board, queue)
    sid = board.caller(queue)
    assert stays(board, sid) == [(queue, None)]

    def place() -> str:
        return str(board.rpc("receive_queue_wait", {"call_sid": sid})["plan"]["say"][0])

    not_before(board, wish, 0)
    board.sweep()
    assert "número 2" in place()
    not_before(board, wish, 300)
    assert "número 1" in place()


def test_a_callback_between_attempts_goes_on_to_no_other_queue(board: Switchboard) -> None:
    spare = board.queue(board.agent())
    queue = board.queue(
        board.agent("break"), overflow_queue_id=queue_id(board, spare), overflow_after_seconds=30
    )
    wish = callback(board, queue)
    not_before(board, wish, 60)
    board.pass_time(31)
    board.sweep()
    assert stays(board, wish) == [(queue, None)]
    board.pass_time(30)
    board.sweep()
    assert stays(board, wish) == [(queue, "overflowed"), (spare, None)]


def test_a_queue_of_the_longest_name_has_a_room_that_twilio_takes(board: Switchboard) -> None:
    queue = board.queue(board.agent("break"), name="q" * 100)
    sid = board.caller(queue)
    room = board.rpc("receive_ivr_input", {"call_sid": sid})["plan"]["queue"]
    assert len(room) <= 64
    assert room.startswith(queue_id(board, queue))
