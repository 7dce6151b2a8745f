"""Recordings are deleted at Twilio, on a supervisor's word or when their time is over."""

from __future__ import annotations

import json
from typing import Any

from tests.database.desk import Desk, commands, settle
from tests.database.switchboard import Switchboard

DAY = 24 * 3600


class Supervisor(Desk):
    """An agent who is a supervisor."""

    def __init__(self, board: Switchboard) -> None:
        super().__init__(board, status="offline")
        board.rows("insert into public.profiles (id, role) values (%s, 'supervisor')", self.user)


def recorded(board: Switchboard, *lengths: int, queue: str | None = None, n: int = 1) -> str:
    """A call that is over, with recordings of these lengths; its SID."""
    sid = board.in_menu({"menus": [{"id": "main", "options": []}]}, f"+57300111{n:04d}")
    board.status(sid, "completed", 9)
    call = board.call(sid)
    board.rows(
        "update public.call_records set queue_id = (select id from public.call_queues"
        " where name = %s) where id = %s",
        queue,
        call["id"],
    )
    for length in lengths:
        event = {"recording_sid": recording(n, length), "status": "completed", "duration": length}
        board.rpc("record_recording_event", {**event, "call_record_id": str(call["id"])})
    return sid


def recording(n: int, length: int) -> str:
    return f"RE{n:016x}{length:016x}"


def message(board: Switchboard, queue: str, n: int = 1) -> str:
    """A message with words; its recording's SID."""
    sid = f"RE{'e' * 24}{n:08x}"
    board.rows(
        "insert into public.voicemails (queue_id, caller_number, recording_sid, recording_url,"
        " transcription, created_at) select id, '+573001112233', %s, private.recording_link(%s),"
        " 'Hola', private.clock() from public.call_queues where name = %s",
        sid,
        sid,
        queue,
    )
    return sid


def voicemail(board: Switchboard, sid: str) -> dict[str, Any]:
    return board.row("select * from public.voicemails where recording_sid = %s", sid)


def wishes(board: Switchboard) -> set[str]:
    """The recordings whose deletion Twilio is being asked for."""
    live = ("pending", "claimed")
    return {c["target"] for c in commands(board, "delete_recording") if c["state"] in live}


def refused(board: Switchboard, code: int = 20009, kind: str = "delete_recording") -> None:
    """Twilio refuses each deletion that it is asked for."""
    for command in commands(board, kind):
        if command["state"] in ("done", "failed"):
            continue
        board.rows(
            "update private.telephony_commands set state = 'claimed', claimed_by = 'test',"
            " lease_until = private.clock() + interval '1 minute' where id = %s",
            command["id"],
        )
        result = {"code": code, "reason": "Twilio 409/20009: no"}
        outcome = [{"id": command["id"], "outcome": "failed", "result": result}]
        board.rows("select public.settle_commands('test', %s)", json.dumps(outcome))


def status(board: Switchboard, sid: str) -> tuple[str, bool]:
    """What the call's row says of its recording, and whether it can be heard."""
    call = board.call(sid)
    return call["recording_status"], call["recording_url"] is not None


def test_a_supervisor_deletes_all_that_was_recorded_of_a_call(board: Switchboard) -> None:
    boss, sid = Supervisor(board), recorded(board, 20, 50)
    answer = boss.asks("delete_recording", recording=recording(1, 50))
    assert answer["recording"]["status"] == "deleting"
    assert [c["kind"] for c in answer["commands"]] == ["delete_recording"]
    assert status(board, sid) == ("deleting", False)
    board.sweep()
    assert wishes(board) == {recording(1, 20), recording(1, 50)}
    assert boss.is_refused("share_recording", recording=recording(1, 20))["code"] == (
        "recording_deleted"
    )
    settle(board, "delete_recording", live=True)
    assert status(board, sid) == ("deleted", False)
    kept = board.rows("select * from public.recording_deletions")
    assert {(row["state"], row["why"], str(row["asked_by"])) for row in kept} == {
        ("deleted", "person", boss.user)
    }
    actions = board.rows("select action, user_id from private.call_actions")
    assert [(row["action"], str(row["user_id"])) for row in actions] == [
        ("delete_recording", boss.user)
    ]
    board.sweep()
    boss.asks("delete_recording", recording=recording(1, 50))
    assert wishes(board) == set()


def test_a_message_goes_with_its_words(board: Switchboard) -> None:
    sid = message(board, board.queue())
    Supervisor(board).asks("delete_recording", recording=sid)
    settle(board, "delete_recording", live=True)
    row = voicemail(board, sid)
    assert (row["recording_status"], row["recording_url"]) == ("deleted", None)
    assert row["transcription"] is None


