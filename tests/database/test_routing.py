"""Who gets the call, and why."""

from __future__ import annotations

import pytest

from tests.database.switchboard import Switchboard


def lost(board: Switchboard, sid: str) -> dict[str, str | None]:
    """Why each candidate for a call lost, by agent: as it was decided, else as it would be now."""
    decided = board.rows(
        "select d.candidates from private.routing_decisions d join public.call_records r"
        " on r.id = d.call_record_id where r.call_id = %s order by d.id desc",
        sid,
    )
    if decided:
        return {c["agent_id"]: c["lost"] for c in decided[0]["candidates"]}
    candidates = board.rows(
        "select c.agent_id::text, c.lost from public.call_records r"
        " join public.call_queues q on q.id = r.queue_id"
        " cross join private.candidates(q, 0, null) c where r.call_id = %s",
        sid,
    )
    return {c["agent_id"]: c["lost"] for c in candidates}


def test_the_decision_names_every_candidate_and_why_they_lost(board: Switchboard) -> None:
    free = board.agent()
    pausing, away = board.agent("break"), board.agent("offline")
    unskilled = board.agent(skills={"general": True})
    board.rows(
        "update public.call_center_agents set skills = %s where id = %s", '{"billing": 2}', free
    )
    queue = board.queue(free, pausing, away, unskilled, required_skills={"billing": 2})
    sid = board.caller(queue)
    assert board.rung(sid) == free
    assert lost(board, sid) == {
        free: None,
        pausing: "on break",
        away: "offline",
        unskilled: "lacks skill billing",
    }


def test_a_caller_waits_while_nobody_is_free_and_is_offered_the_moment_somebody_is(
    board: Switchboard,
) -> None:
    agent = board.agent("break")
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) is None
    board.set_status(agent, "available")
    assert board.rung(sid) == agent


def test_callers_are_served_by_priority_and_then_by_waiting_time(board: Switchboard) -> None:
    agent = board.agent("break")
    plain, urgent = board.queue(agent), board.queue(agent, priority=5)
    first, second, third = board.caller(plain), board.caller(plain), board.caller(urgent)
    board.set_status(agent, "available")
    served = []
    for _ in range(3):
        (sid,) = [sid for sid in (first, second, third) if board.rung(sid)]
        served.append(sid)
        board.status(sid, "completed", 9)
    assert served == [third, first, second]


def test_round_robin_takes_turns(board: Switchboard) -> None:
    agents = [board.agent() for _ in range(3)]
    queue = board.queue(*agents, routing_strategy="round_robin")
    rung = []
    for _ in range(6):
        sid = board.caller(queue)
        rung.append(board.rung(sid))
        board.status(sid, "completed", 9)
    assert rung[:3] == rung[3:]
    assert set(rung) == set(agents)


def test_least_busy_rings_whoever_has_the_fewest_calls(board: Switchboard) -> None:
    agents = [board.agent(max_concurrent_calls=3) for _ in range(2)]
    queue = board.queue(*agents, routing_strategy="least_busy")
    rung = [board.rung(board.caller(queue)) for _ in range(4)]
    assert set(rung[:2]) == set(rung[2:]) == set(agents)


def test_longest_idle_rings_whoever_waited_longest_for_a_call(board: Switchboard) -> None:
    early = board.agent()
    board.pass_time(60)
    late = board.agent()
    queue = board.queue(late, early, routing_strategy="longest_idle")
    assert board.rung(board.caller(queue)) == early


def test_skills_based_rings_the_best_first(board: Switchboard) -> None:
    good = board.agent(skills={"billing": 5})
    fair = board.agent(skills={"billing": 3})
    queue = board.queue(fair, good, routing_strategy="skills_based", required_skills={"billing": 2})
    assert board.rung(board.caller(queue)) == good
    assert board.rung(board.caller(queue)) == fair


def test_a_skill_level_relaxes_while_the_caller_waits_but_the_skill_is_needed(
    board: Switchboard,
) -> None:
    weak, without = board.agent(skills={"billing": 1}), board.agent(skills={"general": True})
    queue = board.queue(weak, without, required_skills={"billing": 3}, skill_relax_seconds=30)
    sid = board.caller(queue)
    assert board.rung(sid) is None
    board.pass_time(40)
    board.sweep()
    assert board.rung(sid) is None
    board.pass_time(30)
    board.sweep()
    assert board.rung(sid) == weak


def test_a_known_caller_reaches_the_agent_they_last_spoke_to(board: Switchboard) -> None:
    agents = [board.agent() for _ in range(4)]
    queue = board.queue(*agents, routing_strategy="round_robin", wrap_up_seconds=0)
    number = "+573019990001"
    sid = board.caller(queue, number)
    agent = board.rung(sid)
    leg, offer = board.answered(sid)
    board.status(sid, "completed", 9)
    board.status(leg, "completed", 9, offer_id=offer)
    assert board.rung(board.caller(queue, number)) == agent


