"""Looks at the environment as a newcomer would, and says what is missing and what to do."""

from __future__ import annotations

from callcenter.bootstrap import Services, build_services
from callcenter.doctor.account import look_at_account
from callcenter.doctor.fallback import look_at_fallback
from callcenter.doctor.finding import Finding as Finding
from callcenter.doctor.finding import Runbook, look
from callcenter.doctor.numbers import look_at_number
from callcenter.errors import CallCenterError, DatabaseRefusedError, SettingsError
from callcenter.settings import Settings

_NO_FUNCTION = "PGRST202"
_NO_TABLE = "PGRST205"


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
        look("Supabase", Runbook.SUPABASE, lambda: _database(services)),
        *look_at_account(services),
        *[
            finding
            for number in settings.twilio_phone_numbers
            for finding in look_at_number(services, number)
        ],
        *look_at_fallback(services),
    ]


def _database(services: Services) -> str:
    try:
        services.db.ping()
        services.db.claim_commands(0)
    except DatabaseRefusedError as error:
        if error.sqlstate in (_NO_TABLE, _NO_FUNCTION):
            return "the migrations are not there: run `supabase db push --remote=<project ref>`"
        return f"{error}. Is SUPABASE_SERVICE_ROLE_KEY the service role's?"
    except CallCenterError as error:
        return f"{services.settings.supabase_url} does not answer ({error}). Is SUPABASE_URL right?"
    return ""
