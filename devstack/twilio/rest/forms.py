"""Parameters of a request, checked against what the operation takes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiMapping

from devstack.twilio.rest.errors import bad
from devstack.twilio.webhooks import Endpoint, Subscription

URL, METHOD, BOOL, INT, TEXT, LIST = "url", "method", "bool", "int", "text", "list"
Kind = str | tuple[str, ...]
Spec = Mapping[str, Kind]

PAGING: Spec = {"PageSize": INT, "Page": INT, "PageToken": TEXT}
INVALID = 20001


class Form:
    """The values given; absent ones read as "", None or a default."""

    def __init__(self, values: MultiMapping[str]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, default)

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name, str(default)).lower() == "true"

    def number(self, name: str, default: int) -> int:
        return int(self.text(name) or default)

    def words(self, name: str) -> frozenset[str]:
        """A list parameter: repeated, or separated by spaces."""
        return frozenset(word for value in self._values.getall(name, []) for word in value.split())

    def endpoint(self, name: str, method: str, default: str = "POST") -> Endpoint | None:
        url = self.text(name)
        return Endpoint(url, self.text(method) or default) if url else None

    def subscription(
        self, name: str, method: str, events: str, default: str
    ) -> Subscription | None:
        endpoint = self.endpoint(name, method)
        chosen = self.words(events) or frozenset(default.split())
        return Subscription(endpoint, chosen) if endpoint else None


async def posted(request: web.Request, spec: Spec) -> Form:
    return checked(await request.post(), spec)  # type: ignore[arg-type]


def queried(request: web.Request, spec: Spec) -> Form:
    return checked(request.query, {**spec, **PAGING})


def checked(values: MultiMapping[str], spec: Spec) -> Form:
    """Twilio ignores what it doesn't know; a test should hear of a misspelled parameter."""
    for name in values:
        if name not in spec:
            raise bad(INVALID, f"Unknown parameter {name}")
        for value in values.getall(name):
            complaint = _complaint(spec[name], value)
            if complaint:
                raise bad(_CODES.get(name, INVALID), f"{name} {complaint}: {value[:80]}")
    return Form(values)


_CODES = {"Url": 21205, "StatusCallback": 21609, "FallbackUrl": 21205, "Method": 21403}


def _complaint(kind: Kind, value: str) -> str | None:
    if isinstance(kind, tuple):
        return None if value in kind else f"must be one of {', '.join(kind)}"
    if kind == URL:
        return bad_url(value)
    if kind == METHOD:
        return None if value in {"GET", "POST"} else "must be GET or POST"
    if kind == BOOL:
        return None if value.lower() in {"true", "false"} else "must be true or false"
    if kind == INT:
        return None if re.fullmatch(r"\d{1,9}", value) else "must be a whole number"
    return None


def bad_url(value: str) -> str | None:
    """Absolute, http or https, and a host without underscores."""
    if not value:
        return None
    parts = urlsplit(value)
    valid = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"\s", value)
    if not valid:
        return "is not a valid URL"
    return "has an underscore in its hostname" if "_" in str(parts.hostname) else None


def moment(text: str) -> float | None:
    """A date filter's value, as seconds; a day means its midnight."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise bad(INVALID, f"not a date: {text}") from None


def snake(name: str) -> str:
    """A parameter's name as the resource's JSON has it: VoiceUrl is voice_url."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
