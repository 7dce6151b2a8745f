"""Looks at the environment as a newcomer would, and says what is missing and what to do."""

from __future__ import annotations

from callcenter.bootstrap import build_services
from callcenter.doctor.account import look_at_account
from callcenter.doctor.database import look_at_database
from callcenter.doctor.fallback import look_at_fallback
from callcenter.doctor.finding import Finding as Finding
from callcenter.doctor.live import look_at_live
from callcenter.doctor.numbers import look_at_number
from callcenter.doctor.recordings import look_at_recordings
from callcenter.doctor.screens import look_at_screens
from callcenter.doctor.softphones import look_at_softphones
from callcenter.errors import SettingsError
from callcenter.settings import Settings


def examine() -> list[Finding]:
    """Look at everything, in the order it matters; an early fault may hide later ones."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        return [
            Finding("environment", f"{line}. See .env.example.") for line in str(error).splitlines()
        ]
    services = build_services(settings)
    return [
        Finding("environment"),
        *look_at_database(services),
        *look_at_account(services),
        *[
            finding
            for number in settings.twilio_phone_numbers
            for finding in look_at_number(services, number)
        ],
        *look_at_fallback(services),
        *look_at_softphones(services),
        *look_at_recordings(services),
        *look_at_screens(services),
        *look_at_live(services),
    ]
