"""Walls and operators are told what a textbook says of the day, column by column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.database import textbook
from tests.database.day import Day
from tests.database.switchboard import Switchboard

BOGOTA = ZoneInfo("America/Bogota")
# Whole seconds at the edges of each stretch; percentages of sums of them.
TOLERANCE = {"occupancy_percent": 1.5, "available_seconds_today": 3, "wrap_up_seconds_today": 3}


def asked(board: Switchboard, query: str) -> list[dict[str, Any]]:
    """As the service reads it."""
    board.db.execute("set local role service_role")
    rows = board.rows(query)
    board.db.execute("reset role")
    return rows


def assert_alike(told: Any, right: Any, where: str = "") -> None:
    """The same shape and values, but for the rounding of seconds."""
    if isinstance(right, dict):
        assert set(told) == set(right), where
        for key, value in right.items():
            assert_alike(told[key], value, f"{where} {key}")
    elif isinstance(right, list):
        assert len(told) == len(right), where
        for number, value in enumerate(right):
            assert_alike(told[number], value, f"{where} {number}")
    elif isinstance(right, float) or isinstance(told, Decimal | float) or "seconds" in where:
        assert (told is None) == (right is None), where
        if right is not None:
            tolerance = TOLERANCE.get(where.rpartition(" ")[2], 1.01)
            assert float(told) == pytest.approx(float(right), abs=tolerance), (where, told, right)
    else:
        assert told == right, where


def assert_every_figure_is_right(board: Switchboard, day: Day) -> None:
    rows = textbook.Rows(board, BOGOTA)
    (centre,) = asked(board, "select * from public.call_center_stats")
    assert_alike(centre, textbook.centre_row(rows, day), "centre")
    queues = {row["queue_id"]: row for row in asked(board, "select * from public.call_queue_stats")}
    assert_alike(queues, {q["id"]: textbook.queue_row(rows, day, q) for q in rows.queues}, "queue")
    agents = {row["agent_id"]: row for row in asked(board, "select * from public.agent_stats")}
    right = {a["id"]: textbook.agent_row(rows, day, a) for a in rows.agents}
    assert_alike(agents, right, "agent")
    signs = asked(board, "select public.vital_signs() as signs")[0]["signs"]
    assert isinstance(signs.pop("idle_agents_with_callers"), int)
    assert_alike(signs, textbook.vital_signs(rows, day), "signs")


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_of_a_day_is_the_textbooks(board: Switchboard, seed: int) -> None:
    day = Day(board, seed)
    for _ in range(2):
        day.play(50)
        day.sweep()
        board.commit()
        day.observe()
        assert_every_figure_is_right(board, day)
