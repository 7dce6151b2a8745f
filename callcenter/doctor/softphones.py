"""Whether agents can take and place calls in a browser."""

from __future__ import annotations

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look
from callcenter.telephony.applications import wanted_application
from callcenter.telephony.tokens import missing_for_softphones

_CONFIGURE = "`callcenter twilio configure` sets it"


def look_at_softphones(services: Services) -> list[Finding]:
    """Nothing where none of it is set: agents then have telephones."""
    settings = services.settings
    missing = missing_for_softphones(settings)
    if missing and not settings.twilio_api_key_sid and not settings.twilio_twiml_app_sid:
        return []
    if missing:
        remedy = f"{' and '.join(missing)} must be set, too: nobody can sign in in a browser"
        return [Finding("softphones", remedy, Runbook.SOFTPHONES, advice=True)]
    return [look("softphones", Runbook.SOFTPHONES, lambda: _application(services), True)]


def _application(services: Services) -> str:
    sid = str(services.settings.twilio_twiml_app_sid)
    found = services.twilio.applications.find(sid)
    if found is None:
        return f"there is no TwiML App {sid} in this account: set TWILIO_TWIML_APP_SID to one"
    wanted = wanted_application(services.settings)
    for name, is_, should in (
        ("voice URL", found.voice, wanted.voice),
        ("status callback", found.status, wanted.status),
    ):
        if is_ != should:
            told = " ".join(reversed(is_)).strip() if is_[0] else "empty"
            return f"{sid}'s {name} is {told}, not {should[1]} {should[0]}; {_CONFIGURE}"
    return ""
