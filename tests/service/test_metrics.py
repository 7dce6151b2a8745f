"""What the web processes measured, as Prometheus asks for it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from callcenter.bootstrap import build_services
from callcenter.settings import Settings
from devstack.stack import Stack
from tests.service.conftest import Post
from tests.service.scraping import names_a_person_or_call, samples
from webhooks.app import create_app

INCOMING = "/api/twilio/incoming-call"


@pytest.fixture
def web(stack: Stack) -> Callable[[], httpx.Response]:
    """The web processes' page, asked for as Prometheus would."""
    headers = {"Authorization": f"Bearer {stack.env['METRICS_TOKEN']}"}
    return lambda: httpx.get(f"{stack.env['PUBLIC_URL']}/metrics", headers=headers, timeout=20)


def test_webhooks_are_counted_by_endpoint_and_status_over_all_processes(
    post: Post, new_call: dict[str, str], web: Callable[[], httpx.Response]
) -> None:
    before = samples(web())
    with ThreadPoolExecutor(8) as at_once:  # so that more than one process is asked
        answers = list(at_once.map(lambda _: post("incoming-call", new_call), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    post("incoming-call", new_call, signed="nobody")
    after = samples(web())

    def gained(*name: str) -> float:
        return after[name] - before.get(name, 0)

    # At least: other tests may post beside this one.
    assert gained("callcenter_webhook_seconds_count", INCOMING, "200") >= 8
    assert gained("callcenter_webhook_seconds_count", INCOMING, "403") >= 1
    assert gained("callcenter_webhook_seconds_sum", INCOMING, "200") > 0
    assert gained("callcenter_database_seconds_count", "receive_incoming_call") >= 8


def test_what_strangers_ask_for_makes_no_new_labels(
    stack: Stack, web: Callable[[], httpx.Response]
) -> None:
    assert httpx.post(f"{stack.env['PUBLIC_URL']}/api/twilio/{time.time_ns()}").status_code == 404
    endpoints = {name[1] for name in samples(web()) if name[0] == "callcenter_webhook_seconds_sum"}
    assert all(re.fullmatch(r"/api/[a-z/<>:_-]+", endpoint) for endpoint in endpoints)


def test_no_number_and_no_sid_is_in_the_metrics(
    post: Post, new_call: dict[str, str], web: Callable[[], httpx.Response]
) -> None:
    post("incoming-call", new_call)
    assert not names_a_person_or_call(web())


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer guess", "Basic eA==", "Bearer ñ"])
def test_without_the_token_there_is_nothing_to_see(stack: Stack, given: str | None) -> None:
    headers = {b"Authorization": given.encode()} if given else {}
    page = httpx.get(f"{stack.env['PUBLIC_URL']}/metrics", headers=headers)
    assert page.status_code == 401
    assert "callcenter_" not in page.text


@pytest.mark.parametrize(("token", "status"), [(None, 404), ("s3cret", 200)])
def test_without_a_token_set_there_are_no_metrics(token: str | None, status: int) -> None:
    settings = Settings(
        "http://x", "k", "AC0", "t", ("+576015550100",), "http://x", metrics_token=token
    )
    client = create_app(build_services(settings)).test_client()
    page = client.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    assert page.status_code == status
