"""What Twilio sent, read and made safe to store: names and speech are nobody's to trust."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from uuid import UUID

from flask import request

from callcenter.errors import BadParameterError, MissingParameterError
from callcenter.events import Role, VoiceRequest
from callcenter.models import JSON
from callcenter.phone import to_dial, to_e164, without_parameters
from callcenter.text import storable
from webhooks.services import services

# Longer values are cut.
_LONGEST_VALUE = 4000
# Twilio's have 34 characters.
LONGEST_SID = 64
# The DialCallStatus of somebody who was reached.
DIAL_ANSWERED = frozenset({"completed", "answered"})


def required(name: str) -> str:
    """A parameter that Twilio always sends; 400 with its name where it is missing."""
    value = optional(name)
    if value is None:
        raise MissingParameterError(name)
    return value


def optional(name: str, longest: int = _LONGEST_VALUE) -> str | None:
    """A parameter as text, cut to a length; None where it is missing or empty."""
    return storable(request.values.get(name, ""))[:longest] or None


def sid(name: str) -> str:
    """A SID of Twilio's; 400 where it is missing or is none."""
    value = required(name)
    if len(value) > LONGEST_SID or not value.isascii() or not value.isalnum():
        raise BadParameterError(f"{name} is not a SID")
    return value


def optional_sid(name: str) -> str | None:
    """A SID of Twilio's; None where it is missing, 400 where it is none."""
    return sid(name) if optional(name) else None


def optional_int(name: str) -> int | None:
    """A whole number; None where it is missing or is none."""
    value = request.values.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def optional_bool(name: str) -> bool | None:
    """Twilio's true or false; None where it is missing or is neither."""
    return {"true": True, "false": False}.get(request.values.get(name, ""))


def optional_uuid(name: str) -> str | None:
    """An id of ours from our own callback address; 400 where it is none."""
    value = optional(name)
    if value is None:
        return None
    try:
        return str(UUID(value))
    except ValueError as error:
        raise BadParameterError(f"{name} is not a UUID") from error


def number(name: str) -> str | None:
    """A telephone number in E.164, None where withheld."""
    return to_e164(optional(name), services().settings.default_region)


def our_number() -> str:
    """Our number in this call: the one that was called, or that a callback is made from."""
    ours = services().settings.twilio_phone_numbers
    parties = (optional("To"), optional("From"))
    return next((party for party in parties if party in ours), ours[0]) or ours[0]


def keyed_number() -> str | None:
    """A number that a caller keyed for us to ring, in their country or our own; else None."""
    return to_dial(optional("Digits"), number("From"), services().settings.default_region)


def optional_role() -> Role | None:
    """The role of the leg, from our own callback address; 400 where it is none."""
    value = optional("role")
    if value is None:
        return None
    try:
        return Role(value)
    except ValueError as error:
        raise BadParameterError("role is not a leg's role") from error


def was_unreadable() -> bool:
    """Whether Twilio got a document of ours and could not read it (12xxx): to answer with the same
    again would not help.
    """
    return (optional("ErrorCode") or "").startswith("12")


def voice_request() -> VoiceRequest:
    """All that Twilio says when it asks for a document, whichever it is."""
    call_status, dial_status = optional("CallStatus"), optional("DialCallStatus")
    return VoiceRequest(
        call_sid=sid("CallSid"),
        from_=number("From"),
        to=without_parameters(optional("To")),
        caller_name=optional("CallerName"),
        call_status=call_status.replace("-", "_") if call_status else None,
        role=optional_role(),
        offer_id=optional_uuid("offer"),
        call_record_id=optional_uuid("call"),
        menu=optional("menu"),
        attempt=optional_int("attempt"),
        digits=optional("Digits"),
        speech=optional("SpeechResult"),
        number=keyed_number(),
        result=optional("QueueResult"),
        dial_status=dial_status.replace("-", "_") if dial_status else None,
        confirming=optional("confirming") is not None,
        answered_by=optional("AnsweredBy"),
        recording_sid=optional_sid("RecordingSid") or _sid_of_recording(),
        duration=optional_int("RecordingDuration"),
        params=sent_params(),
    )


def _sid_of_recording() -> str | None:
    """A recording's SID from its address: <Record> does not promise its action the SID itself."""
    found = re.search(r"/Recordings/(RE[0-9a-f]{32})\b", optional("RecordingUrl") or "")
    return found[1] if found else None


def sent_params() -> JSON:
    """All that Twilio sent, of parameters sent several times the first."""
    return {
        storable(name)[:_LONGEST_VALUE]: storable(value)[:_LONGEST_VALUE]
        for name, value in request.form.items()
    }


def timestamp() -> str | None:
    """When Twilio says it happened; None where it does not say so legibly."""
    try:
        moment = parsedate_to_datetime(optional("Timestamp") or "")
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
