"""Batch transcription: its configuration, and the jobs."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from callcenter.errors import TwilioRefusedError
from callcenter.models import JSON
from callcenter.settings import Settings
from callcenter.telephony.client import TwilioClient
from callcenter.transcription import CONFIGURATION_NAME, batch_request, configuration
from callcenter.twiml import Urls

_HOST = "https://voice.twilio.com"
_CONFIGURATIONS = f"{_HOST}/v2/Configurations/Transcription"


class Transcriptions:
    def __init__(self, client: TwilioClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._urls = Urls(settings.public_url)

    def start(self, payload: JSON, ours: str, attempt: str) -> str:
        """Have a recording transcribed; its words come by callback. Returns Twilio's id of the job.

        payload: recording_sid, caller. Safe to repeat: Twilio answers a second request for the same
        attempt as it did the first.
        """
        body = batch_request(
            self._configuration(), payload["recording_sid"], payload.get("caller"), ours
        )
        key = {"Idempotency-Key": str(uuid5(NAMESPACE_URL, attempt))}
        job = self._client.ask_in_json("POST", f"{_HOST}/v3/Transcriptions", body, key)
        return str(job["transcription"]["id"])

    def _configuration(self) -> str:
        ours = self._settings.twilio_transcription_config
        made = f"{_CONFIGURATIONS}/{CONFIGURATION_NAME}"
        return ours or str(self._client.ask_in_json("GET", made)["id"])

    def are_configured(self) -> bool:
        """Whether voicemails in other languages than American English can be transcribed."""
        try:
            return bool(self._configuration())
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            return False

    def configure(self) -> str:
        """Make or renew the configuration that voicemails are transcribed with; returns its id."""
        body = configuration(self._urls.without_retries("transcription-status"))
        try:
            url = f"{_CONFIGURATIONS}/{CONFIGURATION_NAME}"
            made = self._client.ask_in_json("PUT", url, body)
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            made = self._client.ask_in_json("POST", _CONFIGURATIONS, body)
        return str(made["id"])
