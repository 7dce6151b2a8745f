"""Agents ask a colleague before they hand a customer over (warm transfer)."""

from __future__ import annotations

from datetime import timedelta
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

NUMBER = "+576015550199"


class Consult:
    """An agent who talks with a customer and asks a colleague; they ring."""

    def __init__(self, board: Switchboard, **queue: Any) -> None:
        self.board = board
        self.agent, self.sid, self.leg, self.queue = talking(board, **queue)
        self.colleague = Desk(board, extension="c1")
        self.ask("start_consult", to="C1")
        self.other = ""

    def ask(self, function: str, **more: object) -> dict[str, Any]:
        return dict(self.agent.asks(function, self.sid, **more)["call"])

    def answered(self) -> Consult:
        self.other = self.colleague.takes(self.sid)
        return self

    def not_answered(self, status: str) -> None:
        offer = ringing(self.board, self.sid)
        about = {"offer_id": str(offer["id"]), "to": self.colleague.client}
        self.board.status(f"CA{offer['id'].hex}", "ringing", 1, **about)
        self.board.pass_time(15)
        self.board.status(f"CA{offer['id'].hex}", status, 2, **about)

    def consult(self) -> dict[str, Any]:
        found = self.agent.asks("read_call", self.sid)["call"]["consult"]
        return dict(found)

    def is_connected(self) -> bool:
        return (
            self.sid not in hung_up(self.board) and call(self.board, self.sid)["ended_at"] is None
        )


@pytest.fixture
def consult(board: Switchboard) -> Consult:
    return Consult(board)


def test_who_is_asked_is_told_who_asks_and_who_asks_was_invited_by_nobody(
    board: Switchboard,
) -> None:
    consult = Consult(board)
    board.rows(
        "insert into public.profiles (id, full_name) values (%s, 'Ana Ruiz')"
        " on conflict (id) do update set full_name = excluded.full_name",
        consult.agent.user,
    )
    asked = consult.colleague.asks("read_call", consult.sid)["call"]
    assert (asked["purpose"], asked["invited_by"]) == ("consult", "Ana Ruiz")
    assert consult.agent.asks("read_call", consult.sid)["call"]["invited_by"] is None


def test_the_customer_hears_music_while_a_colleague_rings_and_talks(
    board: Switchboard, consult: Consult
) -> None:
    assert held(board, consult.sid)
    assert consult.consult()["state"] == "initiated"
    consult.answered()
    assert held(board, consult.sid)
    assert not held(board, consult.other)
    assert consult.consult()["state"] == "answered"
    assert call(board, consult.sid)["call_status"] == "active"
    assert str(call(board, consult.sid)["agent_id"]) == consult.agent.id


def test_a_queue_is_nobody_to_ask(board: Switchboard) -> None:
    agent, sid, _, name = talking(board)
    refusal = agent.is_refused("start_consult", sid, to=name)
    assert (refusal["status"], refusal["field"]) == ("PT400", "to")


def test_a_colleague_who_rings_is_cancelled_before_anybody_knows_their_leg(
    board: Switchboard, consult: Consult
) -> None:
    document = consult.ask("cancel_consult")
    assert not held(board, consult.sid)
    assert document["consult"] == {**consult.consult(), "state": "cancelled"}
    assert seats(board, consult.colleague) == 0
    settle(board, "ring_agent", sid=f"CA{'a' * 32}")
    assert hung_up(board) == {f"CA{'a' * 32}"}
    assert consult.is_connected()


def test_a_colleague_who_rings_is_cancelled_once_their_leg_is_known(
    board: Switchboard, consult: Consult
) -> None:
    settle(board, "ring_agent", sid=f"CA{'a' * 32}")
    consult.ask("cancel_consult")
    assert hung_up(board) == {f"CA{'a' * 32}"}
    board.status(f"CA{'a' * 32}", "canceled", 3)
    assert consult.is_connected()
    assert seats(board, consult.colleague) == 0


