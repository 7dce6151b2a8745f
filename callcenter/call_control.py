"""What people at screens ask for: decided by the database, then done at Twilio while they wait."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callcenter.command_runner import CommandRunner
from callcenter.errors import TwilioDeclinedError
from callcenter.events import ControlRequest
from callcenter.models import JSON, Command, CommandResult

# A quarter of the threads that a web process serves with (gunicorn.conf.py): callers come first.
_MOST_WAITING = 8


@dataclass(frozen=True)
class Outcome:
    """What the database answered, and what Twilio did of it while that was waited for."""

    answer: JSON
    results: tuple[JSON, ...]


class Decisions(Protocol):
    """The database, as far as operations go."""

    def operate(self, function: str, request: ControlRequest) -> JSON: ...


class CallControl:
    """Make one a process."""

    def __init__(self, db: Decisions, runner: CommandRunner) -> None:
        self._db = db
        self._runner = runner
        self._places = threading.BoundedSemaphore(_MOST_WAITING)

    def perform(self, function: str, request: ControlRequest, seconds: float) -> Outcome:
        """Have a function decide, and wait so many seconds for Twilio to do what it says.

        What is not done by then goes on. Raises OperationRefusedError, DatabaseUnavailableError,
        and TwilioDeclinedError where Twilio refused, or it is given up since nobody knows.
        """
        answer = self._db.operate(function, request)
        commands = answer.pop("commands")
        call_id = (answer.get("call") or {}).get("id")
        own = [command for command in commands if command.call_record_id == call_id]
        # Such as the next caller's, for whom an agent became free.
        self._runner.submit(command for command in commands if command not in own)
        results = self._carry_out(own, seconds)
        for result in results:
            # Of one that was called off meanwhile there is neither.
            if result.outcome == "failed" and result.result.keys() & {"code", "uncertain"}:
                raise TwilioDeclinedError(result.result["reason"], result.result.get("code"))
        return Outcome(answer, tuple(result.result for result in results))

    def _carry_out(self, commands: Sequence[Command], seconds: float) -> list[CommandResult]:
        """Where too many wait already, nobody else does: Twilio is slow, and callers come first."""
        may_wait = self._places.acquire(blocking=False)
        try:
            return self._runner.run(commands, seconds if may_wait else 0)
        finally:
            if may_wait:
                self._places.release()
