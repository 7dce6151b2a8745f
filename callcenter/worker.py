"""The worker: carries out commands that no web process did, sweeps, and reconciles with Twilio.

Any number may run at once; each holds only what the database handed it, and may be killed at any
time. It keeps running while the database is down: callers then get what webhooks answer without
it, and the worker catches up when it is back.
"""

from __future__ import annotations

import threading
import time

import structlog

from callcenter import metrics
from callcenter.command_runner import CommandRunner
from callcenter.db import Database
from callcenter.errors import CallCenterError, DatabaseRefusedError
from callcenter.reconcile import Reconciler
from callcenter.settings import Settings
from callcenter.twilio_service import TwilioService
from callcenter.wake import WorkSignal

log = structlog.get_logger()
# While every thread is busy: how long until we look again whether one is free.
_THREADS_PAUSE_SECONDS = 0.1
# Parts by which a caller may get an agent only because time passed (wrap-up is over, say): every
# half second, so that nobody waits for it longer than one.
_MATCHING_SECONDS = 0.45
MATCHING_PARTS = ("holds", "matches")
OTHER_PARTS = (
    "lapsed_offers",
    "left_offers",
    "meetings",
    "overflow",
    "callbacks",
    "unplaced_calls",
    "transcriptions",
    "recordings",
    "late_commands",
    "statistics",
)
# How often a part that has more to do is repeated before the others are done.
_MOST_REPEATS = 50
_HOUSEKEEPING_BATCH = 1000
_HOUSEKEEPING_PAUSE_SECONDS = 3600.0
# A loop that has not begun anew for so long is stuck.
_HUNG_AFTER_SECONDS = 30.0


class Worker:
    """Carries out commands as they become due, and sweeps, until stopped."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        twilio: TwilioService,
        runner: CommandRunner,
        signal: WorkSignal,
    ) -> None:
        self._settings = settings
        self._db = db
        self._runner = runner
        self._signal = signal
        self._reconciler = Reconciler(db, twilio, runner)
        self._stopping = threading.Event()
        self._iterated_at: float | None = None
        self._next_housekeeping = 0.0

    def is_running(self) -> bool:
        """Whether the loop is not stuck: it began anew within half a minute, database or not."""
        iterated_at = self._iterated_at
        return iterated_at is not None and time.monotonic() - iterated_at < _HUNG_AFTER_SECONDS

    def stop(self) -> None:
        """Finish the commands held, then return from run()."""
        self._stopping.set()
        self._signal.notify()

    def run(self) -> None:
        """Work until stop() is called; a failing database is waited for."""
        log.info("worker started", process=self._db.process)
        next_matching = next_rest = 0.0
        while not self._stopping.is_set():
            self._iterated_at = time.monotonic()
            try:
                busy = self._carry_out_due()
                if time.monotonic() >= next_matching:
                    next_matching = time.monotonic() + _MATCHING_SECONDS
                    self._sweep(MATCHING_PARTS)
                if time.monotonic() >= next_rest:
                    next_rest = time.monotonic() + self._settings.worker_sweep_seconds
                    self._sweep_the_rest()
            except CallCenterError as error:
                log.error("worker could not work", error=str(error))
                metrics.worker_errors.labels(type(error).__name__).inc()
                self._stopping.wait(1.0)
                continue
            if not busy:
                self._signal.wait()
        self._reconciler.close()
        self._runner.close()
        log.info("worker stopped", process=self._db.process)

    def _carry_out_due(self) -> bool:
        free = self._runner.free_threads()
        if not free:
            self._stopping.wait(_THREADS_PAUSE_SECONDS)
            return True
        commands = self._db.claim_commands(free)
        self._runner.submit(commands)
        return len(commands) == free

    def _sweep_the_rest(self) -> None:
        self._sweep(OTHER_PARTS)
        self._reconciler.follow_up(self._db.claim_questions())
        if time.monotonic() >= self._next_housekeeping:
            self._housekeep()
        if self._settings.worker_metrics_port is not None:
            self._show_statistics()

    def _sweep(self, parts: tuple[str, ...]) -> None:
        """Do each part until there is no more of it; one that Postgres refuses stops no other."""
        for part in parts:
            try:
                self._do_part(part)
            except DatabaseRefusedError as error:
                log.error("part of the sweep failed", part=part, error=str(error))
                metrics.worker_errors.labels(type(error).__name__).inc()
        metrics.sweeps.inc()

    def _do_part(self, part: str) -> None:
        for _ in range(_MOST_REPEATS):
            swept = self._db.sweep(part)
            self._runner.submit(swept.commands)
            if part == "lapsed_offers" and swept.done:
                log.warning("offers lapsed", count=swept.done)
                metrics.lapsed_offers.inc(swept.done)
            if not swept.more:
                return

    def _housekeep(self) -> None:
        """Delete what is kept no longer: again with the next sweep where there is more of it."""
        deleted = self._db.housekeep(_HOUSEKEEPING_BATCH)
        more = max(deleted.values()) >= _HOUSEKEEPING_BATCH
        pause = 0.0 if more else _HOUSEKEEPING_PAUSE_SECONDS
        self._next_housekeeping = time.monotonic() + pause

    def _show_statistics(self) -> None:
        try:
            metrics.show_statistics(self._db.vital_signs())
        except CallCenterError as error:
            # The gauges' timestamp shows it too; work goes on.
            log.error("no statistics", error=str(error))
            metrics.worker_errors.labels(type(error).__name__).inc()
