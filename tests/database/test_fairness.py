"""Whose turn it is: the best waiting caller gets the agent, and the right agent the caller."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.switchboard import Switchboard


def hang_up(board: Switchboard, sid: str, leg: str, offer: str) -> None:
    board.status(leg, "completed", 8, offer_id=offer)
    board.status(sid, "completed", 9)


def talk(board: Switchboard, sid: str, seconds: float = 5) -> None:
    """The agent being rung for a call takes it, they talk, and part."""
    board.commit()
    leg, offer = board.answered(sid)
    board.pass_time(seconds)
    hang_up(board, sid, leg, offer)


def callback(board: Switchboard, queue: str) -> str:
    """Somebody who asked to be rung, and hung up; returns the callback's call id."""
    sid = board.caller(queue)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
    board.status(sid, "completed", 9)
    query = (
        "select call_id from public.call_records where call_direction = 'outbound'"
        " and custom_data ->> 'callback_of' = %s"
    )
    return str(board.row(query, sid)["call_id"])


@pytest.fixture
def freed(board: Switchboard) -> tuple[str, str, str]:
    """An agent whose wrap-up ran out a moment ago, unswept, and two queues of theirs of which the
    second has priority: somebody waits in it since ten minutes."""
    agent = board.agent()
    plain, urgent = board.queue(agent), board.queue(agent, priority=10, max_wait_seconds=3600)
    talking = board.caller(plain)
    board.commit()
    leg, offer = board.answered(talking)
    first = board.caller(urgent)
    board.pass_time(600)
    hang_up(board, talking, leg, offer)
    board.commit()
    board.pass_time(120)
    return plain, urgent, first


def test_a_new_caller_does_not_overtake_who_waits_for_an_agent_freed_by_time(
    board: Switchboard, freed: tuple[str, str, str]
) -> None:
    _plain, urgent, first = freed
    new = board.caller(urgent)
    assert board.rung(new) is None
    assert board.rung(first)


def test_a_queue_of_low_priority_does_not_overtake_one_of_high(
    board: Switchboard, freed: tuple[str, str, str]
) -> None:
    plain, _urgent, first = freed
    new = board.caller(plain)
    assert board.rung(new) is None
    assert board.rung(first)


def test_the_last_in_line_does_not_overtake_by_asking_for_their_document(
    board: Switchboard,
) -> None:
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=15, max_wait_seconds=3600)
    talking = board.caller(queue)
    board.commit()
    leg, offer = board.answered(talking)
    first = board.caller(queue)
    board.pass_time(300)
    last = board.caller(queue)
    hang_up(board, talking, leg, offer)
    board.commit()
    board.pass_time(15.5)
    board.rpc("receive_queue_wait", {"call_sid": last})
    assert board.rung(last) is None
    assert board.rung(first) == agent


@pytest.fixture
def unsuited(board: Switchboard) -> tuple[str, str]:
    """An agent on break, whose queue of high priority is full of callers they lack the skill for;
    their other queue's name."""
    expert = board.agent("break", skills={"en": 1})
    agent = board.agent("break", skills={"general": True})
    urgent = board.queue(expert, agent, priority=10, required_skills={"en": 1})
    for _ in range(10):
        board.caller(urgent)
    return agent, board.queue(agent)


def test_ten_callers_whom_an_agent_can_not_take_hide_nobody_behind_them(
    board: Switchboard, unsuited: tuple[str, str]
) -> None:
    agent, queue = unsuited
    waiting = board.caller(queue)
    board.set_status(agent, "available")
    assert board.rung(waiting) == agent


def test_nor_do_they_hide_a_callback(board: Switchboard, unsuited: tuple[str, str]) -> None:
    agent, queue = unsuited
    wish = callback(board, queue)
    board.pass_time(11)
    board.set_status(agent, "available")
    board.commit()
    board.sweep()
    assert board.rung(wish) == agent


def idle_pair(board: Switchboard, wraps: tuple[int, int]) -> tuple[str, str]:
    """Two agents who talk at the same time and end at once, each with their own wrap-up."""
    legs = []
    agents = []
    for wrap in wraps:
        agents.append(board.agent())
        sid = board.caller(board.queue(agents[-1], wrap_up_seconds=wrap))
        board.commit()
        legs.append((sid, *board.answered(sid)))
    board.pass_time(60)
    for sid, leg, offer in legs:
        hang_up(board, sid, leg, offer)
    return agents[0], agents[1]


