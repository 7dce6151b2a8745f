"""Whether the Twilio account lets us in, and lets us ring and write to people."""

from __future__ import annotations

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look
from callcenter.errors import TwilioRefusedError
from callcenter.phone import region_of
from callcenter.telephony.account import wanted_number


def look_at_account(services: Services) -> list[Finding]:
    """Credentials first: without them nothing more is asked of the account."""
    account = look("Twilio account", Runbook.CREDENTIALS, lambda: _account(services))
    if account.remedy:
        return [account]
    return [
        account,
        look("trial", Runbook.TRIAL, lambda: _trial(services)),
        *[
            look(
                f"calls to {country}",
                Runbook.COUNTRY,
                lambda country=country: _permission(services, country),  # type: ignore[misc]
            )
            for country in _countries(services)
        ],
        look("text messages", Runbook.NO_SENDER, lambda: _texts(services), True),
        look("who wants no texts", Runbook.NOT_WRITTEN, lambda: _written(services), True),
        look(
            "voicemails' transcription",
            Runbook.TRANSCRIPTION,
            lambda: _transcription(services),
            True,
        ),
    ]


def _account(services: Services) -> str:
    try:
        services.twilio.account.is_trial()
    except TwilioRefusedError as error:
        return f"{error}. Are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN right?"
    return ""


def _trial(services: Services) -> str:
    if not services.twilio.account.is_trial():
        return ""
    return "it rings verified numbers only, and says so to callers: upgrade the account"


def _countries(services: Services) -> list[str]:
    """Where those live whom we ring: agents and callers, and who is rung in an outage."""
    settings = services.settings
    countries = (settings.default_region, region_of(settings.fallback_number))
    return list(dict.fromkeys(country for country in countries if country))


def _permission(services: Services, country: str) -> str:
    if services.twilio.account.may_ring(country):
        return ""
    return f"the account's geographic permissions refuse {country} (21215): allow it in the console"


def _texts(services: Services) -> str:
    sender = services.settings.twilio_sms_sender
    account = services.twilio.account
    if sender is None:
        ours = services.settings.twilio_phone_numbers
        if any((facts := account.number(number)) and facts.sms for number in ours):
            return ""
        return "no number of ours can send them: set TWILIO_SMS_SENDER, or nobody is told by SMS"
    if sender.startswith("MG"):
        known = account.texts_to(sender) is not None
        return "" if known else f"there is no messaging service {sender} in this account"
    if sender.startswith("+"):
        facts = account.number(sender)
        return "" if facts and facts.sms else f"{sender} can't send them (21606, 21661)"
    return ""  # a name: what Twilio accepts differs by country, and can't be asked


def _written(services: Services) -> str:
    """Whether what people write to the sender comes here; of our own numbers see numbers.py."""
    sender = services.settings.twilio_sms_sender or ""
    account = services.twilio.account
    wanted = wanted_number(services.settings).texts
    if sender.startswith("MG"):
        if account.texts_to(sender) in (wanted, None):
            return ""
        return f"{sender} does not send it to us: `callcenter twilio configure` sets it"
    if sender.startswith("+") and (facts := account.number(sender)) and facts.texts != wanted:
        return f"{sender} does not send it to us: set its messaging URL to {wanted[0]}"
    return ""


def _transcription(services: Services) -> str:
    if services.twilio.can_transcribe():
        return ""
    return "there is no configuration for it; `callcenter twilio configure` makes one"
