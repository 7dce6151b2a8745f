"""The worker: carries out commands nobody else did, sweeps, and has Twilio asked what we missed.

Any number may run at once; each holds only what the database handed it, and may be killed at any
time. It keeps running through failures of the database: callers are then Twilio's alone, and it
catches up when the database is back.
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
from callcenter.wake import Alarm

log = structlog.get_logger()
# While every thread is at work: how long until it is looked again whether one is free.
_THREADS_PAUSE_SECONDS = 0.1
# What makes a match possible by time alone: nobody waits for it longer than a second.
_MATCHING_SECONDS = 0.5
MATCHING_PARTS = ("agents", "put_off", "matches")
OTHER_PARTS = (
    "lapsed_offers",
    "left_offers",
    "meetings",
    "overflow",
    "callbacks",
    "transcriptions",
    "late_commands",
    "figures",
)
# How often a part may follow itself before the others have their turn.
_LONGEST_PART = 50
_HOUSEKEEPING_BATCH = 1000
_HOUSEKEEPING_PAUSE_SECONDS = 3600.0
# A loop that has not turned for so long hangs.
_TURNS_WITHIN_SECONDS = 30.0


class Worker:
    """Carries out commands as they become due, and sweeps, until stopped."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        twilio: TwilioService,
        runner: CommandRunner,
        alarm: Alarm,
    ) -> None:
        self._settings = settings
        self._db = db
        self._runner = runner
        self._alarm = alarm
        self._reconciler = Reconciler(db, twilio, runner)
        self._stopping = threading.Event()
        self._turned_at: float | None = None
        self._next_housekeeping = 0.0

    def is_turning(self) -> bool:
        """Whether the loop turned within half a minute, with or without a database to ask."""
        turned_at = self._turned_at
        return turned_at is not None and time.monotonic() - turned_at < _TURNS_WITHIN_SECONDS

    def stop(self) -> None:
        """Finish what is held, then return from run()."""
        self._stopping.set()
        self._alarm.ring()

    def run(self) -> None:
        """Work until stop() is called; a failing database is waited for."""
        log.info("worker started", process=self._db.process)
        next_sweep = next_round = 0.0
        while not self._stopping.is_set():
            self._turned_at = time.monotonic()
            try:
                busy = self._carry_out_due()
                if time.monotonic() >= next_sweep:
                    next_sweep = time.monotonic() + _MATCHING_SECONDS
                    self._sweep(MATCHING_PARTS)
                if time.monotonic() >= next_round:
                    next_round = time.monotonic() + self._settings.worker_sweep_seconds
                    self._go_round()
            except CallCenterError as error:
                log.error("worker could not work", error=str(error))
                metrics.worker_errors.labels(type(error).__name__).inc()
                self._stopping.wait(1.0)
                continue
            if not busy:
                self._alarm.wait()
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

    def _go_round(self) -> None:
        self._sweep(OTHER_PARTS)
        self._reconciler.follow_up(self._db.claim_questions())
        if time.monotonic() >= self._next_housekeeping:
            self._keep_house()
        if self._settings.worker_metrics_port is not None:
            self._show_vital_signs()

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
        for _ in range(_LONGEST_PART):
            swept = self._db.sweep(part)
            self._runner.submit(swept.commands)
            if part == "lapsed_offers" and swept.done:
                log.warning("offers lapsed", count=swept.done)
                metrics.lapsed_offers.inc(swept.done)
            if not swept.more:
                return

    def _keep_house(self) -> None:
        """Delete what is past its time: with the next sweep again while there is more of it."""
        deleted = self._db.housekeep(_HOUSEKEEPING_BATCH)
        more = max(deleted.values()) >= _HOUSEKEEPING_BATCH
        pause = 0.0 if more else _HOUSEKEEPING_PAUSE_SECONDS
        self._next_housekeeping = time.monotonic() + pause

    def _show_vital_signs(self) -> None:
        try:
            metrics.show_vital_signs(self._db.vital_signs())
        except CallCenterError as error:
            # The gauges' age says so too; work goes on.
            log.error("no vital signs", error=str(error))
            metrics.worker_errors.labels(type(error).__name__).inc()
