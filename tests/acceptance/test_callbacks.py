"""A caller who would rather be rung keeps their place, and is rung once, with an agent there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.centre import (
    ENDS,
    HANGS_UP,
    JOINS,
    TALKS_AND_HANGS_UP,
    CallCentre,
    hears,
    menu,
)

CUSTOMER = "+573017770001"
ASKS_FOR_A_CALLBACK = (
    hears("en la fila"),
    {"press": "1"},
    hears("Le llamaremos al"),
    {"press": "1"},
    ENDS,
)


def callback_of(centre: CallCentre, sid: str) -> dict[str, Any]:
    """The call that a caller's wish became."""
    return centre.row(
        "select * from public.call_records where custom_data ->> 'callback_of' = %s", sid
    )


def asked(centre: CallCentre, number: str = CUSTOMER) -> str:
    """Somebody who found no agent free and asked to be rung."""
    centre.agent_on_break()
    sid = centre.caller_for_support(*ASKS_FOR_A_CALLBACK, from_=number)
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "callback_requested")
    return sid


@pytest.mark.in_any_weather
def test_the_agent_is_rung_first_and_then_the_customer(centre: CallCentre) -> None:
    sid = asked(centre)
    wish = callback_of(centre, sid)
    assert (wish["call_status"], wish["call_direction"]) == ("queued", "outbound")
    assert wish["queued_at"] < centre.call(sid)["ended_at"]
    talks = [JOINS, {"talk": 10}, HANGS_UP]
    centre.sim.person(CUSTOMER, talks, {"answer_after": 3})
    centre.agent_ready("1002")
    centre.until(lambda: callback_of(centre, sid)["ended_at"], "called back and over")
    wish = callback_of(centre, sid)
    assert (wish["call_status"], wish["disposition"]) == ("completed", "completed")
    assert wish["agent_id"] == centre.agent("1002")["id"]
    assert wish["call_id"].startswith("CA")
    assert "Devolución de llamada" in centre.agent_heard("1002")
    assert wish["talk_seconds"] >= 8
    before, joined, _ = centre.heard(wish["call_id"]).partition("joined")
    assert "puede ser grabada" in before
    assert joined


@pytest.mark.in_any_weather
def test_a_customer_who_does_not_answer_is_tried_again_later_and_not_for_ever(
    centre: CallCentre,
) -> None:
    centre.rows("update private.settings set callback_attempts = 2, callback_spacing_seconds = 20")
    sid = asked(centre)
    centre.sim.person(CUSTOMER, [], {"ignore": True})
    centre.agent_ready("1002")
    centre.until(lambda: callback_of(centre, sid)["ended_at"], "given up")
    assert callback_of(centre, sid)["call_status"] == "no_answer"
    rung = [call for call in centre.sim.calls() if call["to"] == CUSTOMER]
    assert len(rung) == 2
    centre.until(lambda: centre.agent("1002")["current_call_count"] == 0, "the agent was let go")


@pytest.mark.in_any_weather
def test_one_number_never_waits_twice_for_a_callback(centre: CallCentre) -> None:
    asked(centre)
    again = centre.caller_for_support(*ASKS_FOR_A_CALLBACK, from_=CUSTOMER)
    centre.ended(again)
    assert "Ya tenemos una solicitud" in centre.heard(again)
    live = "select 1 from private.callbacks where ended_at is null and number = %s"
    assert len(centre.rows(live, CUSTOMER)) == 1


@pytest.mark.in_any_weather
def test_another_number_may_be_keyed(centre: CallCentre) -> None:
    centre.agent_on_break()
    sid = centre.caller_for_support(*ASKS_FOR_A_CALLBACK[:3], {"press": "3017770099#"}, ENDS)
    centre.ended(sid)
    assert callback_of(centre, sid)["caller_number"] == "+573017770099"


@pytest.mark.in_any_weather
def test_a_withheld_number_asks_for_a_callback_from_the_menu_and_keys_one(
    centre: CallCentre,
) -> None:
    callback = {"digit": "5", "description": "Que me llamen", "actionCallback": "sales"}
    centre.script(menu("main", "Marque 5 y le llamamos.", callback))
    centre.agent_on_break()
    sid = centre.caller(
        hears("Marque 5"), {"press": "5"}, hears("Marque el número"), {"press": "3017770099#"},
        hears("Conservamos su turno"), ENDS, from_="anonymous",
    )  # fmt: skip
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "callback_requested")
    wish = callback_of(centre, sid)
    assert (wish["caller_number"], wish["queue_name"]) == ("+573017770099", "sales")


@pytest.mark.in_any_weather
def test_a_callback_comes_before_whoever_rang_later(centre: CallCentre) -> None:
    sid = asked(centre)
    later = centre.caller_for_support(hears("número 2 en la fila"), *TALKS_AND_HANGS_UP)
    centre.until(lambda: "número 2" in centre.heard(later), "the other waits behind")
    centre.sim.person(CUSTOMER, list(TALKS_AND_HANGS_UP), {"answer_after": 1})
    centre.agent_ready("1002")
    call = centre.settled(later)
    wish = callback_of(centre, sid)
    assert wish["disposition"] == call["disposition"] == "completed"
    assert wish["answered_at"] < call["answered_at"]


@pytest.mark.in_any_weather
def test_a_callback_nobody_got_to_in_time_is_over_and_shown_as_such(centre: CallCentre) -> None:
    centre.rows("update private.settings set callback_expiry_seconds = 20")
    sid = asked(centre)
    centre.until(lambda: callback_of(centre, sid)["ended_at"], "over")
    wish = callback_of(centre, sid)
    assert (wish["call_status"], wish["disposition"]) == ("no_answer", "callback_expired")
    assert not [call for call in centre.sim.calls() if call["to"] == CUSTOMER]


@pytest.mark.parametrize("processes", [("web",), ("worker",), ("web", "worker")])
def test_a_crash_while_the_customer_is_rung_rings_nobody_twice(
    centre: CallCentre, processes: tuple[str, ...]
) -> None:
    sid = asked(centre)
    talks = [JOINS, {"talk": 10}, HANGS_UP]
    centre.sim.person(CUSTOMER, talks, {"answer_after": 6})
    centre.agent_ready("1002")
    centre.until(
        lambda: [call for call in centre.sim.calls() if call["to"] == CUSTOMER], "being rung"
    )
    for process in processes:
        centre.stack.kill(process)
    for process in processes:
        centre.stack.start(process)
    centre.until(lambda: callback_of(centre, sid)["ended_at"], "over", real_seconds=40)
    live_at_once = [call for call in centre.sim.calls() if call["to"] == CUSTOMER]
    assert len(live_at_once) <= 2  # a second attempt at most, after the first was over