def test_words_that_come_when_the_message_is_gone_are_not_kept(board: Switchboard) -> None:
    sid = message(board, board.queue())
    Supervisor(board).asks("delete_recording", recording=sid)
    event = {"recording_sid": sid, "job_id": "1", "status": "completed", "text": "Hola"}
    board.rpc("record_transcription", event)
    assert voicemail(board, sid)["transcription"] is None


def test_an_agent_deletes_and_holds_nothing(board: Switchboard) -> None:
    agent, sid = Desk(board), recorded(board, 20)
    board.rows("update public.call_records set agent_id = %s where call_id = %s", agent.id, sid)
    for function in ("delete_recording", "hold_recording"):
        refusal = agent.is_refused(function, recording=recording(1, 20), on=True)
        assert (refusal["status"], refusal["code"]) == ("PT403", "not_a_supervisor")


def test_what_is_told_late_brings_nothing_back(board: Switchboard) -> None:
    sid = recorded(board, 20)
    Supervisor(board).asks("delete_recording", recording=recording(1, 20))
    event = {"recording_sid": recording(1, 20), "status": "completed", "duration": 20}
    call = str(board.call(sid)["id"])
    board.rpc("record_recording_event", {**event, "call_record_id": call, "params": {"n": 2}})
    assert status(board, sid) == ("deleting", False)
    settle(board, "delete_recording", live=False)
    assert status(board, sid) == ("deleted", False)


def test_while_a_call_goes_on_nothing_of_it_is_deleted(board: Switchboard) -> None:
    boss, sid = Supervisor(board), recorded(board, 20)
    board.rows("update public.call_records set ended_at = null where call_id = %s", sid)
    refusal = boss.is_refused("delete_recording", recording=recording(1, 20))
    assert (refusal["status"], refusal["code"]) == ("PT409", "call_live")


def test_twilio_is_asked_again_and_in_the_end_the_row_says_that_it_refused(
    board: Switchboard,
) -> None:
    boss, sid = Supervisor(board), recorded(board, 20)
    boss.asks("delete_recording", recording=recording(1, 20))
    for hours in (1, 2, 4, 8):
        refused(board)
        assert status(board, sid) == ("deleting", False)
        board.pass_time(hours * 3600 - 60)
        board.sweep()
        assert wishes(board) == set()
        board.pass_time(120)
        board.sweep()
        assert wishes(board) == {recording(1, 20)}
    refused(board)
    assert status(board, sid) == ("delete_failed", False)
    row = board.row("select * from public.recording_deletions")
    assert (row["state"], row["refusals"], row["refusal"]) == (
        "refused", 5, "Twilio 409/20009: no",
    )  # fmt: skip
    board.pass_time(30 * DAY)
    board.sweep()
    assert wishes(board) == set()
    boss.asks("delete_recording", recording=recording(1, 20))
    settle(board, "delete_recording", live=True)
    assert status(board, sid) == ("deleted", False)


def test_a_deletion_whose_command_got_lost_is_asked_for_again(board: Switchboard) -> None:
    recorded(board, 20)
    Supervisor(board).asks("delete_recording", recording=recording(1, 20))
    board.rows("delete from private.telephony_commands")
    board.pass_time(3700)
    board.sweep()
    assert wishes(board) == {recording(1, 20)}


def test_a_queue_keeps_its_recordings_for_as_long_as_it_says(board: Switchboard) -> None:
    short = board.queue(keep_recordings_days=10)
    ever = board.queue(keep_recordings_days=0)
    usual = board.queue()
    board.rows("update private.settings set keep_recordings_days = 20")
    calls = {
        queue: recorded(board, 10 + n, queue=queue, n=n)
        for n, queue in enumerate((short, ever, usual, None))
    }
    texts = {queue: message(board, queue, n) for n, queue in enumerate((short, ever, usual))}

    def going() -> set[str | None]:
        gone = {queue for queue, sid in calls.items() if status(board, sid)[0] != "completed"}
        rows = {q for q, sid in texts.items() if voicemail(board, sid)["recording_url"] is None}
        assert rows == gone - {None}
        return gone

    board.pass_time(9 * DAY)
    board.sweep()
    assert going() == set()
    board.pass_time(2 * DAY)
    board.sweep()
    assert going() == {short}
    board.pass_time(10 * DAY)
    board.sweep()
    assert going() == {short, usual, None}
    assert {row["why"] for row in board.rows("select why from public.recording_deletions")} == {
        "retention"
    }


