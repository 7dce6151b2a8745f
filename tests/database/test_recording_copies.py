"""Recordings are copied to Storage, let go at Twilio, and deleted in both places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.database.desk import commands, settle
from tests.database.switchboard import Switchboard
from tests.database.test_listening import opens
from tests.database.test_recording_deletions import (
    DAY,
    Supervisor,
    left_in,
    recorded,
    recording,
    refused,
    status,
    voicemail,
    wishes,
)

HOUR = 3600
ONE = recording(1, 20)
NOT_WHOLE = {"code": "not_whole", "reason": "it is not whole in Storage any more"}
SILENT = {"uncertain": True, "reason": "Storage: ReadTimeout"}


@pytest.fixture(autouse=True)
def bucket(board: Switchboard) -> None:
    board.rows("update private.settings set recordings_bucket = 'recordings'")


def copy(board: Switchboard, sid: str = ONE) -> dict[str, Any]:
    return board.row("select * from private.recording_copies where recording_sid = %s", sid)


def live(board: Switchboard, kind: str) -> list[str]:
    """The recordings that commands of a kind are under way for."""
    return [c["target"] for c in commands(board, kind) if c["state"] not in ("done", "failed")]


def fails(board: Switchboard, kind: str, **result: object) -> None:
    """Those of a kind that the process which swept was handed come to nothing."""
    held = [c for c in commands(board, kind) if c["state"] == "claimed"]
    assert held
    outcomes = [{"id": c["id"], "outcome": "failed", "result": result} for c in held]
    board.rows("select public.settle_commands('test', %s)", json.dumps(outcomes))


def copied(board: Switchboard, sid: str = ONE) -> None:
    board.sweep()
    settle(board, "copy_recording", bytes=1000)
    assert copy(board, sid)["state"] == "kept"


def released(board: Switchboard) -> None:
    copied(board)
    board.pass_time(25 * HOUR)
    board.sweep()
    settle(board, "release_recording", live=True)
    assert copy(board)["state"] == "moved"


def test_without_a_bucket_nothing_is_copied(board: Switchboard) -> None:
    board.rows("update private.settings set recordings_bucket = null")
    recorded(board, 20)
    board.sweep()
    assert board.rows("select 1 from private.recording_copies") == []


def test_what_is_recorded_is_copied_and_a_day_later_deleted_at_twilio(board: Switchboard) -> None:
    recorded(board, 20)
    board.sweep()
    (command,) = commands(board, "copy_recording")
    assert command["payload"] == {
        "bucket": "recordings", "path": copy(board)["path"], "bytes": None, "words": False,
    }  # fmt: skip
    assert copy(board)["path"].endswith(f"/{ONE}.mp3")
    settle(board, "copy_recording", bytes=1000)
    assert (copy(board)["state"], copy(board)["bytes"]) == ("kept", 1000)
    board.pass_time(23 * HOUR)
    board.sweep()
    assert commands(board, "release_recording") == []
    board.pass_time(2 * HOUR)
    board.sweep()
    (command,) = commands(board, "release_recording")
    assert command["payload"]["bytes"] == 1000
    settle(board, "release_recording", live=True)
    row = copy(board)
    assert (row["state"], row["due_at"]) == ("moved", None)
    board.pass_time(30 * DAY)
    board.sweep()
    assert live(board, "release_recording") == live(board, "copy_recording") == []


def test_a_recording_that_is_not_over_is_not_copied(board: Switchboard) -> None:
    sid = recorded(board)
    event = {"recording_sid": ONE, "call_record_id": str(board.call(sid)["id"])}
    board.rpc("record_recording_event", {**event, "status": "in_progress"})
    assert board.rows("select 1 from private.recording_copies") == []
    board.rpc("record_recording_event", {**event, "status": "completed", "duration": 20})
    assert copy(board)["state"] == "wanted"


def test_a_message_is_let_go_with_its_words_once_they_are_here(board: Switchboard) -> None:
    left_in(board, "en")
    message = recording(1, 9)
    row = voicemail(board, message)
    call = str(row["call_record_id"])
    event = {"recording_sid": message, "status": "completed", "duration": 9, "call_record_id": call}
    board.rpc("record_recording_event", {**event, "source": "RecordVerb"})
    copied(board, message)
    board.rows("update private.transcriptions set due_at = private.clock() + interval '9 days'")
    board.pass_time(25 * HOUR)
    board.sweep()
    assert commands(board, "release_recording") == []
    words = {"recording_sid": message, "job_id": "1", "status": "completed", "text": "Hola"}
    board.rpc("record_transcription", words)
    board.pass_time(7 * HOUR)
    board.sweep()
    (command,) = commands(board, "release_recording")
    assert command["payload"]["words"]


def test_a_legal_hold_keeps_it_at_twilio_too(board: Switchboard) -> None:
    boss, _ = Supervisor(board), recorded(board, 20)
    copied(board)
    boss.asks("hold_recording", recording=ONE, on=True, reason="court")
    for _ in range(3):
        board.pass_time(25 * HOUR)
        board.sweep()
    assert commands(board, "release_recording") == []
    boss.asks("hold_recording", recording=ONE, on=False)
    board.pass_time(7 * HOUR)
    board.sweep()
    assert live(board, "release_recording") == [ONE]


def test_a_few_are_copied_at_a_time_and_one_that_fails_holds_up_no_other(
    board: Switchboard,
) -> None:
    recorded(board, *range(20, 25))
    for _ in range(3):
        board.sweep()
    assert len(live(board, "copy_recording")) == 3
    first = set(live(board, "copy_recording"))
    fails(board, "copy_recording", **SILENT)
    board.sweep()
    assert not first & set(live(board, "copy_recording"))
    assert len(live(board, "copy_recording")) == 2


def test_a_long_copy_is_no_command_that_is_stuck(board: Switchboard) -> None:
    recorded(board, 20)
    board.sweep()
    board.pass_time(200)
    told = board.row("select private.command_statistics() as now")["now"]
    assert (told["claimed"], told["oldest_seconds"]) == (1, 0)


def test_while_storage_is_away_it_is_tried_as_often_as_it_takes(board: Switchboard) -> None:
    recorded(board, 20)
    for _ in range(8):
        board.sweep()
        fails(board, "copy_recording", **SILENT)
        board.pass_time(301)
    row = copy(board)
    assert (row["state"], row["refusals"], row["refusal"]) == ("wanted", 0, SILENT["reason"])
    copied(board)
    assert copy(board)["refusal"] is None


def test_refused_to_the_last_it_stays_at_twilio_and_nothing_of_it_in_storage(
    board: Switchboard,
) -> None:
    recorded(board, 20)
    for hours in (1, 2, 4, 8, None):
        board.sweep()
        fails(board, "copy_recording", code="bucket_public", reason="bucket recordings is public")
        if hours:
            board.pass_time(hours * HOUR - 60)
            board.sweep()
            assert live(board, "copy_recording") == []
            board.pass_time(120)
    assert (copy(board)["state"], copy(board)["refusal"]) == (
        "given_up", "bucket recordings is public",
    )  # fmt: skip
    board.rows("update private.settings set recordings_bucket = 'another'")
    board.rows("select private.want_copy(%s)", ONE)
    board.sweep()
    assert live(board, "copy_recording") == []
    settle(board, "delete_copy", live=False)
    board.pass_time(7 * HOUR)
    copied(board)
    assert copy(board)["bucket"] == "another"


def test_what_is_given_up_is_not_tried_again(board: Switchboard) -> None:
    recorded(board, 20)
    for hours in (1, 2, 4, 8, 16):
        board.sweep()
        fails(board, "copy_recording", code="bucket_public", reason="bucket recordings is public")
        board.pass_time(hours * HOUR + 1)
    settle(board, "delete_copy", live=False)
    assert (copy(board)["state"], wishes(board)) == ("given_up", set())
    board.pass_time(30 * DAY)
    board.sweep()
    assert live(board, "copy_recording") == []


def test_what_is_not_whole_in_storage_any_more_is_not_deleted_at_twilio_but_copied_again(
    board: Switchboard,
) -> None:
    recorded(board, 20)
    copied(board)
    board.pass_time(25 * HOUR)
    board.sweep()
    fails(board, "release_recording", **NOT_WHOLE)
    assert copy(board)["state"] == "wanted"
    copied(board)


def test_what_twilio_refuses_to_delete_stays_in_both_places(board: Switchboard) -> None:
    recorded(board, 20)
    copied(board)
    board.pass_time(25 * HOUR)
    for hours in (1, 2, 4, 8, 16):
        board.sweep()
        fails(board, "release_recording", code=20009, reason="Twilio 409/20009: no")
        board.pass_time(hours * HOUR + 1)
    board.sweep()
    row = copy(board)
    assert (row["state"], row["refusals"], row["due_at"]) == ("kept", 5, None)
    assert live(board, "release_recording") == []


def test_a_process_that_dies_leaves_a_copy_that_another_begins_anew(board: Switchboard) -> None:
    recorded(board, 20)
    board.sweep()
    board.pass_time(301)
    (taken,) = board.row("select public.claim_commands('other') as c")["c"]
    assert (taken["kind"], taken["uncertain"]) == ("copy_recording", True)
    result = [{"id": taken["id"], "outcome": "failed", "result": SILENT}]
    board.rows("select public.settle_commands('other', %s)", json.dumps(result))
    late = [{"id": taken["id"], "outcome": "done", "result": {"bytes": 7}}]
    board.rows("select public.settle_commands('test', %s)", json.dumps(late))
    assert copy(board)["state"] == "wanted"
    board.pass_time(301)
    copied(board)
    assert copy(board)["bytes"] == 1000


def test_a_copy_whose_command_got_lost_is_begun_again(board: Switchboard) -> None:
    recorded(board, 20)
    board.sweep()
    board.rows("delete from private.telephony_commands")
    board.pass_time(HOUR + 1)
    board.sweep()
    assert live(board, "copy_recording") == [ONE]


@pytest.mark.parametrize("how_far", ["kept", "moved"])
def test_a_deletion_goes_through_storage_first(board: Switchboard, how_far: str) -> None:
    sid = recorded(board, 20)
    (copied if how_far == "kept" else released)(board)
    answer = Supervisor(board).asks("delete_recording", recording=ONE)
    assert [c["kind"] for c in answer["commands"]] == ["delete_copy"]
    assert (wishes(board), status(board, sid)) == (set(), ("deleting", False))
    settle(board, "delete_copy", live=True)
    assert (copy(board)["state"], copy(board)["due_at"]) == ("gone", None)
    assert (wishes(board), status(board, sid)) == ({ONE}, ("deleting", False))
    settle(board, "delete_recording", live=how_far == "kept")
    assert status(board, sid) == ("deleted", False)
    board.pass_time(2 * DAY)
    board.sweep()
    assert live(board, "delete_copy") == live(board, "release_recording") == []


def test_retention_deletes_in_both_places(board: Switchboard) -> None:
    queue = board.queue(keep_recordings_days=10)
    sid = recorded(board, 20, queue=queue)
    released(board)
    board.pass_time(10 * DAY)
    board.sweep()
    settle(board, "delete_copy", live=True)
    settle(board, "delete_recording", live=False)
    assert (copy(board)["state"], status(board, sid)) == ("gone", ("deleted", False))
    (deletion,) = board.rows("select state, why from public.recording_deletions")
    assert (deletion["state"], deletion["why"]) == ("deleted", "retention")


def test_storage_that_refuses_is_asked_again_and_twilio_is_not_asked_before(
    board: Switchboard,
) -> None:
    sid = recorded(board, 20)
    copied(board)
    Supervisor(board).asks("delete_recording", recording=ONE)
    for hours in (1, 2, 4, 8):
        refused(board, kind="delete_copy")
        assert (wishes(board), status(board, sid)) == (set(), ("deleting", False))
        board.pass_time(hours * HOUR + 1)
        board.sweep()
    refused(board, kind="delete_copy")
    assert (status(board, sid), copy(board)["state"]) == (("delete_failed", False), "kept")


def test_a_deletion_waits_for_a_copy_that_is_being_made_and_takes_it_along(
    board: Switchboard,
) -> None:
    sid = recorded(board, 20)
    board.sweep()
    Supervisor(board).asks("delete_recording", recording=ONE)
    board.sweep()
    assert (live(board, "delete_copy"), wishes(board)) == ([], set())
    settle(board, "copy_recording", bytes=1000)
    assert live(board, "delete_copy") == [ONE]
    settle(board, "delete_copy", live=True)
    settle(board, "delete_recording", live=True)
    assert (copy(board)["state"], status(board, sid)) == ("gone", ("deleted", False))


def test_of_a_copy_of_which_nobody_knows_whether_it_was_made_nothing_is_left(
    board: Switchboard,
) -> None:
    recorded(board, 20)
    board.sweep()
    Supervisor(board).asks("delete_recording", recording=ONE)
    fails(board, "copy_recording", **SILENT)
    settle(board, "delete_copy", live=False)
    assert (copy(board)["state"], wishes(board)) == ("gone", {ONE})
    board.pass_time(16 * 60)
    board.sweep()
    assert live(board, "delete_copy") == [ONE]
    settle(board, "delete_copy", live=True)
    assert copy(board)["due_at"] is None
    board.pass_time(2 * DAY)
    board.sweep()
    assert live(board, "delete_copy") == live(board, "copy_recording") == []


def test_a_copy_that_nobody_has_begun_is_not_made_of_what_is_deleted(board: Switchboard) -> None:
    recorded(board, 20, 50)
    Supervisor(board).asks("delete_recording", recording=recording(1, 50))
    board.sweep()
    assert live(board, "copy_recording") == []
    settle(board, "delete_copy", live=False)
    settle(board, "delete_recording", live=True)
    kept = board.rows("select state from public.recording_deletions")
    assert [row["state"] for row in kept] == ["deleted", "deleted"]


def test_a_release_that_is_under_way_when_it_is_deleted_changes_nothing(
    board: Switchboard,
) -> None:
    sid = recorded(board, 20)
    copied(board)
    board.pass_time(25 * HOUR)
    board.sweep()
    Supervisor(board).asks("delete_recording", recording=ONE)
    settle(board, "delete_copy", live=True)
    fails(board, "release_recording", **NOT_WHOLE)
    settle(board, "delete_recording", live=True)
    assert (copy(board)["state"], status(board, sid)) == ("gone", ("deleted", False))
    board.pass_time(2 * DAY)
    board.sweep()
    assert live(board, "copy_recording") == []


def test_with_the_row_that_is_deleted_goes_its_copy(board: Switchboard) -> None:
    recorded(board, 20)
    copied(board)
    board.rows("delete from private.call_legs")
    board.rows("delete from public.call_records")
    board.sweep()
    assert (live(board, "delete_copy"), wishes(board)) == ([ONE], set())
    settle(board, "delete_copy", live=True)
    assert wishes(board) == {ONE}


def test_what_is_told_late_of_a_deleted_recording_has_it_copied_by_nobody(
    board: Switchboard,
) -> None:
    sid = recorded(board, 20)
    board.rows("delete from private.recording_copies")
    Supervisor(board).asks("delete_recording", recording=ONE)
    event = {"recording_sid": ONE, "status": "completed", "duration": 20}
    call = str(board.call(sid)["id"])
    board.rpc("record_recording_event", {**event, "call_record_id": call, "params": {"n": 2}})
    assert board.rows("select 1 from private.recording_copies") == []


def opened(board: Switchboard, user: str, form: str) -> dict[str, Any]:
    board.db.execute("set local role service_role")
    query = "select public.open_recording(%s, %s, %s, true) as opened"
    answer = board.row(query, user, ONE, form)["opened"]
    board.db.execute("reset role")
    return dict(answer)


def test_it_is_heard_from_storage_once_it_is_there_and_as_wav_while_twilio_has_it(
    board: Switchboard,
) -> None:
    boss, _ = Supervisor(board), recorded(board, 20)
    assert opened(board, boss.user, "mp3")["copy"] is None
    copied(board)
    assert opened(board, boss.user, "mp3")["copy"] == {
        "bucket": "recordings", "path": copy(board)["path"], "bytes": 1000,
    }  # fmt: skip
    assert opened(board, boss.user, "wav")["copy"] is None
    board.pass_time(25 * HOUR)
    board.sweep()
    settle(board, "release_recording", live=True)
    listens = "select count(*) as n from private.recording_listens"
    before = board.row(listens)["n"]
    assert opens(board, boss.user, ONE, "wav") == "PT404"
    assert board.row(listens)["n"] == before
    assert opened(board, boss.user, "mp3")["copy"]["bytes"] == 1000
