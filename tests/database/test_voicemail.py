"""A message is as long as its recording: <Record> is believed until Twilio knows better.

<Record> tells the length with the silence that the caller left, so of who says nothing it tells
five seconds; what the recording's own callback brings has no silence at its end.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.switchboard import Switchboard

STAFF = "+573001230000"
CALL = "select call_status, disposition from public.call_records where call_id = %s"
KEPT = {"call_status": "completed", "disposition": "voicemail"}
NOTHING = {"call_status": "missed", "disposition": "abandoned"}


class Message:
    """Somebody whom nobody can answer, at the tone, and what Twilio tells of their message."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        queue = board.queue(voicemail_notify=[STAFF], description="Ventas")
        self.sid = board.caller(queue, "+573015550001")
        self.recording = {"call_sid": self.sid, "recording_sid": f"RE{self.sid[2:]}"}

    def action(self, seconds: int) -> dict[str, Any]:
        """<Record>'s own word."""
        return self.board.rpc("receive_voicemail", {**self.recording, "duration": seconds})

    def told(self, seconds: int, status: str = "completed") -> dict[str, Any]:
        """The recording's own callback."""
        told = {"source": "RecordVerb", "status": status, "duration": seconds}
        return self.board.rpc("record_recording_event", {**self.recording, **told})

    def ends(self) -> None:
        self.board.status(self.sid, "completed", 9)

    def call(self) -> dict[str, Any]:
        return self.board.row(CALL, self.sid)

    def lengths(self) -> list[int]:
        query = "select duration_seconds as n from public.voicemails where recording_sid = %s"
        return [row["n"] for row in self.board.rows(query, self.recording["recording_sid"])]

    def texts(self) -> list[dict[str, Any]]:
        """Texts that somebody will be sent, or was."""
        query = (
            "select c.state, c.payload ->> 'text' as text from private.telephony_commands c"
            " join public.call_records r on r.id = c.call_record_id"
            " where r.call_id = %s and c.kind = 'send_sms' and c.state <> 'failed'"
        )
        return self.board.rows(query, self.sid)


@pytest.fixture
def message(board: Switchboard) -> Message:
    return Message(board)


def handed_over(answer: dict[str, Any]) -> list[str]:
    return [c["payload"]["text"] for c in answer["commands"] if c["kind"] == "send_sms"]


def text(seconds: int) -> str:
    return f"Mensaje de voz de +573015550001 para Ventas: {seconds} segundos."


def test_a_message_has_the_length_of_its_recording_and_so_has_its_text(message: Message) -> None:
    assert handed_over(message.action(12)) == []
    message.ends()
    assert message.lengths() == [12]
    assert handed_over(message.told(7)) == [text(7)]
    assert (message.lengths(), message.call()) == ([7], KEPT)


@pytest.mark.parametrize("ends_first", [True, False])
@pytest.mark.parametrize(("seconds", "status"), [(1, "completed"), (0, "absent")])
def test_silence_that_was_kept_is_taken_back_and_nobody_is_told(
    message: Message, seconds: int, status: str, ends_first: bool
) -> None:
    message.action(5)
    if ends_first:
        message.ends()
        assert message.call() == KEPT
    assert handed_over(message.told(seconds, status)) == []
    if not ends_first:
        message.ends()
    assert (message.lengths(), message.call(), message.texts()) == ([], NOTHING, [])
    message.action(5)
    message.told(seconds, status)
    assert (message.lengths(), message.call(), message.texts()) == ([], NOTHING, [])


@pytest.mark.parametrize(("seconds", "lengths"), [(7, [7]), (1, [])])
def test_an_action_that_comes_last_neither_keeps_nor_lengthens(
    message: Message, seconds: int, lengths: list[int]
) -> None:
    message.ends()
    message.told(seconds)
    plan = message.action(12)["plan"]
    thanks = message.board.row("select private.say('es', 'voicemail_thanks') as w")["w"]
    assert (plan["say"] == [thanks]) == bool(lengths)
    assert message.lengths() == lengths
    assert message.call() == (KEPT if lengths else NOTHING)


def test_who_waits_for_a_length_that_is_never_told_is_told_after_half_a_minute(
    message: Message, board: Switchboard
) -> None:
    claim = "select public.claim_commands('worker') as commands"
    message.action(12)
    board.pass_time(29)
    assert handed_over(board.row(claim)) == []
    board.pass_time(1)
    assert handed_over(board.row(claim)) == [text(12)]
    assert handed_over(message.told(7)) == []


def test_a_length_that_is_never_told_is_asked_for(message: Message, board: Switchboard) -> None:
    message.action(12)
    message.ends()
    board.pass_time(31)
    asked = [call["call_sid"] for call in board.sweep()["unheard_recordings"]]
    assert message.sid in asked


def test_an_outcome_that_was_written_meanwhile_stays(message: Message, board: Switchboard) -> None:
    message.action(5)
    message.ends()
    board.rows(
        "update public.call_records set disposition = 'spam' where call_id = %s", message.sid
    )
    message.told(1)
    assert message.call() == {"call_status": "missed", "disposition": "spam"}


def test_one_silent_recording_of_two_takes_nothing_from_the_other(
    message: Message, board: Switchboard
) -> None:
    message.action(9)
    message.told(9)
    message.recording["recording_sid"] = "RE" + "f" * 32
    message.action(5)
    message.ends()
    message.told(1)
    assert message.call() == KEPT
    assert [t["text"] for t in message.texts()] == [text(9)]


def test_what_is_taken_back_counts_as_missed(message: Message, board: Switchboard) -> None:
    counted = "select sum(completed)::int as completed, sum(missed)::int as missed"
    counted += " from private.stat_deltas"
    before = board.row(counted)
    message.action(5)
    message.ends()
    message.told(1)
    after = board.row(counted)
    assert after["completed"] - (before["completed"] or 0) == 0
    assert after["missed"] - (before["missed"] or 0) == 1


def test_no_worker_is_woken_for_what_is_not_yet_due(message: Message, board: Switchboard) -> None:
    asked = "select coalesce(current_setting('callcenter.workers_woken', true), '') as woken"
    message.action(12)
    board.commit()
    assert board.row(asked)["woken"] == ""
