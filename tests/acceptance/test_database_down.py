"""The database can't be reached: callers still hear something sensible, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acceptance.centre import BRIDGED, HANGS_UP, JOINS, CallCentre


@pytest.fixture
def outage(centre: CallCentre) -> Iterator[CallCentre]:
    """A call centre that is whole again when the test is over."""
    yield centre
    centre.stack.up()


def test_a_new_caller_reaches_the_fallback_number_and_the_call_is_known_afterwards(
    outage: CallCentre,
) -> None:
    fallback = outage.stack.env["FALLBACK_NUMBER"]
    outage.sim.person(fallback, [{"wait": 10}, HANGS_UP], {"answer_after": 2})
    outage.stack.kill("postgrest")
    sid = outage.caller(BRIDGED, {"wait": 200})
    outage.until(lambda: "En un momento le atendemos." in outage.heard(sid), "the apology")
    outage.until(
        lambda: [c for c in outage.sim.calls() if c["to"] == fallback], "the number is rung"
    )
    outage.stack.start("postgrest")
    call = outage.ended(sid)
    assert call["call_direction"] == "inbound"
    assert call["duration_seconds"] > 0


def test_a_waiting_caller_hears_music_and_reaches_an_agent_when_it_is_over(
    outage: CallCentre,
) -> None:
    outage.agent_ready("1001", ignore=True)
    sid = outage.caller_for_support(JOINS, {"talk": 5}, HANGS_UP)
    outage.until(lambda: "en la fila" in outage.heard(sid), "waiting")
    outage.stack.kill("postgrest")
    outage.until(lambda: outage.heard(sid).count("hold-music") >= 3, "music goes on")
    outage.stack.start("postgrest")
    outage.agent_ready("1002")
    call = outage.ended(sid)
    assert (call["call_status"], call["agent_id"]) == ("completed", outage.agent("1002")["id"])
