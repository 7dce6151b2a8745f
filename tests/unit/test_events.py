"""Events become the JSON that the database's functions take."""

from __future__ import annotations

from callcenter.events import LegEvent, ListedCall, Role, VoiceRequest


def test_a_field_has_the_name_that_sql_has_for_it_and_what_was_not_said_is_left_out() -> None:
    request = VoiceRequest(
        call_sid="CA1", from_="+573001234567", role=Role.CUSTOMER, duration=0, confirming=False
    )
    assert request.to_json() == {
        "call_sid": "CA1",
        "from": "+573001234567",
        "role": "customer",
        "duration": 0,
        "confirming": False,
        "params": {},
    }


def test_a_listed_call_is_an_event_of_its_leg() -> None:
    leg = LegEvent(call_sid="CA1", status="no_answer", source="reconcile")
    listed = ListedCall(leg=leg, created_at="2026-11-23T15:00:00+00:00", reached_fallback=True)
    assert listed.to_json() == {**leg.to_json(), "reached_fallback": True}
