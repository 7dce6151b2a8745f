"""Screens are told again and again, whatever happens."""

from __future__ import annotations

import threading

import pytest

from callcenter import metrics, worker_figures
from callcenter.errors import DatabaseRefusedError, DatabaseUnavailableError
from callcenter.worker_figures import telling_figures


class Database:
    """Fails as often as it is told to; says when it was asked often enough."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self.told = threading.Semaphore(0)

    def broadcast_figures(self) -> None:
        if self._failures:
            raise self._failures.pop()
        self.told.release()


def counted(kind: str) -> float:
    return float(metrics.worker_errors.labels(kind)._value.get())


def test_what_fails_is_counted_and_the_next_second_screens_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_figures, "_SECONDS", 0.01)
    kinds = ("DatabaseUnavailableError", "DatabaseRefusedError")
    before = [counted(kind) for kind in kinds]
    db = Database(DatabaseUnavailableError("away"), DatabaseRefusedError("42501", "no"))
    with telling_figures(db):  # type: ignore[arg-type]
        for _ in range(3):
            assert db.told.acquire(timeout=30)
    assert [counted(kind) for kind in kinds] == [count + 1 for count in before]


def test_a_worker_that_ends_tells_nobody_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_figures, "_SECONDS", 0.01)
    db = Database()
    with telling_figures(db):  # type: ignore[arg-type]
        assert db.told.acquire(timeout=30)
    while db.told.acquire(blocking=False):
        pass
    assert not db.told.acquire(timeout=0.1)
