"""Agents say what they are, now and after the call, and what came of it."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard
from tests.database.test_agent_times import assert_whole, states
from tests.database.test_figures import part

Row = dict[str, Any]


def user_of(board: Switchboard, agent: str) -> str:
    row = board.row("select user_id from public.call_center_agents where id = %s", agent)
    return str(row["user_id"])


def supervisor(board: Switchboard) -> str:
    """Somebody who takes no calls."""
    user = board.row(
        "insert into auth.users (id, email) values (gen_random_uuid(), 'boss@switchboard.invalid')"
        " returning id"
    )["id"]
    board.rows("insert into public.profiles (id, role) values (%s, 'supervisor')", user)
    return str(user)


def asks(board: Switchboard, agent: str, function: str, **arguments: object) -> Row:
    return board.rpc(function, {"user_id": user_of(board, agent), **arguments})


def refused(board: Switchboard, user: str, function: str, **arguments: object) -> tuple[str, str]:
    """The SQLSTATE and the code with which a wish of a user's is refused."""
    with pytest.raises(psycopg.Error) as caught, board.db.transaction():
        board.rpc(function, {"user_id": user, **arguments})
    board.db.execute("reset role")
    detail = json.loads(caught.value.diag.message_detail or "{}")
    return caught.value.diag.sqlstate or "", detail["code"]


class Talk:
    """An agent who talks to a caller."""

    def __init__(self, board: Switchboard, **queue: object) -> None:
        self.board = board
        board.set_clock("2031-03-03T15:00:00Z")
        self.agent = board.agent()
        self.queue = board.queue(self.agent, **{"wrap_up_seconds": 15, **queue})
        self.user = user_of(board, self.agent)
        self.talk()

    def talk(self) -> None:
        self.sid = self.board.caller(self.queue)
        self.board.commit()
        self.leg, self.offer = self.board.answered(self.sid)
        self.board.pass_time(60)

    def ends(self) -> None:
        part(self.board, self.sid, self.leg, self.offer)

    def asks(self, function: str, **arguments: object) -> Row:
        return asks(self.board, self.agent, function, **arguments)

    def refused(self, function: str, **arguments: object) -> tuple[str, str]:
        return refused(self.board, self.user, function, **arguments)

    def row(self) -> Row:
        query = "select * from public.call_center_agents where id = %s"
        return self.board.row(query, self.agent)

    def state(self) -> Row:
        agent = self.asks("read_my_state")["agent"]
        return dict(agent)


def test_who_is_neither_agent_nor_supervisor_is_refused(board: Switchboard) -> None:
    nobody = "00000000-0000-0000-0000-00000000dead"
    for function in ("read_my_state", "set_my_status", "finish_wrap_up", "set_disposition"):
        assert refused(board, nobody, function) == ("PT403", "not_an_agent")


def test_an_archived_agent_is_none(board: Switchboard) -> None:
    agent = board.agent()
    user = user_of(board, agent)
    board.rows("select private.archive_agent(%s)", agent)
    assert refused(board, user, "read_my_state") == ("PT403", "not_an_agent")


def test_a_supervisor_without_calls_has_no_state_but_sets_that_of_agents(
    board: Switchboard,
) -> None:
    boss, agent = supervisor(board), board.agent()
    assert board.rpc("read_my_state", {"user_id": boss})["agent"] is None
    assert refused(board, boss, "set_my_status", status="break") == ("PT403", "not_an_agent")
    answer = board.rpc("set_my_status", {"user_id": boss, "agent_id": agent, "status": "offline"})
    assert answer["agent"]["state"] == "offline"
    unknown = {"agent_id": "00000000-0000-0000-0000-00000000dead", "status": "offline"}
    assert refused(board, boss, "set_my_status", **unknown) == ("PT404", "no_such_agent")


def test_an_agent_sets_nobody_elses_status(board: Switchboard) -> None:
    agent, other = board.agent(), board.agent()
    wish = {"agent_id": other, "status": "break"}
    assert refused(board, user_of(board, agent), "set_my_status", **wish) == (
        "PT403",
        "not_a_supervisor",
    )