def test_a_row_whose_recording_is_gone_already_says_so_and_holds_up_no_other(
    board: Switchboard,
) -> None:
    queue = board.queue(keep_recordings_days=1)
    sids = [message(board, queue, n) for n in range(12)]
    board.rows(
        "insert into private.recording_deletions (recording_sid, state, why, asked_at, ended_at)"
        " select s, 'deleted', 'person', now(), now() from unnest(%s::text[]) s",
        sids[:10],
    )
    board.pass_time(2 * DAY)
    board.sweep()
    board.sweep()
    states = [voicemail(board, sid)["recording_status"] for sid in sids]
    assert states == ["deleted"] * 10 + ["deleting"] * 2


def as_browser(board: Switchboard, who: Desk, query: str) -> None:
    board.rows("select set_config('request.jwt.claims', %s, true)", f'{{"sub": "{who.user}"}}')
    board.rows("select set_config('request.jwt.claim.sub', %s, true)", who.user)
    board.db.execute("set local role authenticated")
    board.rows(query)
    board.db.execute("reset role")


def test_with_the_row_that_a_supervisor_deletes_go_its_recordings(board: Switchboard) -> None:
    boss = Supervisor(board)
    recorded(board, 20, 50)
    text = message(board, board.queue())
    as_browser(board, boss, "delete from public.call_records")
    as_browser(board, boss, f"delete from public.voicemails where recording_sid = '{text}'")
    board.sweep()
    assert wishes(board) == {recording(1, 20), recording(1, 50), text}
    settle(board, "delete_recording", live=True)
    kept = board.rows("select state, why from public.recording_deletions")
    assert {(row["state"], row["why"]) for row in kept} == {("deleted", "row_deleted")}


def test_a_few_are_asked_for_at_a_time(board: Switchboard) -> None:
    queue = board.queue(keep_recordings_days=1)
    for n in range(30):
        message(board, queue, n)
    board.pass_time(2 * DAY)
    for _ in range(5):
        board.sweep()
    assert len(wishes(board)) == 20
    settle(board, "delete_recording", live=True)
    board.sweep()
    assert len(wishes(board)) == 10
    settle(board, "delete_recording", live=True)
    query = "select recording_status, count(*) as n from public.voicemails group by 1"
    assert {r["recording_status"]: r["n"] for r in board.rows(query)}["deleted"] == 30


def left_in(board: Switchboard, language: str) -> str:
    """A message in a call in this language, whose words are waited for; its recording's SID."""
    sid = board.caller(board.queue(), "+573001112233")
    call = board.call(sid)["id"]
    query = "update private.call_sessions set language = %s where call_record_id = %s"
    board.rows(query, language, call)
    left = {"call_sid": sid, "recording_sid": recording(1, 9)}
    board.rpc("receive_voicemail", {**left, "duration": 9})
    return recording(1, 9)


def test_the_words_that_twilio_made_while_it_recorded_are_deleted_before_the_recording(
    board: Switchboard,
) -> None:
    sid = left_in(board, "en")
    answer = Supervisor(board).asks("delete_recording", recording=sid)
    assert [c["kind"] for c in answer["commands"]] == ["delete_words"]
    assert wishes(board) == set()
    settle(board, "delete_words", live=True)
    assert wishes(board) == {sid}
    settle(board, "delete_recording", live=True)
    assert voicemail(board, sid)["recording_status"] == "deleted"


def test_words_that_twilio_does_not_delete_are_asked_for_again(board: Switchboard) -> None:
    sid = left_in(board, "en")
    Supervisor(board).asks("delete_recording", recording=sid)
    refused(board, kind="delete_words")
    assert (wishes(board), voicemail(board, sid)["recording_status"]) == (set(), "deleting")
    board.pass_time(3700)
    board.sweep()
    settle(board, "delete_words", live=False)
    assert wishes(board) == {sid}


def test_of_what_is_deleted_no_words_are_waited_for(board: Switchboard) -> None:
    sid = left_in(board, "es")
    assert voicemail(board, sid)["transcription_status"] == "pending"
    answer = Supervisor(board).asks("delete_recording", recording=sid)
    assert [c["kind"] for c in answer["commands"]] == ["delete_recording"]
    assert voicemail(board, sid)["transcription_status"] == "failed"
    board.pass_time(3700)
    board.sweep()
    assert commands(board, "transcribe") == []
