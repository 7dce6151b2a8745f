"""What is exported, and the worker's own server."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from callcenter import metrics
from callcenter.command_runner import CommandRunner
from callcenter.errors import DatabaseUnavailableError
from callcenter.models import JSON, Answer, Command, CommandResult, Statistics
from callcenter.settings import Settings
from callcenter.wake import WorkSignal
from callcenter.worker import Worker
from callcenter.worker_http import serving

STATISTICS = Statistics.from_json(
    {
        "queues": [
            {"name": "sales", "waiting": 2, "longest_wait_seconds": 40, "callbacks": 1},
            {"name": "hr", "waiting": 0, "longest_wait_seconds": 0, "callbacks": 0},
        ],
        "agents": {"available": 1, "busy": 2, "break": 0, "offline": 5, "set_aside": 1},
        "live_calls": 3,
        "live_offers": 2,
        "commands": {"pending": 1, "claimed": 0, "unknown": 1, "oldest_seconds": 7},
        "offer_latency": {"offers": 0, "median": None, "p95": None, "longest": None},
        "idle_agents_with_callers": 0,
        "legs_ended_by_reconciling": 4,
    }
)


def exported() -> dict[tuple[str, ...], float]:
    """Every sample of ours: (name, label values …) → value."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name.removeprefix("callcenter_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_statistics_are_gauges() -> None:
    metrics.show_statistics(STATISTICS)
    shown = exported()
    assert shown["queue_callers_waiting", "sales"] == 2
    assert shown["queue_longest_wait_seconds", "sales"] == 40
    assert shown["agents", "offline"] == 5
    assert shown["agents_set_aside",] == 1
    assert shown["commands_live", "unknown"] == 1
    assert shown["legs_ended_by_reconciling",] == 4
    assert shown["vital_signs_timestamp_seconds",] == pytest.approx(time.time(), abs=5)


def test_where_there_were_no_offers_there_is_no_latency() -> None:
    metrics.show_statistics(STATISTICS)
    assert ("offer_latency_seconds", "0.95") not in exported()
    latency: dict[str, float | None] = {"offers": 3, "median": 1.0, "p95": 2.5, "longest": 3.0}
    metrics.show_statistics(replace(STATISTICS, offer_latency=latency))
    assert exported()["offer_latency_seconds", "0.95"] == 2.5


def test_a_queue_that_is_gone_is_shown_no_more() -> None:
    metrics.show_statistics(STATISTICS)
    metrics.show_statistics(replace(STATISTICS, queues=STATISTICS.queues[:1]))
    shown = exported()
    assert ("queue_callers_waiting", "sales") in shown
    assert ("queue_callers_waiting", "hr") not in shown


class Parts:
    """A database and a Twilio that do what the test says, as worker and runner use them."""

    process = "test"

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.worker: Worker | None = None
        self.turns = 0

    def claim_commands(self, limit: int) -> tuple[Command, ...]:
        self.turns += 1
        if self.worker and self.turns == 2:
            self.worker.stop()
        raise DatabaseUnavailableError("away")

    def settle_commands(self, results: list[CommandResult]) -> Answer:
        if self.error:
            raise self.error
        return Answer(None, ())

    def ring_for_offer(self, payload: JSON) -> str:
        return "CA1"


def counted(name: str, *labels: str) -> float:
    return exported().get((name, *labels), 0.0)


@pytest.mark.parametrize(
    ("error", "outcomes"), [(None, ["done"]), (DatabaseUnavailableError("x"), ["unsettled"])]
)
def test_commands_are_counted_by_kind_and_outcome(
    error: Exception | None, outcomes: list[str]
) -> None:
    before = {outcome: counted("commands_total", "ring_agent", outcome) for outcome in outcomes}
    timed = counted("command_seconds_count", "ring_agent")
    parts = Parts(error)
    runner = CommandRunner(parts, parts)  # type: ignore[arg-type]
    runner.submit([Command(1, "ring_agent", "offer", {}, 1, "2026-11-23T15:00:00Z")])
    runner.close()
    for outcome in outcomes:
        assert counted("commands_total", "ring_agent", outcome) == before[outcome] + 1
    assert counted("command_seconds_count", "ring_agent") == timed + 1


SETTINGS = Settings("http://x", "k", "AC0", "t", ("+576015550100",), "http://x")


def worker_of(parts: Parts) -> Worker:
    runner = CommandRunner(parts, parts)  # type: ignore[arg-type]
    return Worker(SETTINGS, parts, parts, runner, WorkSignal(SETTINGS))  # type: ignore[arg-type]


def test_a_worker_without_a_database_turns_and_counts_its_errors() -> None:
    before = counted("worker_errors_total", "DatabaseUnavailableError")
    parts = Parts()
    worker = worker_of(parts)
    parts.worker = worker
    assert not worker.is_running()
    worker.run()
    assert worker.is_running()
    assert counted("worker_errors_total", "DatabaseUnavailableError") == before + 2


def test_a_loop_that_hangs_is_told_from_one_that_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts()
    worker = worker_of(parts)
    parts.worker = worker
    worker.run()
    now = time.monotonic()
    monkeypatch.setattr("callcenter.worker.time.monotonic", lambda: now + 31)
    assert not worker.is_running()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("turning", "status"), [(True, 200), (False, 503)])
def test_health_is_whether_the_loop_turns(port: int, turning: bool, status: int) -> None:
    with serving(port, lambda: turning):
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == status
        page = httpx.get(f"http://127.0.0.1:{port}/metrics")
        assert "callcenter_sweeps_total" in page.text
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 404


def test_without_a_port_nothing_is_served() -> None:
    with serving(None, lambda: True):
        pass


def test_a_port_that_is_taken_stops_no_work(port: int) -> None:
    with serving(port, lambda: True), serving(port, lambda: False):
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    with serving(port, lambda: True):
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
