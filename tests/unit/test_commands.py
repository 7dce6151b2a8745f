"""What comes of a command, whatever Twilio does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from callcenter.command_runner import CommandRunner, begin_by
from callcenter.commands import KINDS, LEASE_SECONDS, WhenUnknown, back_off, carry_out
from callcenter.errors import (
    StorageRefusedError,
    StorageUncertainError,
    TwilioBusyError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON, Answer, Command, CommandResult
from callcenter.twilio_service import REQUEST_TIMEOUT_SECONDS

NOW = "2026-11-23T15:00:00+00:00"
RING = Command(1, "ring_agent", "offer", {"offer_id": "offer"}, 1, NOW)
HANG_UP = Command(2, "hang_up", "CA1", {}, 1, NOW)
SEND_SMS = Command(4, "send_sms", "voicemail +57", {"number": "+57"}, 1, NOW)


class Copies:
    """Does with copies what Twilio does with the rest."""

    def __init__(self, do: Callable[[str], bool]) -> None:
        self._do = do

    def copy(self, recording: str, payload: JSON) -> int:
        self._do(f"copy {recording}")
        return 7

    def release(self, recording: str, payload: JSON) -> bool:
        return self._do(f"release {recording}")

    def delete(self, payload: JSON) -> bool:
        return self._do("delete copy")


class Twilio:
    """Answers everything, or fails at everything, and remembers what it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.asked: list[str] = []
        self.found: str | None = None
        self.copies = Copies(self._do)

    def ring_for_offer(self, payload: JSON) -> str:
        self._do("ring")
        return "CA9"

    def ring_customer(self, payload: JSON) -> str:
        self._do("ring customer")
        return "CA8"

    def find_customer_call(self, payload: JSON, since: str) -> str | None:
        return self.found

    def redirect(self, call_sid: str, payload: JSON) -> bool:
        return self._do(f"redirect {call_sid}")

    def hang_up(self, call_sid: str) -> bool:
        return self._do(f"hang up {call_sid}")

    def set_participant(self, call_sid: str, payload: JSON) -> bool:
        return self._do(f"set {call_sid}")

    def announce(self, payload: JSON) -> bool:
        return self._do("announce")

    def set_recording(self, payload: JSON) -> bool:
        return self._do("set recording")

    def send_sms(self, payload: JSON) -> str:
        self._do("send sms")
        return "SM1"

    def delete_recording(self, recording: str) -> bool:
        self._do("delete_recording")
        return True

    def delete_words(self, recording: str) -> bool:
        return self._do("delete_words")

    def transcribe(self, payload: JSON, attempt: str) -> str:
        self._do("transcribe")
        return "voice_transcription_1"

    def _do(self, what: str) -> bool:
        self.asked.append(what)
        if self._error:
            raise self._error
        return True


def test_a_leg_that_was_placed_is_told_with_its_sid() -> None:
    result = carry_out(RING, Twilio())
    assert (result.outcome, result.result) == ("done", {"sid": "CA9"})


@pytest.mark.parametrize("command", [RING, HANG_UP])
def test_a_429_was_not_processed_and_is_tried_again_later(command: Command) -> None:
    result = carry_out(command, Twilio(TwilioBusyError("slow down")))
    assert result.outcome == "retry"
    assert result.retry_seconds > 0


def test_a_refusal_is_final_and_says_why() -> None:
    result = carry_out(RING, Twilio(TwilioRefusedError(400, 21211, "invalid number")))
    assert (result.outcome, result.result["code"]) == ("failed", 21211)


def test_what_storage_refuses_says_why() -> None:
    command = Command(6, "release_recording", "RE1", {}, 1, NOW)
    error = StorageRefusedError(404, "not_whole", "it is not whole")
    result = carry_out(command, Twilio(error))
    assert (result.outcome, result.result) == (
        "failed", {"code": "not_whole", "reason": "it is not whole"},
    )  # fmt: skip


@pytest.mark.parametrize("command", [RING, SEND_SMS], ids=["ringing", "a text message"])
def test_what_may_have_happened_is_never_repeated(command: Command) -> None:
    result = carry_out(command, Twilio(TwilioUncertainError("time-out")))
    assert (result.outcome, result.result["uncertain"]) == ("failed", True)
    again = replace(command, attempts=2, uncertain=True)
    twilio = Twilio()
    assert carry_out(again, twilio).outcome == "failed"
    assert twilio.asked == []


def test_hanging_up_that_may_have_happened_is_repeated() -> None:
    assert carry_out(HANG_UP, Twilio(TwilioUncertainError("time-out"))).outcome == "retry"


RING_CUSTOMER = Command(3, "ring_customer", "call 1", {"number": "+57"}, 1, NOW)


def test_a_customer_who_may_have_been_rung_is_looked_for_first() -> None:
    assert carry_out(RING_CUSTOMER, Twilio(TwilioUncertainError("?"))).outcome == "unknown"
    twilio = Twilio()
    twilio.found = "CA9"
    result = carry_out(replace(RING_CUSTOMER, uncertain=True), twilio)
    assert (result.result, twilio.asked) == ({"sid": "CA9"}, [])


