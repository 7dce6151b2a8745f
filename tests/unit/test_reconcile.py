"""Twilio's list of calls, told a part at a time."""

from __future__ import annotations

import time

import pytest

from callcenter.errors import DatabaseUnavailableError
from callcenter.events import LegEvent, ListedCall
from callcenter.models import Answer, CallsToList, Command, Questions
from callcenter.reconcile import Reconciler

UNTIL = "2026-11-23T18:00:00+00:00"


class Parts:
    """A Twilio with so many calls, and a database that fails from the n-th part on."""

    def __init__(self, calls: int, fails_at: int) -> None:
        self._calls = calls
        self._fails_at = fails_at
        self.taken_in: list[tuple[int, str]] = []

    def calls_since(self, moment: str) -> list[ListedCall]:
        return [
            ListedCall(
                leg=LegEvent(call_sid=f"CA{n}", status="completed", source="reconcile"),
                created_at=f"minute {n}",
                reached_fallback=False,
            )
            for n in range(self._calls)
        ]

    def receive_listed_calls(self, calls: list[ListedCall], until: str) -> Answer:
        if len(self.taken_in) == self._fails_at:
            raise DatabaseUnavailableError("away")
        self.taken_in.append((len(calls), until))
        return Answer(None, ())

    def submit(self, commands: tuple[Command, ...]) -> None:
        assert commands == ()


@pytest.mark.parametrize(
    ("calls", "fails_at", "taken_in"),
    [
        (0, 9, [(0, UNTIL)]),
        (100, 9, [(100, UNTIL)]),
        (250, 9, [(100, "minute 99"), (100, "minute 199"), (50, UNTIL)]),
        (250, 2, [(100, "minute 99"), (100, "minute 199")]),
    ],
)
def test_what_was_taken_in_of_a_long_list_is_not_lost_with_the_rest(
    calls: int, fails_at: int, taken_in: list[tuple[int, str]]
) -> None:
    parts = Parts(calls, fails_at)
    reconciler = Reconciler(parts, parts, parts)  # type: ignore[arg-type]
    reconciler.follow_up(Questions(False, (), (), CallsToList("then", UNTIL)))
    deadline = time.monotonic() + 30
    while len(parts.taken_in) < len(taken_in) and time.monotonic() < deadline:
        time.sleep(0.01)
    reconciler.close()
    assert parts.taken_in == taken_in
