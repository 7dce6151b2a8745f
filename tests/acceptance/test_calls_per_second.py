"""Twilio starts an account's calls at so many a second: the rest wait for their turn."""

from __future__ import annotations

from tests.acceptance.centre import TALKS_AND_HANGS_UP, CallCentre


def test_an_agent_whose_turn_comes_late_is_rung_all_the_same(centre: CallCentre) -> None:
    centre.sim.account(calls_per_second=1 / 60)
    centre.agent_ready("1001")
    centre.agent_ready("1002")
    callers = [centre.caller_for_support(*TALKS_AND_HANGS_UP) for _ in range(2)]
    calls = [centre.settled(sid) for sid in callers]
    assert [call["disposition"] for call in calls] == ["completed"] * 2
    assert max(call["wait_seconds"] for call in calls) > 45
    for sid in callers:
        assert list(centre.first_offers(sid).values()) == ["finished"]
