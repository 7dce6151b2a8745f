"""Whether the database answers us, has the migrations, and reads numbers as the service does."""

from __future__ import annotations

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look
from callcenter.errors import CallCenterError, DatabaseRefusedError

_NO_FUNCTION = "PGRST202"
_NO_TABLE = "PGRST205"


def look_at_database(services: Services) -> list[Finding]:
    """What stands in the way of using it; only where nothing does, what it is set to."""
    usable = look("Supabase", Runbook.SUPABASE, lambda: _usable(services))
    if usable.fails:
        return [usable]
    country = look("numbers' country", Runbook.COUNTRY_OF_NUMBERS, lambda: _same_country(services))
    return [usable, country]


def _usable(services: Services) -> str:
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


def _same_country(services: Services) -> str:
    ours, theirs = services.settings.default_region, services.db.default_region()
    if ours == theirs:
        return ""
    return (
        f"DEFAULT_REGION is {ours}, and private.settings.default_region {theirs}: one number"
        " without a country's code is read as two"
    )
