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


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_of_a_day_is_the_textbooks(board: Switchboard, seed: int) -> None:
    day = Day(board, seed)
    for _ in range(2):
        day.play(60)
        day.sweep()
        board.commit()
        day.observe()
        assert_every_figure_is_right(board, day)


def figures(board: Switchboard, queue: str) -> dict[str, Any]:
    return asked(board, f"select * from public.call_queue_stats where queue_name = '{queue}'")[0]


def agent_figures(board: Switchboard, agent: str) -> dict[str, Any]:
    return asked(board, f"select * from public.agent_stats where agent_id = '{agent}'")[0]


def part(board: Switchboard, sid: str, leg: str, offer: str) -> None:
    board.status(leg, "completed", 8, offer_id=offer)
    board.status(sid, "completed", 9)
    board.commit()


def wrapping_up(board: Switchboard, seconds: int = 15) -> tuple[str, str]:
    """An agent who talked for a minute and wraps up, and their queue."""
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=seconds)
    sid = board.caller(queue)
    board.commit()
    leg, offer = board.answered(sid)
    board.pass_time(60)
    part(board, sid, leg, offer)
    return agent, queue


def ask_for_callback(board: Switchboard, queue: str) -> dict[str, Any]:
    """The callback of somebody who waited in a queue; whoever may be rung for it is."""
    sid = board.caller(queue)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
    board.status(sid, "completed", 9)
    query = "select * from public.call_records where custom_data ->> 'callback_of' = %s"
    return board.row(query, sid)


def ring_back(board: Switchboard, wish: dict[str, Any], number: int, answers: bool) -> None:
    """The agent being rung for a callback takes it; the customer answers, or does not."""
    board.pass_time(301)
    board.sweep()
    board.commit()
    leg, offer = board.agent_leg(wish["call_id"])
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    customer = {"call_record_id": str(wish["id"]), "attempt": number}
    sid = f"CAback{number}"
    board.status(sid, "ringing", 1, direction="outbound-api", **customer)
    board.pass_time(30)
    if answers:
        board.status(sid, "in_progress", 2, **customer)
        board.rpc("receive_caller_connect", {"call_sid": sid, **customer})
        board.joined(leg, wish["id"])
        board.joined(sid, wish["id"])
        board.pass_time(60)
    board.status(sid, "completed" if answers else "no_answer", 3, **customer)
    board.status(leg, "completed", 9, offer_id=offer)
    board.commit()


@pytest.mark.parametrize("swept_after", [None, 4.9])
def test_an_agent_is_available_from_the_wrap_ups_end_whenever_it_is_swept(
    board: Switchboard, swept_after: float | None
) -> None:
    agent, _queue = wrapping_up(board)
    before = agent_figures(board, agent)["available_seconds_today"]
    board.pass_time(15)
    if swept_after:
        board.pass_time(swept_after)
        board.sweep()
    board.pass_time(25 - (swept_after or 0))
    assert agent_figures(board, agent)["available_seconds_today"] - before == 25
    board.set_status(agent, "break")
    told = agent_figures(board, agent)
    assert (told["wrap_up_seconds_today"], told["available_seconds_today"] - before) == (15, 25)


def test_available_time_ends_when_it_rings_though_nobody_swept_the_wrap_up(
    board: Switchboard,
) -> None:
    agent = board.agent(max_concurrent_calls=2)
    queue = board.queue(agent, wrap_up_seconds=15)
    talking = board.caller(queue)
    board.commit()
    leg, offer = board.answered(talking)
    asked_for = board.caller(queue)
    assert board.rung(asked_for) == agent
    part(board, talking, leg, offer)
    before = agent_figures(board, agent)["available_seconds_today"]
    board.pass_time(20)
    board.agent_leg(asked_for)
    board.pass_time(8)
    told = agent_figures(board, agent)
    assert told["available_seconds_today"] - before == pytest.approx(5, abs=1)
    assert told["agent_status"] == "busy"