def test_longest_idle_counts_from_the_end_of_the_wrap_up_not_of_the_call(
    board: Switchboard,
) -> None:
    wrapped_long, free_soon = idle_pair(board, (300, 10))
    board.pass_time(301)
    queue = board.queue(wrapped_long, free_soon, routing_strategy="longest_idle")
    assert board.rung(board.caller(queue)) == free_soon


def test_whoever_ends_their_wrap_up_early_is_idle_from_then_on(board: Switchboard) -> None:
    let_it_run, back_early = idle_pair(board, (60, 60))
    board.pass_time(5)
    board.set_status(back_early, "available")
    board.pass_time(57)
    queue = board.queue(let_it_run, back_early, routing_strategy="longest_idle")
    assert board.rung(board.caller(queue)) == back_early


def test_a_caller_who_hangs_up_while_it_rings_costs_the_agent_no_place(
    board: Switchboard,
) -> None:
    idle_long = board.agent()
    board.pass_time(540)
    idle_short = board.agent()
    queue = board.queue(idle_long, idle_short, routing_strategy="longest_idle")
    sid = board.caller(queue)
    assert board.rung(sid) == idle_long
    leg, offer = board.agent_leg(sid)
    board.status(sid, "completed", 9)
    board.status(leg, "canceled", 9, offer_id=offer)
    assert board.rung(board.caller(queue)) == idle_long


def test_whoever_lets_it_ring_goes_to_the_back(board: Switchboard) -> None:
    idle_long = board.agent()
    board.pass_time(540)
    idle_short = board.agent()
    queue = board.queue(idle_long, idle_short, routing_strategy="longest_idle")
    sid = board.caller(queue)
    assert board.rung(sid) == idle_long
    board.not_answered(sid)
    board.pass_time(20)
    board.status(sid, "completed", 9)
    board.pass_time(20)
    assert board.rung(board.caller(queue)) == idle_short


@pytest.mark.parametrize("level", [False, 0])
def test_a_skill_required_at_false_or_zero_is_not_required(
    board: Switchboard, level: object
) -> None:
    agent = board.agent(skills={})
    queue = board.queue(agent, required_skills={"en": level})
    assert board.rung(board.caller(queue)) == agent


def served_after(board: Switchboard, rounds: int, **urgent: Any) -> bool:
    """A caller of low priority, and one of high every half minute: whether the first is served."""
    agent = board.agent()
    common = {"wrap_up_seconds": 0, "max_wait_seconds": 36000}
    vip = board.queue(agent, priority=1, **common)
    low = board.queue(agent, priority=0, **common, **urgent)
    now = board.caller(vip)
    board.commit()
    patient = board.caller(low)
    for _ in range(rounds):
        following = board.caller(vip)
        talk(board, now, 29)
        if board.rung(patient):
            return True
        now = following
    return False


def test_priority_is_strict_unless_the_queue_ages(board: Switchboard) -> None:
    assert not served_after(board, 8)


def test_who_waits_in_a_queue_that_ages_is_served_in_the_end(board: Switchboard) -> None:
    assert served_after(board, 8, ageing_seconds=60)


def test_a_changed_priority_reaches_those_who_wait(board: Switchboard) -> None:
    agent = board.agent("break")
    first, second = board.queue(agent), board.queue(agent)
    early, late = board.caller(first), board.caller(second)
    board.rows("update public.call_queues set priority = 10 where name = %s", second)
    board.set_status(agent, "available")
    assert board.rung(late) == agent
    assert board.rung(early) is None


def test_round_robin_gives_who_was_away_one_turn_not_all_they_missed(board: Switchboard) -> None:
    agents = [board.agent() for _ in range(3)]
    queue = board.queue(*agents, routing_strategy="round_robin", wrap_up_seconds=0)

    def turns(calls: int) -> list[str | None]:
        rung = []
        for _ in range(calls):
            sid = board.caller(queue)
            rung.append(board.rung(sid))
            talk(board, sid)
            board.pass_time(1)
        return rung

    assert set(turns(3)) == set(agents)
    board.set_status(agents[0], "break")
    assert agents[0] not in turns(6)
    board.set_status(agents[0], "available")
    back = turns(4)
    assert back[0] == agents[0]
    assert set(back[:3]) == set(agents)


def test_least_busy_fills_nobody_before_others_have_as_many(board: Switchboard) -> None:
    agents = {board.agent(max_concurrent_calls=capacity): capacity for capacity in (10, 2, 1)}
    queue = board.queue(*agents, routing_strategy="least_busy")
    rung = [board.rung(board.caller(queue)) for _ in range(6)]
    assert set(rung[:3]) == set(agents)
    assert set(rung[3:5]) == {agent for agent, capacity in agents.items() if capacity > 1}
    assert agents[str(rung[5])] == 10
