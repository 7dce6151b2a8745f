"""The door that every webhook of Twilio's comes through."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import Blueprint, request

from callcenter.errors import SignatureError
from webhooks.services import services
from webhooks.twilio.parameters import LONGEST_SID, optional

bp = Blueprint("twilio", __name__, url_prefix="/api/twilio")


@bp.before_request
def refuse_what_twilio_did_not_sign() -> None:
    """Raise SignatureError (403) unless Twilio signed this request for exactly this URL."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if not services().twilio.is_signed(_signed_url(), _signed_content(), signature):
        raise SignatureError("the request is not signed by Twilio for this URL")


@bp.before_request
def name_the_call_in_logs() -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(call_sid=optional("CallSid", LONGEST_SID))


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
