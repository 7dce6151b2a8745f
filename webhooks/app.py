"""The Flask application."""

from __future__ import annotations

import structlog
from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from callcenter.bootstrap import Services, build_services
from callcenter.errors import CallCenterError
from webhooks import ops, twilio

log = structlog.get_logger()


def create_app(services: Services | None = None) -> Flask:
    """Make the application; call it after fork, for it opens connections."""
    app = Flask(__name__)
    # Twilio's largest request is a few kilobytes; the transcription of two minutes, some tens.
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.extensions["callcenter"] = services or build_services()
    ops.time_requests(app)
    app.register_blueprint(twilio.bp)
    app.register_blueprint(ops.bp)
    app.register_error_handler(CallCenterError, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _refuse(error: CallCenterError) -> tuple[Response, int]:
    if error.http_status >= 500:
        log.error("request failed", error=str(error), kind=type(error).__name__)
    return jsonify(error=str(error)), error.http_status


def _http_error(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description or error.name), error.code or 500
