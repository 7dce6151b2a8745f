"""What the database's functions answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One thing to do at Twilio, held by this process until settled.

    kind: one of commands.KINDS, which says what target and payload are.
    created_at: ISO 8601, when it was decided. uncertain: Twilio may have done it already, and
    nobody heard its answer. call_record_id: of which call, told to who asked for it.
    """

    id: int
    kind: str
    target: str
    payload: JSON
    attempts: int
    created_at: str
    uncertain: bool = False
    call_record_id: str | None = None

    @classmethod
    def from_json(cls, row: JSON) -> Command:
        return cls(
            id=row["id"],
            kind=row["kind"],
            target=row["target"],
            payload=row["payload"],
            attempts=row["attempts"],
            created_at=row["created_at"],
            uncertain=bool(row.get("uncertain")),
            call_record_id=row.get("call_record_id"),
        )


@dataclass(frozen=True)
class Answer:
    """A webhook's answer: the next step of the conversation, and what to do at Twilio besides."""

    plan: JSON | None
    commands: tuple[Command, ...]

    @classmethod
    def from_json(cls, body: JSON) -> Answer:
        return cls(body.get("plan"), tuple(Command.from_json(c) for c in body["commands"]))


@dataclass(frozen=True)
class Copy:
    """A recording's copy in Supabase Storage, an MP3, whole."""

    bucket: str
    path: str
    bytes: int


@dataclass(frozen=True)
class Opened:
    """A recording that somebody may hear.

    listen: the id of what is kept of it, if they hear it. copy: where it is; None: at Twilio.
    """

    listen: int | None
    copy: Copy | None

    @classmethod
    def from_json(cls, body: JSON) -> Opened:
        return cls(body["listen"], Copy(**body["copy"]) if body["copy"] else None)


@dataclass(frozen=True)
class UnheardRecordings:
    """A call whose recordings Twilio is to be asked for: those of a leg, and of a conference."""

    call_record_id: str
    call_sid: str | None
    conference: str | None


@dataclass(frozen=True)
class CallsToList:
    """The calls that Twilio is to be asked for: those from a moment to another (ISO 8601)."""

    since: str
    until: str


@dataclass(frozen=True)
class Swept:
    """What a part of the sweep did: how much, whether there is more of it, commands for us."""

    done: int
    more: bool
    commands: tuple[Command, ...]

    @classmethod
    def from_json(cls, body: JSON) -> Swept:
        return cls(
            done=sum(body["done"].values()),
            more=bool(body["more"]),
            commands=tuple(Command.from_json(c) for c in body["commands"]),
        )


@dataclass(frozen=True)
class Questions:
    """What to ask Twilio about.

    list_live_calls: so many legs are silent that one list tells more than asking for each.
    """

    list_live_calls: bool
    silent_legs: tuple[str, ...]
    unheard_recordings: tuple[UnheardRecordings, ...]
    calls_to_list: CallsToList | None

    @classmethod
    def from_json(cls, body: JSON) -> Questions:
        unheard, listing = body["unheard_recordings"], body["calls_to_list"]
        return cls(
            list_live_calls=body["list_live_calls"],
            silent_legs=tuple(body["silent_legs"]),
            unheard_recordings=tuple(UnheardRecordings(**call) for call in unheard),
            calls_to_list=CallsToList(**listing) if listing else None,
        )


@dataclass(frozen=True)
class QueueStatistics:
    """Who waits in one queue: on the line (waiting), or to be called back (callbacks)."""

    name: str
    waiting: int
    longest_wait_seconds: float
    callbacks: int


@dataclass(frozen=True)
class Statistics:
    """The call centre right now, as public.vital_signs() counts it.

    agents: by status; `set_aside`: those on break for ring no answer. commands: by state, and
    `oldest_seconds`. offer_latency: seconds by `median`, `p95` and `longest` over the last 15
    minutes, None where there were no offers, whose number is `offers`.
    """

    queues: tuple[QueueStatistics, ...]
    agents: dict[str, int]
    live_calls: int
    live_offers: int
    commands: dict[str, float]
    offer_latency: dict[str, float | None]
    idle_agents_with_callers: int
    legs_ended_by_reconciling: int

    @classmethod
    def from_json(cls, body: JSON) -> Statistics:
        queues = tuple(QueueStatistics(**queue) for queue in body["queues"])
        return cls(**{**body, "queues": queues})


@dataclass(frozen=True)
class BroadcastSetup:
    """How the database is set up to tell screens what happens, as public.try_broadcast() found it.

    realtime: whether it is a database of Realtime's. policies: whether users may listen.
    unpublished: tables whose changes Realtime should tell and is not given. partition: whether
    messages of today have a place. stored: whether the message that was tried was kept.
    """

    realtime: bool
    policies: bool
    unpublished: list[str]
    partition: bool
    stored: bool


@dataclass(frozen=True)
class CommandResult:
    """What came of a command: outcome done, failed, retry (after retry_seconds) or unknown."""

    id: int
    outcome: str
    result: JSON
    retry_seconds: float = 0.0

    def to_json(self) -> JSON:
        return {
            "id": self.id,
            "outcome": self.outcome,
            "result": self.result,
            "retry_seconds": self.retry_seconds,
        }
