"""Voicemails and recordings."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from callcenter.errors import BadParameterError, MissingParameterError
from callcenter.models import JSON
from webhooks.common import (
    call_event,
    optional,
    optional_int,
    required,
    sent_params,
    services,
    signed_by_twilio,
    speak,
    take_in,
)

bp = Blueprint("recording", __name__, url_prefix="/api/twilio")


@bp.post("/voicemail")
@signed_by_twilio
def voicemail() -> Response:
    """The caller finished their message."""
    return speak(services().db.receive_voicemail, call_event(**_recording()))


@bp.post("/recording-status")
@signed_by_twilio
def recording_status() -> Response:
    """What became of a recording; conferences' name our call in the address, not a CallSid."""
    if optional("CallSid") is None and optional("call") is None:
        raise MissingParameterError("CallSid")
    required("RecordingSid")
    event: JSON = {
        "call_sid": optional("CallSid"),
        "call_record_id": _call_record_id(),
        "status": required("RecordingStatus").replace("-", "_"),
        "source": optional("RecordingSource"),
        **_recording(),
        "params": sent_params(),
    }
    return take_in(services().db.record_recording_event, event)


def _recording() -> JSON:
    return {
        "recording_sid": optional("RecordingSid"),
        "recording_url": optional("RecordingUrl"),
        "duration": optional_int("RecordingDuration"),
    }


def _call_record_id() -> str | None:
    try:
        return str(UUID(required("call"))) if optional("call") else None
    except ValueError as error:
        raise BadParameterError("call is not a UUID") from error
