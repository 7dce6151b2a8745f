"""Twilio's REST API and its signatures: the only importer of `twilio.rest` and the validator."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from callcenter.errors import (
    TwilioBusyError,
    TwilioError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.events import LegEvent, ListedCall, RecordingEvent, Role
from callcenter.models import JSON
from callcenter.phone import to_e164
from callcenter.settings import Settings
from callcenter.transcription import CONFIGURATION_NAME, batch_request, configuration
from callcenter.twiml import Urls

REQUEST_TIMEOUT_SECONDS = 10.0
# Twilio rings this much longer than it is asked to.
_TWILIO_EXTRA_RING_SECONDS = 5
# Twilio's clock and Postgres's, and Twilio's times are whole seconds.
_CLOCKS_DIFFER = timedelta(seconds=2)
_CONFIGURATIONS = "/v2/Configurations/Transcription"
# Not found; "call is not in-progress, cannot redirect or hang up".
_GONE_CODES = frozenset({20404, 21220})


class _HttpClient(TwilioHttpClient):
    """Time-outs on every request, and another host where one is configured."""

    def __init__(self, base_url: str | None) -> None:
        super().__init__(timeout=REQUEST_TIMEOUT_SECONDS, pool_connections=True)
        self._base_url = base_url
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=32)
        if self.session is not None:
            self.session.mount("http://", adapter)
            self.session.mount("https://", adapter)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base_url:
            url = relocated(url, self._base_url)
        return super().request(method, url, *args, **kwargs)


def relocated(url: str, base_url: str) -> str:
    """Move a Twilio URL to another host; the product's subdomain becomes the first path part."""
    parts = urlsplit(url)
    product = (parts.hostname or "api").split(".")[0]
    query = f"?{parts.query}" if parts.query else ""
    return f"{base_url.rstrip('/')}/{product}{parts.path}{query}"


