"""Asks Twilio about what the database missed, and tells it: callbacks get lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from callcenter import metrics
from callcenter.command_runner import CommandRunner
from callcenter.db import Database
from callcenter.errors import CallCenterError
from callcenter.events import LegEvent
from callcenter.models import JSON, Answer, CallsToList, Questions, UnheardRecordings
from callcenter.twilio_service import TwilioService

log = structlog.get_logger()
# So that each part is taken in within the database client's time.
_LISTED_AT_ONCE = 100
_ENDS = frozenset({"completed", "busy", "failed", "no_answer", "canceled"})


class Reconciler:
    """Follows up sweeps on threads of its own: Twilio may be slow, and commands must not wait.

    What failed is not repeated here: the database has it asked again.
    """

    def __init__(
        self, db: Database, twilio: TwilioService, runner: CommandRunner, threads: int = 4
    ) -> None:
        self._db = db
        self._twilio = twilio
        self._runner = runner
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reconcile")
        self._asking: set[Hashable] = set()
        self._lock = threading.Lock()

    def follow_up(self, questions: Questions) -> None:
        """Ask Twilio about all of it; returns at once."""
        if questions.list_live_calls:
            self._submit("live calls", self._live_calls)
        for call_sid in questions.silent_legs:
            self._submit(call_sid, lambda sid=call_sid: self._leg(sid))  # type: ignore[misc]
        for call in questions.unheard_recordings:
            key = f"recordings of {call.call_record_id}"
            self._submit(key, lambda call=call: self._recordings(call))  # type: ignore[misc]
        if questions.calls_to_list:
            listing = questions.calls_to_list
            self._submit("calls", lambda: self._calls(listing))

    def close(self) -> None:
        """Finish what has begun, forget the rest: it will be asked for again."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, key: Hashable, ask: Callable[[], None]) -> None:
        with self._lock:
            if key in self._asking:
                return
            self._asking.add(key)
        self._pool.submit(self._ask, key, ask)

    def _ask(self, key: Hashable, ask: Callable[[], None]) -> None:
        try:
            ask()
        except CallCenterError as error:
            log.warning("not reconciled", about=key, error=str(error))
            metrics.worker_errors.labels(type(error).__name__).inc()
        except Exception as error:
            # Nobody waits for this thread: what is not logged here is lost.
            log.exception("not reconciled", about=key)
            metrics.worker_errors.labels(type(error).__name__).inc()
        finally:
            with self._lock:
                self._asking.discard(key)

    def _leg(self, call_sid: str) -> None:
        leg = self._twilio.fetch_call(call_sid)
        if leg is None:  # Twilio does not know it: there was no such call
            leg = LegEvent(call_sid=call_sid, status="failed", source="reconcile")
        self._carry_out(self._db.record_call_event(replace(leg, params=_asked_now())))
        if leg.status in _ENDS:
            metrics.reconciled_legs.inc()

    def _recordings(self, call: UnheardRecordings) -> None:
        for recording in self._twilio.recordings_of(call.call_sid, call.conference):
            log.info("recording found at Twilio", recording_sid=recording.recording_sid)
            event = replace(
                recording,
                call_sid=call.call_sid,
                call_record_id=call.call_record_id,
                params=_asked_now(),
            )
            self._carry_out(self._db.record_recording_event(event))

    def _calls(self, listing: CallsToList) -> None:
        """Tell the list a part at a time, oldest first: what was told is not asked for again."""
        asked = _asked_now()
        calls = [
            replace(call, leg=replace(call.leg, params=asked))
            for call in self._twilio.calls_since(listing.since)
        ]
        for first in range(0, max(1, len(calls)), _LISTED_AT_ONCE):
            part = calls[first : first + _LISTED_AT_ONCE]
            last = first + _LISTED_AT_ONCE >= len(calls)
            until = listing.until if last else part[-1].created_at
            self._carry_out(self._db.receive_listed_calls(part, until))

    def _live_calls(self) -> None:
        self._db.receive_live_calls(self._twilio.calls_in_progress())

    def _carry_out(self, answer: Answer) -> None:
        self._runner.submit(answer.commands)


def _asked_now() -> JSON:
    return {"asked_at": datetime.now(UTC).isoformat()}
