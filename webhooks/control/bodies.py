"""What people send: the models that read the bodies, and describe them in OpenAPI.

What a body holds besides is ignored. What only the database can judge (whether a number can be
rung, which status may follow) is left to it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic.alias_generators import to_camel

from callcenter.text import storable


def _storable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _in_utc(moment: datetime) -> datetime:
    """Postgres knows no offsets of more than sixteen hours."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error


_Storable = BeforeValidator(_storable)
Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Word = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), _Storable
]
Outcome = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), _Storable
]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), _Storable]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000), _Storable]
Keys = Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9*#wW]+$"), _Storable]
# As much as Twilio takes.
MessageText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1600), _Storable
]
Status = Literal["available", "break", "offline"]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)


class _PageBody(_Body):
    """By the names of the page that sends it."""

    model_config = ConfigDict(strict=True, alias_generator=to_camel)


class InitiateCall(_PageBody):
    to_number: Word = Field(description="As people write it.", examples=["300 999 0003"])
    agent_id: UUID | None = Field(None, description="Whose call it is; by default who asks.")
    recording_enabled: bool | None = Field(
        None, description="By default as the centre records.", examples=[True]
    )
    detect_machine: bool = Field(False, description="End the call where a machine answers.")
    caller_id: Word | None = Field(None, description="Which number of ours the customer sees.")


class HangUpCall(_PageBody):
    call_sid: Word = Field(
        description="What initiate-call answered, or any id of the call.",
        examples=["CA00000000000000000000000000000001"],
    )


class TransferCall(HangUpCall):
    transfer_to_number: Word = Field(
        description="A number, an extension or a queue's name.", examples=["support"]
    )


class Destination(_Body):
    to: Word = Field(description="A number, an extension or a queue's name.", examples=["102"])


class Whom(_Body):
    to: Word = Field(description="A number or an extension.", examples=["102"])


class Participant(_Body):
    party: Word | None = Field(
        None, description="customer, or the SID of a leg of the call.", examples=["customer"]
    )


class Digits(Participant):
    digits: Keys = Field(description="Keys to press; w waits half a second.", examples=["1w2#"])


class Supervision(_Body):
    mode: Literal["listen", "whisper", "barge"] = Field(
        description="Hear only, be heard by the agent, or be heard by all.", examples=["listen"]
    )


class AnotherQueue(_Body):
    to: Word = Field(description="A queue's name.", examples=["support"])


class Help(_Body):
    reason: Reason | None = Field(None, examples=["Wants a refund beyond my limit"])


class Hold(_Body):
    reason: Reason | None = Field(None, examples=["Court order 2026-114"])


class Disposition(_Body):
    disposition: Outcome = Field(description="What came of the call.", examples=["completed"])
    notes: Notes | None = Field(None, examples=["Sent the invoice again"])


class Callback(_Body):
    at: Moment = Field(
        description="When, with its offset from UTC.", examples=["2027-01-11T09:30:00-05:00"]
    )
    number: Word | None = Field(None, description="By default the customer's.")


class TextMessage(_Body):
    """To one of the three."""

    text: MessageText = Field(examples=["Su pedido sale mañana."])
    to: Word | None = Field(None, description="A number.", examples=["300 999 0003"])
    contact: UUID | None = Field(None, description="A contact's id.")
    call: Word | None = Field(None, description="A call, whose customer it is.")


class Device(_Body):
    device: str = Field(
        pattern=r"^[A-Za-z0-9._:-]{8,64}$",
        description="A name that the page made up for itself, such as a UUID.",
        examples=["0b0d8f0e-6a3c-4f6e-9d39-0d6c2a3f5b71"],
    )


class NewStatus(_Body):
    status: Status = Field(examples=["break"])
    reason: Reason | None = Field(None, description="Why, of a break.", examples=["lunch"])


class NextStatus(_Body):
    status: Status | None = Field(
        description="After this call and its wrap-up; null: none.", examples=["break"]
    )
    reason: Reason | None = Field(None, examples=["lunch"])


class MoreTime(_Body):
    seconds: int = Field(ge=1, le=3600, description="How much longer.", examples=[60])
