"""Supervisors hear calls, whisper, barge in and take over; agents ask for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.desk import (
    JOIN,
    Desk,
    answers,
    call,
    commands,
    ends,
    held,
    hung_up,
    ringing,
    room,
    seats,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard

LEG = f"CA{'5' * 32}"


class Supervisor(Desk):
    """A supervisor at a screen, with an agent's row or (agent=False) without."""

    def __init__(self, board: Switchboard, agent: bool = True, **columns: Any) -> None:
        super().__init__(board, **columns)
        board.rows(
            "insert into public.profiles (id, role) values (%s, 'supervisor')"
            " on conflict (id) do update set role = 'supervisor'",
            self.user,
        )
        if not agent:
            board.rows("delete from public.call_center_agents where id = %s", self.id)

    def hears(self, sid: str, mode: str = "listen", leg: str = LEG) -> str:
        self.asks("supervise_call", sid, mode=mode)
        return answers(self.board, sid, leg)


def way(board: Switchboard, leg: str) -> tuple[object, object]:
    """Whether a supervisor is muted, and whom they coach, as Twilio was told last."""
    settle(board, "set_participant")
    told = [
        c["payload"]["changes"] for c in commands(board, "set_participant") if c["target"] == leg
    ]
    return told[-1]["muted"], told[-1].get("call_sid_to_coach")


