"""The kinds of commands: what each does at Twilio, and what when nobody heard whether it did."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

from callcenter.errors import (
    StorageRefusedError,
    StorageUncertainError,
    TwilioBusyError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON, Command, CommandResult
from callcenter.telephony.copies import LONGEST_SECONDS

log = structlog.get_logger()
# As private.command_lease() says.
LEASE_SECONDS = 30.0
_COPY_LEASE_SECONDS = 300.0
_LONGEST_BACK_OFF_SECONDS = 30.0
# How long a call that was just made may take to be in Twilio's list of calls.
_LOOK_UP_AFTER_SECONDS = 5.0


class Copies(Protocol):
    """Recordings' copies in Storage."""

    def copy(self, recording: str, payload: JSON) -> int: ...
    def release(self, recording: str, payload: JSON) -> bool: ...
    def delete(self, payload: JSON) -> bool: ...


class Telephony(Protocol):
    """Twilio, as far as commands go."""

    @property
    def copies(self) -> Copies: ...

    def ring_for_offer(self, payload: JSON) -> str: ...
    def ring_customer(self, payload: JSON) -> str: ...
    def find_customer_call(self, payload: JSON, since: str) -> str | None: ...
    def redirect(self, call_sid: str, payload: JSON) -> bool: ...
    def hang_up(self, call_sid: str) -> bool: ...
    def set_participant(self, call_sid: str, payload: JSON) -> bool: ...
    def announce(self, payload: JSON) -> bool: ...
    def set_recording(self, payload: JSON) -> bool: ...
    def send_sms(self, payload: JSON) -> str: ...
    def transcribe(self, payload: JSON, attempt: str) -> str: ...
    def delete_recording(self, recording: str) -> bool: ...
    def delete_words(self, recording: str) -> bool: ...


class _CalledOffError(Exception):
    """Nobody wants it any more, and Twilio has not done it."""


class WhenUnknown(StrEnum):
    """What to do where Twilio may have acted, and nobody heard its answer."""

    REPEAT = "repeat"
    LOOK_UP = "look_up"
    GIVE_UP = "give_up"


@dataclass(frozen=True)
class Kind:
    """What a command of a kind does at Twilio; its result is kept in the database.

    look_up finds what an earlier attempt did, as its result would have been; None: it did nothing.
    requests: how many answers act waits for at most. sound_seconds: how long it may take besides,
    to fetch and send sound. lease_seconds: how long a process may hold it.
    """

    act: Callable[[Telephony, Command], JSON]
    when_unknown: WhenUnknown
    look_up: Callable[[Telephony, Command], JSON | None] = lambda _twilio, _command: None
    requests: int = 1
    sound_seconds: float = 0.0
    lease_seconds: float = LEASE_SECONDS


def _find_customer_call(twilio: Telephony, command: Command) -> JSON | None:
    sid = twilio.find_customer_call(command.payload, command.created_at)
    return {"sid": sid} if sid else None


