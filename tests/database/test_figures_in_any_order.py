"""Whatever order and however often Twilio's words come in, figures say what the rows do."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database import textbook
from tests.database.switchboard import Switchboard
from tests.database.test_event_order import START, Step, deliver, shuffles
from tests.database.test_figures import BOGOTA, asked, assert_alike

QUEUE = (
    "offered_today", "answered_today", "abandoned_today", "short_abandons_today",
    "service_level_percent_abandons_ignored", "abandonment_percent",
    "average_speed_of_answer_seconds", "average_talk_seconds",
)  # fmt: skip
AGENT = ("calls_handled_today", "talk_seconds_today", "offers_today", "missed_offers_today")


def only(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {column: row[column] for column in columns}


def assert_figures_are_the_rows(board: Switchboard, agent: str, queue: str) -> None:
    rows = textbook.Rows(board, BOGOTA)
    empty = defaultdict(list)  # type: defaultdict[str, list[Any]]
    diary = SimpleNamespace(choices=empty, wrap_ups=empty, announced=empty)
    (right,) = [textbook.queue_row(rows, diary, q) for q in rows.queues if q["name"] == queue]
    (told,) = asked(board, f"select * from public.call_queue_stats where queue_name = '{queue}'")
    assert_alike(only(told, QUEUE), only(right, QUEUE), "queue")
    (own,) = [textbook.agent_row(rows, diary, a) for a in rows.agents if str(a["id"]) == agent]
    (told,) = asked(board, f"select * from public.agent_stats where agent_id = '{agent}'")
    assert_alike(only(told, AGENT), only(own, AGENT), "agent")
    met = [offer["met_at"] for offer in rows.offers if offer["met_at"]]
    assert [stay["left_at"] for stay in rows.stays if stay["outcome"] == "answered"] == met


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shuffles(), st.sets(st.integers(0, 30), max_size=4))
def test_figures_are_the_rows_after_events_in_any_order(
    board: Switchboard, pair: tuple[list[Step], list[Step]], folded_after: set[int]
) -> None:
    with board.db.transaction(force_rollback=True):
        board.set_clock(START)
        agent = board.agent()
        queue = board.queue(agent)
        sids = {"caller": "CA" + "2" * 32, "agent": "CA" + "3" * 32}
        numbers = {"from": "+573017654321", "to": "+576015550100"}
        for number, step in enumerate(pair[1]):
            deliver(board, step, sids, numbers, queue)
            if number in folded_after:
                board.rows("select private.fold_stats()")
        board.pass_time(3600)
        assert_figures_are_the_rows(board, agent, queue)
        board.rows("select private.fold_stats()")
        assert_figures_are_the_rows(board, agent, queue)
