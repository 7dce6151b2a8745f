"""Agents work a call through the API, on the whole stack."""

from __future__ import annotations

import pytest

from tests.acceptance.centre import BRIDGED, HANGS_UP, JOINS, CallCentre, hears
from tests.acceptance.screen import Screen

IN_THE_ROOM = [JOINS, {"wait": 600}]
SOMEBODY = "+576015550177"
pytestmark = pytest.mark.in_any_weather


@pytest.fixture
def screen(centre: CallCentre) -> Screen:
    centre.agent_ready("1001", IN_THE_ROOM)
    return Screen(centre.stack, "agente1@demo.local")


def talking(centre: CallCentre) -> str:
    sid = centre.caller_for_support(JOINS, {"talk": 900}, HANGS_UP)
    centre.until(lambda: centre.talking(sid), "they talk")
    return sid


def has_the_call(centre: CallCentre, sid: str, extension: str) -> bool:
    row = centre.call(sid)
    agent = centre.agent(extension)["id"]
    return bool((row["call_status"], row["agent_id"]) == ("active", agent))


def hears_music(centre: CallCentre, sid: str) -> int:
    """How many times music began for the customer since they were put through."""
    heard = centre.sim.call(sid)["heard"]
    joined = max(i for i, entry in enumerate(heard) if entry["kind"] == "joined")
    return len([entry for entry in heard[joined:] if entry["kind"] in ("music", "play")])


def test_a_customer_on_hold_hears_music_until_they_are_taken_back(
    centre: CallCentre, screen: Screen
) -> None:
    sid = talking(centre)
    call = screen.does(f"calls/{sid}/hold")["call"]
    assert call["held_since"]
    assert "resume" in call["allowed_actions"]
    centre.until(lambda: hears_music(centre, sid), "they hear music")
    centre.until(lambda: screen.sees(sid)["parties"][0]["held_since"], "Twilio says so")
    call = screen.does(f"calls/{sid}/resume")["call"]
    assert call["held_since"] is None
    if centre.calm:
        centre.until(lambda: centre.held_seconds(sid), "the time on hold is counted")
    screen.does(f"calls/{sid}/end")
    assert centre.settled(sid)["ended_by"] == "agent"


def test_a_lost_softphone_is_rung_again_and_the_two_go_on(
    centre: CallCentre, screen: Screen
) -> None:
    sid = talking(centre)
    centre.sim.act(centre.agent_legs()[-1]["sid"], [HANGS_UP])  # nobody asked for that
    centre.until(lambda: len(centre.agent_legs()) == 2, "the agent is rung again")
    centre.until(lambda: has_the_call(centre, sid, "1001"), "they talk again")
    assert centre.call(sid)["ended_at"] is None
    screen.does(f"calls/{sid}/leave")
    assert centre.settled(sid)["ended_by"] == "agent"


def test_who_does_not_come_back_loses_the_customer_to_a_colleague(
    centre: CallCentre, screen: Screen
) -> None:
    sid = talking(centre)
    centre.agent_ready("1001", ignore=True)
    centre.agent_ready("1002", IN_THE_ROOM)
    queued_at = centre.call(sid)["queued_at"]
    centre.sim.act(centre.agent_legs()[-1]["sid"], [HANGS_UP])
    centre.until(lambda: has_the_call(centre, sid, "1002"), "a colleague has the customer", 40)
    assert centre.call(sid)["queued_at"] == queued_at
    centre.sim.act(sid, [HANGS_UP])
    assert centre.settled(sid)["call_status"] == "completed"


def test_a_transfer_to_a_number_outside_goes_on_without_an_agent(
    centre: CallCentre, screen: Screen
) -> None:
    centre.sim.person(SOMEBODY, [BRIDGED, {"talk": 20}, HANGS_UP], {"answer_after": 3})
    sid = talking(centre)
    screen.does(f"calls/{sid}/transfer", to="601 555 0177")
    centre.until(lambda: screen.agent()["current_call_count"] == 0, "the agent is free")
    call = centre.settled(sid)
    assert (call["call_status"], call["transferred"]) == ("completed", True)
    (outside,) = [leg["sid"] for leg in centre.sim.calls() if leg["to"] == SOMEBODY]
    assert centre.sim.hearing(sid, outside), "they heard each other"


def test_a_transfer_that_nobody_takes_comes_back_to_the_queue(
    centre: CallCentre, screen: Screen
) -> None:
    centre.agent_ready("1002", ignore=True)
    sid = talking(centre)
    screen.does("me/next-status", status="break")
    screen.does(f"calls/{sid}/transfer", to="1002")
    centre.until(lambda: centre.call(sid)["call_status"] == "queued", "it waits again", 60)
    row = centre.call(sid)
    assert (row["queue_name"], row["ended_at"]) == ("support", None)
    centre.sim.act(sid, [hears("número|Seguimos"), HANGS_UP])
    centre.settled(sid)


def test_what_is_not_possible_is_refused_with_what_is(centre: CallCentre, screen: Screen) -> None:
    sid = talking(centre)
    refused = screen.asks("POST", f"calls/{sid}/transfer", to="nowhere at all")
    assert refused.status_code == 400
    assert refused.json()["details"]["field"] == "to"
    screen.does(f"calls/{sid}/end")
    centre.settled(sid)
    refused = screen.asks("POST", f"calls/{sid}/hold")
    assert refused.status_code == 409
    assert "hold" not in refused.json()["details"]["allowed_actions"]
    assert screen.asks("POST", "calls/CA0/hold").status_code == 404
