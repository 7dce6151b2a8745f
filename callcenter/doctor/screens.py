"""Whether people at screens can act: their tokens verified, their pages known."""

from __future__ import annotations

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look


def look_at_screens(services: Services) -> list[Finding]:
    """What agents and supervisors need, and callers do not."""
    return [
        look("users' tokens", Runbook.TOKENS, lambda: _tokens(services), advice=True),
        look("the frontend's origin", Runbook.ORIGINS, lambda: _origins(services), advice=True),
    ]


def _tokens(services: Services) -> str:
    if services.tokens.can_verify():
        return ""
    return "Supabase publishes no keys and SUPABASE_JWT_SECRET is not set: nobody is let in"


def _origins(services: Services) -> str:
    if services.settings.allowed_origins:
        return ""
    return "ALLOWED_ORIGINS is not set: a page that sends its session's cookie is refused"
