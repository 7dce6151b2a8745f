"""In whose name a softphone signs in, and the calls that agents place from it."""

from __future__ import annotations

import itertools
from typing import Any

from tests.database.desk import Desk, call, commands, ends, room
from tests.database.switchboard import Switchboard

CUSTOMER = "+573004445566"
_legs = itertools.count(1)


def places(board: Switchboard, agent: Desk, number: str, leg: str | None = None) -> dict[str, Any]:
    """Their softphone rings a number; what Twilio is answered."""
    leg = leg or f"CA{next(_legs):032x}"
    said = {"call_sid": leg, "to": number, "role": "agent", "params": {"From": agent.client}}
    return board.rpc("receive_softphone_call", said)


def test_a_softphone_is_the_agents_or_the_supervisors_own(board: Switchboard) -> None:
    agent = Desk(board)
    assert f"client:{agent.asks('name_softphone')['identity']}" == agent.client
    user = board.row(
        "insert into auth.users (id, email) values (gen_random_uuid(), 's@x.invalid') returning id"
    )["id"]
    agent.user = str(user)
    assert agent.is_refused("name_softphone")["code"] == "not_an_agent"
    board.rows("insert into public.profiles (id, role) values (%s, 'supervisor')", user)
    assert agent.asks("name_softphone")["identity"] == f"supervisor_{user.hex}"


def test_a_call_from_the_softphone_is_the_same_as_one_from_the_screen(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    answer = places(board, agent, "300 444 5566", leg)
    assert answer["plan"]["kind"] == "conference"
    assert [c["kind"] for c in answer["commands"]] == ["ring_customer"]
    assert answer["commands"][0]["payload"]["number"] == CUSTOMER
    assert {c["state"] for c in commands(board, "ring_agent")} == {"failed"}
    row = call(board, leg)
    assert (row["call_direction"], row["caller_number"], str(row["agent_id"])) == (
        "outbound", CUSTOMER, agent.id,
    )  # fmt: skip
    assert board.rows("select 1 from private.call_actions where action = 'place'")
    customer = f"CA{'c' * 32}"
    about = {"call_record_id": str(row["id"]), "attempt": 1, "role": "customer"}
    board.status(customer, "ringing", 1, direction="outbound-api", **about)
    room(board, leg, leg, "join")
    board.rpc("receive_caller_connect", {"call_sid": customer, "to": CUSTOMER, **about})
    room(board, leg, customer, "join")
    assert call(board, leg)["call_status"] == "active"
    ends(board, customer)
    ends(board, leg)
    assert call(board, leg)["call_status"] == "completed"


def test_twilio_may_ask_twice(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    first, again = (places(board, agent, CUSTOMER, leg) for _ in range(2))
    assert again["plan"] == first["plan"]
    assert len(commands(board, "ring_customer")) == 1


def test_the_row_that_the_page_wrote_is_the_calls(board: Switchboard) -> None:
    agent = Desk(board)
    row = board.row(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values ('pending-1', %s, %s, 'queued', 'outbound',"
        " private.clock()) returning id",
        agent.id,
        CUSTOMER,
    )
    places(board, agent, CUSTOMER, f"CA{'a' * 32}")
    assert call(board, f"CA{'a' * 32}")["id"] == row["id"]


def test_what_is_refused_at_the_screen_is_refused_here_in_words(board: Switchboard) -> None:
    agent = Desk(board)
    board.rows(
        "insert into public.crm_contacts (phone_number, do_not_call) values ('+573001110000', true)"
    )
    for number in ("no number", "300 111 0000"):
        plan = places(board, agent, number)["plan"]
        assert (plan["kind"], plan["say"]) == ("hang_up", ["La llamada no se puede hacer."])
    assert board.rows("select 1 from private.placed_calls") == []
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "conference"
    assert places(board, agent, "+573007778899")["plan"]["kind"] == "hang_up"


def test_what_was_refused_is_no_call_that_somebody_missed(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    places(board, agent, "no number", leg)
    board.status(leg, "completed", 9, direction="inbound", params={"From": agent.client})
    assert board.rows("select 1 from public.call_records") == []
    places(board, agent, CUSTOMER, leg)
    board.status(leg, "completed", 9, direction="inbound", params={"From": agent.client})
    assert call(board, leg)["ended_at"]


def test_a_softphone_of_nobody_places_nothing(board: Switchboard) -> None:
    agent = Desk(board)
    agent.client = "client:agent_1"
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "hang_up"


def test_a_wish_that_rings_the_agent_already_is_not_taken_by_another_leg(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    agent.asks("place_call", number=CUSTOMER)
    board.rows("update private.call_offers set leg_sid = %s", f"CA{'b' * 32}")
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "hang_up"
    assert commands(board, "ring_customer") == []
