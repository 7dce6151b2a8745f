"""Whether this process serves."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from webhooks.common import services

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Alive: says nothing of the database, so that an outage there restarts nobody."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Response:
    """Alive and the database answers; 503 otherwise."""
    services().db.ping()
    return jsonify(status="ok")
