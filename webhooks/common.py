"""What every webhook needs: the signature checked, parameters read, TwiML or nothing answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog
from flask import Response, current_app, request

from callcenter.bootstrap import Services
from callcenter.errors import (
    BadParameterError,
    CallCenterError,
    MissingParameterError,
    SignatureError,
)
from callcenter.models import JSON, Answer
from callcenter.phone import to_dial, to_e164
from callcenter.twiml import apology, render

log = structlog.get_logger()
_View = TypeVar("_View", bound=Callable[..., Response])
# Longer ones are cut: names and speech are Twilio's to send and nobody's to trust.
_LONGEST_VALUE = 4000
# Twilio's have 34 characters.
_LONGEST_SID = 64
# The DialCallStatus of somebody who was reached.
SPOKE = frozenset({"completed", "answered"})


def services() -> Services:
    return cast(Services, current_app.extensions["callcenter"])


def signed_by_twilio(view: _View) -> _View:
    """Refuse what Twilio did not sign for exactly this URL: 403."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not services().twilio.is_signed(_signed_url(), _signed_content(), signature):
            raise SignatureError("the request is not signed by Twilio for this URL")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(call_sid=optional("CallSid", _LONGEST_SID))
        return view(*args, **kwargs)

    return cast(_View, checked)


def _signed_url() -> str:
    # The raw request line, byte for byte: Flask's own URL is decoded and encoded again, and
    # signatures of addresses with %2F or %C3 in them would fail.
    raw = request.environ.get("RAW_URI") or request.environ["REQUEST_URI"]
    return services().settings.public_url + str(raw)


def _signed_content() -> Mapping[str, str] | str:
    """The form, or a JSON body: of that the address holds the hash, and the address is signed."""
    if not request.is_json:
        return request.form
    if not request.args.get("bodySHA256", "").strip():
        raise SignatureError("a JSON body comes with its hash in the address")
    return request.get_data(as_text=True)


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
    if len(value) > _LONGEST_SID or not value.isascii() or not value.isalnum():
        raise BadParameterError(f"{name} is not a SID")
    return value


def optional_int(name: str) -> int | None:
    """A whole number; None where it is missing or is none."""
    value = request.values.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


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


def keyed_number() -> str | None:
    """A number that a caller keyed for us to ring, in their country or our own; else None."""
    return to_dial(optional("Digits"), number("From"), services().settings.default_region)


def call_event(**fields: object) -> JSON:
    """An event of a call as the database's functions take it; params is all that Twilio sent."""
    return {
        "call_sid": sid("CallSid"),
        "from": number("From"),
        "to": optional("To"),
        "caller_name": optional("CallerName"),
        **fields,
        "params": sent_params(),
    }


def sent_params() -> JSON:
    """All that Twilio sent, of parameters sent several times the first."""
    return {
        storable(name)[:_LONGEST_VALUE]: storable(value)[:_LONGEST_VALUE]
        for name, value in request.form.items()
    }


def storable(text: str) -> str:
    """Text as Postgres takes it: without NUL, and without half a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def speak(
    ask: Callable[[JSON], Answer], event: JSON, without_database: str | None = None
) -> Response:
    """Say what the database wants heard; where it can't be asked or refuses, `without_database`.

    Nobody is left in silence: by default that is an apology, and the way to a person or a tape.
    """
    try:
        answer = ask(event)
    except CallCenterError as error:
        kind = type(error).__name__
        log.error("answering without the database", error=str(error), kind=kind)
        return xml(without_database) if without_database else apologise()
    run_after_response(answer.commands)
    return xml(render(_dialable(cast(JSON, answer.plan)), services().urls))


def apologise() -> Response:
    return xml(apology(services().urls, services().settings.fallback_number))


def _dialable(plan: JSON) -> JSON:
    """A number to dial stands in scripts as people write it; Twilio wants E.164."""
    if "number" not in plan:
        return plan
    written = plan["number"]
    return {**plan, "number": to_e164(written, services().settings.default_region) or written}


def take_in(record: Callable[[JSON], Answer], event: JSON) -> Response:
    """Tell the database of something that needs no answer; Twilio repeats it if we fail."""
    run_after_response(record(event).commands)
    return Response(status=204)


def run_after_response(commands: Iterable[Any]) -> None:
    services().runner.submit(commands)


def xml(document: str) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")
