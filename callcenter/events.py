"""What Twilio tells us, as the database's functions take it: one class a composite type of theirs.

Times are ISO 8601, durations whole seconds, numbers E.164 and None where withheld, statuses
Twilio's with underscores (in_progress). What is None was not said. `params` is all that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from callcenter.models import JSON


class Role(StrEnum):
    """What a leg is in its call.

    caller rang us, customer was rung by us; a consult is a colleague asked during a call, a target
    somebody a caller was transferred to from the menu.
    """

    CALLER = "caller"
    CUSTOMER = "customer"
    AGENT = "agent"
    CONSULT = "consult"
    SUPERVISOR = "supervisor"
    TARGET = "target"


@dataclass(frozen=True, kw_only=True)
class _Event:
    def to_json(self) -> JSON:
        """By the names that SQL has for them (from_ is from); what was not said is left out."""
        said = {f.name.rstrip("_"): getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class VoiceRequest(_Event):
    """A leg asks for its next document, and says what happened in the last one.

    call_status: of the leg that asks, for some are asked for when it is over.
    menu and attempt: which menu was heard, for which time; attempt alone: which one to reach the
    customer of a callback. number: one that was keyed to be called
    back at. result: why a queue was left, in Twilio's words. dial_status: how a transfer ended.
    answered_by: who took a call of which that was to be told, in Twilio's words (human,
    machine_start, fax, unknown). confirming: an agent was asked for a key. recording_sid, duration:
    the message that was left.
    """

    call_sid: str
    from_: str | None = None
    to: str | None = None
    caller_name: str | None = None
    call_status: str | None = None
    role: Role | None = None
    offer_id: str | None = None
    call_record_id: str | None = None
    menu: str | None = None
    attempt: int | None = None
    digits: str | None = None
    speech: str | None = None
    number: str | None = None
    result: str | None = None
    dial_status: str | None = None
    answered_by: str | None = None
    confirming: bool | None = None
    recording_sid: str | None = None
    duration: int | None = None
    params: JSON = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LegEvent(_Event):
    """A leg changed, or was asked about. source: call-status, or reconcile where we asked.

    offer_id, call_record_id: whom the leg is for, where we placed it; attempt: which one to reach
    the customer of a callback. sequence: Twilio's number of
    the callback, from 0 for each leg. sip_code: how the other side's telephone answered.
    """

    call_sid: str
    status: str
    source: str
    from_: str | None = None
    to: str | None = None
    caller_name: str | None = None
    role: Role | None = None
    offer_id: str | None = None
    call_record_id: str | None = None
    attempt: int | None = None
    parent_call_sid: str | None = None
    direction: str | None = None
    sequence: int | None = None
    occurred_at: str | None = None
    duration: int | None = None
    sip_code: int | None = None
    params: JSON = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ListedCall:
    """A call in Twilio's list of those to our numbers.

    reached_fallback: somebody at the fallback number took it.
    """

    leg: LegEvent
    created_at: str
    reached_fallback: bool

    def to_json(self) -> JSON:
        return {**self.leg.to_json(), "reached_fallback": self.reached_fallback}


@dataclass(frozen=True, kw_only=True)
class RoomEvent(_Event):
    """Something happened in the conference of a call.

    event: start or end; or, of somebody (call_sid), join, leave, hold, unhold, mute, unmute or
    modify. held, muted: how they are now. sequence: Twilio's number of the callback, for each
    conference.
    """

    call_sid: str | None
    conference_sid: str | None
    event: str
    sequence: int | None = None
    occurred_at: str | None = None
    call_record_id: str | None = None
    held: bool | None = None
    muted: bool | None = None
    params: JSON = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RecordingEvent(_Event):
    """What became of a recording of a leg (call_sid) or of a call's conference (call_record_id).

    status: in_progress, completed, absent or failed. source: Twilio's word for what recorded.
    """

    recording_sid: str
    status: str
    call_sid: str | None = None
    call_record_id: str | None = None
    source: str | None = None
    duration: int | None = None
    params: JSON = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TranscriptionEvent(_Event):
    """A transcription is over. status: completed or failed; job_id: Twilio's id of it."""

    recording_sid: str
    job_id: str
    status: str
    text: str


@dataclass(frozen=True, kw_only=True)
class MessageEvent(_Event):
    """How a text message of ours (message_id) stands, in Twilio's word; error_code: Twilio's."""

    message_sid: str
    status: str
    message_id: str | None = None
    error_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingMessage(_Event):
    """Somebody wrote to a number of ours. opt_out_type: what Twilio did because of it."""

    message_sid: str
    number: str | None
    called: str | None = None
    words: str | None = None
    opt_out_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class ControlRequest(_Event):
    """What somebody at a screen asks for; each operation reads the fields that it needs.

    user_id: who asks. call: a call's id, the pending one it had before, its row's id, or the SID of
    any of its legs. party: customer, or a leg's SID. to, number: as typed. seconds: how many. at:
    ISO 8601. recording: a recording's SID. contact: a contact's id. device: what a page calls
    itself.
    """

    user_id: str
    call: str | None = None
    idempotency_key: str | None = None
    agent_id: str | None = None
    number: str | None = None
    to: str | None = None
    party: str | None = None
    on: bool | None = None
    record: bool | None = None
    detect_machine: bool | None = None
    caller_id: str | None = None
    digits: str | None = None
    mode: str | None = None
    seconds: int | None = None
    status: str | None = None
    reason: str | None = None
    disposition: str | None = None
    notes: str | None = None
    at: str | None = None
    recording: str | None = None
    contact: str | None = None
    text: str | None = None
    device: str | None = None
