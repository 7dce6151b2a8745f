"""An agent's softphone signs in, is told what rings, and places calls of its own."""

from __future__ import annotations

import jwt
import pytest

from tests.acceptance.centre import HANGS_UP, JOINS, TALKS_AND_HANGS_UP, CallCentre
from tests.acceptance.screen import Screen

AGENT = "agente1@demo.local"
CUSTOMER = "+573009990003"


def identity(centre: CallCentre) -> str:
    return str(Screen(centre.stack, AGENT).does("softphone/token")["identity"])


def places(centre: CallCentre, number: str) -> str:
    """The softphone rings a number, as Device.connect does; the SID of its leg."""
    base = f"{centre.stack.env['PUBLIC_URL']}/api/twilio"
    script = [JOINS, {"talk": 5}, HANGS_UP]
    return centre.sim.ring(
        f"client:{identity(centre)}",
        number,
        script,
        url=f"{base}/softphone-call",
        status_callback=f"{base}/call-status",
    )


def test_a_token_is_signed_with_the_api_key_and_holds_no_secret(centre: CallCentre) -> None:
    token = Screen(centre.stack, AGENT).does("softphone/token")["token"]
    env = centre.stack.env
    read = jwt.decode(token, env["TWILIO_API_KEY_SECRET"], ["HS256"])
    assert (read["iss"], read["sub"]) == (env["TWILIO_API_KEY_SID"], env["TWILIO_ACCOUNT_SID"])
    assert read["grants"]["identity"] == f"agent_{centre.agent()['id'].hex}"
    assert read["grants"]["voice"]["outgoing"] == {"application_sid": env["TWILIO_TWIML_APP_SID"]}


@pytest.mark.in_any_weather
def test_an_agent_places_a_call_from_their_softphone(centre: CallCentre) -> None:
    centre.sim.person(CUSTOMER, [JOINS, {"wait": 600}], {"answer_after": 1})
    leg = places(centre, "300 999 0003")
    query = (
        "select call_status, ended_at from public.call_records where id = private.call_named(%s)"
    )
    over = f"{query} and ended_at is not null"
    centre.until(lambda: centre.rows(over, leg), "the call is over")
    assert centre.row(query, leg)["call_status"] == "completed"
    centre.until(centre.nobody_is_busy, "everybody is free")
    assert [call["to"] for call in centre.sim.calls() if call["direction"] == "outbound-api"] == [
        CUSTOMER
    ]


def test_what_may_not_be_rung_is_said_to_the_agent(centre: CallCentre) -> None:
    for number in ("no number", centre.number):
        leg = places(centre, number)
        centre.sim.wait_until_ended(leg, 30)
        assert "no se puede hacer" in centre.heard(leg) or number == centre.number
    centre.until(centre.nobody_is_busy, "everybody is free")


@pytest.mark.parametrize("told", [False, True])
def test_a_softphone_that_rings_is_told_what_its_desk_shows(centre: CallCentre, told: bool) -> None:
    centre.sim.account(tells_parameters=told)
    centre.agent_ready("1001", [JOINS, {"wait": 600}])
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP, from_=CUSTOMER)
    call = centre.settled(sid)
    (leg,) = centre.agent_legs()
    shown = leg["parameters"]
    assert {name: shown[name] for name in ("call", "number", "queue", "direction")} == {
        "call": str(call["id"]),
        "number": CUSTOMER,
        "queue": "support",
        "direction": "inbound",
    }
    assert shown.keys() <= {"call", "number", "queue", "direction", "contact"}
    query = "select address from private.call_legs where call_sid = %s"
    assert centre.row(query, leg["sid"])["address"] == f"client:agent_{centre.agent()['id'].hex}"
