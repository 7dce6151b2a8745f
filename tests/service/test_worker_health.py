"""The worker's health and metrics over HTTP."""

from __future__ import annotations

import time

import httpx
import pytest

from devstack.stack import Stack
from tests.service.scraping import names_a_person_or_call, samples


@pytest.fixture
def worker_url(stack: Stack) -> str:
    """Where the worker answers; it runs, whatever tests before did."""
    stack.up()
    return f"http://127.0.0.1:{stack.env['WORKER_METRICS_PORT']}"


def test_the_worker_says_that_it_turns(worker_url: str) -> None:
    assert httpx.get(f"{worker_url}/healthz").status_code == 200


def test_the_worker_shows_fresh_vital_signs(worker_url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        shown = samples(httpx.get(f"{worker_url}/metrics"))
        if ("callcenter_queue_callers_waiting", "support") in shown:
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert shown["callcenter_sweeps_total",] > 0
    assert time.time() - shown["callcenter_vital_signs_timestamp_seconds",] < 20
    assert shown["callcenter_commands_oldest_seconds",] >= 0
    assert not names_a_person_or_call(httpx.get(f"{worker_url}/metrics"))


def test_a_worker_that_is_told_to_end_ends_cleanly(stack: Stack, worker_url: str) -> None:
    before = time.monotonic()
    stack.processes.stop(["worker"], grace=30)
    assert time.monotonic() - before < 30, "it had to be killed"
    log = (stack.layout.logs / "worker.log").read_text().splitlines()
    assert '"worker stopped"' in log[-1]
    stack.start("worker")
    assert httpx.get(f"{worker_url}/healthz").status_code == 200
