"""Gather's details: speech, finish keys, barging in, empty results."""

import pytest

from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.service import Params, Service

CALLER = "+573001112233"


def gathered(
    sim: Sim, service: Service, attributes: str, script: Script, prompt: str = ""
) -> list[Params]:
    prompt = prompt or "<Say>Diga</Say>"
    service.on("/voice", f'<Gather action="/got" {attributes}>{prompt}</Gather>', "<Say>Nada</Say>")
    service.on("/got")
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, script))
    return service.asked("/got")


def test_speech_is_recognised(sim: Sim, service: Service) -> None:
    script = [{"until_heard": "diga"}, {"say": "quiero soporte"}]
    (got,) = gathered(sim, service, 'input="dtmf speech" language="es-CO"', script)
    assert got["SpeechResult"] == "quiero soporte"
    assert 0 < float(got["Confidence"]) <= 1
    assert "Digits" not in got


def test_speech_is_not_heard_by_a_gather_of_keys(sim: Sim, service: Service) -> None:
    script = [{"until_heard": "diga"}, {"say": "soporte"}]
    assert gathered(sim, service, 'timeout="3"', script) == []


def test_the_first_input_wins(sim: Sim, service: Service) -> None:
    both = {"input": "dtmf speech", "numDigits": "3", "timeout": "2"}
    attributes = " ".join(f'{name}="{value}"' for name, value in both.items())
    service.on("/voice", f'<Gather {attributes} action="/key"><Say>Diga</Say></Gather>')
    service.on("/key", "<Hangup/>")
    listens = {"until_heard": "Diga"}
    keys_first = [listens, {"press": "1"}, {"say": "soporte"}]
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER, keys_first))
    sid = sim.ring("+573001112234", NUMBER, [listens, {"say": "quiero hablar con soporte"}])
    sim.act(sid, [listens, {"wait": 1}, {"press": "1"}])
    sim.wait_until_ended(sid)
    first, second = service.asked("/key")
    assert (first["Digits"], "SpeechResult" in first) == ("1", False)
    assert (second["SpeechResult"], "Digits" in second) == ("quiero hablar con soporte", False)


def test_the_finish_key_is_stripped(sim: Sim, service: Service) -> None:
    (got,) = gathered(sim, service, "", [{"until_heard": "diga"}, {"press": "123#"}])
    assert (got["Digits"], got["FinishedOnKey"]) == ("123", "#")


def test_without_a_finish_key_the_time_out_ends_it(sim: Sim, service: Service) -> None:
    script = [{"until_heard": "diga"}, {"press": "12#"}]
    (got,) = gathered(sim, service, 'finishOnKey="" timeout="2"', script)
    assert got["Digits"] == "12#"


def test_the_finish_key_alone_is_no_input(sim: Sim, service: Service) -> None:
    assert gathered(sim, service, "", [{"until_heard": "diga"}, {"press": "#"}]) == []


def test_silence_is_reported_when_asked_for(sim: Sim, service: Service) -> None:
    (got,) = gathered(sim, service, 'actionOnEmptyResult="true" timeout="2"', [])
    assert got["Digits"] == ""


def test_a_key_interrupts_the_prompt(sim: Sim, service: Service) -> None:
    prompt = '<Say>Diga</Say><Pause length="60"/><Say>Tarde</Say>'
    (got,) = gathered(
        sim, service, 'numDigits="1"', [{"until_heard": "diga"}, {"press": "2"}], prompt
    )
    assert got["Digits"] == "2"
    assert "Tarde" not in sim.heard(got["CallSid"])


def test_without_barging_in_the_prompt_is_heard_to_its_end(sim: Sim, service: Service) -> None:
    prompt = '<Say>Diga</Say><Pause length="5"/><Say>Ahora</Say>'
    script: Script = [
        {"until_heard": "diga"},
        {"press": "1"},
        {"until_heard": "ahora"},
        {"wait": 2},
        {"press": "2"},
    ]
    (got,) = gathered(sim, service, 'numDigits="1" bargeIn="false" timeout="60"', script, prompt)
    assert got["Digits"] == "2"


@pytest.mark.parametrize("keys", ["5", "55"])
def test_keys_nobody_waits_for_are_lost(sim: Sim, service: Service, keys: str) -> None:
    service.on(
        "/voice", '<Pause length="5"/><Say>Hola</Say>', '<Gather action="/got" timeout="2"/>'
    )
    script = [{"press": keys}]
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, script))
    assert service.asked("/got") == []


def test_without_an_action_the_keys_go_to_the_same_document(sim: Sim, service: Service) -> None:
    def voice(params: Params) -> str:
        inner = (
            "<Hangup/>" if "Digits" in params else '<Gather numDigits="1"><Say>Diga</Say></Gather>'
        )
        return f"<Response>{inner}</Response>"

    service.answers["/voice"] = voice
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, [{"until_heard": "diga"}, {"press": "4"}]))
    assert service.asked("/voice")[1]["Digits"] == "4"