@pytest.mark.parametrize("capacity", [1, 2, 10])
def test_an_agent_takes_as_many_calls_as_they_may_and_no_more(
    board: Switchboard, capacity: int
) -> None:
    agent = board.agent(max_concurrent_calls=capacity)
    queue = board.queue(agent)
    sids = [board.caller(queue) for _ in range(capacity + 1)]
    assert [board.rung(sid) for sid in sids] == [agent] * capacity + [None]
    assert lost(board, sids[-1]) == {agent: "at capacity"}


def test_an_agent_wraps_up_before_the_next_call(board: Switchboard) -> None:
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=30)
    sid = board.caller(queue)
    leg, offer = board.answered(sid)
    waiting = board.caller(queue)
    board.status(sid, "completed", 9)
    board.status(leg, "completed", 9, offer_id=offer)
    assert board.rung(waiting) is None
    board.pass_time(31)
    board.sweep()
    assert board.rung(waiting) == agent


@pytest.mark.parametrize(
    ("status", "sip_code", "outcome"),
    [
        ("no_answer", None, "no_answer"),
        ("busy", 486, "busy"),
        ("busy", 603, "rejected"),
        ("failed", 404, "unreachable"),
    ],
)
def test_ways_of_not_taking_a_call_are_told_apart(
    board: Switchboard, status: str, sip_code: int | None, outcome: str
) -> None:
    agent = board.agent()
    other = board.agent("break")
    sid = board.caller(board.queue(agent, other))
    board.not_answered(sid, status, sip_code=sip_code)
    assert board.offer(sid)["outcome"] == outcome
    assert board.call(sid)["call_status"] == "queued"
    board.set_status(other, "available")
    assert board.rung(sid) == other


@pytest.mark.parametrize(
    ("rings", "seconds", "outcome"),
    [(False, 0, "unreachable"), (True, 3, "unreachable"), (True, 12, "no_answer")],
)
def test_a_softphone_that_nobody_opened_is_unreachable_not_unwilling(
    board: Switchboard, rings: bool, seconds: int, outcome: str
) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, offer = f"CA{1:032x}", str(board.offer(sid)["id"])
    board.status(leg, "initiated", 0, offer_id=offer)
    if rings:
        board.status(leg, "ringing", 1, offer_id=offer)
    board.pass_time(seconds)
    board.status(leg, "no_answer", 1 + rings, offer_id=offer)
    assert board.offer(sid)["outcome"] == outcome


def test_an_agent_who_misses_three_offers_in_a_row_is_put_on_break_for_ring_no_answer(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    for _ in range(3):
        assert board.rung(sid) == agent
        board.not_answered(sid)
        board.pass_time(10)
        board.sweep()
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert (row["agent_status"], row["aside_reason"]) == ("break", "no_answer")
    assert board.rung(sid) is None
    board.set_status(agent, "available")
    assert board.rung(sid) == agent


def test_an_offer_that_nobody_ever_hears_of_again_lapses(board: Switchboard) -> None:
    lost_agent, other = board.agent(), board.agent("break")
    sid = board.caller(board.queue(lost_agent, other))
    board.set_status(other, "available")
    board.pass_time(60)
    assert board.sweep()["lapsed_offers"] == 1
    assert board.rung(sid) == other


def test_who_wrapped_up_is_found_by_a_waiting_callers_webhook_while_no_worker_sweeps(
    board: Switchboard,
) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    first, second = board.caller(queue), board.caller(queue)
    leg, _ = board.answered(first)
    board.status(first, "completed", 9)
    board.status(leg, "completed", 9)
    board.pass_time(60)
    assert board.rung(second) is None
    board.rpc("receive_queue_wait", {"call_sid": second})
    assert board.rung(second) == agent


def test_a_queues_new_member_is_rung_for_who_waits_there(board: Switchboard) -> None:
    pausing, newcomer = board.agent("break"), board.agent()
    queue = board.queue(pausing)
    sid = board.caller(queue)
    board.rows(
        "update public.call_queues set agent_ids = agent_ids || %s::uuid where name = %s",
        newcomer,
        queue,
    )
    assert board.rung(sid) == newcomer


def ringing(board: Switchboard) -> int:
    """How many agents are being rung."""
    board.commit()
    return int(
        board.row("select count(*) from private.call_offers where state <> 'ended'")["count"]
    )


def test_a_sweep_makes_a_few_matches_at_a_time_whoever_they_are_made_for(
    board: Switchboard,
) -> None:
    agents = [board.agent() for _ in range(12)]
    queue = board.queue(*agents, required_skills={"en": 1})
    for _ in range(12):
        board.caller(queue)
    board.rows("update public.call_queues set required_skills = '{}' where name = %s", queue)
    for expected in (5, 10, 12):
        board.row("select private.sweep_part('matches')")
        assert ringing(board) == expected


def test_of_agents_who_become_free_by_the_dozen_a_few_are_rung_at_once(board: Switchboard) -> None:
    agents = [board.agent("break") for _ in range(12)]
    for agent in agents:
        board.caller(board.queue(agent))
    board.rows(
        "update public.call_center_agents set agent_status = 'available' where id = any (%s)",
        agents,
    )
    assert ringing(board) == 5
    board.row("select private.sweep_part('matches')")
    assert ringing(board) == 10
