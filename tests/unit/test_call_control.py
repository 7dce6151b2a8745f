"""How long somebody waits for Twilio, and what of it they are told."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from callcenter.call_control import CallControl, Outcome
from callcenter.command_runner import CommandRunner
from callcenter.errors import TwilioBusyError, TwilioDeclinedError, TwilioError
from callcenter.errors import TwilioRefusedError as Refused
from callcenter.errors import TwilioUncertainError as Uncertain
from callcenter.events import ControlRequest
from callcenter.models import JSON, Answer, Command, CommandResult
from tests.unit.test_commands import SlowTwilio, Twilio

WISH = ControlRequest(user_id="u")


def command(number: int, kind: str = "hang_up", call: str = "1") -> Command:
    payload = {"number": "+57", "offer_id": "1"}
    now = "2026-11-25T12:00:00+00:00"
    return Command(number, kind, f"CA{number}", payload, 1, now, call_record_id=call)


class Database:
    """Decides on these commands, and is told what came of them."""

    def __init__(self, *commands: Command) -> None:
        self._commands = commands
        self.settled: list[CommandResult] = []

    def operate(self, function: str, request: ControlRequest) -> JSON:
        return {"call": {"id": "1"}, "commands": self._commands}

    def settle_commands(self, results: list[CommandResult]) -> Answer:
        self.settled += results
        return Answer(None, ())


def perform(twilio: Twilio, *commands: Command, seconds: float = 10) -> tuple[Outcome, Database]:
    db = Database(*commands)
    runner = CommandRunner(db, twilio)
    try:
        return CallControl(db, runner).perform("f", WISH, seconds), db
    finally:
        runner.close()


def test_what_twilio_did_is_told_once_the_database_knows() -> None:
    outcome, db = perform(Twilio(), command(1, "ring_agent"))
    assert outcome == Outcome({"call": {"id": "1"}}, ({"sid": "CA9"},))
    assert [result.outcome for result in db.settled] == ["done"]


def test_what_twilio_refuses_is_refused_in_its_words() -> None:
    with pytest.raises(TwilioDeclinedError, match="not a number") as caught:
        perform(Twilio(Refused(400, 21211, "not a number")), command(1))
    assert caught.value.details == {"code": "twilio_refused", "twilio_code": 21211}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Uncertain("time-out"), "hang_up"),
        (TwilioBusyError("slow down"), "hang_up"),
        (TwilioBusyError("slow down"), "ring_agent"),
    ],
)
def test_what_twilio_may_yet_do_is_no_refusal(error: TwilioError, kind: str) -> None:
    perform(Twilio(error), command(1, kind))


def test_an_agent_of_whom_nobody_knows_whether_they_ring_is_given_up_and_that_is_said() -> None:
    with pytest.raises(TwilioDeclinedError, match="time-out") as caught:
        perform(Twilio(Uncertain("time-out")), command(1, "ring_agent"))
    assert caught.value.details == {"code": "twilio_refused", "twilio_code": None}


def test_what_twilio_refuses_of_another_call_is_not_this_ones_refusal() -> None:
    """Such as an agent who became free, and could not be rung for the next caller."""
    refusing = Twilio(Refused(400, 21211, "not a number"))
    outcome, db = perform(refusing, command(1, call="2"))
    assert outcome.results == ()
    assert [result.outcome for result in db.settled] == ["failed"]


def test_who_waited_long_enough_is_answered_and_the_rest_goes_on() -> None:
    twilio, db = SlowTwilio(), Database(command(1))
    runner = CommandRunner(db, twilio)
    began = time.monotonic()
    assert CallControl(db, runner).perform("f", WISH, 0.1).results == ()
    assert time.monotonic() - began < 20
    twilio.let.set()
    runner.close()
    assert [result.outcome for result in db.settled] == ["done"]


def test_only_so_many_wait_for_twilio_at_once_and_callers_have_the_other_threads() -> None:
    twilio, db = SlowTwilio(), Database(command(1))
    runner = CommandRunner(db, twilio)
    control = CallControl(db, runner)
    done = threading.Semaphore(0)

    def ask() -> None:
        control.perform("f", WISH, 60)
        done.release()

    with ThreadPoolExecutor(16) as people:
        for _ in range(16):
            people.submit(ask)
        answered = [done.acquire(timeout=30) for _ in range(8)]
        assert all(answered), "half do not wait"
        assert not done.acquire(timeout=0.2), "the others do"
        twilio.let.set()
    runner.close()
    assert len(db.settled) == 16
