"""TwiML that Twilio would not run: refused, and loudly."""

import pytest

from devstack.twilio.client import Sim
from devstack.twilio.twiml.parser import TwimlError, parse
from tests.simulator.conftest import NUMBER, configure
from tests.simulator.service import Service

CALLER = "+573001112233"
APOLOGY = "We are sorry, an application error has occurred. Goodbye."


def response(inner: str) -> bytes:
    return f"<?xml version='1.0' encoding='UTF-8'?><Response>{inner}</Response>".encode()


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<Speak>x</Speak>", 12200),
        ('<Say volume="9">x</Say>', 12200),
        ('<Say language="es-CO">x</Say>', 13520),
        ("<Say></Say>", 13520),
        ('<Gather timeout="soon"/>', 13312),
        ('<Gather input="voice"/>', 13312),
        ("<Gather><Dial>+573001112233</Dial></Gather>", 12200),
        ("<Dial><Say>x</Say></Dial>", 12200),
        ("<Dial><Conference>a</Conference><Number>+573001112233</Number></Dial>", 12200),
        ("<Dial/>", 13200),
        ('<Dial timeout="3"><Number>+573001112233</Number></Dial>', 13200),
        ("<Dial><Number>3001112233</Number></Dial>", 13223),
        ('<Dial><Conference muted="yes">a</Conference></Dial>', 13230),
        ('<Dial><Conference statusCallbackEvent="joined">a</Conference></Dial>', 13230),
        ('<Redirect method="PUT">/x</Redirect>', 13710),
        ("<Redirect>javascript:x</Redirect>", 13710),
        ('<Reject reason="tired"/>', 12200),
        ("loose text", 12200),
        ("<Pause>1</Pause>", 12200),
        ("<Say>unclosed", 12100),
        ("<Say>a & b</Say>", 12100),
    ],
)
def test_what_twilio_would_not_run_is_refused(inner: str, code: int) -> None:
    with pytest.raises(TwimlError) as refused:
        parse(response(inner))
    assert refused.value.code == code


def test_only_some_verbs_run_beside_a_call() -> None:
    for context, inner, code in (
        ("queue-wait", "<Dial>+573001112233</Dial>", 12200),
        ("conference", "<Gather/>", 12200),
        ("whisper", "<Dial>+573001112233</Dial>", 13201),
    ):
        with pytest.raises(TwimlError) as refused:
            parse(response(inner), context)
        assert refused.value.code == code
    assert parse(response("<Leave/>"), "queue-wait")[0].tag == "Leave"


def test_speech_markup_is_spoken_as_text() -> None:
    (say,) = parse(response("<Say>Hola <prosody rate='slow'>doña</prosody> Ana</Say>"))
    assert say.text == "Hola doña Ana"


def test_64_kilobytes_are_the_most() -> None:
    with pytest.raises(TwimlError) as refused:
        parse(response("<Say>" + "a" * 66_000 + "</Say>"))
    assert refused.value.code == 11750


def test_a_document_type_is_refused() -> None:
    with pytest.raises(TwimlError):
        parse(b'<!DOCTYPE Response [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>')


def test_invalid_twiml_ends_the_call_loudly(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Say loud="yes">x</Say>')
    sid = sim.ring(CALLER, NUMBER)
    assert sim.wait_until_ended(sid)["status"] == "completed"
    assert "application error" in sim.heard(sid)[-1]
    (error,) = sim.errors()
    assert (error["code"], error["sid"]) == (12200, sid)
    assert error["url"] == service.url("/voice")
    assert "loud" in error["message"]


def test_the_fallback_url_is_asked_first(sim: Sim, service: Service) -> None:
    configure(sim, voice_fallback_url=service.url("/fallback"))
    service.on("/voice", "<Nonsense/>")
    service.on("/fallback", "<Say>Disculpe</Say>")
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Disculpe"
    asked = service.asked("/fallback")[0]
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == ("12200", service.url("/voice"))


@pytest.mark.parametrize(
    ("answer", "heard", "code"),
    [
        ((200, "text/plain", "<Response/>"), "<Response/>", 12300),
        ((200, "", "<Response/>"), APOLOGY, 11200),
        ((200, "application/json", "{}"), APOLOGY, 12300),
        ((429, "text/xml", "<Response/>"), APOLOGY, 11200),
        ((204, "", ""), APOLOGY, 11200),
    ],
)  # fmt: skip
def test_content_types_and_statuses_matter(
    sim: Sim, service: Service, answer: tuple[int, str, str], heard: str, code: int
) -> None:
    service.answers["/voice"] = answer
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == heard
    assert [e["code"] for e in sim.errors()] == [code]


def test_a_rejected_call_is_never_answered(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Reject reason="busy"/>')
    sid = sim.ring(CALLER, NUMBER)
    call = sim.wait_until_ended(sid)
    assert (call["status"], call["answered"]) == ("busy", None)
    assert sim.heard(sid)[-1] == "busy_tone"
