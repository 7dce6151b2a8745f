"""Who proves nothing is refused at every address of the service, but for the health checks."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from callcenter.bootstrap import build_services
from tests.service.conftest import OFFLINE
from webhooks.app import create_app

# Load balancers that ask for a process's health can't sign, Twilio fetches music unsigned, what may
# be asked is for whoever writes a page, and the console's page is where people sign in.
OPEN = {"ops.healthz", "ops.readyz", "static", "description.show_openapi"} | {
    f"console.{view}" for view in ("go_in", "show_console", "show_asset", "show_config")
}
ANY_ID = "00000000-0000-4000-8000-000000000000"


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with each of its methods; OPTIONS runs no code of ours."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield rule, method


def let_in(app: Flask, headers: dict[str, str]) -> set[str]:
    """The endpoints that do not refuse a request with these headers."""
    client = app.test_client(use_cookies=False)
    endpoints = set()
    for rule, method in routes(app):
        path = app.url_map.bind("localhost").build(
            rule.endpoint, dict.fromkeys(rule.arguments, ANY_ID), method=method
        )
        answer = client.open(path, method=method, headers=headers)
        if answer.status_code not in (401, 403):
            endpoints.add(rule.endpoint)
    return endpoints


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
        {"Authorization": "Bearer nobody"},
        {
            "Authorization": "Bearer nobody",
            "X-Twilio-Signature": "x",
            "Cookie": "sb-x-auth-token=x",
        },
    ],
    ids=["nothing", "another's signature", "another's token", "all of it wrong"],
)
def test_no_route_but_the_open_ones_lets_strangers_in(app: Flask, headers: dict[str, str]) -> None:
    assert let_in(app, headers) == OPEN


def test_a_route_that_forgets_to_check_is_found() -> None:
    app = create_app(build_services(OFFLINE))
    app.add_url_rule("/api/forgotten/<call>", "forgotten", lambda call: call, methods=["POST"])
    assert let_in(app, {}) - OPEN == {"forgotten"}


def test_every_webhook_that_twilio_is_told_of_is_walked(app: Flask) -> None:
    walked = {rule.rule.rpartition("/")[2] for rule, _ in routes(app)}
    assert walked >= {"incoming-call", "ivr-input", "call-status", "recording-status", "fallback"}


def test_that_the_database_is_away_is_said_at_once(app: Flask) -> None:
    before = time.monotonic()
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    assert time.monotonic() - before < 20