def test_a_colleague_who_talks_is_let_go_and_the_customer_is_back(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered().ask("cancel_consult")
    assert hung_up(board) == {consult.other}
    assert not held(board, consult.sid)
    assert consult.is_connected()


def test_swapping_holds_one_of_the_two_at_a_time(board: Switchboard, consult: Consult) -> None:
    consult.answered()
    for customer_is_held in (False, True, False):
        consult.ask("swap_consult")
        assert held(board, consult.sid) is customer_is_held
        assert held(board, consult.other) is not customer_is_held


def asked_of_twilio(board: Switchboard, kind: str) -> dict[str, bool]:
    """The legs that a command of the kind is under way for, and whether it holds them."""
    return {
        c["target"]: bool(c["payload"].get("changes", {}).get("hold"))
        for c in commands(board, kind)
        if c["state"] not in ("done", "failed")
    }


def test_whoever_is_swapped_in_waits_until_the_other_is_on_hold(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered()
    settle(board, "set_participant")
    for held_now, taken_back in ((consult.other, consult.sid), (consult.sid, consult.other)):
        consult.ask("swap_consult")
        assert asked_of_twilio(board, "set_participant") == {held_now: True}
        settle(board, "set_participant")
        assert asked_of_twilio(board, "set_participant") == {taken_back: False}
        settle(board, "set_participant")
        assert asked_of_twilio(board, "set_participant") == {}


@pytest.mark.parametrize("operation", ["cancel_consult", "complete_consult"])
def test_the_customer_is_back_once_who_leaves_has_left(
    board: Switchboard, consult: Consult, operation: str
) -> None:
    consult.answered()
    settle(board, "set_participant")
    consult.ask(operation)
    assert asked_of_twilio(board, "set_participant") == {}
    settle(board, "hang_up")
    assert asked_of_twilio(board, "set_participant") == {consult.sid: False}


def test_merged_all_three_talk_and_the_colleague_is_a_party(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered().ask("swap_consult")
    document = consult.ask("merge_consult")
    assert not held(board, consult.sid)
    assert not held(board, consult.other)
    assert document["consult"] is None
    assert "remove_party" in document["allowed_actions"]
    consult.ask("leave_call")
    assert hung_up(board) == {consult.leg}
    assert str(call(board, consult.sid)["agent_id"]) == consult.colleague.id
    board.status(consult.sid, "completed", 9)
    assert call(board, consult.sid)["ended_by"] == "customer", "who left ended nothing"


def test_a_completed_consult_leaves_the_customer_with_the_colleague(board: Switchboard) -> None:
    consult = Consult(board, wrap_up_seconds=30).answered()
    consult.ask("complete_consult")
    assert not held(board, consult.sid)
    row = call(board, consult.sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", consult.colleague.id)
    assert row["transferred"]
    assert str(row["transferred_to_agent_id"]) == consult.colleague.id
    assert hung_up(board) == {consult.leg}
    ends(board, consult.leg)
    agent = board.row("select * from public.call_center_agents where id = %s", consult.agent.id)
    assert agent["wrap_up_until"] is not None
    assert agent["total_calls_handled"] == 1
    assert consult.is_connected()
    board.pass_time(60)
    board.status(consult.sid, "completed", 9)
    ends(board, consult.other)
    colleague = board.row(
        "select * from public.call_center_agents where id = %s", consult.colleague.id
    )
    assert (colleague["total_calls_handled"], colleague["seats_taken"]) == (1, 0)
    assert colleague["handling_seconds"] >= 60
    contact = board.row("select * from public.crm_contacts where id = %s", row["contact_id"])
    assert str(contact["last_agent_id"]) == consult.colleague.id


def test_completed_while_it_rings_it_is_a_transfer_that_falls_back_to_the_queue(
    board: Switchboard, consult: Consult
) -> None:
    consult.ask("complete_consult")
    assert held(board, consult.sid)
    assert ringing(board, consult.sid)["purpose"] == "transfer"
    assert call(board, consult.sid)["call_status"] == "ringing"
    consult.not_answered("no_answer")
    row = call(board, consult.sid)
    assert (row["call_status"], row["queue_name"]) == ("queued", consult.queue)


def test_completed_while_it_rings_the_colleague_who_answers_has_the_customer(
    board: Switchboard, consult: Consult
) -> None:
    consult.ask("complete_consult")
    settle(board, "set_participant")
    consult.answered()
    assert not held(board, consult.sid)
    row = call(board, consult.sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", consult.colleague.id)


@pytest.mark.parametrize("why", ["busy", "no_answer", "failed"])
def test_a_consult_that_fails_says_why_and_the_customer_stays_held(
    board: Switchboard, consult: Consult, why: str
) -> None:
    consult.not_answered(why)
    told = consult.consult()
    assert told["state"] == "failed"
    assert told["why"] == {"failed": "unreachable"}.get(why, why)
    assert held(board, consult.sid)
    consult.ask("hold_party", party="customer", on=False)
    assert not held(board, consult.sid)
    assert consult.agent.asks("read_call", consult.sid)["call"]["consult"] is None


def test_a_consult_that_twilio_refuses_says_so(board: Switchboard, consult: Consult) -> None:
    board.refuse(str(ringing(board, consult.sid)["id"]), 21215)
    assert consult.consult()["why"] == "lost"
    assert consult.is_connected()


def test_nothing_is_held_against_a_colleague_who_does_not_answer(
    board: Switchboard, consult: Consult
) -> None:
    consult.not_answered("no_answer")
    board.status(consult.sid, "completed", 9)
    row = board.row("select * from public.call_center_agents where id = %s", consult.colleague.id)
    assert (row["missed_offers"], row["rest_until"], row["seats_taken"]) == (0, None, 0)
    counted = board.rows(
        "select sum(offered) as offered, sum(missed) as missed from private.agent_deltas"
        " where agent_id = %s having sum(offered) > 0",
        consult.colleague.id,
    )
    assert counted == []


@pytest.mark.parametrize("known", [True, False])
def test_a_customer_who_hangs_up_while_a_colleague_rings_ends_that_too(
    board: Switchboard, consult: Consult, known: bool
) -> None:
    leg = f"CA{'a' * 32}"
    if known:
        settle(board, "ring_agent", sid=leg)
    board.status(consult.sid, "completed", 9)
    assert seats(board, consult.colleague) == 0
    assert board.offer(consult.sid)["outcome"] == "caller_left"
    if not known:
        settle(board, "ring_agent", sid=leg)
    assert hung_up(board) == {leg, consult.leg}


def test_who_left_others_ended_nothing_though_twilios_times_are_whole_seconds(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered().ask("swap_consult")
    consult.ask("merge_consult")
    second = board.row("select date_trunc('second', private.clock()) + interval '1 s' as at")["at"]
    board.set_clock((second + timedelta(milliseconds=700)).isoformat())
    consult.ask("leave_call")
    ended = {"occurred_at": second.isoformat()}
    board.status(consult.other, "completed", 9, **ended)
    board.status(consult.sid, "completed", 9, **ended)
    assert call(board, consult.sid)["ended_by"] == "customer"


def test_a_customer_who_hangs_up_while_a_colleague_talks_ends_that_too(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered()
    board.status(consult.sid, "completed", 9)
    assert hung_up(board) == {consult.leg, consult.other}
    ends(board, consult.other)
    ends(board, consult.leg)
    assert seats(board, consult.colleague) == seats(board, consult.agent) == 0
    assert call(board, consult.sid)["ended_by"] == "customer"


@pytest.mark.parametrize("how", ["leave_call", "lost"])
def test_an_agent_who_goes_while_a_colleague_talks_leaves_them_the_customer(
    board: Switchboard, consult: Consult, how: str
) -> None:
    consult.answered()
    if how == "lost":
        ends(board, consult.leg)
        board.pass_time(2.1)
        board.sweep()
    else:
        consult.ask("leave_call")
    row = call(board, consult.sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", consult.colleague.id)
    assert not held(board, consult.sid)
    assert consult.is_connected()


@pytest.mark.parametrize("how", ["leave_call", "lost"])
def test_an_agent_who_goes_while_a_colleague_rings_leaves_them_the_customer_who_hears_music(
    board: Switchboard, consult: Consult, how: str
) -> None:
    if how == "lost":
        ends(board, consult.leg)
        board.pass_time(2.1)
        board.sweep()
    else:
        consult.ask("leave_call")
    assert ringing(board, consult.sid)["purpose"] == "transfer"
    assert held(board, consult.sid)
    consult.not_answered("busy")
    assert call(board, consult.sid)["stage"] == "waiting"
    assert len(board.rows("select 1 from private.queue_entries where left_at is null")) == 1
    board.status(consult.sid, "completed", 9)
    assert call(board, consult.sid)["ended_by"] == "customer"


def test_a_colleague_who_hangs_up_leaves_the_customer_to_the_agent(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered()
    ends(board, consult.other)
    assert consult.consult()["state"] == "left"
    assert held(board, consult.sid)
    assert consult.is_connected()
    assert "resume" in consult.ask("read_call")["allowed_actions"]


def test_who_answers_after_the_agent_took_the_customer_up_again_hears_music(
    board: Switchboard, consult: Consult
) -> None:
    consult.ask("hold_party", party="customer", on=False)
    consult.answered()
    assert held(board, consult.other)
    consult.ask("swap_consult")
    assert held(board, consult.sid)
    assert not held(board, consult.other)


def test_a_number_outside_is_asked_and_given_the_customer(board: Switchboard) -> None:
    agent, sid, _leg, _ = talking(board)
    agent.asks("start_consult", sid, to="601 555 0199")
    (ring,) = commands(board, "ring_party")
    assert ring["payload"]["phone"] == NUMBER
    out = answers(board, sid)
    agent.asks("complete_consult", sid)
    assert not held(board, sid)
    row = call(board, sid)
    assert (row["call_status"], row["transferred"]) == ("active", True)
    board.status(out, "completed", 9, to=NUMBER)
    assert sid in hung_up(board)


def test_a_colleague_who_is_in_the_call_is_not_rung_for_it_again(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board, extension="c2", max_concurrent_calls=3)
    agent.asks("add_party", sid, to="c2")
    colleague.takes(sid)
    assert agent.is_refused("start_consult", sid, to="c2")["state"] == "in the call"


def test_who_handed_the_customer_over_still_sees_the_call_and_can_do_nothing_with_it(
    board: Switchboard, consult: Consult
) -> None:
    consult.answered().ask("complete_consult")
    refusal = consult.agent.is_refused("complete_consult", consult.sid)
    assert (refusal["status"], refusal["allowed_actions"]) == ("PT409", ["callback", "disposition"])


def test_a_colleague_whose_user_is_deleted_while_they_ring_leaves_the_customer_with_a_plan(
    board: Switchboard, consult: Consult
) -> None:
    consult.ask("complete_consult")
    board.rows("delete from auth.users where id = %s", consult.colleague.user)
    assert call(board, consult.sid)["stage"] == "waiting"
    assert len(board.rows("select 1 from private.queue_entries where left_at is null")) == 1


def test_the_meeting_after_a_completed_consult_may_be_told_late_and_by_nobody(
    board: Switchboard, consult: Consult
) -> None:
    consult.ask("complete_consult")
    settle(board, "set_participant")
    offer = ringing(board, consult.sid)
    leg = f"CA{offer['id'].hex}"
    about = {"offer_id": str(offer["id"]), "to": consult.colleague.client}
    board.rpc("receive_agent_answer", {"call_sid": leg, **about})
    board.pass_time(16)
    board.sweep()
    row = call(board, consult.sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", consult.colleague.id)
    assert not held(board, consult.sid)


def stays(board: Switchboard, queue: str) -> dict[str, Any]:
    return board.row(
        "select sum(offered) as offered, sum(answered) as answered, sum(wait_seconds) as waited,"
        " sum(abandoned) as abandoned from private.stat_deltas"
        " where queue_id = (select id from public.call_queues where name = %s)",
        queue,
    )


def test_who_comes_back_to_a_queue_after_a_conversation_is_counted_there_once(
    board: Switchboard, consult: Consult
) -> None:
    before = stays(board, consult.queue)
    waited = call(board, consult.sid)["wait_seconds"]
    board.pass_time(300)
    consult.ask("complete_consult")
    consult.not_answered("busy")
    assert call(board, consult.sid)["wait_seconds"] == waited
    board.pass_time(5)
    board.status(consult.sid, "completed", 9)
    assert stays(board, consult.queue) == before
    row = call(board, consult.sid)
    assert (row["call_status"], row["wait_seconds"]) == ("completed", waited)
    entry = board.row("select * from private.queue_entries order by id desc limit 1")
    assert (entry["comes_back"], entry["counts"]) == (True, False)
    assert entry["waited_seconds"] < 60
    for leg in board.rows("select call_sid from private.call_legs where ended_at is null"):
        ends(board, str(leg["call_sid"]))
    board.rows("delete from public.call_records where id = %s", row["id"])
    gone = stays(board, consult.queue)
    assert (gone["offered"], gone["answered"], gone["waited"]) == (0, 0, 0)


def test_the_queue_a_customer_is_transferred_to_counts_them_from_then(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board)
    other = board.queue(colleague.id)
    board.pass_time(300)
    agent.asks("transfer_call", sid, to=other)
    board.commit()
    board.pass_time(4)
    board.rpc("receive_caller_connect", {"call_sid": sid})
    colleague.takes(sid)
    room(board, sid, sid, JOIN)
    told = stays(board, other)
    assert (told["offered"], told["answered"]) == (1, 1)
    assert 0 < told["waited"] < 60
