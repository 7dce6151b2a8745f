"""Carries out what the database asked of Twilio, and tells it what came of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import structlog

from callcenter import metrics
from callcenter.errors import (
    CallCenterError,
    TwilioBusyError,
    TwilioError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON, Answer, Command, CommandKind, CommandResult
from callcenter.twilio_service import REQUEST_TIMEOUT_SECONDS

log = structlog.get_logger()
# As private.command_lease() says.
LEASE_SECONDS = 30.0
# The database's answer is at most so old when it is here.
_ANSWER_SECONDS = 5.0
_LONGEST_BACK_OFF_SECONDS = 30.0
# What people would hear or read twice, and nobody can ask Twilio about afterwards.
_NEVER_TWICE = frozenset({CommandKind.RING_AGENT, CommandKind.SEND_SMS})


class Settler(Protocol):
    """Where results go."""

    def settle_commands(self, results: list[CommandResult]) -> Answer: ...


class Telephone(Protocol):
    """Who carries commands out."""

    def ring_agent(self, payload: JSON) -> str: ...
    def ring_customer(self, payload: JSON) -> str: ...
    def find_customer_call(self, payload: JSON, since: str) -> str | None: ...
    def redirect(self, call_sid: str, path: str) -> bool: ...
    def hang_up(self, call_sid: str) -> bool: ...
    def send_sms(self, payload: JSON) -> str: ...
    def transcribe(self, recording_sid: str, attempt: str) -> str: ...


class CommandRunner:
    """Runs commands on a few threads of this process, after the response that brought them.

    A command that is never run because the process ended is handed out again by the database once
    its lease is over: nothing is kept here. One whose turn comes so late that another process may
    have it before Twilio answers is left to that process.
    """

    def __init__(self, db: Settler, twilio: Telephone, threads: int = 8) -> None:
        self._db = db
        self._twilio = twilio
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="command")
        self._lock = threading.Lock()
        self._closing = False
        self._held: dict[Future[None], tuple[Command, float]] = {}

    def submit(self, commands: Iterable[Command]) -> None:
        """Run each on its own, soon; returns at once."""
        received = [(command, begin_by(command)) for command in commands]
        with self._lock:
            if not self._closing:
                for command, latest in received:
                    future = self._pool.submit(self._run_and_settle, command, latest)
                    self._held[future] = command, latest
                    future.add_done_callback(self._held.pop)
                return
        self._hand_back(received)

    def free_threads(self) -> int:
        """How many commands would begin at once."""
        return max(0, self._threads - len(self._held))

    def close(self) -> None:
        """Finish what has begun, and hand back the rest, for other processes to take at once."""
        with self._lock:
            self._closing = True
            not_begun = [held for future, held in list(self._held.items()) if future.cancel()]
        self._hand_back(not_begun)
        self._pool.shutdown(wait=True)

    def _hand_back(self, received: list[tuple[Command, float]]) -> None:
        now = time.monotonic()
        results = [
            _later(command, "the process ended", 0.0)
            for command, latest in received
            if now < latest
        ]
        if not results:
            return
        try:
            self._db.settle_commands(results)
        except CallCenterError as error:
            log.warning("commands not handed back", count=len(results), error=str(error))

    def _run_and_settle(self, command: Command, latest: float) -> None:
        if time.monotonic() > latest:
            metrics.commands.labels(command.kind, "late").inc()
            log.warning("command left to another process", command=command.id, kind=command.kind)
            return
        try:
            answer = self._db.settle_commands([_measured(command, self._twilio)])
        except Exception:
            metrics.commands.labels(command.kind, "unsettled").inc()
            # Nobody waits for this thread: what is not logged here is lost. The lease runs out, and
            # the command is handed out again.
            log.exception("command not settled", command=command.id, kind=command.kind)
            return
        self.submit(answer.commands)


def begin_by(command: Command) -> float:
    """The latest moment (monotonic) at which a command that was received now may begin."""
    requests = 2 if command.uncertain else 1
    return time.monotonic() + LEASE_SECONDS - _ANSWER_SECONDS - requests * REQUEST_TIMEOUT_SECONDS


def _measured(command: Command, twilio: Telephone) -> CommandResult:
    with metrics.command_seconds.labels(command.kind).time():
        result = carry_out(command, twilio)
    metrics.commands.labels(command.kind, result.outcome).inc()
    return result


def carry_out(command: Command, twilio: Telephone) -> CommandResult:
    """Do one command at Twilio; never raises for what Twilio may do."""
    try:
        return CommandResult(command.id, "done", _act(command, twilio))
    except TwilioRefusedError as error:
        log.warning("twilio refused", command=command.id, kind=command.kind, error=str(error))
        return CommandResult(command.id, "failed", {"code": error.code, "reason": str(error)})
    except TwilioBusyError as error:
        return _again(command, error)
    except TwilioUncertainError as error:
        log.warning("twilio silent", command=command.id, kind=command.kind, error=str(error))
        if command.kind in _NEVER_TWICE:
            return CommandResult(command.id, "failed", {"uncertain": True, "reason": str(error)})
        if command.kind is CommandKind.RING_CUSTOMER:
            return CommandResult(command.id, "unknown", {"reason": str(error)}, 5.0)
        return _again(command, error)


def _act(command: Command, twilio: Telephone) -> JSON:
    if command.uncertain and command.kind in _NEVER_TWICE:
        # An agent may be ringing already: the offer is given up, and if there is a leg, its first
        # callback finds the offer over and has it hung up.
        raise TwilioUncertainError("the process that was to do it is gone")
    match command.kind:
        case CommandKind.RING_AGENT:
            return {"sid": twilio.ring_agent(command.payload)}
        case CommandKind.RING_CUSTOMER:
            sid = _rung_already(command, twilio) if command.uncertain else None
            return {"sid": sid or twilio.ring_customer(command.payload)}
        case CommandKind.REDIRECT:
            return {"live": twilio.redirect(command.target, command.payload["path"])}
        case CommandKind.HANG_UP:
            return {"live": twilio.hang_up(command.target)}
        case CommandKind.SEND_SMS:
            return {"sid": twilio.send_sms(command.payload)}
        case CommandKind.TRANSCRIBE:
            return {"sid": twilio.transcribe(command.payload["recording_sid"], command.target)}


def _rung_already(command: Command, twilio: Telephone) -> str | None:
    """The call that an attempt nobody heard the end of made, so that no customer is rung twice."""
    return twilio.find_customer_call(command.payload, command.created_at)


def _again(command: Command, error: TwilioError) -> CommandResult:
    return _later(command, str(error), back_off(command.attempts))


def _later(command: Command, reason: str, wait: float) -> CommandResult:
    # An earlier attempt that may have acted is not forgotten.
    outcome = "unknown" if command.uncertain else "retry"
    return CommandResult(command.id, outcome, {"reason": reason}, wait)


def back_off(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, with jitter, to half a minute."""
    longest = min(_LONGEST_BACK_OFF_SECONDS, 0.5 * 2.0 ** (attempts - 1))
    return longest * random.uniform(0.5, 1.0)
