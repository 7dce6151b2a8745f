"""The day by quarters of an hour, as a wall shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.database import textbook
from tests.database.day import Day
from tests.database.desk import Desk
from tests.database.screens import as_user, supervisor
from tests.database.switchboard import Switchboard

BOGOTA = ZoneInfo("America/Bogota")
# What a wall calls the textbook's figures.
NAMES = {
    "offered": "offered",
    "answered": "answered",
    "abandoned": "abandoned",
    "service_level_percent_abandons_ignored": "service_level",
    "average_speed_of_answer_seconds": "average_wait_seconds",
}


def told(board: Switchboard, user: str, queue: object = None) -> dict[str, Any]:
    query = "select public.today_by_quarter(%s) as answer"
    (row,) = as_user(board, user, query, queue)
    return dict(row["answer"])


def test_every_quarter_of_a_day_is_the_textbooks(board: Switchboard) -> None:
    day, user = Day(board, 1), supervisor(board)
    for _ in range(2):
        day.play(60)
        board.commit()
        rows = textbook.Rows(board, BOGOTA)
        for queue in (None, *(queue["id"] for queue in rows.queues)):
            quarters = told(board, user, queue)["quarters"]
            right = textbook.quarters(rows, queue)
            assert [datetime.fromisoformat(q["start"]) for q in quarters] == [at for at, _ in right]
            for quarter, (_, figures) in zip(quarters, right, strict=True):
                for name, shown in NAMES.items():
                    assert quarter[shown] == pytest.approx(figures[name], abs=0.6), (queue, quarter)
        # Folded or not, they are the same.
        day.sweep()


def test_the_total_is_of_all_quarters_and_no_average_of_averages(board: Switchboard) -> None:
    user, agent = supervisor(board), board.agent()
    queue = board.queue(agent, service_level_seconds=20, wrap_up_seconds=0)
    identity = board.row("select id from public.call_queues where name = %s", queue)["id"]
    for waits, of in ((10, 1), (40, 3)):
        board.pass_time(900)
        for _ in range(of):
            board.set_status(agent, "break")
            sid = board.caller(queue)
            board.pass_time(waits)
            board.set_status(agent, "available")
            board.commit()
            leg, offer = board.answered(sid)
            board.status(leg, "completed", 8, offer_id=offer)
            board.status(sid, "completed", 9)
    total = told(board, user, identity)["total"]
    assert (total["start"], total["offered"], total["answered"]) == (None, 4, 4)
    assert total["service_level"] == 25
    assert total["average_wait_seconds"] == pytest.approx(32.5, abs=1)


@pytest.mark.parametrize(("now", "many"), [("00:20", 2), ("01:20", 6)])
def test_a_midnight_that_comes_twice_begins_the_day_once(
    board: Switchboard, now: str, many: int
) -> None:
    user, agent = supervisor(board), board.agent()
    board.rows("update private.settings set time_zone = 'Atlantic/Azores'")
    board.set_clock(f"2026-10-25T{now}:00Z")
    quarters = told(board, user)["quarters"]
    day = board.row("select public.agent_day(%s) as day", agent)["day"]
    begins = {datetime.fromisoformat(at) for at in (quarters[0]["start"], day["from"])}
    assert begins == {datetime.fromisoformat("2026-10-25T00:00:00+00:00")}
    assert len(quarters) == many


def test_it_is_for_supervisors(board: Switchboard) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        told(board, Desk(board).user)
    assert refusal.value.sqlstate == "PT403"