@pytest.mark.parametrize("status", [None, "busy", "holiday"])
def test_what_is_no_status_is_refused_by_name(board: Switchboard, status: str | None) -> None:
    user = user_of(board, board.agent())
    assert refused(board, user, "set_my_status", status=status) == ("PT422", "unknown_status")


def test_a_break_that_is_set_has_its_reason_and_stops_the_ringing_at_once(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    board.commit()
    board.agent_leg(sid)
    answer = asks(board, agent, "set_my_status", status="break", reason="lunch")
    assert [command["kind"] for command in answer["commands"]] == ["hang_up"]
    assert answer["agent"]["chosen_status"] == "break"
    board.status(board.offer(sid)["leg_sid"], "canceled", 5)
    assert asks(board, agent, "read_my_state")["agent"]["reason"] == "lunch"


def test_a_free_agent_is_rung_by_the_answer_to_their_choice(board: Switchboard) -> None:
    agent = board.agent("break")
    board.caller(board.queue(agent))
    board.commit()
    answer = asks(board, agent, "set_my_status", status="available")
    assert [command["kind"] for command in answer["commands"]] == ["ring_agent"]


@pytest.mark.parametrize("swept", [True, False])
def test_a_break_after_this_call_begins_when_its_wrap_up_ends(
    board: Switchboard, swept: bool
) -> None:
    talk = Talk(board)
    assert (
        talk.asks("set_next_status", status="break", reason="lunch")["agent"]["state"] == "on_call"
    )
    talk.ends()
    waits = board.caller(talk.queue)
    board.pass_time(15)
    if swept:
        board.sweep()
    board.pass_time(30)
    assert board.rung(waits) is None
    told = talk.state()
    assert (told["status"], told["reason"]) == ("break", "lunch")
    wrapped, rested = states(board, talk.agent)[-2:]
    assert (wrapped[0], rested[0]) == ("wrap_up", "break")
    assert wrapped[1] == pytest.approx(15, abs=1)
    board.sweep()
    row = talk.row()
    assert (row["chosen_status"], row["break_reason"]) == ("break", "lunch")
    assert (row["next_status"], row["next_reason"]) == (None, None)
    assert states(board, talk.agent)[-2:] == [wrapped, rested]
    assert_whole(board, talk.agent)


def test_a_break_after_a_call_without_wrap_up_begins_at_its_end(board: Switchboard) -> None:
    talk = Talk(board, wrap_up_seconds=0)
    talk.asks("set_next_status", status="break")
    talk.ends()
    assert talk.row()["agent_status"] == "break"


def test_a_next_status_is_taken_back(board: Switchboard) -> None:
    talk = Talk(board)
    talk.asks("set_next_status", status="break", reason="lunch")
    assert talk.asks("set_next_status", status=None)["agent"]["next_status"] is None
    talk.ends()
    board.pass_time(16)
    assert talk.state()["state"] == "available"


@pytest.mark.parametrize("how", ["set_my_status", "screen"])
def test_a_queued_offline_does_not_beat_a_later_available(board: Switchboard, how: str) -> None:
    talk = Talk(board)
    talk.asks("set_next_status", status="offline")
    if how == "screen":
        board.set_status(talk.agent, "available")
    else:
        talk.asks("set_my_status", status="available")
    talk.ends()
    board.pass_time(60)
    board.sweep()
    assert talk.row()["agent_status"] == "available"


def test_a_queued_break_is_forgotten_though_the_choice_changes_no_word(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent  # reserved: their row still says available
    asks(board, agent, "set_next_status", status="break")
    board.set_status(agent, "available")
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert (row["agent_status"], row["next_status"]) == ("available", None)


def test_without_a_call_the_next_status_is_taken_at_once(board: Switchboard) -> None:
    agent = board.agent()
    answer = asks(board, agent, "set_next_status", status="break", reason="lunch")
    assert (answer["agent"]["state"], answer["agent"]["next_status"]) == ("break", None)


def test_who_will_be_on_break_takes_no_second_call(board: Switchboard) -> None:
    talk = Talk(board)
    board.rows(
        "update public.call_center_agents set max_concurrent_calls = 2 where id = %s", talk.agent
    )
    talk.asks("set_next_status", status="break")
    assert board.rung(board.caller(talk.queue)) is None


def test_a_wrap_up_is_extended_by_so_much_and_no_more(board: Switchboard) -> None:
    talk = Talk(board)
    assert talk.refused("extend_wrap_up", seconds=30) == ("PT409", "not_wrapping_up")
    talk.ends()
    wrap_up = talk.asks("extend_wrap_up", seconds=100)["wrap_up"]
    assert wrap_up["extendable_seconds"] == 20
    assert talk.refused("extend_wrap_up", seconds=21) == ("PT409", "too_long")
    assert talk.refused("extend_wrap_up", seconds=0) == ("PT422", "not_positive")
    board.pass_time(114)
    board.sweep()
    assert talk.state()["state"] == "wrap_up"
    board.pass_time(2)
    assert talk.state()["state"] == "available"
    board.sweep()
    assert talk.row()["handling_seconds"] == pytest.approx(60 + 115, abs=1)
    assert talk.row()["wrap_up_extended_seconds"] == 0


def test_a_wrap_up_is_finished_and_finishing_again_changes_nothing(board: Switchboard) -> None:
    talk = Talk(board)
    talk.ends()
    waits = board.caller(talk.queue)
    board.pass_time(5)
    answer = talk.asks("finish_wrap_up")
    assert answer["wrap_up"] is None
    assert board.rung(waits) == talk.agent
    assert talk.row()["handling_seconds"] == pytest.approx(66, abs=1)
    again = talk.asks("finish_wrap_up")
    assert again["wrap_up"] is None


def test_a_wrap_up_tells_its_call_and_words(board: Switchboard) -> None:
    talk = Talk(board, dispositions=["sold", "not sold"], disposition_required=True)
    talk.ends()
    wrap_up = talk.state()["wrap_up"]
    assert wrap_up["call_record_id"] == str(board.call(talk.sid)["id"])
    assert wrap_up["disposition_required"] is True
    assert wrap_up["dispositions"] == ["sold", "not sold"]


def test_a_required_disposition_beats_the_timer(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    board.pass_time(300)
    board.sweep()
    waits = board.caller(talk.queue)
    assert board.rung(waits) is None
    assert talk.row()["agent_status"] == "busy"
    assert talk.state()["state"] == "wrap_up"
    assert talk.refused("finish_wrap_up") == ("PT409", "disposition_required")
    answer = talk.asks("set_disposition", call=talk.sid, disposition="sold", notes="twice")
    assert answer["call"]["disposition"] == "sold"
    assert [command["kind"] for command in answer["commands"]] == ["ring_agent"]
    assert board.rung(waits) == talk.agent
    call = board.call(talk.sid)
    assert (call["disposition"], call["notes"], str(call["disposition_by"])) == (
        "sold",
        "twice",
        talk.user,
    )
    assert talk.row()["handling_seconds"] == pytest.approx(60 + 301, abs=2)
    assert_whole(board, talk.agent)


def test_a_required_disposition_before_the_timer_lets_it_run(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    talk.asks("set_disposition", call=talk.sid, disposition="sold")
    board.pass_time(10)
    assert talk.state()["state"] == "wrap_up"
    board.pass_time(6)
    assert talk.state()["state"] == "available"


def test_a_disposition_given_in_the_call_is_not_owed_after_it(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.asks("set_disposition", call=talk.sid, disposition="sold")
    talk.ends()
    board.pass_time(16)
    assert talk.state()["state"] == "available"
    assert board.call(talk.sid)["disposition"] == "sold"


def test_a_screen_that_writes_the_disposition_settles_it_too(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    board.pass_time(60)
    claims = json.dumps({"sub": talk.user, "role": "authenticated"})
    board.rows("select set_config('request.jwt.claims', %s, true)", claims)
    board.db.execute("set local role authenticated")
    board.rows("update public.call_records set disposition = 'sold' where call_id = %s", talk.sid)
    board.db.execute("reset role")
    assert talk.row()["agent_status"] == "available"


def test_a_choice_does_not_end_a_wrap_up_that_owes_a_disposition(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    for status in ("available", "break"):
        board.pass_time(30)
        assert talk.asks("set_my_status", status=status)["agent"]["state"] == "wrap_up"
    talk.asks("set_disposition", call=talk.sid, disposition="sold")
    assert talk.row()["agent_status"] == "break"


def test_who_goes_offline_owes_the_disposition_when_they_are_back(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    board.pass_time(30)
    assert talk.asks("set_my_status", status="offline")["agent"]["state"] == "offline"
    board.pass_time(1000)
    board.sweep()
    assert talk.asks("set_my_status", status="available")["agent"]["state"] == "wrap_up"
    board.pass_time(10)
    talk.asks("set_disposition", call=talk.sid, disposition="sold")
    assert talk.row()["agent_status"] == "available"
    assert talk.row()["handling_seconds"] == pytest.approx(60 + 30 + 10, abs=17)
    assert_whole(board, talk.agent)


def test_a_supervisor_ends_a_wrap_up_that_owes_a_disposition(board: Switchboard) -> None:
    boss = supervisor(board)
    talk = Talk(board, disposition_required=True)
    talk.ends()
    board.pass_time(100)
    board.rpc("finish_wrap_up", {"user_id": boss, "agent_id": talk.agent})
    assert talk.row()["agent_status"] == "available"
    actions = board.rows("select action, user_id::text from private.call_actions")
    assert {"action": "finish_wrap_up", "user_id": boss} in actions


def test_a_deleted_call_takes_what_is_owed_for_it_along(board: Switchboard) -> None:
    talk = Talk(board, disposition_required=True)
    talk.ends()
    board.pass_time(100)
    board.rows("delete from public.call_records where call_id = %s", talk.sid)
    board.sweep()
    assert talk.row()["agent_status"] == "available"


def test_of_two_calls_each_has_its_disposition(board: Switchboard) -> None:
    agent = board.agent(max_concurrent_calls=2)
    queue = board.queue(agent, disposition_required=True, wrap_up_seconds=10)
    talks = []
    for _ in range(2):
        sid = board.caller(queue)
        board.commit()
        talks.append((sid, *board.answered(sid)))
    for talk in talks:
        part(board, *talk)
    board.pass_time(60)
    for sid, left in zip([talk[0] for talk in talks], ("wrap_up", "available"), strict=True):
        asks(board, agent, "set_disposition", call=sid, disposition="done")
        assert asks(board, agent, "read_my_state")["agent"]["state"] == left


@pytest.mark.parametrize(
    ("word", "code"),
    [("maybe", "unknown_disposition"), (" ", "bad_length"), ("x" * 51, "bad_length")],
)
def test_a_word_that_the_queue_does_not_know_is_refused(
    board: Switchboard, word: str, code: str
) -> None:
    talk = Talk(board, dispositions=["sold", "not sold"])
    assert talk.refused("set_disposition", call=talk.sid, disposition=word) == ("PT422", code)
    assert board.call(talk.sid)["disposition"] is None


def test_somebody_elses_call_is_none(board: Switchboard) -> None:
    talk = Talk(board)
    other = user_of(board, board.agent())
    wish = {"call": talk.sid, "disposition": "sold"}
    assert refused(board, other, "set_disposition", **wish) == ("PT404", "no_such_call")


def test_a_persons_word_stays_whatever_telephony_learns_later(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    board.commit()
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    board.rpc("receive_caller_connect", {"call_sid": sid})
    met = board.row("select private.clock() as at")["at"]
    board.pass_time(5)
    board.status(sid, "completed", 9)
    board.status(leg, "completed", 9, offer_id=offer)
    assert board.call(sid)["disposition"] == "abandoned"
    asks(board, agent, "set_disposition", call=sid, disposition="no_answer")
    for one in (sid, leg):
        event = {"call_sid": one, "event": "join", "call_record_id": str(board.call(sid)["id"])}
        board.rpc("record_room_event", {**event, "occurred_at": met.isoformat()})
    call = board.call(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "no_answer")
