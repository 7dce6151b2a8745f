"""What comes of each rule's messages in any weather, and how long messages are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.database.switchboard import Switchboard
from tests.database.test_control_texts import send, user_of
from tests.database.test_text_messages import (
    EVENTS,
    RULES,
    claimed,
    misses,
    settle,
    status,
    texts,
    told,
    write,
)

DAY = 24 * 3600
OTHER = "+573015550077"


def on_its_way(board: Switchboard, rule: str) -> tuple[str, dict[str, Any]]:
    """An event of a rule, its message in the hands of a process: the call's SID, the command."""
    sid = EVENTS[rule](board)
    board.pass_time(31)
    (command,) = claimed(board)
    return sid, command


def ends(board: Switchboard, rule: str) -> list[str]:
    return [text["state"] for text in texts(board) if text["rule"] == rule]


@pytest.mark.parametrize("rule", RULES)
def test_what_twilio_refuses_is_not_tried_again_and_says_why(board: Switchboard, rule: str) -> None:
    sid, command = on_its_way(board, rule)
    settle(board, command, "failed", code="21211", reason="HTTP 400 …")
    board.status(sid, "completed", 9)
    board.pass_time(3700)
    board.sweep()
    board.commit()
    (text,) = [text for text in texts(board) if text["rule"] == rule]
    assert (text["state"], text["error"]) == ("failed", "No number that Twilio knows")
    assert claimed(board) == []


@pytest.mark.parametrize("rule", RULES)
def test_what_twilio_has_no_time_for_and_tells_of_late_and_twice_is_sent_once_and_told_as_it_was(
    board: Switchboard, rule: str
) -> None:
    sid, command = on_its_way(board, rule)
    settle(board, command, "retry", reason="Twilio 429")
    assert ends(board, rule) == ["wanted"]
    board.pass_time(1)
    (again,) = claimed(board)
    assert again["id"] == command["id"]
    for said in ("queued", "undelivered", "sent", "undelivered", "delivered"):
        status(board, again["payload"]["message"], said, error_code="30003")
    settle(board, again, "done", sid="SM1")
    settle(board, again, "failed", code="21211", reason="late")
    board.status(sid, "completed", 9)
    assert ends(board, rule) == ["undelivered"]
    board.pass_time(3700)
    assert claimed(board) == []


@pytest.mark.parametrize("rule", RULES)
def test_who_opted_out_is_told_nothing_by_any_rule(board: Switchboard, rule: str) -> None:
    write(board, "BAJA")
    EVENTS[rule](board)
    board.pass_time(31)
    assert claimed(board) == []
    assert ends(board, rule) == ["refused"]


def is_put_off(board: Switchboard) -> None:
    """Twilio has no time for what is on its way, and then nobody is there to try again."""
    (command,) = claimed(board)
    settle(board, command, "retry", reason="Twilio 429")
    board.pass_time(3601)


def test_a_message_that_nobody_sent_for_an_hour_is_not_sent_and_says_so(
    board: Switchboard,
) -> None:
    misses(board)
    board.pass_time(31)
    is_put_off(board)
    assert claimed(board) == []
    board.sweep()
    (text,) = texts(board)
    assert (text["state"], text["error_code"]) == ("failed", "too_late")
    assert text["error"] == "Not sent in time"
    assert text["ended_at"] is not None
    status(board, text["id"], "delivered")
    assert told(board) == [("missed_call", "failed")]


def test_a_message_without_a_call_ends_like_one_with_a_call(board: Switchboard) -> None:
    send(board, user_of(board, board.agent("available")))
    board.pass_time(31)
    is_put_off(board)
    board.sweep()
    (text,) = texts(board)
    assert (text["state"], text["error_code"]) == ("failed", "too_late")


def test_who_rings_again_and_again_is_told_three_times_an_hour(board: Switchboard) -> None:
    for _ in range(5):
        misses(board)
    states = [(text["state"], text["error_code"]) for text in texts(board)]
    assert states == [("wanted", None)] * 3 + [("refused", "told_enough")] * 2
    board.pass_time(3700)
    misses(board)
    assert told(board)[-1] == ("missed_call", "wanted")


def test_what_an_agent_writes_is_not_counted_with_what_rules_tell(board: Switchboard) -> None:
    board.rows("update private.settings set rule_texts_per_hour = 1")
    send(board, user_of(board, board.agent("available")))
    misses(board)
    misses(board)
    assert sorted(told(board)) == [
        ("agent", "wanted"),
        ("missed_call", "refused"),
        ("missed_call", "wanted"),
    ]


def test_a_code_that_nobody_knows_is_told_as_twilios(board: Switchboard) -> None:
    _, command = on_its_way(board, "missed_call")
    settle(board, command, "done", sid="SM1")
    status(board, None, "undelivered", error_code="39999")
    assert texts(board)[0]["error"] == "Twilio 39999"


def housekeeping(board: Switchboard) -> dict[str, int]:
    return dict(board.row("select public.housekeep() as n")["n"])


def kept(board: Switchboard, state: str, *, on_hold: bool = False) -> None:
    """A message of a call, in this state, and one from its customer."""
    sid = misses(board)
    write(board, "Gracias", f"SM{sid}")
    board.rows("update public.call_records set legal_hold = %s where call_id = %s", on_hold, sid)
    board.rows(
        "update private.text_messages set state = %s where call_record_id ="
        " (select id from public.call_records where call_id = %s)",
        state,
        sid,
    )


@pytest.fixture
def old(board: Switchboard) -> Switchboard:
    """Messages to and from a customer that are 40 days old."""
    board.rows("delete from private.incoming_texts")
    for state in ("wanted", "sent", "delivered"):
        kept(board, state)
    kept(board, "refused", on_hold=True)
    write(board, "BAJA", "SM1", number=OTHER)
    board.pass_time(40 * DAY)
    return board


def test_messages_are_kept_for_good_unless_somebody_says_otherwise(old: Switchboard) -> None:
    assert housekeeping(old)["texts"] == 0
    assert len(texts(old)) == 4


def test_messages_go_when_their_time_is_over_and_who_opted_out_stays_so(old: Switchboard) -> None:
    old.rows("update private.settings set keep_texts_days = 41")
    assert housekeeping(old)["texts"] == 0
    old.rows("update private.settings set keep_texts_days = 30")
    housekeeping(old)
    assert [text["state"] for text in texts(old)] == ["wanted", "refused"]
    assert old.rows("select 1 from private.incoming_texts") == []
    assert old.row("select private.is_opted_out(%s) as out", OTHER)["out"]


def test_who_listened_is_forgotten_when_the_settings_say_so(board: Switchboard) -> None:
    board.rows(
        "insert into private.recording_listens (recording_sid, user_id, format, duration_seconds,"
        " opened_at, last_at) select 'RE1', gen_random_uuid(), 'mp3', 1, private.clock() - a,"
        " private.clock() - a from unnest(%s::interval[]) a",
        [timedelta(days=10), timedelta(days=100)],
    )
    assert housekeeping(board)["listens"] == 0
    board.rows("update private.settings set keep_listens_days = 30")
    assert housekeeping(board)["listens"] == 1
