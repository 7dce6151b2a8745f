"""The wallboard in the terminal keeps to the rules by which a browser keeps its own."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from devstack.watch.board import KINDS, Board
from devstack.watch.screen import changes, tables

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
QUEUE = {
    "id": "q1", "name": "support", "waiting": 1, "callbacks": 0, "agents_available": 1,
    "oldest_joined_at": (NOW - timedelta(seconds=75)).isoformat(), "agents_total": 3,
    "interval": {"offered": 4, "answered": 3, "abandoned": 1, "service_level": 75},
}  # fmt: skip
AGENT = {
    "id": "a1", "extension": "1001", "name": "Andrés", "state": "on_call", "reason": None,
    "since": (NOW - timedelta(seconds=5)).isoformat(), "calls": ["c1"],
}  # fmt: skip
CALL = {
    "id": "c1", "direction": "inbound", "status": "active", "queue": "support", "agent_id": "a1",
    "number": "+573001112233", "name": "María", "started_at": NOW.isoformat(), "queued_at": None,
    "answered_at": None, "held_since": None,
}  # fmt: skip


def message(version: int, **rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"version": version, **{kind: rows.get(kind, []) for kind in KINDS}}


@pytest.fixture
def board() -> Board:
    board = Board()
    board.take(message(7, queues=[QUEUE], agents=[AGENT], calls=[CALL]))
    return board


def test_the_message_that_follows_changes_rows_and_takes_away_who_is_gone(board: Board) -> None:
    on_break = AGENT | {"state": "break", "reason": "lunch"}
    assert board.hear(message(8, agents=[on_break], calls=[{"id": "c1", "gone": True}]))
    assert (board.agents, board.calls, board.version) == ({"a1": on_break}, {}, 8)
    assert board.hear(message(9, calls=[{"id": "never seen", "gone": True}]))


def test_a_message_that_the_snapshot_holds_changes_nothing(board: Board) -> None:
    assert board.hear(message(7, calls=[{"id": "c1", "gone": True}]))
    assert "c1" in board.calls


@pytest.mark.parametrize("told", [message(9), {"version": 8, "fetch": True}])
def test_after_a_gap_and_where_it_is_said_the_board_is_fetched_again(
    board: Board, told: dict[str, Any]
) -> None:
    assert not board.hear(told)
    assert board.version == 7


def test_a_snapshot_that_is_older_than_what_was_heard_is_passed_over(board: Board) -> None:
    assert board.hear(message(8))
    board.take(message(7))
    assert board.agents


def test_the_screen_shows_who_waits_and_talks_for_how_long(board: Board) -> None:
    board.help["c1"] = {"id": "c1", "agent_id": "a1", "reason": "a refund"}
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(tables(board, NOW, connected=False))
    shown = " ".join(captured.get().split())
    assert "support 1 1:15 1 of 3 3 of 4 answered, 1 left 75 %" in shown
    assert "1001 Andrés on call 0:05 María" in shown
    assert "María active 0:00 support 1001 Andrés" in shown
    assert "agent 1001 Andrés asks for help: a refund" in shown
    assert "Realtime is away" in shown


def test_where_nothing_can_be_redrawn_each_change_is_a_sentence(board: Board) -> None:
    assert [*changes(Board(), board)] == [
        "call María is active in support with 1001 Andrés",
        "agent 1001 is on call",
        "queue support: 1 waiting",
    ]
    later = deepcopy(board)
    quiet = QUEUE | {"waiting": 0, "agents_available": 3}
    gone = {"id": "c1", "gone": True}
    assert later.hear(message(8, queues=[quiet], agents=[AGENT], calls=[gone]))
    assert [*changes(board, later)] == ["call María is over", "queue support: nobody waiting"]
    assert [*changes(later, later)] == []
