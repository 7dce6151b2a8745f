"""A customer rings, and everything that the first minutes of a call centre's life are made of."""

from __future__ import annotations

import pytest

from tests.acceptance.centre import HANGS_UP, JOINS, TALKS_AND_HANGS_UP, CallCentre, hears

pytestmark = pytest.mark.in_any_weather


def test_a_customer_reaches_an_agent_and_the_call_is_known(centre: CallCentre) -> None:
    centre.agent_ready("1001", [JOINS, {"talk": 5}])
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP, from_="+573001112233")
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    assert call["agent_id"] == centre.agent("1001")["id"]
    assert call["queue_name"] == "support"
    (step,) = call["ivr_path"]["steps"]
    assert (step["menu"], step["option"], step["to"]) == ("main", "2", "support")
    assert call["started_at"] < call["queued_at"] < call["answered_at"] < call["ended_at"]
    if centre.calm:
        assert 1 <= call["wait_seconds"] <= 100
        assert 4 <= call["talk_seconds"] <= 100
    contact = centre.row("select * from public.crm_contacts where phone_number = '+573001112233'")
    assert call["contact_id"] == contact["id"]
    assert call["id"] in contact["call_history_ids"]


def test_the_agent_wraps_up_and_is_free_again(centre: CallCentre) -> None:
    centre.agent_ready()
    centre.ended(centre.caller_for_support(*TALKS_AND_HANGS_UP))
    centre.until(centre.nobody_is_busy, "the agent's leg is over")
    if centre.calm:
        assert centre.agent()["agent_status"] == "busy", "wrapping up"
    centre.until(lambda: centre.agent()["agent_status"] == "available", "wrap-up is over")


def test_when_the_agent_hangs_up_the_call_is_over(centre: CallCentre) -> None:
    takes_it = [hears("Marque 1"), {"press": "1"}, JOINS, {"talk": 5}, HANGS_UP]
    centre.agent_ready("1001", takes_it, phone="+573112223377")
    sid = centre.caller_for_support(JOINS, {"talk": 300})
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    centre.until(centre.nobody_is_busy, "everybody is free")


def test_who_withholds_their_number_reaches_an_agent_too(centre: CallCentre) -> None:
    centre.agent_ready()
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP, from_="anonymous")
    call = centre.settled(sid)
    assert (call["disposition"], call["caller_number"]) == ("completed", "anonymous")
    assert centre.agent_legs()[0]["from"] == centre.number
