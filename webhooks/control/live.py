"""What a screen is told live, as OpenAPI describes it: the database makes it, Supabase delivers it.

Snapshots are these, and messages have their rows (docs/live.md).
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from webhooks.control.answers import Me


class QueueInterval(BaseModel):
    """The quarter of an hour that goes on. service_level: in percent, null where nobody rang.

    overflowed: went on to another queue, which was offered them too; all queues together were
    offered so many fewer.
    """

    start: AwareDatetime
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    abandoned_in_time: int
    overflowed: int
    service_level: float | None


class QueueRow(BaseModel):
    """A queue now. oldest_joined_at: null where nobody waits."""

    id: UUID
    name: str
    active: bool
    waiting: int
    oldest_joined_at: AwareDatetime | None
    callbacks: int
    agents_available: int
    agents_busy: int
    agents_total: int
    service_level_seconds: int
    interval: QueueInterval


class QueueOnDesk(QueueRow):
    version: int


class AgentRow(BaseModel):
    """An agent now. until: of wrap-up, null where it has no end; calls: their ids."""

    id: UUID
    extension: str
    name: str | None
    state: str | None
    since: AwareDatetime | None
    reason: str | None
    until: AwareDatetime | None
    calls: list[UUID]


class CallRow(BaseModel):
    """A live call. agent_id: whose it is now. stage: where the caller is; null: of calls to
    customers. joined_at: by when they stand in their queue; null: in none. callback: the
    customer has hung up and waits to be rung."""

    id: UUID
    call_id: str
    direction: str | None
    status: str | None
    queue: str | None
    queue_id: UUID | None
    stage: str | None
    agent_id: UUID | None
    number: str | None
    name: str | None
    started_at: AwareDatetime | None
    queued_at: AwareDatetime | None
    joined_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    held_since: AwareDatetime | None
    callback: bool


class HelpRow(BaseModel):
    """An agent who asks for a supervisor; id: of the call."""

    id: UUID
    agent_id: UUID | None
    reason: str | None
    asked_at: AwareDatetime


class Desk(Me):
    """`rpc('desk')`: an agent's desk, whole. at: when it was fetched."""

    queues: list[QueueOnDesk]
    at: AwareDatetime
    time_zone: str = Field(description="The centre's, such as America/Bogota.")


class Targets(BaseModel):
    """What the figures of a wall are to be (`rpc('set_targets')` changes them): callers who wait
    and callbacks at most, agents free at least, the others in percent, with the bound at which it
    is alarming.
    """

    waiting: int
    service_level: int
    service_level_alarm: int
    abandoned: int
    abandoned_alarm: int
    available: int
    callbacks: int


class Wallboard(BaseModel):
    """`rpc('wallboard')`: a supervisor's wallboard, whole."""

    version: int
    at: AwareDatetime
    time_zone: str
    service_level: str
    targets: Targets
    queues: list[QueueRow]
    agents: list[AgentRow]
    calls: list[CallRow]
    help: list[HelpRow]


class Candidate(BaseModel):
    """Somebody who could have been rung, and what became of that: chosen; passed_over and
    ranked_lower were free, the first before who was chosen, but had another caller first; free:
    nobody was chosen yet; the others could not be rung. detail: the reason of a break, the status
    to come, or the skill.
    """

    agent_id: UUID
    extension: str
    name: str | None
    why: Literal[
        "chosen",
        "passed_over",
        "ranked_lower",
        "free",
        "offline",
        "on_break",
        "placing_call",
        "wrapping_up",
        "leaving",
        "resting",
        "at_capacity",
        "lacks_skill",
    ]
    detail: str | None


class RoutingDecision(BaseModel):
    """outcome: of the offer; null while it lives."""

    at: AwareDatetime
    queue: str
    agent_id: UUID | None
    outcome: str | None
    candidates: list[Candidate]


class CallRouting(BaseModel):
    """`rpc('call_routing')`: why a call went to whom, the newest decision first; now: who could be
    rung for one that waits.
    """

    id: UUID
    decisions: list[RoutingDecision]
    now: RoutingDecision | None


class DaySums(BaseModel):
    """service_level: in percent; average_wait_seconds: of those who were answered."""

    start: AwareDatetime | None = Field(description="Null of the whole day.")
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
    service_level: float | None
    average_wait_seconds: float | None


class TodayByQuarter(BaseModel):
    """`rpc('today_by_quarter')`: the centre's day so far, of a queue or of all."""

    at: AwareDatetime
    time_zone: str
    queue_id: UUID | None
    quarters: list[DaySums]
    total: DaySums


class Colleague(BaseModel):
    """free: they could be rung now; rest_until: not before, after an offer that came to nothing."""

    id: UUID
    extension: str
    name: str | None
    state: str | None
    since: AwareDatetime | None
    reason: str | None
    free: bool
    rest_until: AwareDatetime | None


class QueueToTransferTo(BaseModel):
    id: UUID
    name: str
    active: bool
    waiting: int
    agents_available: int


class Directory(BaseModel):
    """`rpc('directory')`: whom an agent may transfer to or ask."""

    at: AwareDatetime
    time_zone: str
    agents: list[Colleague]
    queues: list[QueueToTransferTo]


class WaitingCallback(BaseModel):
    """id: of the call that it will be; not_before: when to ring, null: at once; at_work: somebody
    is rung for it, or rings the customer."""

    id: UUID
    queue: str
    number: str
    name: str | None
    since: AwareDatetime
    not_before: AwareDatetime | None
    at_work: bool


class MissedCall(BaseModel):
    """A customer whom nobody served, by their last call."""

    id: UUID
    queue: str
    number: str
    name: str | None
    contact_id: UUID
    at: AwareDatetime
    waited_seconds: int | None


class PendingWork(BaseModel):
    """`rpc('pending_work')`: what waits to be done in an agent's queues."""

    callbacks: list[WaitingCallback]
    missed: list[MissedCall]


class RefusedRow(BaseModel):
    """line: as it was given; column: null where the row as a whole is refused."""

    line: int | None
    column: str | None
    reason: str


class ContactImport(BaseModel):
    """`rpc('import_contacts', {p_rows})`: how many became what, and those that were refused."""

    created: int
    updated: int
    unchanged: int
    refused: list[RefusedRow]


DOCUMENTS: tuple[type[BaseModel], ...] = (
    Desk,
    Wallboard,
    Directory,
    PendingWork,
    CallRouting,
    TodayByQuarter,
    ContactImport,
)
