"""Twilio does not let a customer into the room where their agent waits."""

from __future__ import annotations

from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre


def test_a_customer_whose_name_is_taken_in_the_room_comes_in_under_another(
    centre: CallCentre,
) -> None:
    centre.agent_on_break()
    sid = centre.caller_for_support(JOINS, {"talk": 20}, HANGS_UP)
    centre.becomes(sid, call_status="queued")
    room = f"call-{centre.call(sid)['id']}"
    taken = f'<Conference participantLabel="customer-{sid}-1">{room}</Conference>'
    stranger = centre.sim.bin(f"<Response><Dial>{taken}</Dial></Response>")
    centre.sim.ring("+573009990000", centre.number, [JOINS], url=stranger, method="GET")
    centre.agent_ready()
    call = centre.ended(sid)
    assert f"joined {room}" in centre.heard(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    assert [error["code"] for error in centre.sim.errors()] == [16025]
    centre.sim.reset()  # that complaint was meant