def test_two_wrap_ups_at_once_count_each_second_once(board: Switchboard) -> None:
    agent = board.agent(max_concurrent_calls=2)
    queue = board.queue(agent, wrap_up_seconds=60)
    talks = []
    for _ in range(2):
        sid = board.caller(queue)
        board.commit()
        talks.append((sid, *board.answered(sid)))
    for talk in talks:
        part(board, *talk)
    board.pass_time(10)
    board.set_status(agent, "available")
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    told = agent_figures(board, agent)
    assert told["wrap_up_seconds_today"] == pytest.approx(10, abs=1)
    assert row["handling_seconds"] == pytest.approx(told["talk_seconds_today"] + 10, abs=2)


def test_who_waits_for_a_callback_is_no_long_wait_on_any_wall(board: Switchboard) -> None:
    queue = board.queue(board.agent("break"))
    ask_for_callback(board, queue)
    board.pass_time(7200)
    board.caller(queue)
    board.pass_time(30)
    told = figures(board, queue)
    signs = asked(board, "select public.vital_signs() as signs")[0]["signs"]
    (sign,) = [sign for sign in signs["queues"] if sign["name"] == queue]
    assert signs["live_calls"] == 1
    assert (told["callers_waiting"], told["callbacks_waiting"]) == (1, 1)
    assert (sign["waiting"], sign["callbacks"]) == (1, 1)
    (centre,) = asked(board, "select * from public.call_center_stats")
    assert (centre["calls_queued"], centre["callbacks_waiting"]) == (1, 1)
    waits = {row["longest_wait_seconds"] for row in (told, sign, centre)}
    assert waits == {30}


def test_a_callback_answered_at_the_third_attempt_is_one_caller_offered_and_answered(
    board: Switchboard,
) -> None:
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=0)
    board.set_status(agent, "break")
    wish = ask_for_callback(board, queue)
    board.set_status(agent, "available")
    for number in (1, 2, 3):
        ring_back(board, wish, number, answers=number == 3)
    told = figures(board, queue)
    assert (told["offered_today"], told["answered_today"], told["abandoned_today"]) == (1, 1, 0)
    assert told["callbacks_requested_today"] == 1
    assert told["average_talk_seconds"] == pytest.approx(60, abs=1)
    own = agent_figures(board, agent)
    assert (own["calls_handled_today"], own["offers_today"]) == (1, 3)
    assert own["talk_seconds_today"] == pytest.approx(60, abs=1)


def test_a_callback_that_nobody_answers_was_offered_and_not_answered(board: Switchboard) -> None:
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=0)
    board.set_status(agent, "break")
    wish = ask_for_callback(board, queue)
    board.set_status(agent, "available")
    for number in (1, 2, 3):
        ring_back(board, wish, number, answers=False)
    told = figures(board, queue)
    assert (told["offered_today"], told["answered_today"]) == (1, 0)
    assert (told["callbacks_requested_today"], told["callbacks_waiting"]) == (1, 0)
    assert agent_figures(board, agent)["calls_handled_today"] == 0
    assert board.call(wish["call_id"])["call_status"] == "no_answer"


def test_a_caller_whose_first_agent_left_before_they_met_is_offered_once(
    board: Switchboard,
) -> None:
    agents = [board.agent(), board.agent()]
    queue = board.queue(*agents)
    sid = board.caller(queue)
    board.commit()
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    board.status(leg, "completed", 9, offer_id=offer)
    board.commit()
    part(board, sid, *board.answered(sid))
    told = figures(board, queue)
    assert (told["offered_today"], told["answered_today"]) == (1, 1)
    handled = [agent_figures(board, agent)["calls_handled_today"] for agent in agents]
    assert sorted(handled) == [0, 1]


def test_a_moment_too_late_is_not_in_time_and_a_moment_too_early_is_short(
    board: Switchboard,
) -> None:
    agent = board.agent()
    queue = board.queue(agent, service_level_seconds=20, short_abandon_seconds=5, wrap_up_seconds=0)
    for wait, answered in ((20.4, True), (4.6, False)):
        sid = board.caller(queue)
        board.commit()
        board.pass_time(wait)
        if answered:
            part(board, sid, *board.answered(sid))
        else:
            board.status(sid, "completed", 9)
    told = figures(board, queue)
    assert (told["offered_today"], told["short_abandons_today"]) == (1, 1)
    assert told["service_level_percent_abandons_ignored"] == 0
