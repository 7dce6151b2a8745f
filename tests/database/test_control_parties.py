"""More than two talk in a call: who joins, who is taken out, and who stays when others leave."""

from __future__ import annotations

import pytest

from tests.database.desk import (
    Desk,
    answers,
    call,
    commands,
    ends,
    held,
    hung_up,
    ringing,
    seats,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard


def test_a_colleague_joins_while_the_two_talk_on(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="p1")
    document = agent.asks("add_party", sid, to="p1")["call"]
    assert [p["state"] for p in document["parties"]] == ["in_room", "in_room", "ringing"]
    assert commands(board, "set_participant") == []
    third = colleague.takes(sid)
    assert str(call(board, sid)["agent_id"]) == agent.id
    agent.asks("remove_party", sid, party=third)
    assert hung_up(board) == {third}
    assert seats(board, colleague) == 0
    ends(board, third)
    assert call(board, sid)["call_status"] == "active"
    assert (seats(board, agent), leg in hung_up(board)) == (1, False)


def test_a_party_who_rings_is_taken_out_before_anybody_knows_their_leg(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    party = agent.asks("read_call", sid)["call"]["parties"][-1]["party"]
    agent.asks("remove_party", sid, party=party)
    settle(board, "ring_party", sid=f"CA{'a' * 32}")
    assert hung_up(board) == {f"CA{'a' * 32}"}


@pytest.mark.parametrize("phone", [None, "+576015550178"])
def test_where_an_agent_is_rung_is_known_before_twilio_tells_of_it(
    board: Switchboard, phone: str | None
) -> None:
    agent = Desk(board, phone_number=phone)
    sid = board.caller(board.queue(agent.id))
    party = agent.asks("read_call", sid)["call"]["parties"][-1]
    assert party["party"] == str(ringing(board, sid)["id"]), "Twilio has told no leg yet"
    assert party["address"] == agent.client
    settle(board, "ring_agent", sid=f"CA{'a' * 32}")
    party = agent.asks("read_call", sid)["call"]["parties"][-1]
    assert (party["party"], party["address"]) == (f"CA{'a' * 32}", agent.client)


def test_nobody_is_that_party(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    Desk(board, extension="p2").id  # noqa: B018
    agent.asks("add_party", sid, to="p2")
    for party in ("customer", leg, "CAnone"):
        assert agent.is_refused("remove_party", sid, party=party)["code"] == "no_such_party"


def test_the_colleague_stays_with_the_customer_when_who_invited_them_leaves(
    board: Switchboard,
) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="p3")
    agent.asks("add_party", sid, to="p3")
    third = colleague.takes(sid)
    agent.asks("leave_call", sid)
    ends(board, leg)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", colleague.id)
    assert "transfer" in colleague.asks("read_call", sid)["call"]["allowed_actions"]
    colleague.asks("leave_call", sid)
    assert hung_up(board) == {leg, third, sid}


def test_a_number_outside_goes_on_with_the_customer_until_it_leaves(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    out = answers(board, sid)
    agent.asks("leave_call", sid)
    assert hung_up(board) == {leg}
    assert call(board, sid)["call_status"] == "active"
    board.status(out, "completed", 9)
    assert sid in hung_up(board)


def test_a_party_who_does_not_answer_changes_nothing(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    board.refuse(str(board.offer(sid)["id"]), 21211)
    assert call(board, sid)["call_status"] == "active"
    assert hung_up(board) == set()
    assert not held(board, sid)


def test_a_room_is_full_at_its_limit(board: Switchboard) -> None:
    board.rows("update private.settings set max_parties = 3")
    agent, sid, _, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    answers(board, sid)
    document = agent.asks("read_call", sid)["call"]
    assert document["max_parties"] == 3
    assert "add_party" not in document["allowed_actions"]
    assert agent.is_refused("add_party", sid, to="601 555 0198")["status"] == "PT409"


def test_the_customers_end_is_everybodys(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("add_party", sid, to="601 555 0199")
    out = answers(board, sid)
    board.status(sid, "completed", 9)
    assert hung_up(board) == {leg, out}
