"""Which token a request brings: in Authorization, or in the cookie of Supabase's browser library.

A browser sends a cookie whoever made the page that asks, so with one the page's origin counts.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import request

from callcenter.auth import Tokens
from callcenter.errors import ForeignOriginError, NotSignedInError
from callcenter.settings import Settings

# <ref> is the first label of the host by which the browser knows Supabase: not always ours.
_COOKIE = re.compile(r"sb-.+-auth-token(?=\.0$|$)")
_BASE64 = "base64-"
# More sessions than anybody has; each costs a signature.
_MOST_SESSIONS = 5


def user_id(tokens: Tokens, settings: Settings) -> str:
    """Who asks; raises NotSignedInError, ForeignOriginError, KeysUnavailableError."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return tokens.user_id(token.strip())
    sessions = list(_session_tokens(request.cookies))[:_MOST_SESSIONS]
    if not sessions:
        raise NotSignedInError("sign in first: there is neither a token nor a session")
    _refuse_foreign_pages(settings)
    return _first_good(tokens, sessions)


def _first_good(tokens: Tokens, sessions: list[str]) -> str:
    """Of several projects' sessions in one browser, one is ours."""
    failure: NotSignedInError | None = None
    for token in sessions:
        try:
            return tokens.user_id(token)
        except NotSignedInError as error:
            failure = failure or error
    raise failure or NotSignedInError("no session")


def _refuse_foreign_pages(settings: Settings) -> None:
    """A page of ours asks, or one that only reads and can't see the answer of a foreign page's."""
    origin = request.headers.get("Origin")
    reads = request.method in ("GET", "HEAD")
    if origin is None and reads and request.headers.get("Sec-Fetch-Site") != "cross-site":
        return
    if origin is None or origin.lower() not in own_origins(settings):
        raise ForeignOriginError(f"pages of {origin} may not act for a signed-in user")


def own_origins(settings: Settings) -> tuple[str, ...]:
    """Where pages are from that may ask in a signed-in user's name."""
    parts = urlsplit(settings.public_url)
    return (f"{parts.scheme}://{parts.netloc}".lower(), *settings.allowed_origins)


def _session_tokens(cookies: Mapping[str, str]) -> Iterator[str]:
    """The access tokens of all sessions: a cookie whole, or in pieces named .0, .1 …"""
    for name in cookies:
        if match := _COOKIE.match(name):
            base = match.group()
            pieces = takewhile(bool, (cookies.get(f"{base}.{n}", "") for n in count()))
            if token := _access_token(cookies.get(base) or "".join(pieces)):
                yield token


def _access_token(cookie: str) -> str | None:
    """The token in a session's JSON, plain or in base64; None where there is none."""
    try:
        session = json.loads(_decoded(cookie))
    except (ValueError, RecursionError):
        return None
    token: Any = session.get("access_token") if isinstance(session, dict) else None
    return token if isinstance(token, str) else None


def _decoded(cookie: str) -> str | bytes:
    if not cookie.startswith(_BASE64):
        return unquote(cookie)
    encoded = cookie.removeprefix(_BASE64)
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
