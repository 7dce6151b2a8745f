"""The database can't be reached: callers still hear something sensible, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.centre import BRIDGED, HANGS_UP, JOINS, CallCentre, hears, menu


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
    outage.becomes(sid, call_status="completed", disposition="transferred")


def leaves_a_message_while_the_database_is_away(outage: CallCentre) -> str:
    outage.stack.kill("postgrest")
    sid = outage.caller(hears("Deje su mensaje"), {"talk": 6}, HANGS_UP)
    outage.until(lambda: outage.sim.call(sid)["ended"], "the caller hung up")
    outage.stack.start("postgrest")
    return sid


def has_a_voicemail(outage: CallCentre, sid: str) -> bool:
    query = (
        "select 1 from public.voicemails v join public.call_records r on r.id = v.call_record_id"
        " where r.call_id = %s and r.disposition = 'voicemail'"
    )
    return bool(outage.rows(query, sid))


def test_a_caller_whom_the_fallback_number_does_not_answer_leaves_a_message(
    outage: CallCentre,
) -> None:
    outage.sim.person(outage.stack.env["FALLBACK_NUMBER"], on_ring={"reject": "busy"})
    sid = leaves_a_message_while_the_database_is_away(outage)
    assert "En un momento le atendemos." in outage.heard(sid)
    outage.until(lambda: has_a_voicemail(outage, sid), "the voicemail is kept", 60)


def test_without_a_fallback_number_a_caller_leaves_a_message(
    outage: CallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unset:
        unset.setattr("devstack.envfile.FALLBACK_NUMBER", "")
        outage.stack.kill("web")
        outage.stack.start("web")
    sid = leaves_a_message_while_the_database_is_away(outage)
    outage.stack.kill("web")
    outage.stack.start("web")
    assert "En un momento" not in outage.heard(sid)
    outage.until(lambda: has_a_voicemail(outage, sid), "the voicemail is kept", 60)


def test_a_caller_who_spoke_with_somebody_outside_is_not_rung_through_again(
    outage: CallCentre,
) -> None:
    outside, fallback = "+576015550777", outage.stack.env["FALLBACK_NUMBER"]
    outage.sim.person(outside, [{"wait": 60}, HANGS_UP], {"answer_after": 2})
    outage.script(menu("main", "Planta, 9.", {"digit": "9", "actionTransfer": outside}))
    sid = outage.caller(hears("Planta"), {"press": "9"}, BRIDGED, {"wait": 200})
    outage.until(lambda: outage.sim.call(sid)["bridged_with"], "they talk")
    outage.stack.kill("postgrest")
    outage.sim.wait_until_ended(sid)
    assert [call for call in outage.sim.calls() if call["to"] == fallback] == []


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
