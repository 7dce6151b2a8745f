"""The wallboard: its snapshot, and the messages that go on from there, once a second at most."""

from __future__ import annotations

import random

import psycopg
import pytest

from tests.database.desk import CUSTOMER, Desk, ends, talking
from tests.database.screens import Json, Screens, as_user, supervisor, wallboard
from tests.database.switchboard import Switchboard
from tests.database.test_going_on import leaves, waits

TOPIC = "supervisors"
LISTS = ("queues", "agents", "calls", "help")


@pytest.fixture
def screens(board: Switchboard) -> Screens:
    return Screens(board)


def rows_of(state: Json) -> dict[str, dict[str, Json]]:
    return {name: {row["id"]: row for row in state[name]} for name in LISTS}


def applied(state: Json, message: Json) -> Json:
    """A screen that was told: the rules of docs/live.md."""
    assert message["version"] == state["version"] + 1
    rows = rows_of(state)
    for name in LISTS:
        for row in message[name]:
            rows[name].pop(row["id"], None)
            if not row.get("gone"):
                rows[name][row["id"]] = row
    return {"version": message["version"], **{name: list(rows[name].values()) for name in LISTS}}


def test_the_wallboard_shows_queues_agents_and_calls(board: Switchboard) -> None:
    agent, sid, _leg, queue = talking(board)
    board.caller(queue, "+573009998877")
    board.commit()
    wall = wallboard(board, supervisor(board))
    (row,) = [row for row in wall["queues"] if row["name"] == queue]
    assert (row["waiting"], row["agents_busy"], row["agents_total"]) == (1, 1, 1)
    assert row["oldest_joined_at"]
    assert row["interval"]["answered"] == 1
    assert row["interval"]["service_level"] == 100.0
    (row,) = [row for row in wall["agents"] if row["id"] == agent.id]
    (call,) = [call for call in wall["calls"] if call["call_id"] == sid]
    assert (row["state"], row["calls"]) == ("on_call", [call["id"]])
    assert (call["status"], call["number"], call["agent_id"]) == ("active", CUSTOMER, agent.id)
    assert len([call for call in wall["calls"] if call["status"] == "queued"]) == 1


def of_call(wall: Json, sid: str) -> Json:
    calls: list[Json] = [row for row in wall["calls"] if row["call_id"] == sid]
    (call,) = calls
    return call


def test_a_call_is_an_agents_only_while_they_are_rung_or_in_it(board: Switchboard) -> None:
    agent, looks = board.agent(), supervisor(board)
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    assert of_call(wallboard(board, looks), sid)["agent_id"] == agent
    board.not_answered(sid)
    assert str(board.call(sid)["agent_id"]) == agent, "the row keeps whoever was rung last"
    assert of_call(wallboard(board, looks), sid)["agent_id"] is None


def test_a_call_waits_as_long_as_its_queue_says_and_at_a_tone_in_none(
    board: Switchboard, screens: Screens
) -> None:
    agent = board.agent("break")
    name = board.queue(agent)
    sid = board.caller(name)
    board.pass_time(60)
    wall = wallboard(board, supervisor(board))
    (queue,) = [row for row in wall["queues"] if row["name"] == name]
    call = of_call(wall, sid)
    assert (call["stage"], call["joined_at"]) == ("waiting", queue["oldest_joined_at"])
    board.set_status(agent, "offline")
    assert (waits(board, sid), leaves(board, sid)["kind"]) == ("leave", "voicemail")
    screens.a_second_later()
    told = of_call(screens.told(TOPIC)[-1], sid)
    assert (told["status"], told["stage"], told["joined_at"]) == ("queued", "voicemail", None)


def test_only_supervisors_see_it(board: Switchboard) -> None:
    agent = Desk(board)
    with pytest.raises(psycopg.Error) as refusal:
        as_user(board, agent.user, "select public.wallboard()")
    assert refusal.value.sqlstate == "PT403"


def test_who_is_no_agent_has_no_desk(board: Switchboard) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        as_user(board, supervisor(board), "select public.desk()")
    assert refusal.value.sqlstate == "PT404"


def test_figures_are_told_once_a_second_whoever_asks(board: Switchboard, screens: Screens) -> None:
    queue = board.queue(Desk(board, agent_status="break").id)
    screens.a_second_later()
    screens.forget()
    for _ in range(3):
        board.caller(queue)
    assert screens.a_second_later() == 2
    assert screens.figures_at_once() == 0
    board.caller(queue)
    board.commit()
    assert screens.figures_at_once() == 0
    assert screens.a_second_later() == 2
    assert screens.a_second_later() == 0
    first, second = screens.told(TOPIC)
    assert [row["waiting"] for row in first["queues"]] == [3]
    assert [row["waiting"] for row in second["queues"]] == [4]
    assert len(second["calls"]) == 1


def test_members_of_a_queue_are_told_its_figures(board: Switchboard, screens: Screens) -> None:
    queue = board.queue(Desk(board, agent_status="break").id)
    identity = board.row("select id from public.call_queues where name = %s", queue)["id"]
    screens.forget()
    board.caller(queue)
    screens.a_second_later()
    board.caller(queue)
    screens.a_second_later()
    first, second = screens.told(f"queue:{identity}")
    assert (first["kind"], first["waiting"], second["waiting"]) == ("queue", 1, 2)
    assert second["version"] == first["version"] + 1
    first, second = screens.told(TOPIC)
    assert second["queues"][0]["id"] == str(identity)


