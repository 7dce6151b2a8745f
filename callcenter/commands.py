"""Carries out what the database asked of Twilio, and tells it what came of it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import structlog

from callcenter import metrics
from callcenter.errors import (
    TwilioBusyError,
    TwilioError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON, Answer, Command, CommandKind, CommandResult

log = structlog.get_logger()
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
    def find_call(self, number: str, since: str) -> str | None: ...
    def redirect(self, call_sid: str, path: str) -> bool: ...
    def hang_up(self, call_sid: str) -> bool: ...
    def send_sms(self, payload: JSON) -> str: ...
    def transcribe(self, recording_sid: str, attempt: str) -> str: ...


class CommandRunner:
    """Runs commands on a few threads of this process, after the response that brought them.

    A command that is never run because the process ended is handed out again by the database once
    its lease is over: nothing is kept here.
    """

    def __init__(self, db: Settler, twilio: Telephone, threads: int = 8) -> None:
        self._db = db
        self._twilio = twilio
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="command")

    def submit(self, commands: Iterable[Command]) -> None:
        """Run each on its own, soon; returns at once."""
        for command in commands:
            self._pool.submit(self._run_and_settle, command)

    def close(self) -> None:
        """Finish what was submitted."""
        self._pool.shutdown(wait=True)

    def _run_and_settle(self, command: Command) -> None:
        try:
            answer = self._db.settle_commands([_measured(command, self._twilio)])
        except Exception:
            metrics.commands.labels(command.kind, "unsettled").inc()
            # Nobody waits for this thread: what is not logged here is lost. The lease runs out, and
            # the command is handed out again.
            log.exception("command not settled", command=command.id, kind=command.kind)
            return
        for following in answer.commands:
            self._run_and_settle(following)


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
    return twilio.find_call(command.payload["number"], command.created_at)


def _again(command: Command, error: TwilioError) -> CommandResult:
    wait = back_off(command.attempts)
    return CommandResult(command.id, "retry", {"reason": str(error)}, wait)


def back_off(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, with jitter, to half a minute."""
    longest = min(_LONGEST_BACK_OFF_SECONDS, 0.5 * 2.0 ** (attempts - 1))
    return longest * random.uniform(0.5, 1.0)
