"""The words of a voicemail."""

from __future__ import annotations

from flask import Response, request

from callcenter.events import TranscriptionEvent
from callcenter.transcription import of_batch, of_record
from webhooks.services import services
from webhooks.twilio.answers import respond_with_nothing
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import optional, required, sid


@bp.post("/transcription-status")
def transcription_status() -> Response:
    """A transcription is over, by whichever of Twilio's ways; repeats change nothing."""
    event = of_batch(request.get_json()) if request.is_json else _from_record()
    if event is None:
        return Response(status=204)
    return respond_with_nothing(services().db.record_transcription(event))


def _from_record() -> TranscriptionEvent:
    return of_record(
        sid("RecordingSid"),
        sid("TranscriptionSid"),
        required("TranscriptionStatus"),
        optional("TranscriptionText"),
    )