def test_a_call_for_help_is_told_until_a_supervisor_came(
    board: Switchboard, screens: Screens
) -> None:
    agent, sid, leg, _queue = talking(board)
    screens.a_second_later()
    screens.forget()
    agent.asks("ask_for_help", sid, reason="¿Descuento?")
    screens.a_second_later()
    (told,) = screens.told(TOPIC)
    assert [row["reason"] for row in told["help"]] == ["¿Descuento?"]
    board.status(sid, "completed", 9)
    ends(board, leg)
    screens.a_second_later()
    assert [row["gone"] for row in screens.told(TOPIC)[-1]["help"]] == [True]


def test_with_the_quarter_of_an_hour_every_queue_begins_anew(
    board: Switchboard, screens: Screens
) -> None:
    board.set_clock("2027-03-01T15:01:00Z")
    _agent, _sid, _leg, queue = talking(board)
    screens.a_second_later()
    screens.forget()
    board.pass_time(15 * 60)
    screens.a_second_later()
    (told,) = screens.told(TOPIC)
    (row,) = [row for row in told["queues"] if row["name"] == queue]
    assert row["interval"]["answered"] == 0
    assert row["interval"]["start"].startswith("2027-03-01T15:15")


def test_more_than_a_message_holds_is_a_reason_to_look_again(
    board: Switchboard, screens: Screens
) -> None:
    screens.forget()
    board.rows(
        "insert into public.call_records (call_id, caller_number, call_status, started_at)"
        " select 'CAmany' || n, '+573001112233', 'queued', now() from generate_series(1, 250) n"
    )
    screens.a_second_later()
    (told,) = screens.told(TOPIC)
    assert told["fetch"] is True
    assert "calls" not in told


def test_who_and_what_is_deleted_is_gone(board: Switchboard, screens: Screens) -> None:
    agent = Desk(board)
    queue = board.queue(agent.id)
    user = supervisor(board)
    screens.a_second_later()
    screens.forget()
    state = wallboard(board, user)
    board.rows("delete from auth.users where id = %s", agent.user)
    board.rows("delete from public.call_queues where name = %s", queue)
    screens.a_second_later()
    state = applied(state, screens.told(TOPIC)[-1])
    assert rows_of(state) == rows_of(wallboard(board, user))
    assert agent.id not in rows_of(state)["agents"]


def test_what_gathered_while_no_worker_ran_is_taken_off_in_steps(
    board: Switchboard, screens: Screens
) -> None:
    screens.forget()
    board.rows(
        "insert into private.live_changes (kind, row_id)"
        " select 'call', gen_random_uuid() from generate_series(1, 60000)"
    )
    for left in (10_000, 0):
        screens.a_second_later()
        assert screens.told(TOPIC)[-1]["fetch"] is True
        assert board.row("select count(*) as n from private.live_changes")["n"] == left


class Day:
    """What may happen in a call centre, by chance."""

    def __init__(self, board: Switchboard, chance: random.Random) -> None:
        self.board, self.chance = board, chance
        self.agents = {agent.id: agent for agent in (Desk(board) for _ in range(4))}
        names = list(self.agents)
        self.queues = [board.queue(*names[i : i + 2]) for i in range(3)]
        self.live: list[str] = []

    def goes_on(self) -> None:
        self.chance.choice(
            [self.rings, self.rings, self.chooses, self.ends, self.takes, self.tunes]
        )()
        self.board.commit()
        self.board.pass_time(1)

    def rings(self) -> None:
        self.live.append(self.board.caller(self.chance.choice(self.queues)))

    def chooses(self) -> None:
        agent = self.chance.choice(list(self.agents))
        self.board.set_status(agent, self.chance.choice(("available", "break")))

    def ends(self) -> None:
        if self.live:
            sid = self.live.pop(self.chance.randrange(len(self.live)))
            self.board.status(sid, "completed", 9)

    def takes(self) -> None:
        for sid in self.live:
            if (agent := self.board.rung(sid)) in self.agents:
                self.agents[agent].takes(sid)
                return

    def tunes(self) -> None:
        self.board.rows(
            "update public.call_queues set service_level_seconds = %s where name = %s",
            self.chance.randint(5, 60),
            self.chance.choice(self.queues),
        )


@pytest.mark.parametrize("seed", range(6))
def test_snapshot_and_messages_together_are_always_the_next_snapshot(
    seed: int, board: Switchboard, screens: Screens
) -> None:
    """Whatever happens in whatever order, and whenever the worker gets to tell it."""
    day, user = Day(board, random.Random(seed)), supervisor(board)
    screens.a_second_later()
    screens.forget()
    state = wallboard(board, user)
    for step in range(30):
        day.goes_on()
        if day.chance.random() < 0.4 or step == 29:
            if screens.a_second_later():
                state = applied(state, screens.told(TOPIC)[-1])
            assert rows_of(state) == rows_of(wallboard(board, user))
