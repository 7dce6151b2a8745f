"""What a screen is told live, as OpenAPI describes it: the database makes it, Supabase delivers it.

Snapshots are these, and messages have their rows (docs/live.md).
"""

from __future__ import annotations

from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from webhooks.control.answers import Me


class QueueInterval(BaseModel):
    """The quarter of an hour that goes on. service_level: in percent, null where nobody rang."""

    start: AwareDatetime
    offered: int
    answered: int
    answered_in_time: int
    abandoned: int
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
    """A live call. callback: the customer has hung up and waits to be rung."""

    id: UUID
    call_id: str
    direction: str | None
    status: str | None
    queue: str | None
    queue_id: UUID | None
    agent_id: UUID | None
    number: str | None
    name: str | None
    started_at: AwareDatetime | None
    queued_at: AwareDatetime | None
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


class Wallboard(BaseModel):
    """`rpc('wallboard')`: a supervisor's wallboard, whole."""

    version: int
    at: AwareDatetime
    time_zone: str
    service_level: str
    queues: list[QueueRow]
    agents: list[AgentRow]
    calls: list[CallRow]
    help: list[HelpRow]


class Colleague(BaseModel):
    id: UUID
    extension: str
    name: str | None
    state: str | None
    since: AwareDatetime | None
    reason: str | None


class QueueToTransferTo(BaseModel):
    id: UUID
    name: str
    active: bool
    waiting: int
    agents_available: int


class Directory(BaseModel):
    """`rpc('directory')`: whom an agent may transfer to or ask."""

    at: AwareDatetime
    agents: list[Colleague]
    queues: list[QueueToTransferTo]


class WaitingCallback(BaseModel):
    """id: of the call that it will be; not_before: when to ring, null: at once."""

    id: UUID
    queue: str
    number: str
    name: str | None
    since: AwareDatetime
    not_before: AwareDatetime | None


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


DOCUMENTS: tuple[type[BaseModel], ...] = (Desk, Wallboard, Directory, PendingWork)
