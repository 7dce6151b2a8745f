"""A supervisor moves a caller who waits to another queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.desk import Desk, commands, hung_up, ringing, seats, talking
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard
from tests.database.test_control_at_once import Wish, all_at_once, is_sound, let_wait
from tests.database.test_control_supervision import Supervisor
from tests.database.test_going_on import change, queue_id, stays, waits

# In all queues together.
OFFERED = "select (private.stats_since(private.today())).offered"


@pytest.fixture
def boss(board: Switchboard) -> Supervisor:
    return Supervisor(board, agent=False)


def resting(board: Switchboard, **columns: object) -> str:
    """A queue with somebody who is signed in and takes no call."""
    return board.queue(board.agent("break"), **columns)


def entry(board: Switchboard, sid: str) -> dict[str, Any]:
    return board.row(
        "select * from private.queue_entries where call_record_id = %s and left_at is null",
        board.call(sid)["id"],
    )


def place(board: Switchboard, sid: str) -> str:
    """What the caller hears first of all while they wait."""
    plan = board.rpc("receive_queue_wait", {"call_sid": sid})["plan"]
    return str(plan["say"][0])


def today(board: Switchboard, queue: str) -> dict[str, Any]:
    return board.row("select * from public.call_queue_stats where queue_name = %s", queue)


def test_who_is_moved_keeps_their_time_and_overtakes_nobody_who_waited_longer(
    board: Switchboard, boss: Supervisor
) -> None:
    one, other = resting(board), resting(board)
    earlier = board.caller(other)
    sid = board.caller(one)
    joined = entry(board, sid)["joined_at"]
    board.pass_time(60)
    later = board.caller(other)
    answer = boss.asks("move_call", sid, to=other)
    assert (answer["call"]["queue"], answer["call"]["status"]) == (other, "queued")
    assert entry(board, sid)["joined_at"] == joined
    assert stays(board, sid) == [(one, "moved"), (other, None)]
    for number, who in enumerate((earlier, sid, later), start=1):
        assert f"número {number} " in place(board, who)


def test_the_new_queue_serves_them_at_once_where_somebody_is_free(
    board: Switchboard, boss: Supervisor
) -> None:
    free = Desk(board)
    sid = board.caller(resting(board))
    boss.asks("move_call", sid, to=f" {board.queue(free.id).upper()} ")
    assert board.rung(sid) == free.id


def test_whoever_is_rung_is_let_go_and_missed_nothing(board: Switchboard, boss: Supervisor) -> None:
    rung = Desk(board)
    one, other = board.queue(rung.id), resting(board)
    sid = board.caller(one)
    leg, offer = board.agent_leg(sid)
    answer = boss.asks("move_call", sid, to=other)
    assert [command["kind"] for command in answer["commands"]] == ["hang_up"]
    assert leg in hung_up(board)
    assert board.offer(sid)["outcome"] == "caller_left"
    row = board.row("select * from public.call_center_agents where id = %s", rung.id)
    assert (row["missed_offers"], row["rest_until"], seats(board, rung)) == (0, None, 0)
    # They picked up before Twilio hung up on them.
    late = {"call_sid": leg, "offer_id": offer, "to": rung.client}
    assert board.rpc("receive_agent_answer", late)["plan"]["kind"] == "hang_up"
    assert stays(board, sid) == [(one, "moved"), (other, None)]


def test_one_who_is_free_for_both_queues_is_rung_again(
    board: Switchboard, boss: Supervisor
) -> None:
    rung = Desk(board)
    one, other = board.queue(rung.id), board.queue(rung.id)
    sid = board.caller(one)
    first = ringing(board, sid)
    boss.asks("move_call", sid, to=other)
    board.commit()
    again = ringing(board, sid)
    assert (again["agent_id"], again["id"] != first["id"]) == (first["agent_id"], True)
    assert len(commands(board, "ring_agent")) == 2


def test_what_the_new_queue_promises_begins_anew(board: Switchboard, boss: Supervisor) -> None:
    last = resting(board)
    one = resting(board)
    other = resting(
        board,
        max_wait_seconds=100,
        overflow_queue_id=queue_id(board, last),
        overflow_after_seconds=60,
    )
    sid = board.caller(one)
    board.pass_time(90)
    boss.asks("move_call", sid, to=other)
    board.pass_time(30)
    board.sweep()
    assert waits(board, sid) == "wait"
    assert (
        entry(board, sid)["queue_id"]
        == board.row("select id from public.call_queues where name = %s", other)["id"]
    )
    board.pass_time(31)
    board.sweep()
    assert stays(board, sid) == [(one, "moved"), (other, "overflowed"), (last, None)]


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"active": False}, "closed"),
        ({"opening_hours": "{}"}, "closed"),
        ({"max_waiting": 1}, "full"),
        ({"agent_ids": []}, "nobody"),
    ],
)
def test_a_queue_that_takes_nobody_leaves_them_where_they_are(
    board: Switchboard, boss: Supervisor, columns: dict[str, object], why: str
) -> None:
    rung = Desk(board)
    one, other = board.queue(rung.id), resting(board)
    board.caller(other)
    sid = board.caller(one)
    change(board, other, **columns)
    refusal = boss.is_refused("move_call", sid, to=other)
    assert (refusal["status"], refusal["code"], refusal["state"]) == (
        "PT409",
        "queue_not_open",
        why,
    )
    assert board.rung(sid) == rung.id
    assert stays(board, sid) == [(one, None)]


def test_once_more_changes_nothing_and_is_no_second_move(
    board: Switchboard, boss: Supervisor
) -> None:
    one, other = resting(board), resting(board)
    sid = board.caller(one)
    first = boss.asks("move_call", sid, to=other)["call"]["version"]
    # Full of the caller themselves.
    change(board, other, max_waiting=1)
    assert boss.asks("move_call", sid, to=other)["call"]["version"] == first
    assert stays(board, sid) == [(one, "moved"), (other, None)]


def test_back_again_where_they_came_from(board: Switchboard, boss: Supervisor) -> None:
    one, other = resting(board), resting(board)
    sid = board.caller(one)
    boss.asks("move_call", sid, to=other)
    boss.asks("move_call", sid, to=one)
    assert stays(board, sid) == [(one, "moved"), (other, "moved"), (one, None)]


def test_back_in_a_queue_they_overflow_from_it_as_anybody(
    board: Switchboard, boss: Supervisor
) -> None:
    other = resting(board)
    one = resting(board, overflow_queue_id=queue_id(board, other), overflow_after_seconds=30)
    sid = board.caller(one)
    for to, outcome in ((one, "overflowed"), (other, "moved"), (one, "overflowed")):
        if outcome == "moved":
            boss.asks("move_call", sid, to=one)
        else:
            board.pass_time(31)
            board.sweep()
        assert stays(board, sid)[-2] == (to, outcome)
    assert stays(board, sid)[-1] == (other, None)


def test_it_is_possible_while_they_wait_and_nobody_took_the_call(
    board: Switchboard, boss: Supervisor
) -> None:
    agent, other = Desk(board), resting(board)
    sid = board.caller(board.queue(agent.id))
    board.commit()
    assert "move" in boss.asks("read_call", sid)["call"]["allowed_actions"]
    agent.takes(sid)
    assert "move" not in boss.asks("read_call", sid)["call"]["allowed_actions"]
    assert boss.is_refused("move_call", sid, to=other)["code"] == "not_now"
    gone = board.caller(other)
    board.status(gone, "completed", 9)
    assert boss.is_refused("move_call", gone, to=other)["code"] == "not_now"


def test_it_is_for_supervisors_and_to_a_queue_that_there_is(
    board: Switchboard, boss: Supervisor
) -> None:
    agent, served, _leg, queue = talking(board)
    assert agent.is_refused("move_call", served, to=queue)["status"] == "PT403"
    sid = board.caller(queue)
    refusal = boss.is_refused("move_call", sid, to="nowhere")
    assert (refusal["status"], refusal["field"]) == ("PT400", "to")


def test_the_first_queue_was_offered_a_call_that_it_neither_answered_nor_lost(
    board: Switchboard, boss: Supervisor
) -> None:
    free = Desk(board)
    one, other = resting(board), board.queue(free.id, service_level_seconds=20)
    before = board.row(OFFERED)["offered"]
    sid = board.caller(one)
    board.pass_time(30)
    boss.asks("move_call", sid, to=other)
    board.answered(sid)
    first, second = today(board, one), today(board, other)
    assert (first["offered_today"], first["answered_today"], first["abandoned_today"]) == (1, 0, 0)
    assert (first["overflowed_today"], first["callers_waiting"]) == (1, 0)
    assert (second["offered_today"], second["answered_today"]) == (1, 1)
    # They waited in both: thirty seconds are more than twenty.
    assert second["service_level_percent_abandons_ignored"] == 0
    assert second["average_speed_of_answer_seconds"] == pytest.approx(30, abs=1)
    assert board.row(OFFERED)["offered"] - before == 1


def test_who_hangs_up_afterwards_is_lost_by_the_second(
    board: Switchboard, boss: Supervisor
) -> None:
    one, other = resting(board), resting(board)
    sid = board.caller(one)
    board.pass_time(30)
    boss.asks("move_call", sid, to=other)
    board.status(sid, "completed", 9)
    assert [today(board, queue)["abandoned_today"] for queue in (one, other)] == [0, 1]


def test_who_moved_whom_from_where_is_written_down(board: Switchboard, boss: Supervisor) -> None:
    one, other = resting(board), resting(board)
    sid = board.caller(one)
    boss.asks("move_call", sid, to=other)
    action = board.row("select * from private.call_actions where action = 'move'")
    assert str(action["user_id"]) == boss.user
    assert action["detail"] == {
        "from_queue_id": queue_id(board, one),
        "queue_id": queue_id(board, other),
    }


@pytest.fixture
def scratch(stack: Stack, migrated_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, migrated_template) as database:
        yield database


@pytest.fixture
def shared(scratch: Scratch) -> Iterator[Switchboard]:
    """A switchboard whose rows others see, once they are committed."""
    with psycopg.connect(scratch.url()) as db:
        yield Switchboard(db)


def test_two_supervisors_at_once_leave_one_stay(shared: Switchboard, scratch: Scratch) -> None:
    rung = Desk(shared)
    one, two, three = shared.queue(rung.id), resting(shared), resting(shared)
    sid = shared.caller(one)
    shared.rung(sid)
    wishes = [
        Wish(scratch, Supervisor(shared, agent=False), "move_call", sid, to=to)
        for to in (two, three)
    ]
    assert all_at_once(shared, sid, *wishes) == [200, 200]
    assert is_sound(shared, sid)["has_it"] == 0
    assert [outcome for _, outcome in stays(shared, sid)] == ["moved", "moved", None]
    assert shared.row(
        "select q.name from private.queue_entries e join public.call_queues q on q.id = e.queue_id"
        " where left_at is null"
    ) == {"name": shared.call(sid)["queue_name"]}


@pytest.mark.parametrize("first", ["move", "hangup"])
def test_a_caller_who_hangs_up_meanwhile_is_over(
    shared: Switchboard, scratch: Scratch, first: str
) -> None:
    """Whichever comes first, the other finds it so."""
    one, other = resting(shared), resting(shared)
    sid = shared.caller(one)
    boss = Supervisor(shared, agent=False)
    hangs_up = {"call_sid": sid, "source": "call-status", "status": "completed", "sequence": 9}
    wish = Wish(scratch, boss, "move_call", sid, to=other)
    if first == "move":
        assert all_at_once(shared, sid, wish) == [200]
        shared.rpc("record_call_event", hangs_up)
        assert stays(shared, sid) == [(one, "moved"), (other, "abandoned")]
    else:
        shared.db.commit()
        shared.rpc("record_call_event", hangs_up)
        assert let_wait(shared, wish) == [409]
        assert stays(shared, sid) == [(one, "abandoned")]


def test_an_agent_who_answers_at_that_moment_has_them_or_does_not(
    shared: Switchboard, scratch: Scratch
) -> None:
    rung = Desk(shared)
    one, other = shared.queue(rung.id), resting(shared)
    sid = shared.caller(one)
    leg, offer = shared.agent_leg(sid)
    boss = Supervisor(shared, agent=False)
    wish = Wish(scratch, boss, "move_call", sid, to=other)
    shared.db.commit()
    answer = {"call_sid": leg, "offer_id": offer, "to": rung.client}
    shared.rpc("receive_agent_answer", answer)
    assert let_wait(shared, wish) == [409]
    assert is_sound(shared, sid)["has_it"] == 1
    assert stays(shared, sid) == [(one, None)]
