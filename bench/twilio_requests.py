"""Webhooks as Twilio sends them, and where they are sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

NUMBER = "+576015550100"
Json = dict[str, Any]

# What Twilio says of a caller besides.
_PLACES = {
    f"{who}{what}": value
    for who in ("Caller", "Called", "From", "To")
    for what, value in (("City", "BOGOTÁ"), ("State", "DC"), ("Zip", "110111"), ("Country", "CO"))
}


@dataclass(frozen=True)
class Webhook:
    """A webhook, what a request of it holds besides the call, and what must come before."""

    name: str
    path: str
    form: Json
    needs: tuple[Webhook, ...] = ()


_STATUS = {"CallbackSource": "call-progress-events", "Timestamp": "Fri, 23 Jan 2026 10:00:00 +0000"}
INCOMING_CALL = Webhook("incoming-call", "incoming-call", {"CallStatus": "ringing"})
IVR_INPUT = Webhook(
    "ivr-input",
    "ivr-input",
    {"CallStatus": "in-progress", "Digits": "2", "msg": "Gather End", "FinishedOnKey": ""},
    (INCOMING_CALL,),
)
QUEUE_WAIT = Webhook(
    "queue-wait",
    "queue-wait",
    {
        "CallStatus": "in-progress",
        "QueueSid": f"QU{1:032x}",
        "QueuePosition": "3",
        "QueueTime": "20",
        "AvgQueueTime": "40",
        "CurrentQueueSize": "9",
        "MaxQueueSize": "1000",
    },
    (INCOMING_CALL, IVR_INPUT),
)
CALL_STATUS = Webhook(
    "call-status",
    "call-status",
    {**_STATUS, "CallStatus": "in-progress", "SequenceNumber": "2"},
    (INCOMING_CALL,),
)
HANGING_UP = Webhook(
    "call-status, the end of a call",
    "call-status",
    {**_STATUS, "CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "20"},
    (INCOMING_CALL, IVR_INPUT),
)
WEBHOOKS = (INCOMING_CALL, IVR_INPUT, QUEUE_WAIT, CALL_STATUS, HANGING_UP)


@dataclass(frozen=True)
class Request:
    """A POST, made before the clock runs: signing is Twilio's work."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Target:
    """Who answers: the process's name, where its webhooks are, and the account's token.

    `keeps_calls`: a webhook means nothing to it without those that come before.
    """

    process: str
    base_url: str
    token: bytes = field(repr=False)
    keeps_calls: bool

    def request(self, webhook: Webhook, n: int) -> Request:
        """The webhook of the n-th call, signed as Twilio does."""
        url, form = f"{self.base_url}/{webhook.path}", _form(webhook, n)
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self.token, text.encode(), hashlib.sha1).digest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": base64.b64encode(digest).decode(),
        }
        return Request(url, urlencode(form).encode(), headers)


def _form(webhook: Webhook, n: int) -> Json:
    number = f"+57{3_000_000_000 + n}"
    return {
        "AccountSid": f"AC{1:032x}",
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{n:032x}",
        "Direction": "inbound",
        "From": number,
        "Caller": number,
        "To": NUMBER,
        "Called": NUMBER,
        **_PLACES,
        **webhook.form,
    }