class TwilioService:
    """What we ask of Twilio. Raises TwilioRefusedError, TwilioBusyError, TwilioUncertainError."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            http_client=_HttpClient(settings.twilio_api_base_url),
        )
        self._validator = RequestValidator(settings.twilio_auth_token)
        self._urls = Urls(settings.public_url)

    def is_signed(self, url: str, params: Mapping[str, Any] | str, signature: str) -> bool:
        """Whether Twilio signed this request for exactly this URL (params: a form, or raw JSON)."""
        if not isinstance(params, str):
            computed = self._validator.compute_signature(url, params)
            if compare_digest(computed.encode(), signature.encode()):
                return True
        # The rarer forms: signed with a port where we have none or the reverse, and JSON.
        return bool(self._validator.validate(url, params, signature))

    def ring_agent(self, payload: JSON) -> str:
        """Ring an agent for an offer: on their phone, or the softphone; returns the leg's SID."""
        phone = payload["phone"]
        ours = self._settings.twilio_phone_numbers
        by_phone = phone and phone not in ours
        # A softphone shows who calls; "anonymous" is no number for Twilio to show.
        shown = payload["caller"] if payload["caller"].startswith("+") else ours[0]
        offer, urls = payload["offer_id"], self._urls.for_leg(Role.AGENT)
        call = self._ask(
            self._client.calls.create,
            to=phone if by_phone else f"client:{payload['client']}",
            from_=ours[0] if by_phone else shown,
            timeout=payload["ring_seconds"] - _TWILIO_EXTRA_RING_SECONDS,
            url=urls("agent-connect", offer=offer),
            status_callback=urls("call-status", offer=offer),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )
        return str(call.sid)

    def ring_customer(self, payload: JSON) -> str:
        """Ring the customer of a callback, whose agent is waiting; returns the leg's SID."""
        call_record_id, urls = payload["call_record_id"], self._urls.for_leg(Role.CUSTOMER)
        call = self._ask(
            self._client.calls.create,
            to=payload["number"],
            from_=self._ours(payload["receiver"]),
            timeout=payload["ring_seconds"] - _TWILIO_EXTRA_RING_SECONDS,
            url=urls("caller-connect", call=call_record_id),
            status_callback=urls("call-status", call=call_record_id),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )
        return str(call.sid)

    def find_customer_call(self, payload: JSON, since: str) -> str | None:
        """The call that ring_customer made since a moment (ISO 8601); the newest, or None."""
        earliest = datetime.fromisoformat(since) - _CLOCKS_DIFFER
        calls = self._ask(
            self._client.calls.list,
            to=payload["number"],
            from_=self._ours(payload["receiver"]),
            limit=20,
        )
        made = [
            call
            for call in calls
            if call.date_created >= earliest and call.direction == "outbound-api"
        ]
        return str(made[0].sid) if made else None

    def redirect(self, call_sid: str, path: str) -> bool:
        """Make a live call ask for another document; False where the call is over."""
        return self._change(call_sid, url=self._urls(path), method="POST")

    def hang_up(self, call_sid: str) -> bool:
        """End a call whatever it is doing; False where it was over already."""
        return self._change(call_sid, status="completed")

    def send_sms(self, payload: JSON) -> str:
        """Send a text message from the number that was called; returns its SID."""
        message = self._ask(
            self._client.messages.create,
            to=payload["number"],
            from_=self._ours(payload["receiver"]),
            body=payload["text"],
        )
        return str(message.sid)

    def transcribe(self, recording_sid: str, attempt: str) -> str:
        """Have a recording transcribed; its words come by callback. Returns Twilio's id of the job.

        Safe to repeat: Twilio answers a second request for the same attempt as it did the first.
        """
        job = self._voice(
            "POST",
            "/v3/Transcriptions",
            batch_request(self._transcription_configuration(), recording_sid),
            {"Idempotency-Key": str(uuid5(NAMESPACE_URL, attempt))},
        )
        return str(job["transcription"]["id"])

    def _transcription_configuration(self) -> str:
        ours = self._settings.twilio_transcription_config
        return ours or str(self._voice("GET", f"{_CONFIGURATIONS}/{CONFIGURATION_NAME}")["id"])

    def configure_transcription(self) -> str:
        """Make or renew the configuration that voicemails are transcribed with; returns its id."""
        body = configuration(self._urls.without_retries("transcription-status"))
        try:
            made = self._voice("PUT", f"{_CONFIGURATIONS}/{CONFIGURATION_NAME}", body)
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            made = self._voice("POST", _CONFIGURATIONS, body)
        return str(made["id"])

    def fetch_call(self, call_sid: str) -> LegEvent | None:
        """What Twilio knows of a call; None where it knows no such call."""
        try:
            call = self._ask(self._client.calls(call_sid).fetch)
        except TwilioRefusedError as error:
            if error.status == 404:
                return None
            raise
        return _leg_event(call, self._settings.default_region)

    def calls_since(self, moment: str) -> list[ListedCall]:
        """The calls to our numbers that began at a moment (ISO 8601) or later, oldest first."""
        since = datetime.fromisoformat(moment).astimezone(UTC)
        ours = self._settings.twilio_phone_numbers
        calls = [call for number in ours for call in self._calls_to(number, since)]
        fallback = self._settings.fallback_number
        taken = {
            leg.parent_call_sid
            for leg in (self._calls_to(fallback, since) if fallback else ())
            if leg.status in ("in-progress", "completed")
        }
        return [
            ListedCall(
                leg=_leg_event(call, self._settings.default_region),
                created_at=call.date_created.astimezone(UTC).isoformat(),
                reached_fallback=call.sid in taken,
            )
            for call in sorted(calls, key=lambda call: call.date_created)
        ]

    def _calls_to(self, number: str, since: datetime) -> list[Any]:
        listed = self._client.calls.list
        return list(self._ask(listed, to=number, start_time_after=since, page_size=1000))

    def calls_in_progress(self) -> list[str]:
        """The SIDs of all the account's calls that were answered and go on."""
        calls = self._ask(self._client.calls.list, status="in-progress", page_size=1000)
        return [str(call.sid) for call in calls]

    def recordings_of(self, call_sid: str | None, conference: str | None) -> list[RecordingEvent]:
        """The recordings of a leg and of the conferences of a name."""
        recordings = self._client.recordings
        found = self._ask(recordings.list, call_sid=call_sid) if call_sid else []
        if conference:
            for room in self._ask(self._client.conferences.list, friendly_name=conference):
                found += self._ask(recordings.list, conference_sid=room.sid)
        return [_recording_event(recording) for recording in found]

    def account_name(self) -> str:
        """The account's name; the cheapest proof that the credentials are right."""
        account = self._ask(self._client.api.accounts(self._settings.twilio_account_sid).fetch)
        return str(account.friendly_name)

    def configured_urls(self, number: str) -> JSON | None:
        """The webhooks a number of ours has at Twilio; None where the number is not ours."""
        found = self._ask(self._client.incoming_phone_numbers.list, phone_number=number, limit=1)
        if not found:
            return None
        return {"voice_url": found[0].voice_url, "status_callback": found[0].status_callback}

    def configure_number(self, number: str) -> bool:
        """Point a number's webhooks at this service; False where the number is not ours."""
        found = self._ask(self._client.incoming_phone_numbers.list, phone_number=number, limit=1)
        if not found:
            return False
        self._ask(
            found[0].update,
            voice_url=self._urls("incoming-call"),
            voice_method="POST",
            voice_fallback_url=self._urls("fallback"),
            voice_fallback_method="POST",
            status_callback=self._urls("call-status"),
            status_callback_method="POST",
        )
        return True

    def _ours(self, number: str | None) -> str:
        """A number if it is ours, else our first: Twilio takes no other as the sender."""
        ours = self._settings.twilio_phone_numbers
        return number if number in ours else ours[0]

    def _change(self, call_sid: str, **change: str) -> bool:
        try:
            self._ask(self._client.calls(call_sid).update, **change)
        except TwilioRefusedError as error:
            if error.code in _GONE_CODES:
                return False
            raise
        return True

    def _voice(
        self, method: str, path: str, body: JSON | None = None, headers: JSON | None = None
    ) -> JSON:
        """Ask voice.twilio.com, in JSON: the library's own classes can't read all it answers."""
        response = self._ask(
            self._client.request,
            method=method,
            uri=f"https://voice.twilio.com{path}",
            data=body,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        content = _object(response.text)
        if response.status_code >= 400:
            reason = content.get("message") or content.get("detail") or content.get("title")
            raise _as_ours(response.status_code, content.get("code"), str(reason))
        return content

    def _ask(self, operation: Callable[..., Any], /, **arguments: Any) -> Any:
        try:
            return operation(**arguments)
        except TwilioRestException as error:
            raise _as_ours(error.status, error.code, str(error.msg)) from error
        except TwilioException as error:
            # Of a list's page the library only hands over what was answered.
            answer = next((part for part in error.args if isinstance(part, Response)), None)
            if answer is None:
                raise
            content = _object(answer.text)
            reason = str(content.get("message") or answer.text[:200])
            raise _as_ours(answer.status_code, content.get("code"), reason) from error
        except requests.RequestException as error:
            raise TwilioUncertainError(type(error).__name__) from error


def _object(text: str) -> JSON:
    """A JSON object; an empty one where a proxy answered in Twilio's place, with something else."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _as_ours(status: int, code: int | None, message: str) -> TwilioError:
    if status == 429:
        return TwilioBusyError(message)
    if status >= 500:
        return TwilioUncertainError(f"{status}: {message}")
    return TwilioRefusedError(status, code, message)


def _leg_event(call: Any, region: str) -> LegEvent:
    return LegEvent(
        call_sid=call.sid,
        status=call.status.replace("-", "_"),
        source="reconcile",
        from_=to_e164(call._from, region),
        to=call.to,
        caller_name=call.caller_name,
        direction=call.direction,
        occurred_at=call.end_time.astimezone(UTC).isoformat() if call.end_time else None,
        duration=_seconds(call.duration),
    )


def _recording_event(recording: Any) -> RecordingEvent:
    """Whatever is not over is in progress."""
    over = recording.status in ("completed", "absent", "failed")
    return RecordingEvent(
        recording_sid=recording.sid,
        status=recording.status if over else "in_progress",
        source=recording.source,
        recording_url=recording.media_url,
        duration=_seconds(recording.duration) if over else None,
    )


def _seconds(duration: str | None) -> int | None:
    return int(duration) if duration else None
