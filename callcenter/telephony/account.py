"""The account at Twilio: its numbers and where they lead, whom it may ring, who sends its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from callcenter.errors import TwilioRefusedError
from callcenter.settings import Settings
from callcenter.telephony.client import TwilioClient
from callcenter.twiml import Urls


@dataclass(frozen=True)
class Number:
    """What Twilio says of a number of ours. An application or a trunk takes its calls from its
    voice URL.
    """

    voice: tuple[str, str]
    fallback: tuple[str, str]
    status: tuple[str, str]
    texts: tuple[str, str]
    application_sid: str | None
    trunk_sid: str | None
    can_call: bool
    sms: bool


def wanted_number(settings: Settings) -> Number:
    """How a number of ours should be set up: each webhook as (URL, method)."""
    urls = Urls(settings.public_url)
    return Number(
        voice=(urls("incoming-call"), "POST"),
        fallback=last_resort(settings),
        status=(urls("call-status"), "POST"),
        texts=(urls("incoming-message"), "POST"),
        application_sid=None,
        trunk_sid=None,
        can_call=True,
        sms=True,
    )


def last_resort(settings: Settings) -> tuple[str, str]:
    """The address and method that a caller is sent to when we don't answer: a static document
    elsewhere where there is one, for what failed may be all of us.
    """
    if settings.fallback_url:
        return settings.fallback_url, "GET"
    return Urls(settings.public_url)("fallback"), "POST"


class Account:
    def __init__(self, client: TwilioClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings

    def is_trial(self) -> bool:
        """Whether it may ring verified numbers only; the cheapest proof of the credentials too."""
        sid = self._settings.twilio_account_sid
        account = self._client.ask(self._client.rest.api.accounts(sid).fetch)
        return str(account.type) == "Trial"

    def number(self, number: str) -> Number | None:
        """A number of ours; None where it is not in the account."""
        found = self._find(number)
        return _facts(found) if found else None

    def configure(self, number: str, take_over: bool = False) -> Number | None:
        """Point a number's webhooks at us; None where it is not in the account.

        Returns it as it is afterwards: an application or trunk keeps its calls unless `take_over`.
        """
        found = self._find(number)
        if not found:
            return None
        wanted = wanted_number(self._settings)
        released = {"voice_application_sid": "", "trunk_sid": ""} if take_over else {}
        changed = self._client.ask(
            found.update,
            voice_url=wanted.voice[0],
            voice_method=wanted.voice[1],
            voice_fallback_url=wanted.fallback[0],
            voice_fallback_method=wanted.fallback[1],
            status_callback=wanted.status[0],
            status_callback_method=wanted.status[1],
            sms_url=wanted.texts[0],
            sms_method=wanted.texts[1],
            **released,
        )
        return _facts(changed)

    def _find(self, number: str) -> Any:
        listed = self._client.rest.incoming_phone_numbers.list
        # Twilio finds parts of numbers too.
        found = self._client.ask(listed, phone_number=number, limit=20)
        return next((one for one in found if one.phone_number == number), None)

    def is_verified(self, number: str) -> bool:
        """Whether a number that is not in the account may be shown as its own, or rung on trial."""
        listed = self._client.rest.outgoing_caller_ids.list
        return bool(self._client.ask(listed, phone_number=number, limit=1))

    def may_ring(self, country: str) -> bool:
        """Whether the account's permissions allow calls to a country (ISO code)."""
        countries = self._client.rest.voice.v1.dialing_permissions.countries
        return bool(self._client.ask(countries(country).fetch).low_risk_numbers_enabled)

    def texts_to(self, service: str) -> tuple[str, str] | None:
        """Where a messaging service (MG…) sends what people write: (URL, method), empty where it
        leaves that to its numbers; None where there is no such service.
        """
        services = self._client.rest.messaging.v1.services
        try:
            found = self._client.ask(services(service).fetch)
        except TwilioRefusedError as error:
            if error.status != 404:
                raise
            return None
        if found.use_inbound_webhook_on_number:
            return "", ""
        return found.inbound_request_url or "", found.inbound_method or ""

    def configure_service(self, service: str) -> None:
        """Have a messaging service send us what people write to any of its numbers."""
        url, method = wanted_number(self._settings).texts
        self._client.ask(
            self._client.rest.messaging.v1.services(service).update,
            inbound_request_url=url,
            inbound_method=method,
            use_inbound_webhook_on_number=False,
        )


def _facts(number: Any) -> Number:
    capabilities = number.capabilities or {}
    return Number(
        voice=(number.voice_url or "", number.voice_method or ""),
        fallback=(number.voice_fallback_url or "", number.voice_fallback_method or ""),
        status=(number.status_callback or "", number.status_callback_method or ""),
        texts=(number.sms_url or "", number.sms_method or ""),
        application_sid=number.voice_application_sid or None,
        trunk_sid=number.trunk_sid or None,
        can_call=bool(capabilities.get("voice")),
        sms=bool(capabilities.get("sms")),
    )
