"""What people are answered, as OpenAPI describes it; the database makes it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class _PageAnswer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    success: Literal[True] = True
    call_sid: str


class Initiated(_PageAnswer):
    """callSid names the call from now on, whatever else it is called later."""


class HungUp(_PageAnswer):
    pass


class Transferred(_PageAnswer):
    transferred_to: str


class Customer(BaseModel):
    number: str | None
    name: str | None
    contact_id: UUID | None


class Party(BaseModel):
    """Somebody who is in the call or is being rung to join it."""

    party: str = Field(description="customer, or a leg's SID: what operations name them by.")
    role: str
    agent_id: UUID | None
    name: str | None
    address: str | None = Field(description="A telephone number, or a softphone.")
    state: Literal["in_room", "on_line", "ringing"]
    held_since: AwareDatetime | None
    muted: bool


class Consult(BaseModel):
    """Who is asked for advice, while the customer hears music.

    Until the next thing is done it tells how it ended: cancelled by who asked, left by who was
    asked, or failed, and why.
    """

    state: Literal["initiated", "ringing", "answered", "cancelled", "left", "failed"]
    why: str | None = Field(description="busy, no_answer, declined, rejected, unreachable …")
    party: str | None
    agent_id: UUID | None
    address: str | None
    since: AwareDatetime


# Of docs/state-machines.md, "What somebody is rung for".
Purpose = Literal["queue", "placed", "return", "transfer", "consult", "party", "supervise"]


class Call(BaseModel):
    """A call as who asks may see it. version grows with every change."""

    id: UUID
    call_id: str
    direction: str | None
    status: str | None
    disposition: str | None
    ended_by: str | None
    customer: Customer
    queue: str | None
    agent_id: UUID | None
    started_at: AwareDatetime | None
    queued_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    held_since: AwareDatetime | None
    recording: Literal["on", "paused", "off"]
    parties: list[Party]
    max_parties: int = Field(description="How many the room holds, supervisors apart.")
    consult: Consult | None
    purpose: Purpose | None = Field(description="What who asks is in it for, or rung.")
    invited_by: str | None = Field(description="The name of the colleague who had them rung.")
    supervising: Literal["listen", "whisper", "barge"] | None = Field(
        description="Of a supervisor in another's call: who hears them."
    )
    allowed_actions: list[str] = Field(description="What who asks may do now.")
    version: int


class OneCall(BaseModel):
    call: Call


class PromisedCallback(BaseModel):
    id: UUID = Field(description="Of the call that it will be.")
    at: AwareDatetime
    number: str


class OneCallback(OneCall):
    callback: PromisedCallback


class WrapUp(BaseModel):
    """dispositions: the words to choose from; none: any."""

    since: AwareDatetime
    until: AwareDatetime
    call_record_id: UUID | None
    disposition_required: bool
    dispositions: list[str]
    extendable_seconds: int


class Queue(BaseModel):
    id: UUID
    name: str


class Agent(BaseModel):
    """state: what they do now, since when, and of a break why; status: the same in four words."""

    id: UUID
    extension: str
    name: str | None
    state: str | None
    since: AwareDatetime | None
    reason: str | None
    status: Literal["available", "busy", "break", "offline"]
    chosen_status: str
    rest_until: AwareDatetime | None = Field(
        description="Until then they are not rung, after an offer that came to nothing."
    )
    next_status: str | None
    next_reason: str | None
    missed_offers: int
    aside_reason: str | None
    wrap_up: WrapUp | None
    queues: list[Queue]


class SoftphoneDevice(BaseModel):
    """The page that is somebody's softphone, and how often it says that it lives."""

    device: str
    since: AwareDatetime
    heartbeat_seconds: int


class OneSoftphone(BaseModel):
    softphone: SoftphoneDevice


class Me(BaseModel):
    """Enough for a screen that was just loaded: an agent, their calls, their wrap-up."""

    agent: Agent | None = Field(description="Null for a supervisor who takes no calls.")
    calls: list[Call]
    wrap_up: WrapUp | None
    softphone: SoftphoneDevice | None = Field(description="Null: no page was it yet.")
    version: int


class Link(BaseModel):
    url: str
    expires_at: AwareDatetime


class Recording(BaseModel):
    """Of a call's conversations, or a message."""

    recording: str
    call_record_id: UUID | None
    voicemail_id: UUID | None
    duration_seconds: int | None
    status: str = Field(description="completed, deleting, deleted, delete_failed …")
    legal_hold: bool


class OneRecording(BaseModel):
    recording: Recording


class Softphone(BaseModel):
    """identity: what Twilio knows the softphone by (client:<identity>)."""

    token: str
    identity: str
    expires_at: AwareDatetime


class Message(BaseModel):
    """A text message to a customer. state: wanted until Twilio took it."""

    id: UUID
    number: str
    text: str
    call_record_id: UUID | None
    contact_id: UUID | None
    state: Literal["wanted", "sent", "delivered", "undelivered", "failed", "refused", "withdrawn"]
    error_code: str | None
    error: str | None
    created_at: AwareDatetime


class OneMessage(BaseModel):
    message: Message


class Details(BaseModel):
    """For programs: why, and what may be done instead."""

    model_config = ConfigDict(extra="allow")
    code: str
    field: str | None = None
    state: str | None = None
    allowed_actions: list[str] | None = None
    retry_after: int | None = None


class Problem(BaseModel):
    """error is a sentence for people."""

    model_config = ConfigDict(alias_generator=to_camel)
    error: str
    details: Details | None = None
    retry_after: int | None = None
