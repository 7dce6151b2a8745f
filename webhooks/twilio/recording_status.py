"""Voicemails and recordings."""

from __future__ import annotations

from flask import Response

from callcenter.errors import MissingParameterError
from callcenter.models import JSON
from callcenter.twiml import hang_up
from webhooks.services import services
from webhooks.twilio.answers import record, respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    call_event,
    optional,
    optional_int,
    optional_sid,
    optional_uuid,
    required,
    sent_params,
    sid,
)

# Whatever else it may be called (paused, processing …), it is not over.
_STATUSES = frozenset({"in-progress", "completed", "absent", "failed"})


@bp.post("/voicemail")
def voicemail() -> Response:
    """The caller finished their message."""
    event = call_event(**_recording())
    return respond_with_plan(services().db.receive_voicemail, event, hang_up())


@bp.post("/recording-status")
def recording_status() -> Response:
    """What became of a recording; conferences' name our call in the address, not a CallSid."""
    if optional("CallSid") is None and optional("call") is None:
        raise MissingParameterError("CallSid")
    status = required("RecordingStatus")
    event: JSON = {
        "call_sid": optional_sid("CallSid"),
        "call_record_id": optional_uuid("call"),
        "status": status.replace("-", "_") if status in _STATUSES else "in_progress",
        "source": optional("RecordingSource"),
        **_recording(),
        "recording_sid": sid("RecordingSid"),
        "params": sent_params(),
    }
    return record(services().db.record_recording_event, event)


def _recording() -> JSON:
    return {
        "recording_sid": optional_sid("RecordingSid"),
        "recording_url": optional("RecordingUrl"),
        "duration": optional_int("RecordingDuration"),
    }
