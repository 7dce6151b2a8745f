"""One leg of a call: what Twilio knows of it, and what its person hears and does."""

import asyncio
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from devstack.twilio.clock import Clock, iso, rfc2822
from devstack.twilio.feed import Feed
from devstack.twilio.hearing import Sound, Stretch, renew
from devstack.twilio.signals import Signal
from devstack.twilio.webhooks import Endpoint, Subscription

if TYPE_CHECKING:
    from devstack.twilio.device import Device
    from devstack.twilio.engine.flow import Source
    from devstack.twilio.queues import Member
    from devstack.twilio.rooms import Participant

_NO_PAUSES = str.maketrans("", "", "wW")
TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class Heard:
    """``at`` is virtual time, ``t`` virtual seconds since the call was created."""

    at: str
    t: float
    kind: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    kind: str
    value: str
    while_speaking: bool = False


@dataclass(eq=False, slots=True)
class Call:
    sid: str
    from_: str
    to: str
    direction: str
    clock: Clock
    feed: Feed
    parent: "Call | None" = None
    status: str = "queued"
    subscription: Subscription | None = None
    fallback: Endpoint | None = None
    label: str = ""
    # What a softphone was given with its address, and the address as Twilio tells it.
    parameters: str = ""
    told_to: str = ""
    answered_by: str = ""
    sip_code: int = 200
    # Whether Twilio has begun to set it up, rather than hold it in the account's queue.
    begun: bool = False
    # The person's line is dead, and Twilio does not know it yet.
    lost: bool = False
    # The softphone that the leg is on, and whether it takes up no sound.
    device: "Device | None" = None
    mic_off: bool = False
    # With which it comes back to the leg after its connection was lost.
    reconnect: str = ""
    # Why the running verb is being cancelled: "redirected" or "hangup".
    leaving: str = ""
    # The document that an interrupted verb goes on with, in place of the redirect's.
    instead: "Source | None" = None
    sequence: int = 0
    created: float = 0.0
    updated: float = 0.0
    answered: float | None = None
    ended: float | None = None
    member: "Member | None" = None
    participant: "Participant | None" = None
    bridged_with: "Call | None" = None
    # Where the listening verb takes keys and speech from; None while none listens.
    inputs: deque[Input] | None = None
    speaking: bool = False
    said: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    # What is played to this leg alone now, and all that reached its ear.
    sounds: list[Sound] = field(default_factory=list)
    hearing: list[Stretch] = field(default_factory=list)
    # Keys that were played to this leg.
    tones: str = ""
    program: "asyncio.Task[None] | None" = None
    script: "asyncio.Task[None] | None" = None
    timer: asyncio.TimerHandle | None = None
    signal: Signal = field(init=False)

    def __post_init__(self) -> None:
        self.signal = Signal(self.clock)
        self.created = self.updated = self.clock.time()

    @property
    def over(self) -> bool:
        return self.status in TERMINAL

    @property
    def live(self) -> bool:
        return self.status == "in-progress"

    @property
    def connected(self) -> bool:
        """In a conversation: bridged to a leg, or in a room that has started."""
        room = self.participant
        return self.bridged_with is not None or bool(room and room.conference.talking)

    @property
    def duration(self) -> int:
        """Whole seconds from answer to end, or to now; 0 for a call nobody answered."""
        if self.answered is None:
            return 0
        return round((self.ended or self.clock.time()) - self.answered)

    def set_status(self, status: str) -> None:
        self.status = status
        self.updated = self.clock.time()
        self.feed.event(self.sid, "status", status)
        self.signal.fire()
        if self.bridged_with:
            self.bridged_with.signal.fire()

    def part(self) -> None:
        """Leaves a bridge that the other leg holds; that leg notices."""
        other, self.bridged_with = self.bridged_with, None
        if other:
            renew(self, other)
            other.signal.fire()

    def hear(self, kind: str, text: str = "", language: str = "") -> None:
        """``text`` defaults to the kind: "ringing", "beep", "music" are their own words."""
        now = self.clock.time()
        entry = Heard(iso(now), round(now - self.created, 3), kind, text or kind, language)
        self.heard.append(entry)
        if kind == "tones":
            self.tones += text.translate(_NO_PAUSES)
        self.feed.event(self.sid, kind, text)
        self.signal.fire()

    def input(self, kind: str, value: str) -> None:
        """A key or spoken words; lost when no verb listens, as at Twilio."""
        self.feed.event(self.sid, kind, value)
        if self.inputs is not None:
            self.inputs.append(Input(kind, value, self.speaking))
            self.signal.fire()

    def as_sim(self) -> dict[str, Any]:
        """The whole state, for the simulator's own API."""
        room = self.participant
        return {
            "sid": self.sid,
            "from": self.from_,
            "to": self.to,
            "parameters": dict(parse_qsl(self.parameters)),
            "direction": self.direction,
            "status": self.status,
            "parent_sid": self.parent.sid if self.parent else None,
            "created": iso(self.created),
            "answered": iso(self.answered) if self.answered else None,
            "ended": iso(self.ended) if self.ended else None,
            "duration": self.duration,
            "conference": room.conference.name if room else None,
            "queue": self.member.queue.name if self.member else None,
            "bridged_with": self.bridged_with.sid if self.bridged_with else None,
            "connected": self.connected,
            "said": self.said,
            "tones": self.tones,
            "heard": [asdict(entry) for entry in self.heard],
        }

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Calls/{self.sid}"
        parts = ("events", "recordings", "notifications", "transcriptions", "siprec", "streams")
        return {
            "account_sid": account_sid,
            "answered_by": self.answered_by or None,
            "api_version": "2010-04-01",
            "caller_name": None,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "direction": self.direction,
            "duration": str(self.duration) if self.ended else None,
            "end_time": rfc2822(self.ended) if self.ended else None,
            "forwarded_from": None,
            "from": self.from_,
            "from_formatted": self.from_,
            "group_sid": None,
            "parent_call_sid": self.parent.sid if self.parent else None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "start_time": None
            if self.status == "queued"
            else rfc2822(self.answered or self.created),
            "status": self.status,
            "subresource_uris": {part: f"{uri}/{part.capitalize()}.json" for part in parts},
            "to": self.told_to or self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{uri}.json",
        }
