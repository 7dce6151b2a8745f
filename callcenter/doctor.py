"""Looks at the environment as a newcomer would, and says what is missing and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callcenter.bootstrap import Services, build_services
from callcenter.errors import CallCenterError, DatabaseRefusedError, SettingsError
from callcenter.settings import Settings

_NO_FUNCTION = "PGRST202"
_NO_TABLE = "PGRST205"


@dataclass(frozen=True)
class Finding:
    """One thing looked at; remedy is empty where it is well."""

    what: str
    remedy: str = ""


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
        _look("Supabase", lambda: _database(services)),
        _look("Twilio account", lambda: _account(services)),
        *[
            _look(f"webhooks of {n}", lambda n=n: _webhooks(services, n))  # type: ignore[misc]
            for n in settings.twilio_phone_numbers
        ],
    ]


def _look(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, check())
    except CallCenterError as error:
        return Finding(what, str(error))


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


def _account(services: Services) -> str:
    services.twilio.account.is_trial()
    return ""


def _webhooks(services: Services, number: str) -> str:
    facts = services.twilio.account.number(number)
    if facts is None:
        return "this number is not in the Twilio account"
    wanted = services.urls("incoming-call")
    if facts.voice[0] != wanted:
        found = facts.voice[0] or "empty"
        return f"its voice URL is {found}; `callcenter twilio configure` sets it"
    return ""
