"""The console: a page that was built before (`make console`), and what it is told when it starts.

Nothing here is secret: what it shows comes from Supabase and /api, and only to who is signed in.
"""

from __future__ import annotations

from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from callcenter.settings import Settings
from webhooks.services import services

bp = Blueprint("console", __name__, url_prefix="/console")
BUILT = Path(__file__).parent / "static" / "console"
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>The console is not built</title>
<h1>The console is not built</h1>
<p>Whoever installed this service makes it with <code>make console</code> (docs/deployment.md).
The service itself needs no console.</p></html>
"""
# Where the page has the number by which its styles are known as ours.
_NONCE = "__NONCE__"
_A_YEAR = 365 * 24 * 3600


@bp.get("")
def go_in() -> AnyResponse:
    """Addresses in the page are relative to its folder."""
    return redirect("/console/")


@bp.get("/")
def show_console() -> Response:
    """The page, which names the files of the newest build; 404 where there is none."""
    try:
        page, status = (BUILT / "index.html").read_text(encoding="utf-8"), 200
    except FileNotFoundError:
        page, status = _NOT_BUILT, 404
    nonce = token_urlsafe(16)
    response = Response(
        page.replace(_NONCE, nonce), status, content_type="text/html; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return _guarded(response, nonce)


@bp.get("/assets/<name>")
def show_asset(name: str) -> Response:
    """A file of the build: its name changes with what is in it."""
    asset = send_from_directory(BUILT / "assets", name)
    asset.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    # A worker has the rules of its own file.
    return _guarded(asset)


@bp.get("/config.json")
def show_config() -> Response:
    """How the page reaches Supabase and this service; 503 where a setting is missing."""
    settings = services().settings
    if not settings.supabase_anon_key:
        refusal = jsonify(error="The console needs SUPABASE_ANON_KEY, which is not set.")
        refusal.status_code = 503
        return refusal
    config = jsonify(
        supabase_url=settings.browser_supabase_url or settings.supabase_url,
        supabase_key=settings.supabase_anon_key,
        service_url=settings.public_url,
        telephone_url=settings.telephone_url,
        region=settings.default_region,
    )
    config.headers["Cache-Control"] = "no-store"
    return config


def _guarded(response: Response, nonce: str | None = None) -> Response:
    """Only our own scripts run, and they speak to nobody but those whom the page needs."""
    response.headers["Content-Security-Policy"] = _policy(services().settings, nonce)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _policy(settings: Settings, nonce: str | None) -> str:
    supabase = _origin(settings.browser_supabase_url or settings.supabase_url)
    connects = f"'self' {_origin(settings.public_url)} {supabase} {_as_socket(supabase)}"
    scripts, sounds = "'self'", "'self' blob: data: mediastream:"
    if settings.telephone_url:
        telephone = _origin(settings.telephone_url)
        scripts += f" {telephone}"
        connects += f" {telephone} {_as_socket(telephone)}"
        sounds += f" {telephone}"
    else:
        # What the Voice SDK asks of a page: signalling, its figures, and the sound of ringing.
        connects += " https://*.twilio.com wss://*.twilio.com"
        sounds += " https://sdk.twilio.com"
    rules = {
        "default-src": "'none'",
        "script-src": scripts,
        # Realtime's heartbeats come from a worker that supabase-js makes of a blob.
        "worker-src": "'self' blob:",
        "style-src": f"'self' 'nonce-{nonce}'" if nonce else "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": connects,
        "media-src": f"{sounds} {_origin(settings.public_url)}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _as_socket(origin: str) -> str:
    return origin.replace("http", "ws", 1)
