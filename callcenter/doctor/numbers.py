"""Whether the calls to a number of ours come here."""

from __future__ import annotations

from collections.abc import Iterator

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook
from callcenter.errors import CallCenterError
from callcenter.telephony.account import Number, wanted_number

_CONFIGURE = "`callcenter twilio configure` sets it"


def look_at_number(services: Services, number: str) -> list[Finding]:
    """Everything that Twilio says of it; one finding where all is well."""
    what = f"calls to {number}"
    try:
        found = services.twilio.account.number(number)
        if found is None:
            return [Finding(what, _missing(services, number), Runbook.NO_NUMBER)]
    except CallCenterError as error:
        return [Finding(what, str(error), Runbook.NO_NUMBER)]
    wanted = wanted_number(services.settings)
    return [*_wrong(what, found, wanted)] or [Finding(what)]


def _missing(services: Services, number: str) -> str:
    remedy = "it is not a number of this Twilio account"
    if services.twilio.account.is_verified(number):
        remedy += ", only a verified caller id: it can be shown, and nobody can ring it"
    return f"{remedy}. Take it out of TWILIO_PHONE_NUMBER, or buy or port it"


def _wrong(what: str, found: Number, wanted: Number) -> Iterator[Finding]:
    if not found.can_call:
        yield Finding(what, "it has no voice capability", Runbook.NO_VOICE)
    if found.application_sid or found.trunk_sid:
        taker = found.application_sid or found.trunk_sid
        remedy = f"{taker} takes them; `callcenter twilio configure --take-over` ends that"
        yield Finding(what, remedy, Runbook.TAKEN)
    for name, is_, should, matters in (
        ("voice URL", found.voice, wanted.voice, True),
        ("fallback", found.fallback, wanted.fallback, False),
        ("status callback", found.status, wanted.status, False),
        ("messaging URL", found.texts, wanted.texts if found.sms else found.texts, False),
    ):
        if is_ != should:
            told = f"its {name} is {_told(is_)}, not {_told(should)}; {_CONFIGURE}"
            yield Finding(what, told, Runbook.ELSEWHERE, advice=not matters)


def _told(webhook: tuple[str, str]) -> str:
    url, method = webhook
    return f"{method} {url}" if url else "empty"