def test_an_agent_is_told_the_name_of_a_supervisor_whom_they_hear(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    supervisor = Supervisor(board, agent=False)
    name = "update public.profiles set full_name = 'Ana Ruiz' where id = %s"
    board.rows(name, supervisor.user)
    supervisor.hears(sid, "whisper")
    parties = agent.asks("read_call", sid)["call"]["parties"]
    (party,) = [party for party in parties if party["role"] == "supervisor"]
    assert party["name"] == "Ana Ruiz"


def test_an_agent_supervises_nobody(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    for function in ("supervise_call", "stop_supervising", "take_over_call"):
        assert agent.is_refused(function, sid, mode="listen")["status"] == "PT403"


def test_a_supervisor_comes_muted_and_is_heard_as_they_choose(board: Switchboard) -> None:
    _agent, sid, leg, _ = talking(board)
    supervisor = Supervisor(board, agent=False)
    supervisor.asks("supervise_call", sid, mode="listen")
    (ring,) = commands(board, "ring_party")
    assert ring["payload"]["client"] == f"supervisor_{supervisor.user.replace('-', '')}"
    assert (ring["payload"]["phone"], ring["payload"]["role"]) == (None, "supervisor")
    offer = ringing(board, sid)
    about = {"offer_id": str(offer["id"]), "to": offer["address"]}
    plan = board.rpc("receive_agent_answer", {"call_sid": LEG, **about})["plan"]
    assert (plan["role"], plan["muted"]) == ("supervisor", True)
    room(board, sid, LEG, JOIN)
    for mode, expected in (
        ("whisper", (False, leg)),
        ("barge", (False, None)),
        ("listen", (True, None)),
        ("whisper", (False, leg)),
    ):
        answer = supervisor.asks("supervise_call", sid, mode=mode)
        assert answer["call"]["supervising"] == mode
        assert way(board, LEG) == expected
    assert {c["target"] for c in commands(board, "set_participant")} == {LEG}
    assert call(board, sid)["call_status"] == "active"


def test_who_whispers_from_the_first_is_heard_by_the_agent_alone(board: Switchboard) -> None:
    _, sid, leg, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.asks("supervise_call", sid, mode="whisper")
    offer = ringing(board, sid)
    about = {"offer_id": str(offer["id"]), "to": offer["address"]}
    plan = board.rpc("receive_agent_answer", {"call_sid": LEG, **about})["plan"]
    assert plan["muted"], "until Twilio knows for whom alone they are to be heard"
    (early,) = commands(board, "set_participant")
    room(board, sid, LEG, JOIN)
    assert way(board, LEG) == (False, leg)
    assert commands(board, "set_participant")[-1]["id"] > early["id"], "told again of who is there"


def test_agents_see_only_supervisors_who_may_be_heard(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.hears(sid)

    def roles(who: Desk) -> list[str]:
        return [p["role"] for p in who.asks("read_call", sid)["call"]["parties"]]

    assert roles(supervisor) == ["customer", "agent", "supervisor"]
    assert roles(agent) == ["customer", "agent"]
    supervisor.asks("supervise_call", sid, mode="barge")
    assert roles(agent) == ["customer", "agent", "supervisor"]


@pytest.mark.parametrize("by", ["operation", "hanging up"])
def test_a_supervisor_who_leaves_changes_nothing(board: Switchboard, by: str) -> None:
    agent, sid, _leg, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.hears(sid)
    if by == "operation":
        supervisor.asks("stop_supervising", sid)
        supervisor.asks("stop_supervising", sid)
        assert hung_up(board) == {LEG}
    ends(board, LEG)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", agent.id)
    assert hung_up(board) <= {LEG}
    assert not held(board, sid)
    assert (
        board.row(
            "select alone_since from private.call_sessions s join public.call_records r"
            " on r.id = s.call_record_id where r.call_id = %s",
            sid,
        )["alone_since"]
        is None
    )


def test_a_supervisor_is_called_off_before_anybody_knows_their_leg(board: Switchboard) -> None:
    _, sid, _, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.asks("supervise_call", sid, mode="listen")
    supervisor.asks("stop_supervising", sid)
    settle(board, "ring_party", sid=LEG)
    assert hung_up(board) == {LEG}


@pytest.mark.parametrize("known", [True, False])
def test_the_calls_end_is_the_supervisors_who_still_ring(board: Switchboard, known: bool) -> None:
    _, sid, leg, _ = talking(board)
    Supervisor(board).asks("supervise_call", sid, mode="listen")
    if known:
        settle(board, "ring_party", sid=LEG)
    board.status(sid, "completed", 9)
    assert board.offer(sid)["state"] == "ended"
    if not known:
        settle(board, "ring_party", sid=LEG)
    assert hung_up(board) == {leg, LEG}


def test_a_supervisor_does_not_keep_a_customer_whose_agent_left(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    Supervisor(board).hears(sid)
    agent.asks("leave_call", sid)
    assert hung_up(board) == {leg, sid}


def test_whispering_follows_the_customer_to_another_agent(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board, extension="v1")
    Supervisor(board).hears(sid, "whisper")
    agent.asks("start_consult", sid, to="v1")
    other = colleague.takes(sid)
    agent.asks("complete_consult", sid)
    assert way(board, LEG) == (False, other)


def test_who_whispers_while_nobody_has_the_customer_is_heard_by_nobody(board: Switchboard) -> None:
    _, sid, leg, _ = talking(board)
    supervisor = Supervisor(board, status="break")
    supervisor.hears(sid, "whisper")
    ends(board, leg)
    board.pass_time(2.1)
    board.sweep()
    assert way(board, LEG) == (True, None)


def test_a_supervisor_in_the_room_takes_over_at_once(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board, wrap_up_seconds=20)
    supervisor = Supervisor(board, status="break")
    supervisor.hears(sid, "whisper")
    agent.asks("hold_party", sid, on=True)
    document = supervisor.asks("take_over_call", sid)["call"]
    assert hung_up(board) == {leg}
    assert way(board, LEG) == (False, None)
    assert not held(board, sid)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", supervisor.id)
    assert row["transferred"]
    assert (seats(board, agent), seats(board, supervisor)) == (0, 1)
    assert "transfer" in document["allowed_actions"]
    assert [p["role"] for p in document["parties"]] == ["customer", "agent", "agent"]
    wrapping = board.row("select * from public.call_center_agents where id = %s", agent.id)
    assert wrapping["wrap_up_until"] is not None
    board.pass_time(30)
    board.status(sid, "completed", 9)
    ends(board, LEG)
    after = board.row("select * from public.call_center_agents where id = %s", supervisor.id)
    assert (after["total_calls_handled"], after["seats_taken"]) == (1, 0)
    assert after["wrap_up_until"], "as whoever else talked with a customer of this queue"


def test_a_supervisor_who_is_rung_takes_over_once_they_are_there(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    supervisor = Supervisor(board, status="break")
    supervisor.asks("take_over_call", sid)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", agent.id)
    assert not held(board, sid)
    board.sweep()
    assert "consult" not in agent.asks("read_call", sid)["call"]["allowed_actions"]
    other = supervisor.takes(sid)
    assert hung_up(board) == {leg}
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", supervisor.id)
    assert str(row["transferred_to_agent_id"]) == supervisor.id
    ends(board, leg)
    board.pass_time(3)
    board.sweep()
    assert other not in hung_up(board)
    assert sid not in hung_up(board)


def test_an_agent_who_leaves_while_the_supervisor_rings_leaves_them_the_customer(
    board: Switchboard,
) -> None:
    agent, sid, _, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.asks("take_over_call", sid)
    agent.asks("leave_call", sid)
    assert held(board, sid)
    supervisor.takes(sid)
    assert not held(board, sid)
    assert str(call(board, sid)["agent_id"]) == supervisor.id


def test_a_take_over_that_is_not_answered_leaves_the_agent_where_they_are(
    board: Switchboard,
) -> None:
    agent, sid, _, _ = talking(board)
    supervisor = Supervisor(board)
    supervisor.asks("take_over_call", sid)
    offer = ringing(board, sid)
    board.status(LEG, "no_answer", 3, offer_id=str(offer["id"]), to=supervisor.client)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", agent.id)
    assert not held(board, sid)
    assert hung_up(board) == set()
    counted = "select 1 from private.agent_deltas where agent_id = %s and offered + missed > 0"
    assert board.rows(counted, supervisor.id) == []


def test_taking_over_ends_what_the_agent_was_asking_a_colleague(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="v2")
    agent.asks("start_consult", sid, to="v2")
    other = colleague.takes(sid)
    supervisor = Supervisor(board)
    supervisor.hears(sid)
    supervisor.asks("take_over_call", sid)
    assert hung_up(board) == {leg, other}
    assert not held(board, sid)


def test_two_supervisors_hear_one_call(board: Switchboard) -> None:
    _, sid, leg, _ = talking(board)
    one, two = Supervisor(board), Supervisor(board, agent=False)
    one.hears(sid, "listen")
    two.hears(sid, "whisper", f"CA{'4' * 32}")
    assert way(board, f"CA{'4' * 32}") == (False, leg)
    one.asks("stop_supervising", sid)
    assert hung_up(board) == {LEG}


def test_an_agent_who_asks_for_help_is_answered_by_the_supervisor_who_comes(
    board: Switchboard,
) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("ask_for_help", sid, reason="A refund beyond my limit")
    agent.asks("ask_for_help", sid)
    (row,) = board.rows("select * from public.help_requests")
    assert (str(row["agent_id"]), row["reason"]) == (agent.id, "A refund beyond my limit")
    assert (row["answered_at"], row["ended_at"]) == (None, None)
    supervisor = Supervisor(board)
    supervisor.asks("supervise_call", sid, mode="whisper")
    assert open_help(board) == [agent.id], "who is being rung may not come"
    answers(board, sid, LEG)
    assert open_help(board) == []
    (row,) = board.rows("select * from public.help_requests")
    assert str(row["answered_by"]) == supervisor.user
    agent.asks("ask_for_help", sid)
    assert open_help(board) == [agent.id]
    supervisor.asks("supervise_call", sid, mode="barge")
    assert open_help(board) == [], "they are there"
    agent.asks("ask_for_help", sid)
    board.status(sid, "completed", 9)
    assert open_help(board) == []


def open_help(board: Switchboard) -> list[str]:
    """The agents who wait for a supervisor, as a wallboard shows them, and as the view does."""
    rows = board.rows("select row -> 'agent_id' as agent from private.help_rows_of() row")
    query = (
        "select agent_id from public.help_requests where answered_at is null and ended_at is null"
    )
    assert [row["agent"] for row in rows] == [str(row["agent_id"]) for row in board.rows(query)]
    return [row["agent"] for row in rows]


def test_a_supervisor_who_does_not_come_has_not_helped(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("ask_for_help", sid)
    supervisor = Supervisor(board)
    supervisor.asks("take_over_call", sid)
    offer = ringing(board, sid)
    board.status(LEG, "no_answer", 3, offer_id=str(offer["id"]), to=supervisor.client)
    assert open_help(board) == [agent.id]


def test_nobody_waits_for_help_in_a_call_that_they_handed_over(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board, extension="v3")
    agent.asks("ask_for_help", sid)
    agent.asks("transfer_call", sid, to="v3")
    colleague.takes(sid)
    assert open_help(board) == []
    (row,) = board.rows("select * from public.help_requests")
    assert (row["answered_at"], row["ended_at"] is None) == (None, False)
    colleague.asks("ask_for_help", sid)
    assert open_help(board) == [colleague.id]
    Supervisor(board).hears(sid)
    assert [
        bool(row["answered_at"])
        for row in board.rows("select answered_at from public.help_requests order by id")
    ] == [False, True]


def test_who_talks_with_a_customer_hears_no_other_call(board: Switchboard) -> None:
    _, sid, _, _ = talking(board)
    _, other, _, _ = talking(board)
    supervisor = Supervisor(board, status="break")
    supervisor.hears(sid)
    supervisor.asks("take_over_call", sid)
    refusal = supervisor.is_refused("supervise_call", other, mode="listen")
    assert (refusal["status"], refusal["code"]) == ("PT409", "not_now")


def test_who_takes_over_came_to_help(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("ask_for_help", sid)
    supervisor = Supervisor(board)
    supervisor.asks("take_over_call", sid)
    supervisor.takes(sid)
    (row,) = board.rows("select * from public.help_requests")
    assert str(row["answered_by"]) == supervisor.user


def test_an_agent_sees_their_own_wish_for_help_and_a_supervisor_all(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    other, supervisor = Desk(board), Supervisor(board)
    agent.asks("ask_for_help", sid)
    for who, sees in ((agent, 1), (other, 0), (supervisor, 1)):
        board.rows("select set_config('request.jwt.claims', %s, true)", f'{{"sub": "{who.user}"}}')
        board.db.execute("set local role authenticated")
        assert len(board.rows("select * from public.help_requests")) == sees
        board.db.execute("reset role")


def test_nobody_whispers_to_an_agent_who_is_on_hold(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    asked = Desk(board)
    query = "select extension from public.call_center_agents where id = %s"
    agent.asks("start_consult", sid, to=board.row(query, asked.id)["extension"])
    settle(board, "set_participant")
    other = asked.takes(sid)
    whispers = Supervisor(board).hears(sid, "whisper")
    assert way(board, whispers) == (False, leg)
    agent.asks("swap_consult", sid)
    settle(board, "set_participant")
    room(board, sid, other, "hold", held=True)
    # The agent is lost, and whoever was asked has the customer: Twilio takes them back first.
    ends(board, leg)
    board.pass_time(3)
    board.sweep()
    settle(board, "hang_up")
    written = commands(board, "set_participant")
    told = [c["payload"]["changes"] for c in written if c["target"] == whispers]
    assert (told[-1]["muted"], told[-1].get("call_sid_to_coach")) == (True, None)
    assert [c["payload"]["changes"]["hold"] for c in written if c["target"] == other][-1] is False
    assert way(board, whispers) == (False, other)
