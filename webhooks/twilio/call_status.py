"""What Twilio says of a leg."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from flask import Response

from webhooks.services import services
from webhooks.twilio.answers import record
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    call_event,
    optional,
    optional_int,
    optional_uuid,
    required,
)

_ENDS = ("completed", "busy", "failed", "no-answer", "canceled")
_STATUSES = frozenset({"queued", "initiated", "ringing", "in-progress", *_ENDS})


@bp.post("/call-status")
def call_status() -> Response:
    """Record what Twilio says of a leg; repeats and late arrivals change nothing.

    Nor does a word we don't know: the leg is asked about at Twilio when no other follows.
    """
    status = required("CallStatus")
    event = call_event(
        source="call-status",
        status=status.replace("-", "_") if status in _STATUSES else "queued",
        sequence=optional_int("SequenceNumber"),
        occurred_at=_timestamp(),
        duration=optional_int("CallDuration"),
        sip_code=optional_int("SipResponseCode"),
        direction=optional("Direction"),
        parent_call_sid=optional("ParentCallSid"),
        offer_id=optional_uuid("offer"),
        call_record_id=optional_uuid("call"),
    )
    return record(services().db.record_call_event, event)


def _timestamp() -> str | None:
    """When Twilio says it happened; None where it does not say so legibly."""
    try:
        moment = parsedate_to_datetime(optional("Timestamp") or "")
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
