"""Twilio's two ways of transcribing, as it words them, and as the one event that both become.

<Record transcribe> takes American English only and posts a form. Batch transcription takes other
languages and posts JSON. Its requests follow Twilio's OpenAPI (voice v2 and v3, of October 2026).
That does not describe the callback; other projects read `id`, `status`, `sourceId` and
`sentences[].text` of it. Should Twilio word it differently, here is the place.
"""

from __future__ import annotations

from typing import Any

from callcenter.errors import BadParameterError
from callcenter.events import TranscriptionEvent
from callcenter.models import JSON
from callcenter.text import storable

CONFIGURATION_NAME = "callcenter_voicemail"
_COMPLETED = "completed"


def configuration(callback_url: str) -> JSON:
    """How voicemails are transcribed: language told by ear, the result sent to `callback_url`."""
    return {
        "unique_name": CONFIGURATION_NAME,
        "description": "Voicemails of the call centre",
        "configuration": {
            "configurationType": "Transcription",
            "transcriptionEngine": "deepgram",
            "speechModel": "nova-3",
            "language": "multi",
            "transcriptionStatusCallback": {"url": callback_url, "method": "POST"},
            # Twilio insists on two; a voicemail has but the first channel.
            "participantDefaults": [
                {"audioChannelIndex": 1, "type": "CUSTOMER"},
                {"audioChannelIndex": 2, "type": "HUMAN_AGENT"},
            ],
        },
    }


def batch_request(configuration_id: str, recording_sid: str, caller: str | None, ours: str) -> JSON:
    """The request for a voicemail. Who speaks is told, for Twilio does not always find it out and
    then refuses (17563); a caller without a number still needs an address.
    """
    return {
        "transcriptionConfigurationId": configuration_id,
        "inputSource": "SOURCE_ID",
        "sourceId": recording_sid,
        "participants": [
            {"audioChannelIndex": 1, "type": "CUSTOMER", "address": caller or "anonymous"},
            {"audioChannelIndex": 2, "type": "HUMAN_AGENT", "address": ours},
        ],
    }


def of_record(recording_sid: str, job_id: str, status: str, text: str | None) -> TranscriptionEvent:
    """The event that <Record>'s callback tells."""
    return _event(recording_sid, job_id, status, text or "")


def of_batch(body: Any) -> TranscriptionEvent | None:
    """The event that the batch's callback tells; None while it runs. Refuses what can't be one."""
    if not isinstance(body, dict):
        raise BadParameterError("the body is not a JSON object")
    status = _text(body, "status")
    if status.lower() in ("pending", "running"):
        return None
    sentences = body.get("sentences") or []
    if not isinstance(sentences, list) or not all(isinstance(s, dict) for s in sentences):
        raise BadParameterError("sentences is not a list of objects")
    text = " ".join(str(s.get("text") or "").strip() for s in sentences)
    return _event(_text(body, "sourceId"), _text(body, "id"), status, text.strip())


def _event(recording_sid: str, job_id: str, status: str, text: str) -> TranscriptionEvent:
    return TranscriptionEvent(
        recording_sid=storable(recording_sid),
        job_id=storable(job_id),
        status=_COMPLETED if status.lower() == _COMPLETED else "failed",
        text=storable(text),
    )


def _text(body: JSON, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadParameterError(f"{name} is missing or no text")
    return value
