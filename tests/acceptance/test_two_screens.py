"""A page that is loaded in the middle of a call, and two people who press at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.acceptance.centre import CallCentre
from tests.acceptance.room import IN_THE_ROOM, MUSIC, Conversation
from tests.acceptance.screen import Screen


@pytest.fixture
def talk(centre: CallCentre) -> Conversation:
    conversation = Conversation(centre)
    centre.agent_ready("1002", IN_THE_ROOM)
    return conversation


def test_a_page_that_is_loaded_during_a_consult_finds_all_of_it(talk: Conversation) -> None:
    call = talk.does("consult", to="1002")
    talk.hear({talk.customer: {MUSIC}, talk.agent: {talk.leg_of("1002")}})
    talk.centre.until(
        lambda: all(p["state"] == "in_room" for p in talk.seen()["parties"]), "all are in it"
    )
    me = Screen(talk.centre.stack, "agente1@demo.local").asks("GET", "me").json()
    assert (me["agent"]["extension"], me["agent"]["status"]) == ("1001", "busy")
    (found,) = me["calls"]
    assert found["id"] == call["id"]
    assert found["version"] > call["version"]
    customer, own, colleague = found["parties"]
    assert (customer["party"], customer["held_since"] is None) == ("customer", False)
    assert (own["party"], colleague["party"]) == (talk.agent, talk.leg_of("1002"))
    assert found["consult"]["state"] == "answered"
    assert {"swap_consult", "complete_consult", "leave"} <= set(found["allowed_actions"])
    asked = Screen(talk.centre.stack, "agente2@demo.local").asks("GET", "me").json()
    (seen,) = asked["calls"]
    assert seen["id"] == call["id"]
    assert "complete_consult" not in seen["allowed_actions"]
    talk.does("end")
    talk.centre.settled(talk.customer)
    me = Screen(talk.centre.stack, "agente1@demo.local").asks("GET", "me").json()
    # The one that is wrapped up is there for as long as that takes.
    assert all(call["ended_at"] for call in me["calls"])


def test_one_hangs_up_while_the_other_transfers(talk: Conversation) -> None:
    boss = Screen(talk.centre.stack, "supervisor@demo.local")
    presses = (
        lambda: boss.asks("POST", "twilio/hangup-call", callSid=talk.customer),
        lambda: talk.screen.asks(
            "POST", "twilio/transfer-call", callSid=talk.customer, transferToNumber="1002"
        ),
        lambda: boss.asks("POST", "twilio/hangup-call", callSid=talk.agent),
    )
    with ThreadPoolExecutor(len(presses)) as people:
        answers: list[httpx.Response] = [p.result() for p in [people.submit(p) for p in presses]]
    # Over, or handed on, before the other came: that is no error of theirs.
    assert [answer.status_code for answer in answers[::2]] == [200, 200]
    assert answers[1].status_code in {200, 409}
    row = talk.centre.settled(talk.customer)
    assert (row["call_status"], row["ended_by"]) == ("completed", "supervisor")
    assert row["transferred"] is (answers[1].status_code == 200)
    query = "select count(*) as calls from public.call_records where caller_number = %s"
    assert talk.centre.row(query, row["caller_number"])["calls"] == 1
    assert not talk.sim.calls(live=True)
