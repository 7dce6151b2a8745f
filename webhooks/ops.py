"""What ops look at: whether this process serves, what it measured, how long requests take."""

from __future__ import annotations

import time
from hmac import compare_digest

from flask import Blueprint, Flask, Response, abort, g, jsonify, request

from callcenter import metrics
from webhooks.services import services

bp = Blueprint("ops", __name__)
# By blueprint: people wait for Twilio, and webhooks may not.
_TIMED = {"twilio": metrics.webhook_seconds, "control": metrics.operation_seconds}


@bp.get("/healthz")
def healthz() -> Response:
    """Alive: says nothing of the database, so that an outage there restarts nobody."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Response:
    """Alive and the database answers; 503 otherwise."""
    services().db.ping()
    return jsonify(status="ok")


@bp.get("/metrics")
def show_metrics() -> Response:
    """What the processes of this gunicorn measured, for who knows METRICS_TOKEN; unset, 404."""
    settings = services().settings
    if settings.metrics_token is None:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not compare_digest(given.encode(), f"Bearer {settings.metrics_token}".encode()):
        refusal = jsonify(error="METRICS_TOKEN is asked for")
        refusal.status_code = 401
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    return Response(metrics.exposition(settings.metrics_folder), content_type=metrics.CONTENT_TYPE)


def time_requests(app: Flask) -> None:
    """Time every webhook and every operation, refused and failed ones too."""
    app.before_request(_start_timer)
    app.after_request(_observe)


def _start_timer() -> None:
    g.began = time.perf_counter()


def _observe(response: Response) -> Response:
    timed = _TIMED.get(request.blueprint or "")
    if timed and request.url_rule:
        # By the rule, not the path: what strangers ask for must not make new labels.
        seconds = time.perf_counter() - g.began
        timed.labels(request.url_rule.rule, response.status_code).observe(seconds)
    return response
