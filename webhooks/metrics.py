"""What this service measured, for Prometheus; and how webhooks are timed."""

from __future__ import annotations

import time
from hmac import compare_digest

from flask import Blueprint, Flask, Response, abort, g, jsonify, request

from callcenter import metrics
from webhooks.common import services

bp = Blueprint("metrics", __name__)
_TIMED = "/api/"


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
    """Time every request to an address of the service, refused and failed ones too."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    # By the rule, not the path: what strangers ask for must not make new labels.
    rule = request.url_rule.rule if request.url_rule else ""
    if rule.startswith(_TIMED):
        seconds = time.perf_counter() - g.began
        metrics.webhook_seconds.labels(rule, response.status_code).observe(seconds)
    return response
