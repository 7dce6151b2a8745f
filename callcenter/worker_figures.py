"""Tells screens how the call centre stands, once a second, in a thread of its own.

What agents must see at once is told by the transaction that changes it; figures wait for this, so
that a topic has a message a second at most. However many workers ask, the database tells once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from callcenter import metrics
from callcenter.db import Database
from callcenter.errors import CallCenterError

log = structlog.get_logger()
_SECONDS = 1.0
# A request that hangs is given up by then.
_LONGEST_STOP_SECONDS = 6.0


@contextmanager
def telling_figures(db: Database) -> Iterator[None]:
    """Have screens told while the block lasts, whatever else the process does meanwhile."""
    stopping = threading.Event()
    teller = threading.Thread(target=_tell, args=(db, stopping), name="figures", daemon=True)
    teller.start()
    try:
        yield
    finally:
        stopping.set()
        teller.join(_LONGEST_STOP_SECONDS)


def _tell(db: Database, stopping: threading.Event) -> None:
    due = time.monotonic()
    while not stopping.wait(max(0.0, due - time.monotonic())):
        due = time.monotonic() + _SECONDS
        try:
            db.broadcast_figures()
        except CallCenterError as error:
            log.error("screens were not told", error=str(error))
            metrics.worker_errors.labels(type(error).__name__).inc()
        else:
            metrics.figures_told.inc()
