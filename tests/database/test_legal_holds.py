"""What a court asks to be kept is deleted by nothing and nobody, and who asked is kept."""

from __future__ import annotations

import psycopg
import pytest

from tests.database.switchboard import Switchboard
from tests.database.test_recording_deletions import (
    DAY,
    Supervisor,
    as_browser,
    message,
    recorded,
    recording,
    status,
    voicemail,
    wishes,
)


def test_a_hold_keeps_what_its_time_or_a_supervisor_would_delete(board: Switchboard) -> None:
    queue = board.queue(keep_recordings_days=1)
    boss, sid, text = Supervisor(board), recorded(board, 20, queue=queue), message(board, queue)
    for held in (recording(1, 20), text):
        answer = boss.asks("hold_recording", recording=held, on=True, reason="court")
        assert answer["recording"]["legal_hold"]
    board.pass_time(2 * DAY)
    board.sweep()
    assert status(board, sid) == ("completed", True)
    assert boss.is_refused("delete_recording", recording=text)["code"] == "on_hold"
    for table in ("call_records", "voicemails"):
        with pytest.raises(psycopg.Error, match="legal hold") as refusal, board.db.transaction():
            board.rows(f"delete from public.{table} where legal_hold")
        assert refusal.value.sqlstate == "PT409"
    boss.asks("hold_recording", recording=text, on=False)
    board.sweep()
    assert voicemail(board, text)["recording_status"] == "deleting"
    assert boss.is_refused("hold_recording", recording=text, on=True)["code"] == "recording_deleted"


def test_a_hold_on_a_call_keeps_the_message_that_was_left_in_it(board: Switchboard) -> None:
    queue = board.queue(keep_recordings_days=1)
    boss, sid, text = Supervisor(board), recorded(board, 20, queue=queue), message(board, queue)
    board.rows("update public.voicemails set call_record_id = %s", board.call(sid)["id"])
    boss.asks("hold_recording", recording=recording(1, 20), on=True, reason="court")
    board.pass_time(2 * DAY)
    board.sweep()
    assert voicemail(board, text)["recording_status"] == "completed"
    assert boss.is_refused("delete_recording", recording=text)["code"] == "on_hold"
    with pytest.raises(psycopg.Error, match="legal hold"), board.db.transaction():
        as_browser(board, boss, f"delete from public.voicemails where recording_sid = '{text}'")
    boss.asks("hold_recording", recording=recording(1, 20), on=False)
    board.sweep()
    assert wishes(board) == {recording(1, 20), text}


def test_who_held_and_who_lifted_is_told_when_call_and_message_are_gone(
    board: Switchboard,
) -> None:
    boss, text = Supervisor(board), message(board, board.queue())
    recorded(board, 20)
    for held in (recording(1, 20), text):
        boss.asks("hold_recording", recording=held, on=True, reason="court")
        boss.asks("hold_recording", recording=held, on=True, reason="again")
        boss.asks("hold_recording", recording=held, on=False)
    board.rows("delete from private.call_legs")
    board.rows("delete from public.call_records")
    board.rows("delete from public.voicemails")
    kept = board.rows("select * from private.hold_decisions order by id")
    assert [(row["recording_sid"], row["held"], row["reason"]) for row in kept] == [
        (recording(1, 20), True, "court"),
        (recording(1, 20), False, None),
        (text, True, "court"),
        (text, False, None),
    ]
    assert {str(row["user_id"]) for row in kept} == {boss.user}


def test_a_browser_lifts_no_hold(board: Switchboard) -> None:
    boss, sid = Supervisor(board), recorded(board, 20)
    boss.asks("hold_recording", recording=recording(1, 20), on=True)
    as_browser(board, boss, "update public.call_records set legal_hold = false, notes = 'x'")
    row = board.call(sid)
    assert (row["legal_hold"], row["notes"]) == (True, "x")


def test_a_message_that_a_browser_adds_has_nobodys_recording(board: Switchboard) -> None:
    """Or deleting it would delete another's at Twilio, and what a hold keeps."""
    boss, sid = Supervisor(board), recorded(board, 20)
    queue = board.queue(text_rules=["voicemail_received"])
    as_browser(
        board,
        boss,
        "insert into public.voicemails (queue_id, call_record_id, caller_number, recording_sid,"
        f" recording_url, legal_hold) select q.id, r.id, '+573001112233', '{recording(1, 20)}',"
        " 'https://example.org/x', true from public.call_queues q, public.call_records r"
        f" where q.name = '{queue}' and r.call_id = '{sid}'",
    )
    (added,) = board.rows("select * from public.voicemails")
    assert (added["recording_sid"], added["recording_url"]) == (None, None)
    assert not added["legal_hold"]
    assert board.rows("select 1 from private.text_messages") == []
    as_browser(board, boss, "delete from public.voicemails")
    board.sweep()
    assert wishes(board) == set()


@pytest.mark.parametrize("role", ["service_role", "postgres"])
def test_with_a_row_go_its_recordings_whoever_deletes_it(board: Switchboard, role: str) -> None:
    recorded(board, 20)
    text = message(board, board.queue())
    board.rows("delete from private.call_legs")
    board.db.execute(f"set local role {role}")
    board.rows("delete from public.call_records")
    board.rows("delete from public.voicemails")
    board.db.execute("reset role")
    board.sweep()
    assert wishes(board) == {recording(1, 20), text}


@pytest.mark.parametrize("order", ["told first", "told last"])
def test_a_message_in_which_nothing_is_to_be_heard_is_deleted_at_twilio(
    board: Switchboard, order: str
) -> None:
    sid = board.caller(board.queue(), "+573001112233")
    left = {"call_sid": sid, "recording_sid": recording(1, 1)}
    if order == "told last":
        board.rpc("receive_voicemail", {**left, "duration": 9})
    kept = {**left, "source": "RecordVerb", "status": "completed", "duration": 1}
    board.rpc("record_recording_event", kept)
    board.sweep()
    assert board.rows("select 1 from public.voicemails") == []
    assert wishes(board) == {recording(1, 1)}
