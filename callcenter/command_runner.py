"""Has commands carried out on threads of this process, and tells the database what came of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

import structlog

from callcenter import metrics
from callcenter.commands import KINDS, LEASE_SECONDS, Telephony, carry_out, postponed
from callcenter.errors import CallCenterError
from callcenter.models import Answer, Command, CommandResult
from callcenter.twilio_service import REQUEST_TIMEOUT_SECONDS

log = structlog.get_logger()
# How long the database's answer may have been on its way to us.
_ANSWER_SECONDS = 5.0


class CommandStore(Protocol):
    """The database, as far as results of commands go."""

    def settle_commands(self, results: list[CommandResult]) -> Answer: ...


class CommandRunner:
    """Runs commands on a few threads of this process, after the response that brought them.

    A command that is never run because the process ended is handed out again by the database once
    its lease is over: nothing is kept here. One whose turn comes so late that another process may
    have it before Twilio answers is left to that process.
    """

    def __init__(self, db: CommandStore, twilio: Telephony, threads: int = 8) -> None:
        self._db = db
        self._twilio = twilio
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="command")
        self._lock = threading.Lock()
        self._closing = False
        self._held: dict[Future[CommandResult | None], tuple[Command, float]] = {}

    def submit(self, commands: Iterable[Command]) -> list[Future[CommandResult | None]]:
        """Run each on its own, soon; returns at once.

        What comes of each: its result, once the database knows of it; None where it was not run.
        """
        received = [(command, begin_by(command)) for command in commands]
        with self._lock:
            if not self._closing:
                return [self._begin(command, latest) for command, latest in received]
        self._hand_back(received)
        return []

    def _begin(self, command: Command, latest: float) -> Future[CommandResult | None]:
        future = self._pool.submit(self._run_and_settle, command, latest)
        self._held[future] = command, latest
        future.add_done_callback(self._held.pop)
        return future

    def run(self, commands: Iterable[Command], seconds: float) -> list[CommandResult]:
        """Run each, and wait so long: the results that are known then. The others go on."""
        done, _ = wait(self.submit(commands), seconds)
        results = (future.result() for future in done if not future.cancelled())
        return [result for result in results if result]

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
            postponed(command, "the process ended", 0.0)
            for command, latest in received
            if now < latest
        ]
        if not results:
            return
        try:
            self._db.settle_commands(results)
        except CallCenterError as error:
            log.warning("commands not handed back", count=len(results), error=str(error))

    def _run_and_settle(self, command: Command, latest: float) -> CommandResult | None:
        if time.monotonic() > latest:
            metrics.commands.labels(command.kind, "late").inc()
            log.warning("command left to another process", command=command.id, kind=command.kind)
            return None
        result = None
        try:
            result = _carry_out_timed(command, self._twilio)
            answer = self._db.settle_commands([result])
        except Exception:
            metrics.commands.labels(command.kind, "unsettled").inc()
            # Nobody waits for this thread: what is not logged here is lost. The lease runs out, and
            # the command is handed out again.
            log.exception("command not settled", command=command.id, kind=command.kind)
            return result
        self.submit(answer.commands)
        return result


def begin_by(command: Command) -> float:
    """When (monotonic) a command received now must begin, to end within its lease."""
    kind = KINDS.get(command.kind)
    requests = (kind.requests if kind else 0) + command.uncertain
    longest = requests * REQUEST_TIMEOUT_SECONDS + (kind.sound_seconds if kind else 0)
    lease = kind.lease_seconds if kind else LEASE_SECONDS
    return time.monotonic() + lease - _ANSWER_SECONDS - longest


def _carry_out_timed(command: Command, twilio: Telephony) -> CommandResult:
    with metrics.command_seconds.labels(command.kind).time():
        result = carry_out(command, twilio)
    metrics.commands.labels(command.kind, result.outcome).inc()
    return result