def test_a_customer_whom_nobody_rang_is_rung() -> None:
    twilio = Twilio()
    assert carry_out(replace(RING_CUSTOMER, uncertain=True), twilio).result == {"sid": "CA8"}
    assert twilio.asked == ["ring customer"]


def test_that_a_customer_may_have_been_rung_is_not_forgotten_when_twilio_is_busy() -> None:
    again = replace(RING_CUSTOMER, uncertain=True)
    assert carry_out(again, Twilio(TwilioBusyError("slow down"))).outcome == "unknown"


class SlowTwilio(Twilio):
    """Answers nothing until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def _do(self, what: str) -> bool:
        self.let.wait(10)
        return super()._do(what)


class Results:
    """A database that keeps what came of commands; of the first, others may follow."""

    def __init__(self, *following: Command) -> None:
        self._following = following
        self.outcomes: dict[int, str] = {}

    def settle_commands(self, results: list[CommandResult]) -> Answer:
        self.outcomes.update({result.id: result.outcome for result in results})
        following, self._following = self._following, ()
        return Answer(None, following)


def until(runner: CommandRunner, free: int) -> None:
    deadline = time.monotonic() + 30
    while runner.free_threads() < free and time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("command", "requests"),
    [
        (HANG_UP, 1),
        (replace(HANG_UP, kind="set_participant"), 2),
        (replace(RING_CUSTOMER, uncertain=True), 2),
    ],
    ids=["one request", "a room to look up first", "an earlier attempt to look up first"],
)
def test_what_begins_ends_within_its_lease_however_long_twilio_takes(
    command: Command, requests: int
) -> None:
    latest_end = begin_by(command) - time.monotonic() + requests * REQUEST_TIMEOUT_SECONDS
    assert latest_end < LEASE_SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_time_to_begin(kind: str) -> None:
    looked_up = KINDS[kind].when_unknown is WhenUnknown.LOOK_UP
    command = Command(7, kind, "target", {}, 2, NOW, uncertain=looked_up)
    assert begin_by(command) > time.monotonic()


def test_what_waited_for_a_thread_past_its_lease_is_left_to_another_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twilio, results = SlowTwilio(), Results()
    runner = CommandRunner(results, twilio, threads=1)
    runner.submit([HANG_UP, RING_CUSTOMER])
    assert runner.free_threads() == 0
    late = time.monotonic() + LEASE_SECONDS
    monkeypatch.setattr("callcenter.command_runner.time.monotonic", lambda: late)
    twilio.let.set()
    until(runner, 1)
    runner.close()
    assert (twilio.asked, results.outcomes) == (["hang up CA1"], {HANG_UP.id: "done"})


def test_a_process_that_ends_finishes_what_has_begun_and_hands_back_the_rest() -> None:
    twilio, results = SlowTwilio(), Results(RING)
    runner = CommandRunner(results, twilio, threads=1)
    looked_for = replace(RING_CUSTOMER, id=9, uncertain=True)
    runner.submit([HANG_UP, RING_CUSTOMER, looked_for])
    closing = threading.Thread(target=runner.close)
    closing.start()
    while len(results.outcomes) < 2:
        time.sleep(0.01)
    assert results.outcomes == {RING_CUSTOMER.id: "retry", looked_for.id: "unknown"}
    twilio.let.set()
    closing.join(10)
    assert results.outcomes[HANG_UP.id] == "done"
    runner.submit([SEND_SMS])
    assert results.outcomes[SEND_SMS.id] == "retry"
    assert twilio.asked == ["hang up CA1"]


def test_a_kind_that_only_a_newer_version_knows_is_left_to_it() -> None:
    twilio = Twilio()
    result = carry_out(replace(HANG_UP, kind="teleport"), twilio)
    assert (result.outcome, twilio.asked) == ("retry", [])
    assert "teleport" in result.result["reason"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_says_of_an_unknown_outcome_is_what_comes_of_it(kind: str) -> None:
    payload = {"path": "caller-connect", "recording_sid": "RE1"}
    command = Command(5, kind, "target", payload, 1, NOW)
    error = StorageUncertainError if "copy" in kind else TwilioUncertainError
    outcome = carry_out(command, Twilio(error("time-out"))).outcome
    expected = {
        WhenUnknown.REPEAT: "retry",
        WhenUnknown.LOOK_UP: "unknown",
        WhenUnknown.GIVE_UP: "failed",
    }
    assert outcome == expected[KINDS[kind].when_unknown]


def test_what_follows_from_a_command_is_carried_out_too() -> None:
    twilio, results = Twilio(), Results(RING)
    runner = CommandRunner(results, twilio, threads=1)
    runner.submit([HANG_UP])
    while len(results.outcomes) < 2:
        time.sleep(0.01)
    runner.close()
    assert twilio.asked == ["hang up CA1", "ring"]


def test_back_off_doubles_up_to_half_a_minute() -> None:
    assert 0.25 <= back_off(1) <= 0.5
    assert 15 <= back_off(12) <= 30
