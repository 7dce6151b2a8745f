"""Whether callers whom we can't answer find the document that is hosted elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look
from callcenter.twiml import fallback_document

_SECONDS = 10
_READ_AS_TWIML = frozenset({"text/xml", "application/xml", "text/html"})


def look_at_fallback(services: Services) -> list[Finding]:
    """FALLBACK_URL, as Twilio would fetch it."""
    return [look("fallback document", Runbook.FALLBACK, lambda: _document(services), advice=True)]


def _document(services: Services) -> str:
    settings = services.settings
    if settings.fallback_url is None:
        return "FALLBACK_URL is not set: while we are away, callers hear Twilio's error"
    if urlsplit(settings.fallback_url).netloc == urlsplit(settings.public_url).netloc:
        return "FALLBACK_URL is on our own host, which is away when it is needed"
    try:
        answer = requests.get(settings.fallback_url, timeout=_SECONDS)
    except requests.RequestException as error:
        return f"FALLBACK_URL can't be fetched ({type(error).__name__})"
    return _read(services, answer)


def _read(services: Services, answer: requests.Response) -> str:
    if not answer.ok:
        return f"FALLBACK_URL answers {answer.status_code}"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _READ_AS_TWIML:
        return f"FALLBACK_URL is {kind or 'of no type'}: Twilio takes text/xml"
    if _words(answer.text) != _words(fallback_document(services.urls)):
        return "its text is not what `callcenter twilio fallback-document` prints now"
    return ""


def _words(document: str) -> list[str]:
    """However it is indented."""
    return document.replace("><", "> <").split()
