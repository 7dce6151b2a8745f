"""What is measured, all of it: the only importer of prometheus_client.

Labels are few and of our own making: never a telephone number, a SID or a word of a caller's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from callcenter.models import Statistics

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Twilio gives up after 15 s.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

webhook_seconds = Histogram(
    "callcenter_webhook_seconds",
    "From a webhook's arrival in a thread to its answer.",
    ["endpoint", "status"],
    buckets=_SECONDS,
)
operation_seconds = Histogram(
    "callcenter_operation_seconds",
    "From the arrival of what somebody at a screen asks for to its answer, waiting for Twilio.",
    ["endpoint", "status"],
    buckets=_SECONDS,
)
database_seconds = Histogram(
    "callcenter_database_seconds",
    "A call of a function in the database, repeats included.",
    ["function"],
    buckets=_SECONDS,
)
database_errors = Counter(
    "callcenter_database_errors",
    "Calls of the database that failed, by function and kind of error.",
    ["function", "error"],
)
commands = Counter(
    "callcenter_commands",
    "Commands at Twilio by outcome; unsettled where the database was not told, late where they were"
    " left to another process.",
    ["kind", "outcome"],
)
command_seconds = Histogram(
    "callcenter_command_seconds",
    "Carrying out a command at Twilio.",
    ["kind"],
    buckets=_SECONDS,
)
wakes = Counter(
    "callcenter_worker_wakes",
    "Times that this worker looked for commands, by what had it look: realtime or poll.",
    ["source"],
)
sweeps = Counter("callcenter_sweeps", "Sweeps of this worker.")
figures_told = Counter(
    "callcenter_figures_told",
    "Times that this worker had screens told what changed: about one a second.",
)
lapsed_offers = Counter("callcenter_lapsed_offers", "Offers of which no end was told in time.")
reconciled_legs = Counter(
    "callcenter_reconciled_legs", "Legs of whose end this worker learned by asking Twilio."
)
worker_errors = Counter(
    "callcenter_worker_errors",
    "Turns of this worker's loop, reconciliations and telling of screens that failed, by kind.",
    ["error"],
)


@contextmanager
def timed_database_call(function: str) -> Iterator[None]:
    """Time a call of the database, and count it where it fails."""
    started = time.perf_counter()
    try:
        yield
    except Exception as error:
        database_errors.labels(function, type(error).__name__).inc()
        raise
    finally:
        database_seconds.labels(function).observe(time.perf_counter() - started)


def exposition(folder: str | None = None) -> bytes:
    """Everything measured so far: by this process, or by all that count in one folder."""
    if folder is None:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class _StatisticsCollector(Collector):
    """Gauges of the newest statistics; none before there are any."""

    def __init__(self) -> None:
        self._statistics: Statistics | None = None
        self._read_at = 0.0

    def show(self, statistics: Statistics) -> None:
        self._statistics, self._read_at = statistics, time.time()

    def collect(self) -> Iterable[Metric]:
        if self._statistics is None:
            return
        yield _gauge("vital_signs_timestamp_seconds", "When they were read.", self._read_at)
        yield from _queue_gauges(self._statistics)
        yield from _state_gauges(self._statistics)
        yield from _alarm_gauges(self._statistics)


class _RealtimeCollector(Collector):
    """Whether Realtime wakes this process; none in processes that do not ask for it."""

    def __init__(self) -> None:
        self.connected: bool | None = None

    def collect(self) -> Iterable[Metric]:
        if self.connected is not None:
            text = "Whether Realtime wakes this worker; it polls more often where not."
            yield _gauge("worker_realtime_connected", text, self.connected)


_collector = _StatisticsCollector()
REGISTRY.register(_collector)
_realtime = _RealtimeCollector()
REGISTRY.register(_realtime)


def show_statistics(statistics: Statistics) -> None:
    """Export these from now on; a queue that is gone is gone from the next scrape."""
    _collector.show(statistics)


def show_realtime(connected: bool) -> None:
    """Export it from now on."""
    _realtime.connected = connected


def _queue_gauges(statistics: Statistics) -> Iterator[Metric]:
    waiting = _labelled("queue", "queue_callers_waiting", "Callers on the line in a queue.")
    longest = _labelled("queue", "queue_longest_wait_seconds", "Who waits longest on the line.")
    callbacks = _labelled("queue", "queue_callbacks_waiting", "Customers to be called back.")
    for queue in statistics.queues:
        waiting.add_metric([queue.name], queue.waiting)
        longest.add_metric([queue.name], queue.longest_wait_seconds)
        callbacks.add_metric([queue.name], queue.callbacks)
    yield from (waiting, longest, callbacks)


def _state_gauges(statistics: Statistics) -> Iterator[Metric]:
    agents = _labelled("status", "agents", "Agents by the status that is shown.")
    for status, number in statistics.agents.items():
        if status != "set_aside":
            agents.add_metric([status], number)
    live = _labelled("state", "commands_live", "Commands at Twilio that are not over.")
    for state in ("pending", "claimed", "unknown"):
        live.add_metric([state], statistics.commands[state])
    yield from (agents, live)
    yield _gauge("calls_live", "Calls; no callback that only waits.", statistics.live_calls)
    yield _gauge("offers_live", "Agents being rung or talking.", statistics.live_offers)


def _alarm_gauges(statistics: Statistics) -> Iterator[Metric]:
    latency = _labelled(
        "quantile", "offer_latency_seconds",
        "From reserving an agent to Twilio's first word of their leg; last 15 minutes.",
    )  # fmt: skip
    for name, quantile in (("median", "0.5"), ("p95", "0.95"), ("longest", "1")):
        seconds = statistics.offer_latency[name]
        if seconds is not None:
            latency.add_metric([quantile], seconds)
    yield latency
    yield _gauge(
        "commands_oldest_seconds", "Since the oldest live command was wanted.",
        statistics.commands["oldest_seconds"],
    )  # fmt: skip
    yield _gauge(
        "idle_agents_with_callers", "Free agents beside a caller they could take: none is right.",
        statistics.idle_agents_with_callers,
    )  # fmt: skip
    yield _gauge(
        "legs_ended_by_reconciling",
        "Legs whose end no webhook told, of the last 15 minutes: none is right.",
        statistics.legs_ended_by_reconciling,
    )
    unanswering = statistics.agents["set_aside"]
    yield _gauge("agents_set_aside", "Agents on break for not answering.", unanswering)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"callcenter_{name}", text, value=value)


def _labelled(label: str, name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"callcenter_{name}", text, labels=[label])
