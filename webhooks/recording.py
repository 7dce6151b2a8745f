"""Voicemails and recordings."""

from __future__ import annotations

from flask import Blueprint, Response

from callcenter.errors import MissingParameterError
from callcenter.models import JSON
from callcenter.twiml import farewell
from webhooks.common import (
    call_event,
    optional,
    optional_int,
    optional_uuid,
    required,
    sent_params,
    services,
    sid,
    signed_by_twilio,
    speak,
    take_in,
)

bp = Blueprint("recording", __name__, url_prefix="/api/twilio")
# Whatever else it may be called (paused, processing …), it is not over.
_STATUSES = frozenset({"in-progress", "completed", "absent", "failed"})


@bp.post("/voicemail")
@signed_by_twilio
def voicemail() -> Response:
    """The caller finished their message."""
    return speak(services().db.receive_voicemail, call_event(**_recording()), farewell())


@bp.post("/recording-status")
@signed_by_twilio
def recording_status() -> Response:
    """What became of a recording; conferences' name our call in the address, not a CallSid."""
    if optional("CallSid") is None and optional("call") is None:
        raise MissingParameterError("CallSid")
    status = required("RecordingStatus")
    event: JSON = {
        "call_sid": sid("CallSid") if optional("CallSid") else None,
        "call_record_id": optional_uuid("call"),
        "status": status.replace("-", "_") if status in _STATUSES else "in_progress",
        "source": optional("RecordingSource"),
        **_recording(),
        "recording_sid": sid("RecordingSid"),
        "params": sent_params(),
    }
    return take_in(services().db.record_recording_event, event)


def _recording() -> JSON:
    return {
        "recording_sid": sid("RecordingSid") if optional("RecordingSid") else None,
        "recording_url": optional("RecordingUrl"),
        "duration": optional_int("RecordingDuration"),
    }
