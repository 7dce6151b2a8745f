"""A conference room and its people: their state, and how REST and callbacks describe it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from devstack.twilio.calls import Call
from devstack.twilio.clock import rfc2822
from devstack.twilio.hearing import Sound
from devstack.twilio.webhooks import Endpoint, Params, Subscription


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody comes in: the attributes of `<Conference>`, or REST's parameters."""

    name: str
    label: str = ""
    muted: bool = False
    start_on_enter: bool = True
    end_on_exit: bool = False
    coach: str = ""
    beep: str = "true"
    wait: Endpoint | None = None
    silent_wait: bool = False
    most: int = 250
    record: bool = False
    callback: Subscription | None = None
    recording_callback: Subscription | None = None


@dataclass(eq=False, slots=True)
class Participant:
    call: Call
    conference: "Conference"
    entry: Entry
    muted: bool
    end_on_exit: bool
    coach: str
    joined: float
    hold: bool = False
    # Set when the room lets go of the call, which then goes on: "ended" or "kicked".
    gone: str = ""
    music: "asyncio.Task[None] | None" = None
    sound: Sound | None = None
    announcements: "set[asyncio.Task[Any]]" = field(default_factory=set)

    @property
    def status(self) -> str:
        """Of somebody rung by REST, before and after they are in."""
        if self.call.participant is self:
            return "connected"
        return {"queued": "queued", "ringing": "ringing"}.get(self.call.status, "failed")

    def let_go(self, why: str) -> None:
        self.gone = self.gone or why
        self.call.signal.fire()

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        room = f"/2010-04-01/Accounts/{account_sid}/Conferences/{self.conference.sid}"
        return {
            "account_sid": account_sid,
            "call_sid": self.call.sid,
            "call_sid_to_coach": self.coach or None,
            "coaching": bool(self.coach),
            "conference_sid": self.conference.sid,
            "date_created": rfc2822(self.joined),
            "date_updated": rfc2822(self.joined),
            "end_conference_on_exit": self.end_on_exit,
            "hold": self.hold,
            "label": self.entry.label or None,
            "muted": self.muted,
            "queue_time": "0",
            "start_conference_on_enter": self.entry.start_on_enter,
            "status": self.status,
            "uri": f"{room}/Participants/{self.call.sid}.json",
        }


@dataclass(eq=False, slots=True)
class Conference:
    sid: str
    name: str
    created: float
    updated: float
    # The first participant's alone: later ones ask in vain.
    callback: Subscription | None
    record: Entry | None
    status: str = "init"
    sequence: int = 0
    reason: str = ""
    ended_by: str = ""
    participants: dict[str, Participant] = field(default_factory=dict)
    # Being rung by REST, not in yet.
    expected: dict[str, Participant] = field(default_factory=dict)

    @property
    def talking(self) -> bool:
        return self.status == "in-progress" and len(self.participants) > 1

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Conferences/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "call_sid_ending_conference": self.ended_by or None,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "friendly_name": self.name,
            "reason_conference_ended": self.reason or None,
            "region": "us1",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {
                "participants": f"{uri}/Participants.json",
                "recordings": f"{uri}/Recordings.json",
            },
            "uri": f"{uri}.json",
        }


def about(person: Participant, event: str) -> Params:
    params = {
        "CallSid": person.call.sid,
        "Muted": _bool(person.muted),
        "Hold": _bool(person.hold),
        "Coaching": _bool(bool(person.coach)),
        "EndConferenceOnExit": _bool(person.end_on_exit),
        "StartConferenceOnEnter": _bool(person.entry.start_on_enter),
    }
    if person.coach:
        params["CallSidToCoach"] = person.coach
    if person.entry.label:
        params["ParticipantLabel"] = person.entry.label
    if event == "leave":
        params["ParticipantCallStatus"] = person.call.status
        params["ReasonParticipantLeft"] = _why_left(person)
    return params


def _why_left(person: Participant) -> str:
    if person.gone == "kicked":
        return "participant_removed_via_api"
    if person.gone == "ended":
        via_api = person.conference.reason == "conference-ended-via-api"
        return "conference_ended_via_api" if via_api else "moderator_ended_conference"
    if person.call.leaving == "redirected":
        return "participant_updated_via_api"
    return "participant_hung_up"


def _bool(value: bool) -> str:
    return "true" if value else "false"
