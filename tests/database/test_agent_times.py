"""Every second of an agent's day is in exactly one interval, whatever happens in whatever order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.database.day import Day
from tests.database.switchboard import Switchboard
from tests.database.test_figures import part

Row = dict[str, Any]


def times(board: Switchboard, agent: str) -> list[Row]:
    return board.rows(
        "select state, reason, started_at, ended_at from private.agent_times"
        " where agent_id = %s order by started_at",
        agent,
    )


def told(board: Switchboard, agent: str, day: str | None = None) -> Row:
    """As the service reads a day."""
    board.db.execute("set local role service_role")
    row = board.row("select public.agent_day(%s, %s) as told", agent, day)["told"]
    board.db.execute("reset role")
    return dict(row)


def states(board: Switchboard, agent: str) -> list[tuple[str, int]]:
    """What an agent does today, and for how many seconds."""
    return [(i["state"], i["seconds"]) for i in told(board, agent)["intervals"] if i["seconds"]]


def assert_whole(board: Switchboard, agent: str) -> None:
    """One follows the other without a gap, no two at once, the last one open."""
    rows = times(board, agent)
    assert [row["ended_at"] for row in rows[:-1]] == [row["started_at"] for row in rows[1:]]
    assert all(row["started_at"] < row["ended_at"] for row in rows[:-1])
    assert rows[-1]["ended_at"] is None


def now(board: Switchboard) -> datetime:
    at: datetime = board.row("select private.clock() as at")["at"]
    return at


@pytest.mark.parametrize("seed", range(4))
def test_the_intervals_of_a_day_add_up_to_it(board: Switchboard, seed: int) -> None:
    day = Day(board, seed)
    since = now(board)
    for _ in range(3):
        day.play(30)
        for agent in day.agents:
            assert_whole(board, agent)
            doing = told(board, agent)
            assert sum(doing["seconds"].values()) == int(now(board).timestamp()) - int(
                since.timestamp()
            )
    end = since.replace(hour=5) + timedelta(days=2)  # midnight in Bogotá, of the day after
    board.set_clock(end.isoformat())
    yesterday, today = (since.date() + timedelta(days=n) for n in (0, 1))
    for agent in day.agents:
        assert sum(told(board, agent, str(today))["seconds"].values()) == 86400
        first = told(board, agent, str(yesterday))
        begun = datetime.fromisoformat(first["intervals"][0]["started_at"])
        assert sum(first["seconds"].values()) == int(
            datetime.fromisoformat(first["to"]).timestamp()
        ) - int(begun.timestamp())


@pytest.mark.parametrize("seed", range(2))
def test_the_figures_are_the_intervals(board: Switchboard, seed: int) -> None:
    day = Day(board, 100 + seed)
    day.play(90)
    for agent in day.agents:
        figures = board.row("select * from public.agent_stats where agent_id = %s", agent)
        seconds = told(board, agent)["seconds"]
        over = sum(
            int(t["ended_at"].timestamp()) - int(t["started_at"].timestamp())
            for t in times(board, agent)
            if t["state"] == "wrap_up" and t["ended_at"]
        )
        assert figures["available_seconds_today"] == seconds.get("available", 0)
        assert figures["wrap_up_seconds_today"] == over


def test_a_call_goes_through_its_states(board: Switchboard) -> None:
    board.set_clock("2031-03-03T15:00:00Z")
    agent = board.agent()
    queue = board.queue(agent, wrap_up_seconds=15)
    board.pass_time(10)
    sid = board.caller(queue)
    board.commit()
    board.agent_leg(sid)
    board.pass_time(5)
    leg, offer = board.answered(sid)
    board.pass_time(60)
    part(board, sid, leg, offer)
    board.pass_time(40)
    found = states(board, agent)
    assert [state for state, _ in found] == [
        "available", "ringing", "on_call", "wrap_up", "available",
    ]  # fmt: skip
    assert [seconds for _, seconds in found] == pytest.approx([11, 5, 60, 15, 25], abs=1)
    assert [row["state"] for row in times(board, agent)][-1] == "wrap_up"  # nobody looked
    board.sweep()
    assert states(board, agent) == found
    assert_whole(board, agent)


def test_what_time_ends_is_dated_then_whoever_looks_or_not(board: Switchboard) -> None:
    board.set_clock("2031-03-03T15:00:00Z")
    seen, unseen = board.agent(), board.agent()
    for agent in (seen, unseen):
        board.set_status(agent, "busy")
    board.pass_time(61)
    board.sweep()
    board.pass_time(100)
    assert states(board, seen) == states(board, unseen) == [("busy", 60), ("available", 101)]
    board.set_status(seen, "break")
    board.pass_time(5)
    assert states(board, seen) == [("busy", 60), ("available", 101), ("break", 5)]


def test_a_break_has_its_reason(board: Switchboard) -> None:
    agent = board.agent()
    for reason in ("lunch", "training"):
        board.rows(
            "update public.call_center_agents set agent_status = 'break', break_reason = %s"
            " where id = %s",
            reason,
            agent,
        )
        board.pass_time(10)
    board.set_status(agent, "available")
    assert told(board, agent)["breaks"] == {"lunch": 10, "training": 10}
    row = board.row("select break_reason from public.call_center_agents where id = %s", agent)
    assert row == {"break_reason": None}


def test_a_break_after_missed_offers_has_that_reason(board: Switchboard) -> None:
    agent = board.agent()
    board.rows("update private.settings set missed_offers_limit = 1")
    sid = board.caller(board.queue(agent))
    board.commit()
    board.not_answered(sid)
    board.pass_time(30)
    assert told(board, agent)["breaks"] == {"no_answer": 30}


def test_a_held_customer_is_time_on_hold(board: Switchboard) -> None:
    board.set_clock("2031-03-03T15:00:00Z")
    agent = board.agent()
    sid = board.caller(board.queue(agent, wrap_up_seconds=0))
    board.commit()
    leg, offer = board.answered(sid)
    call = board.call(sid)["id"]
    for sequence, held in ((3, True), (4, False)):
        board.pass_time(20)
        event = {"call_sid": sid, "conference_sid": "CF1", "event": "hold" if held else "unhold"}
        board.rpc(
            "record_room_event",
            {**event, "sequence": sequence, "held": held, "call_record_id": str(call)},
        )
    board.pass_time(30)
    part(board, sid, leg, offer)
    board.pass_time(7)
    assert states(board, agent)[-4:] == [
        ("on_call", 20), ("on_hold", 20), ("on_call", 30), ("available", 7),
    ]  # fmt: skip


def test_a_hold_ends_with_the_room_though_nobody_tells_that_it_was_left(board: Switchboard) -> None:
    first = board.agent(max_concurrent_calls=2)
    queue = board.queue(first, wrap_up_seconds=0)
    sid = board.caller(queue)
    board.commit()
    leg, offer = board.answered(sid)
    about = {"call_sid": sid, "call_record_id": str(board.call(sid)["id"])}
    in_room = {**about, "conference_sid": "CF1", "sequence": 1}
    board.rpc("record_room_event", {**in_room, "event": "join"})
    board.rpc("record_room_event", {**in_room, "sequence": 2, "event": "hold", "held": True})
    board.pass_time(20)
    supervisor = board.row("select id from auth.users where email = 'supervisora@demo.local'")["id"]
    transfer = {"user_id": str(supervisor), "call": sid, "to": queue}
    board.rows("select public.transfer_call(%s, 'test')", Jsonb(transfer))
    board.status(leg, "completed", 9, offer_id=offer)
    board.set_status(first, "offline")
    second = board.agent(max_concurrent_calls=2)
    query = "update public.call_queues set agent_ids = array[%s]::uuid[] where name = %s"
    board.rows(query, second, queue)
    board.commit()
    leg, offer = board.answered(sid)
    in_room["conference_sid"] = "CF2"
    board.rpc("record_room_event", {**in_room, "event": "join"})
    board.pass_time(40)
    part(board, sid, leg, offer)
    assert ("on_call", 40) in states(board, second)
    assert "on_hold" not in dict(states(board, second))
    assert board.call(sid)["hold_duration_seconds"] == 20


def test_an_archived_agent_does_nothing_more(board: Switchboard) -> None:
    agent = board.agent()
    part_of_past = board.caller(board.queue(agent, wrap_up_seconds=0))
    board.commit()
    part(board, part_of_past, *board.answered(part_of_past))
    board.rows("delete from public.call_center_agents where id = %s", agent)
    assert times(board, agent)[-1]["ended_at"] == now(board)


def test_a_deleted_agents_time_ends(board: Switchboard) -> None:
    agent = board.agent()
    board.pass_time(3)
    board.rows("delete from public.call_center_agents where id = %s", agent)
    assert [row["ended_at"] for row in times(board, agent)] == [now(board)]


def test_a_wrap_up_that_was_over_as_it_began_lasts_for_no_time(board: Switchboard) -> None:
    agent = board.agent()
    board.rows(
        "update public.call_center_agents set wrap_up_since = private.clock(),"
        " wrap_up_until = private.clock() + interval '10 seconds' where id = %s",
        agent,
    )
    board.rows(
        "update private.agent_times t set started_at = a.wrap_up_until"
        " from public.call_center_agents a where a.id = t.agent_id and a.id = %s"
        " and t.state = 'wrap_up'",
        agent,
    )
    board.pass_time(20)
    board.rows("delete from public.call_center_agents where id = %s", agent)
    assert all(row["started_at"] < row["ended_at"] for row in times(board, agent))
