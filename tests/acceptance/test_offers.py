"""Agents are rung: who answers, who does not and how, and what follows from it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.acceptance.centre import HANGS_UP, TALKS_AND_HANGS_UP, CallCentre, hears

pytestmark = pytest.mark.in_any_weather

MOBILE, WRONG_KEY, PHONE = "+573112223344", "+573112223355", "+573112223366"


def seconds_from(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def hang_up(centre: CallCentre, sid: str) -> dict[str, object]:
    """The caller soon has had enough; their call once everything has come to rest."""
    # Not in the second in which an agent did something: Twilio's times have no fractions.
    centre.sim.act(sid, [{"wait": 2}, HANGS_UP])
    return centre.settled(sid)


def test_busy_rejecting_and_unreachable_agents_are_told_apart(centre: CallCentre) -> None:
    centre.queue(ring_timeout_seconds=10)
    centre.agent_ready("1001", reject="busy")
    centre.agent_ready("1002", reject="rejected")
    centre.agent_ready("1003", unreachable=True)  # a softphone that nobody opened
    sid = centre.caller_for_support()
    wrong = {"1001": "busy", "1002": "rejected", "1003": "unreachable"}

    def all_were_tried() -> bool:
        outcomes = centre.first_offers(sid)
        return outcomes.keys() == wrong.keys() and None not in outcomes.values()

    centre.until(all_were_tried, "all were tried")
    call = hang_up(centre, sid)
    assert (call["call_status"], call["disposition"]) == ("missed", "abandoned")
    outcomes = centre.first_offers(sid)
    if not centre.calm and outcomes["1002"] == "busy":
        outcomes["1002"] = "rejected"  # only a callback tells these two apart
    assert outcomes == wrong
    agents = [centre.agent(extension) for extension in wrong]
    assert [agent["missed_offers"] for agent in agents] == [0, 0, 0]
    assert [agent["unreached_offers"] for agent in agents] == [0, 0, 1]


def test_an_agent_who_does_not_answer_in_time_is_passed_over_for_the_next(
    centre: CallCentre,
) -> None:
    centre.queue(ring_timeout_seconds=10)
    centre.agent_ready("1001", ignore=True)
    centre.agent_ready("1002")
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["disposition"], call["agent_id"]) == ("completed", centre.agent("1002")["id"])
    assert centre.first_offers(sid) == {"1001": "no_answer", "1002": "finished"}
    assert centre.agent("1001")["missed_offers"] == 1
    assert call["wait_seconds"] >= 10


def test_an_agent_who_rejects_is_left_alone_for_a_while(centre: CallCentre) -> None:
    centre.agent_ready(reject="rejected")
    sid = centre.caller_for_support()
    centre.until(lambda: len(centre.agent_legs()) >= 2, "rung again")
    assert hang_up(centre, sid)["call_status"] == "missed"
    first, second = centre.agent_legs()[:2]
    assert seconds_from(first["ended"], second["created"]) >= 15


def test_who_never_answers_is_put_on_break_with_the_reason_until_they_are_back(
    centre: CallCentre,
) -> None:
    centre.queue(ring_timeout_seconds=10)
    centre.agent_ready(ignore=True)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.until(lambda: centre.agent()["agent_status"] == "break", "on break for ring no answer")
    assert centre.agent()["aside_reason"] == "no_answer"
    if centre.calm:
        assert len(centre.agent_legs()) == 3
    centre.agent_ready()
    call = centre.settled(sid)
    assert (call["disposition"], call["agent_id"]) == ("completed", centre.agent()["id"])
    assert (centre.agent()["aside_reason"], centre.agent()["missed_offers"]) == (None, 0)


def test_a_telephone_is_answered_with_a_key_and_a_mobiles_voicemail_takes_no_customer(
    centre: CallCentre,
) -> None:
    centre.agent_ready("1001", phone=MOBILE, answer_after=1)  # its voicemail presses nothing
    centre.agent_ready("1002", [hears("Marque 1"), {"press": "2"}], phone=WRONG_KEY)
    centre.agent_ready("1003", [hears("Marque 1"), {"press": "1"}], phone=PHONE)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["disposition"], call["agent_id"]) == ("completed", centre.agent("1003")["id"])
    assert centre.first_offers(sid) == {
        "1001": "no_answer",
        "1002": "declined",
        "1003": "finished",
    }
    for extension in ("1001", "1002"):
        assert "joined" not in centre.agent_heard(extension)


def test_the_agent_hears_who_calls_and_from_which_queue(centre: CallCentre) -> None:
    centre.rows(
        "insert into public.crm_contacts (phone_number, first_name, last_name)"
        " values ('+573009998877', 'María', 'Páez') on conflict do nothing"
    )
    centre.agent_ready()
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP, from_="+573009998877")
    assert centre.settled(sid)["disposition"] == "completed"
    heard = "\n".join(centre.sim.heard(centre.agent_legs()[0]["sid"]))
    whisper, joined, _ = heard.partition("joined")
    assert "Llamada de María Páez, cola Soporte" in whisper
    assert joined
    assert "María" not in centre.heard(sid)


def test_when_the_caller_is_gone_the_ringing_stops_at_once(centre: CallCentre) -> None:
    centre.queue(ring_timeout_seconds=120)
    centre.agent_ready(ignore=True)
    sid = centre.caller_for_support()
    centre.until(centre.agent_rings, "ringing")
    call = hang_up(centre, sid)
    assert (call["call_status"], call["disposition"]) == ("missed", "abandoned")
    assert centre.first_offers(sid) == {"1001": "caller_left"}
    agent = centre.agent()
    assert (agent["agent_status"], agent["missed_offers"]) == ("available", 0)
    if centre.calm:
        rang_on = seconds_from(centre.sim.call(sid)["ended"], centre.agent_legs()[0]["ended"])
        assert rang_on / centre.sim.clock()["speed"] <= 10, "real seconds: all of them are ours"
