"""Customers are told by text message, and tell us to stop; agents write to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.centre import HANGS_UP, CallCentre, hears
from tests.acceptance.screen import Screen
from tests.acceptance.test_callbacks import asked

CUSTOMER = "+573154447001"
TO_A_SERVICE = "+15550009999"


def misses_us(centre: CallCentre) -> str:
    """A customer of Soporte who waits for an agent that does not come, and hangs up."""
    centre.queue(text_rules=["missed_call"])
    centre.agent_on_break()
    sid = centre.caller_for_support(hears("espere"), {"wait": 5}, HANGS_UP, from_=CUSTOMER)
    assert centre.ended(sid)["call_status"] == "missed"
    return sid


def texts(centre: CallCentre) -> list[dict[str, Any]]:
    """But those that were withdrawn: of a missed call whose message is heard of only afterwards."""
    return centre.rows(
        "select * from private.text_messages where state <> 'withdrawn' order by created_at"
    )


def becomes(centre: CallCentre, *states: str) -> dict[str, Any]:
    """The newest message, once the messages stand so."""
    centre.until(
        lambda: [text["state"] for text in texts(centre)] == list(states),
        f"messages are {states}",
        None if centre.calm else 90,
        lambda: texts(centre),
    )
    return texts(centre)[-1]


def writes(centre: CallCentre, words: str) -> None:
    before = centre.row("select count(*) as n from private.incoming_texts")["n"]
    centre.sim.write(CUSTOMER, TO_A_SERVICE, words, centre.stack.env["TWILIO_SMS_SENDER"])
    kept = "select count(*) as n from private.incoming_texts"
    centre.until(lambda: centre.row(kept)["n"] == before + 1, "it is heard")


def test_a_missed_call_is_told_of_and_delivered(centre: CallCentre) -> None:
    sid = misses_us(centre)
    text = becomes(centre, "delivered")
    (sent,) = centre.sim.messages()
    assert (sent["to"], sent["body"], sent["sid"]) == (CUSTOMER, text["words"], text["sid"])
    assert "Soporte" in text["words"]
    assert text["call_record_id"] == centre.call(sid)["id"]


def test_with_faults_it_is_told_once_and_its_row_tells_the_truth(centre: CallCentre) -> None:
    centre.calm = False
    misses_us(centre)
    centre.sim.faults(duplicate=0.7, reorder=0.7, delay=0.3, rest_timeout_after_acting=0.5, seed=4)
    centre.until(lambda: len(centre.sim.messages()) == 1, "it is sent", 60)
    becomes(centre, "delivered")
    centre.until(lambda: not centre.sim.untold(), "Twilio has told us everything")
    becomes(centre, "delivered")
    assert len(centre.sim.messages()) == 1


@pytest.mark.parametrize(
    ("code", "state", "error"),
    [
        (21211, "failed", "No number that Twilio knows"),
        (21610, "refused", "They want no messages from us"),
        (30007, "undelivered", "The carrier took it for spam"),
    ],
)
def test_what_is_not_delivered_says_why(
    centre: CallCentre, code: int, state: str, error: str
) -> None:
    centre.sim.account(texts={CUSTOMER: code})
    misses_us(centre)
    text = becomes(centre, state)
    assert (text["error_code"], text["error"]) == (str(code), error)


def test_a_message_that_was_left_is_told_of_in_bad_weather(centre: CallCentre) -> None:
    centre.calm = False
    centre.queue(text_rules=["voicemail_received", "missed_call"])
    centre.sim.faults(duplicate=0.7, reorder=0.7, rest_429=0.3, seed=5)
    sid = centre.caller_for_support(hears("beep"), {"talk": 6}, HANGS_UP, from_=CUSTOMER)
    centre.ended(sid)
    text = becomes(centre, "delivered")
    assert (text["rule"], len(centre.sim.messages())) == ("voicemail_received", 1)


def test_a_callback_is_promised_and_where_nobody_gets_to_it_that_is_told_too(
    centre: CallCentre,
) -> None:
    centre.queue(text_rules=["callback_promised", "callback_missed"])
    centre.rows("update private.settings set callback_expiry_seconds = 60")
    centre.sim.account(texts={CUSTOMER: 30003})
    asked(centre, CUSTOMER)
    assert becomes(centre, "undelivered")["rule"] == "callback_promised"
    text = becomes(centre, "undelivered", "undelivered")
    assert (text["rule"], text["error"]) == (
        "callback_missed",
        "The telephone is off or out of reach",
    )
    assert len(centre.sim.messages()) == 2


def test_who_writes_baja_is_left_alone_until_they_write_alta(centre: CallCentre) -> None:
    writes(centre, "Baja")
    misses_us(centre)
    becomes(centre, "refused")
    writes(centre, "ALTA")
    misses_us(centre)
    becomes(centre, "refused", "delivered")
    assert len(centre.sim.messages()) == 1


def test_an_agent_writes_to_a_customer_who_then_opts_out(centre: CallCentre) -> None:
    screen = Screen(centre.stack, "agente1@demo.local")
    screen.does("messages", to="315 444 7001", text="Su pedido sale mañana.")
    text = becomes(centre, "delivered")
    assert (text["words"], text["rule"]) == ("Su pedido sale mañana.", "agent")
    writes(centre, "STOP")
    answer = screen.asks("POST", "messages", to="315 444 7001", text="¿Seguro?")
    assert (answer.status_code, answer.json()["details"]["code"]) == (409, "opted_out")
    assert len(centre.sim.messages()) == 1