KINDS = {
    # target: the offer's id. An agent may be ringing already: the offer is given up, and if there
    # is a leg, its first callback finds the offer over and has it hung up.
    "ring_agent": Kind(
        lambda twilio, command: {"sid": twilio.ring_for_offer(command.payload)},
        WhenUnknown.GIVE_UP,
    ),
    # The same, of somebody else who is to join a room: a colleague, a supervisor or a number.
    # payload: offer_id, role, address, receiver (the number of ours they are shown), ring_seconds.
    "ring_party": Kind(
        lambda twilio, command: {"sid": twilio.ring_for_offer(command.payload)},
        WhenUnknown.GIVE_UP,
    ),
    # target: the call and the attempt to reach its customer; payload: called_off, where its agent
    # left, detect_machine. A customer must not be rung twice for one wish.
    "ring_customer": Kind(
        lambda twilio, command: {"sid": twilio.ring_customer(command.payload)},
        WhenUnknown.LOOK_UP,
        _find_customer_call,
    ),
    # target: the call's SID; payload: path, the document to ask for; of a leg that we made also its
    # role, call and attempt.
    "redirect": Kind(
        lambda twilio, command: {"live": twilio.redirect(command.target, command.payload)},
        WhenUnknown.REPEAT,
    ),
    # target: the call's SID.
    "hang_up": Kind(
        lambda twilio, command: {"live": twilio.hang_up(command.target)},
        WhenUnknown.REPEAT,
    ),
    # target: the leg's SID; payload: room, conference_sid, changes (hold, hold_url, muted,
    # coaching, call_sid_to_coach, end_conference_on_exit, which Twilio ignores of who is on hold).
    "set_participant": Kind(
        lambda twilio, command: {"live": twilio.set_participant(command.target, command.payload)},
        WhenUnknown.REPEAT,
        requests=2,
    ),
    # target: a leg's SID and which announcement to it; payload: room, conference_sid, leg, and path
    # with query, the document that this leg alone is to hear. Keys are not pressed twice.
    "announce": Kind(
        lambda twilio, command: {"live": twilio.announce(command.payload)},
        WhenUnknown.GIVE_UP,
        requests=2,
    ),
    # target: the call's id; payload: room, conference_sid, status (paused, in-progress).
    "set_recording": Kind(
        lambda twilio, command: {"live": twilio.set_recording(command.payload)},
        WhenUnknown.REPEAT,
        requests=2,
    ),
    # target: a text message's id, or of one to staff the voicemail's and the number; payload:
    # number, receiver, text, and of one to a customer message, its id. Nobody can ask Twilio
    # afterwards whether it was sent.
    "send_sms": Kind(
        lambda twilio, command: {"sid": twilio.send_sms(command.payload)},
        WhenUnknown.GIVE_UP,
    ),
    # target: the recording's SID, of this and the next.
    "delete_words": Kind(
        lambda twilio, command: {"live": twilio.delete_words(command.target)},
        WhenUnknown.REPEAT,
        requests=2,
    ),
    "delete_recording": Kind(
        lambda twilio, command: {"live": twilio.delete_recording(command.target)},
        WhenUnknown.REPEAT,
    ),
    # target: the recording's SID, of this and the next two; payload: bucket, path, bytes (once it
    # is there) and words (whether Twilio may have made words of it). Given up and not repeated: its
    # row has it begun anew, after the others.
    "copy_recording": Kind(
        lambda twilio, command: {"bytes": twilio.copies.copy(command.target, command.payload)},
        WhenUnknown.GIVE_UP,
        requests=3,
        sound_seconds=LONGEST_SECONDS,
        lease_seconds=_COPY_LEASE_SECONDS,
    ),
    "release_recording": Kind(
        lambda twilio, command: {"live": twilio.copies.release(command.target, command.payload)},
        WhenUnknown.GIVE_UP,
        requests=4,
        lease_seconds=_COPY_LEASE_SECONDS,
    ),
    "delete_copy": Kind(
        lambda twilio, command: {"live": twilio.copies.delete(command.payload)},
        WhenUnknown.REPEAT,
    ),
    # target: a voicemail's id and the attempt, by which Twilio knows a repeated request.
    "transcribe": Kind(
        lambda twilio, command: {"sid": twilio.transcribe(command.payload, command.target)},
        WhenUnknown.REPEAT,
    ),
}


def carry_out(command: Command, twilio: Telephony) -> CommandResult:
    """Do one command at Twilio; never raises for what Twilio may do."""
    kind = KINDS.get(command.kind)
    if kind is None:
        log.error("a newer database asks for this", command=command.id, kind=command.kind)
        return _again(command, f"no such kind here: {command.kind}")
    try:
        return CommandResult(command.id, "done", _act(kind, command, twilio))
    except _CalledOffError:
        return CommandResult(command.id, "failed", {"reason": "called off"})
    except (TwilioRefusedError, StorageRefusedError) as error:
        log.warning("refused", command=command.id, kind=command.kind, error=str(error))
        return CommandResult(command.id, "failed", {"code": error.code, "reason": str(error)})
    except TwilioBusyError as error:
        return _again(command, str(error))
    except (TwilioUncertainError, StorageUncertainError) as error:
        log.warning("no answer", command=command.id, kind=command.kind, error=str(error))
        return _unknown(kind, command, str(error))


def _act(kind: Kind, command: Command, twilio: Telephony) -> JSON:
    if command.uncertain:
        if kind.when_unknown is WhenUnknown.GIVE_UP:
            raise TwilioUncertainError("the process that was to do it is gone")
        if found := kind.look_up(twilio, command):
            return found
        if command.payload.get("called_off"):
            raise _CalledOffError
    return kind.act(twilio, command)


def _unknown(kind: Kind, command: Command, reason: str) -> CommandResult:
    match kind.when_unknown:
        case WhenUnknown.GIVE_UP:
            return CommandResult(command.id, "failed", {"uncertain": True, "reason": reason})
        case WhenUnknown.LOOK_UP:
            wait = _LOOK_UP_AFTER_SECONDS
            return CommandResult(command.id, "unknown", {"reason": reason}, wait)
        case WhenUnknown.REPEAT:
            return _again(command, reason)


def _again(command: Command, reason: str) -> CommandResult:
    return postponed(command, reason, back_off(command.attempts))


def postponed(command: Command, reason: str, wait: float) -> CommandResult:
    """To be done after so many seconds, by whoever has it then."""
    # An earlier attempt that may have acted is not forgotten.
    outcome = "unknown" if command.uncertain else "retry"
    return CommandResult(command.id, outcome, {"reason": reason}, wait)


def back_off(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, with jitter, to half a minute."""
    longest = min(_LONGEST_BACK_OFF_SECONDS, 0.5 * 2.0 ** min(attempts - 1, 10))
    return longest * random.uniform(0.5, 1.0)
