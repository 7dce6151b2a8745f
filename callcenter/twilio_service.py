"""Twilio's REST API and its signatures: the only importer of `twilio.rest` and the validator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from callcenter.errors import TwilioRefusedError
from callcenter.events import LegEvent, ListedCall, RecordingEvent, Role
from callcenter.models import JSON
from callcenter.phone import to_e164, without_parameters
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.telephony.account import Account, last_resort
from callcenter.telephony.applications import Applications
from callcenter.telephony.client import REQUEST_TIMEOUT_SECONDS as REQUEST_TIMEOUT_SECONDS
from callcenter.telephony.client import TwilioClient
from callcenter.telephony.conferences import Conferences
from callcenter.telephony.copies import Copies
from callcenter.telephony.media import Media
from callcenter.telephony.messages import Messages
from callcenter.telephony.tokens import SoftphoneToken, softphone_token
from callcenter.telephony.transcriptions import Transcriptions
from callcenter.twiml import Urls

# Twilio rings this much longer than it is asked to, and for no less than that.
_TWILIO_EXTRA_RING_SECONDS = 5
_SHORTEST_RING_SECONDS = 5
# Twilio's clock and Postgres's, and Twilio's times are whole seconds.
_CLOCKS_DIFFER = timedelta(seconds=2)
# Not found; "call is not in-progress, cannot redirect or hang up".
_GONE_CODES = frozenset({20404, 21220})


class TwilioService:
    """What we ask of Twilio. Raises TwilioRefusedError, TwilioBusyError, TwilioUncertainError."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._settings = settings
        client = TwilioClient(settings)
        self._client, self._ask = client.rest, client.ask
        self.account = Account(client, settings)
        self.applications = Applications(client, settings)
        self._messages = Messages(client, self.account, settings)
        self._transcriptions = Transcriptions(client, settings)
        conferences = Conferences(client, settings)
        self.set_participant = conferences.set_participant
        self.announce = conferences.announce
        self.set_recording = conferences.set_recording
        media = Media(settings)
        self.open_sound = media.open
        self.copies = Copies(media, storage, self.delete_recording, self.delete_words)
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

    def ring_for_offer(self, payload: JSON) -> str:
        """Ring somebody to join a call's room, in the role that the offer says; the leg's SID.

        On their phone; who has none, or only a number of ours to show, on the softphone.
        """
        phone = payload["phone"]
        by_phone = phone and phone not in self._settings.twilio_phone_numbers
        if not by_phone and not payload["client"]:
            # Twilio's code of a number that can't be called.
            raise TwilioRefusedError(400, 21211, "the number is our own")
        return self._ring(
            phone if by_phone else _softphone(payload["client"], payload.get("shows") or {}),
            payload,
            Role(payload["role"]),
            ("agent-connect", "agent-fallback"),
            offer=payload["offer_id"],
        )

    def ring_customer(self, payload: JSON) -> str:
        """Ring the customer of a callback or of a call that an agent places, who is waiting;
        returns the leg's SID. detect_machine: who answered is told with the first request.
        """
        return self._ring(
            payload["number"],
            payload,
            Role.CUSTOMER,
            ("caller-connect", "caller-fallback"),
            call=payload["call_record_id"],
            attempt=payload["attempt"],
        )

    def _ring(
        self, to: str, payload: JSON, role: Role, paths: tuple[str, str], **about: object
    ) -> str:
        """Start a call from a number of ours, softphones' too: Twilio takes no other (21210).

        paths: what is asked when it is answered, and what if that can't be had.
        """
        urls = self._urls.for_leg(role)
        call = self._ask(
            self._client.calls.create,
            to=to,
            from_=self._ours(payload.get("receiver")),
            timeout=max(
                _SHORTEST_RING_SECONDS, payload["ring_seconds"] - _TWILIO_EXTRA_RING_SECONDS
            ),
            url=urls(paths[0], **about),
            fallback_url=urls(paths[1], **about),
            status_callback=urls("call-status", **about),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            **({"machine_detection": "Enable"} if payload.get("detect_machine") else {}),
        )
        return str(call.sid)

    def find_customer_call(self, payload: JSON, since: str) -> str | None:
        """The call that ring_customer made at a moment (ISO 8601): the first since, or None.

        Later ones to the same number are others', who call the customer too.
        """
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
        first = min(made, key=lambda call: call.date_created, default=None)
        return str(first.sid) if first else None

    def redirect(self, call_sid: str, payload: JSON) -> bool:
        """Make a live call ask for another document (path); False where the call is over.

        role, call, attempt: of a customer whom we rang. What they ask for then says so, as when
        they were rung; a caller who can't be answered goes where those of the number go.
        """
        role = Role(payload["role"]) if payload.get("role") else None
        urls = self._urls.for_leg(role)
        about = {key: payload.get(key) for key in ("call", "attempt")}
        fallback, method = last_resort(self._settings)
        if role:
            fallback, method = urls("caller-fallback", **about), "POST"
        return self._change(
            call_sid,
            url=urls(payload["path"], **about),
            method="POST",
            fallback_url=fallback,
            fallback_method=method,
        )

    def hang_up(self, call_sid: str) -> bool:
        """End a call whatever it is doing; False where it was over already."""
        return self._change(call_sid, status="completed")

    def delete_recording(self, recording: str) -> bool:
        """Delete a recording for good; False where Twilio has none by that SID any more."""
        try:
            self._ask(self._client.recordings(recording).delete)
        except TwilioRefusedError as error:
            if error.status == 404:
                return False
            raise
        return True

    def delete_words(self, recording: str) -> bool:
        """Delete the words that <Record> made of a recording; False where Twilio has none.

        Of one recording there is one such transcription at most.
        """
        kept = self._client.recordings(recording).transcriptions
        try:
            found = self._ask(kept.list, limit=1)
            for words in found:
                self._ask(kept(words.sid).delete)
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            return False
        return bool(found)

    def send_sms(self, payload: JSON) -> str:
        """Send a text message; returns its SID. See Messages for who sends it."""
        called = self._ours(payload["receiver"])
        number, text = payload["number"], payload["text"]
        return self._messages.send(number, called, text, payload.get("message"))

    def transcribe(self, payload: JSON, attempt: str) -> str:
        """Have a recording transcribed; returns Twilio's id of the job. See Transcriptions."""
        return self._transcriptions.start(payload, self._ours(payload.get("receiver")), attempt)

    def can_transcribe(self) -> bool:
        """Whether voicemails in other languages than American English can be transcribed."""
        return self._transcriptions.are_configured()

    def configure_transcription(self) -> str:
        """Make or renew the configuration that voicemails are transcribed with; returns its id."""
        return self._transcriptions.configure()

    def softphone_token(self, identity: str) -> SoftphoneToken:
        """What a browser signs in to Twilio with as a softphone; see telephony/tokens.py."""
        return softphone_token(self._settings, identity)

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
        found = self._ask(listed, to=number, start_time_after=since, page_size=1000)
        # Should Twilio read no more of the moment than its day.
        return [call for call in found if (call.start_time or call.date_created) >= since]

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


def _softphone(identity: str, shows: JSON) -> str:
    """A softphone's address, with what it is to show (customParameters of the Voice SDK)."""
    return f"client:{identity}{'?' if shows else ''}{urlencode(shows)}"


def _leg_event(call: Any, region: str) -> LegEvent:
    return LegEvent(
        call_sid=call.sid,
        status=call.status.replace("-", "_"),
        source="reconcile",
        from_=to_e164(call._from, region),
        to=without_parameters(call.to),
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
        duration=_seconds(recording.duration) if over else None,
    )


def _seconds(duration: str | None) -> int | None:
    return int(duration) if duration else None
