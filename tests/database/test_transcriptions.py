"""A voicemail's words: taken once, from whichever attempt brings them, in whatever order."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

_recordings = itertools.count(1)


class Message:
    """A voicemail in Spanish whose recording is ready, and what Twilio says of its words."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.recording = f"RE{next(_recordings):032x}"
        self.caller = f"+57301{next(_recordings):07d}"
        sid = board.caller(board.queue(), self.caller)
        recorded = {"call_sid": sid, "recording_sid": self.recording, "duration": 5}
        board.rpc("receive_voicemail", recorded)
        ready = {"source": "RecordVerb", "status": "completed"}
        self._settle(board.rpc("record_recording_event", recorded | ready), "job 1")

    def attempt_again(self, job: str | None) -> None:
        """Time passes, the sweep asks Twilio once more, and its answer is a job, or nothing yet."""
        self.board.pass_time(1000)
        self._settle(self.board.sweep(), job)

    def _settle(self, answer: dict[str, Any], job: str | None) -> None:
        (command,) = [c for c in answer["commands"] if c["kind"] == "transcribe"]
        assert command["payload"] == {
            "recording_sid": self.recording,
            "caller": self.caller,
            "receiver": "+576015550100",
        }
        if job:
            self.settle(command["id"], "done", {"sid": job})

    def settle(self, command: int, outcome: str, result: dict[str, Any]) -> None:
        self.board.rows(
            "select public.settle_commands('test', jsonb_build_array(jsonb_build_object("
            "'id', %s::bigint, 'outcome', %s::text, 'result', %s::jsonb)))",
            command,
            outcome,
            psycopg.types.json.Jsonb(result),
        )

    def told(self, job: str, status: str, text: str = "") -> None:
        event = {"recording_sid": self.recording, "job_id": job, "status": status, "text": text}
        self.board.rpc("record_transcription", event)

    def state(self) -> tuple[str, str | None]:
        row = self.board.row(
            "select transcription_status, transcription from public.voicemails"
            " where recording_sid = %s",
            self.recording,
        )
        return row["transcription_status"], row["transcription"]

    @property
    def attempts(self) -> int:
        return int(self.board.row("select max(attempts) as n from private.transcriptions")["n"])


@pytest.fixture
def message(sql: psycopg.Connection[Any]) -> Message:
    return Message(Switchboard(sql))


def test_words_are_taken_once_and_ends_are_final(message: Message) -> None:
    assert message.state() == ("pending", None)
    message.told("job 1", "completed", "Hola.")
    message.told("job 1", "completed", "Otra cosa.")
    message.told("job 1", "failed")
    assert message.state() == ("completed", "Hola.")


def test_a_failure_counts_once_however_often_it_is_told(message: Message) -> None:
    message.told("job 1", "failed")
    message.told("job 1", "failed")
    message.attempt_again("job 2")
    message.told("job 1", "failed")
    assert (message.state(), message.attempts) == (("pending", None), 2)


def test_the_failure_of_an_attempt_that_was_given_up_is_not_the_next_ones(
    message: Message,
) -> None:
    message.attempt_again("job 2")
    due = "select due_at from private.transcriptions"
    before = message.board.row(due)
    message.told("job 1", "failed")
    assert message.board.row(due) == before


def test_a_callback_may_be_faster_than_the_answer_it_belongs_to(message: Message) -> None:
    message.attempt_again(None)
    message.told("job 2", "failed")
    message.attempt_again("job 3")
    message.told("job 3", "completed", "Hola.")
    assert message.state() == ("completed", "Hola.")


def test_the_words_of_an_attempt_that_was_given_up_are_still_welcome(message: Message) -> None:
    message.attempt_again("job 2")
    message.told("job 1", "completed", "Hola.")
    assert message.state() == ("completed", "Hola.")


def test_after_the_last_retry_it_stays_failed(message: Message) -> None:
    for retry in range(2, 5):
        message.told(f"job {retry - 1}", "failed")
        message.attempt_again(f"job {retry}")
    message.told("job 4", "failed")
    assert message.state() == ("failed", None)
    message.told("job 4", "completed", "Hola.")
    message.board.pass_time(100_000)
    message.board.sweep()
    assert (message.state(), message.attempts) == (("failed", None), 4)


def test_silence_after_the_last_retry_is_a_failure_too(message: Message) -> None:
    for retry in range(2, 5):
        message.attempt_again(f"job {retry}")
    message.board.pass_time(1000)
    message.board.sweep()
    assert message.state() == ("failed", None)


def test_what_twilio_refuses_is_tried_again_as_well(message: Message) -> None:
    message.board.pass_time(1000)
    (command,) = message.board.sweep()["commands"]
    message.settle(command["id"], "failed", {"code": 20404})
    message.attempt_again("job 3")
    assert message.attempts == 3


def test_what_a_supervisor_wrote_is_kept(message: Message) -> None:
    message.board.rows("update public.voicemails set transcription = 'Pide una cita.'")
    message.told("job 1", "completed", "Pide una zita.")
    assert message.state() == ("completed", "Pide una cita.")


@pytest.mark.parametrize(
    "numbers", [["+57300123456x"], ["+573001234567", None], ["+573001234567,"], [""]]
)
def test_only_numbers_are_told_of_voicemails(
    sql: psycopg.Connection[Any], numbers: list[str | None]
) -> None:
    with pytest.raises(psycopg.DatabaseError, match="voicemail_notify"):
        sql.execute("update public.call_queues set voicemail_notify = %s", [numbers])
