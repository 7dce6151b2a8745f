"""What Twilio says of a leg."""

from __future__ import annotations

from flask import Response

from callcenter.events import LegEvent
from callcenter.phone import without_parameters
from webhooks.services import services
from webhooks.twilio.answers import respond_with_nothing
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    number,
    optional,
    optional_int,
    optional_role,
    optional_uuid,
    required,
    sent_params,
    sid,
    timestamp,
)

_ENDS = ("completed", "busy", "failed", "no-answer", "canceled")
_STATUSES = frozenset({"queued", "initiated", "ringing", "in-progress", *_ENDS})


@bp.post("/call-status")
def call_status() -> Response:
    """Record what Twilio says of a leg; repeats and late arrivals change nothing.

    Nor does a word we don't know: the leg is asked about at Twilio when no other follows.
    """
    said = required("CallStatus")
    event = LegEvent(
        call_sid=sid("CallSid"),
        status=said.replace("-", "_") if said in _STATUSES else "queued",
        source="call-status",
        from_=number("From"),
        to=without_parameters(optional("To")),
        caller_name=optional("CallerName"),
        role=optional_role(),
        offer_id=optional_uuid("offer"),
        call_record_id=optional_uuid("call"),
        attempt=optional_int("attempt"),
        parent_call_sid=optional("ParentCallSid"),
        direction=optional("Direction"),
        sequence=optional_int("SequenceNumber"),
        occurred_at=timestamp(),
        duration=optional_int("CallDuration"),
        sip_code=optional_int("SipResponseCode"),
        params=sent_params(),
    )
    return respond_with_nothing(services().db.record_call_event(event))
