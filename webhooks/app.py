"""The Flask application."""

from __future__ import annotations

import structlog
from flask import Flask, Response, jsonify
from flask_cors import CORS
from werkzeug.exceptions import HTTPException

from callcenter.bootstrap import Services, build_services
from callcenter.errors import CallCenterError, RangeRefusedError
from webhooks import console, control, ops, twilio

log = structlog.get_logger()


def create_app(services: Services | None = None) -> Flask:
    """Make the application; call it after fork, for it opens connections."""
    app = Flask(__name__)
    # Twilio's largest request is a few kilobytes; the transcription of two minutes, some tens.
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    services = services or build_services()
    app.extensions["callcenter"] = services
    ops.time_requests(app)
    _let_pages_read(app, services)
    app.register_blueprint(twilio.bp)
    app.register_blueprint(control.bp)
    app.register_blueprint(control.listening)
    app.register_blueprint(control.description)
    app.register_blueprint(console.bp)
    app.register_blueprint(ops.bp)
    app.register_error_handler(CallCenterError, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _let_pages_read(app: Flask, services: Services) -> None:
    """Browsers let pages of these origins alone see our answers, with their sessions."""
    CORS(
        app,
        resources=r"/api/.*",
        origins=list(services.settings.allowed_origins),
        methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Range"],
        expose_headers=["Accept-Ranges", "Content-Range", "Retry-After"],
        supports_credentials=True,
        always_send=False,
        max_age=3600,
    )


def _refuse(error: CallCenterError) -> Response:
    if error.http_status >= 500:
        log.error("request failed", error=str(error), kind=type(error).__name__)
    details = error.details or {}
    wait = details.get("retry_after")
    said = {"details": details, "retryAfter": wait}
    response = jsonify(error=str(error), **{name: value for name, value in said.items() if value})
    response.status_code = error.http_status
    if wait:
        response.headers["Retry-After"] = str(wait)
    if isinstance(error, RangeRefusedError):
        response.headers["Content-Range"] = f"bytes */{error.total or '*'}"
    if error.http_status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _http_error(error: HTTPException) -> Response:
    response = jsonify(error=error.description or error.name)
    response.status_code = error.code or 500
    # Such as which methods are allowed.
    response.headers.extend(h for h in error.get_headers() if h[0] != "Content-Type")
    return response
