"""Voicemails and recordings."""

from __future__ import annotations

from flask import Response

from callcenter.errors import MissingParameterError
from callcenter.events import RecordingEvent
from callcenter.twiml import hang_up
from webhooks.services import services
from webhooks.twilio.answers import respond_with_nothing, respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    optional,
    optional_int,
    optional_sid,
    optional_uuid,
    required,
    sent_params,
    sid,
    voice_request,
)

# Whatever else it may be called (paused, processing …), it is not over.
_STATUSES = frozenset({"in-progress", "completed", "absent", "failed"})


@bp.post("/voicemail")
def voicemail() -> Response:
    """The caller finished their message."""
    return respond_with_plan(services().db.receive_voicemail, voice_request(), hang_up())


@bp.post("/recording-status")
def recording_status() -> Response:
    """What became of a recording; conferences' name our call in the address, not a CallSid."""
    if optional("CallSid") is None and optional("call") is None:
        raise MissingParameterError("CallSid")
    said = required("RecordingStatus")
    event = RecordingEvent(
        recording_sid=sid("RecordingSid"),
        status=said.replace("-", "_") if said in _STATUSES else "in_progress",
        call_sid=optional_sid("CallSid"),
        call_record_id=optional_uuid("call"),
        source=optional("RecordingSource"),
        duration=optional_int("RecordingDuration"),
        params=sent_params(),
    )
    return respond_with_nothing(services().db.record_recording_event(event))
