"""Dial: ringing phones, bridging one, and what the action is told."""

import pytest
from twilio.rest import Client

from devstack.twilio.client import Json, Script, Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until

CALLER = "+573001112233"
AGENT = "+573009998877"
LEG = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'


def dialled(
    sim: Sim, service: Service, attributes: str = "", nouns: str = "", script: Script | None = None
) -> str:
    nouns = nouns or f"<Number {LEG}>{AGENT}</Number>"
    service.on("/voice", f'<Dial action="/after" {attributes}>{nouns}</Dial>', "<Say>Nunca</Say>")
    service.answers.setdefault("/after", "<Response><Say>Fin</Say></Response>")
    return sim.ring(CALLER, NUMBER, script)


def child_of(sim: Sim, parent: str) -> str:
    wait_until(lambda: [c for c in sim.calls() if c["parent_sid"] == parent])
    return str(next(c["sid"] for c in sim.calls() if c["parent_sid"] == parent))


def test_a_bridge_is_reported_to_the_action(sim: Sim, service: Service) -> None:
    sim.person(AGENT, [{"until": "bridged"}, {"talk": 6, "text": "Buenas"}, {"hangup": True}])
    sid = dialled(sim, service, 'record="record-from-answer"')
    sim.wait_until_ended(sid)
    child = child_of(sim, sid)
    (after,) = service.asked("/after")
    assert (after["DialCallStatus"], after["DialCallSid"]) == ("completed", child)
    assert after["DialBridged"] == "true"
    assert 5 <= int(after["DialCallDuration"]) <= 60
    assert "/Recordings/RE" in after["RecordingUrl"]
    assert "Buenas" in sim.heard(sid)
    assert "Nunca" not in sim.heard(sid)
    told = sorted(service.wait_for("/leg", 4), key=lambda p: int(p["SequenceNumber"]))
    assert [p["CallStatus"] for p in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert {p["ParentCallSid"] for p in told} == {sid}
    assert {p["Direction"] for p in told} == {"outbound-dial"}


@pytest.mark.parametrize(
    ("on_ring", "status"),
    [
        ({"reject": "busy"}, "busy"),
        ({"ignore": True}, "no-answer"),
        ({"unreachable": True}, "failed"),
        ({"answer_after": 12}, "no-answer"),
        ({"answer_after": 8}, "completed"),
    ],
)
def test_ringing_lasts_five_seconds_longer_than_asked(
    sim: Sim, service: Service, on_ring: Json, status: str
) -> None:
    sim.person(AGENT, [{"wait": 2}, {"hangup": True}], on_ring)
    sid = dialled(sim, service, 'timeout="5"')
    sim.wait_until_ended(sid)
    assert service.asked("/after")[0]["DialCallStatus"] == status


def test_the_first_to_answer_is_bridged_and_the_rest_are_canceled(
    sim: Sim, service: Service
) -> None:
    sim.person(AGENT, on_ring={"answer_after": 9})
    sim.person("client:ana", [{"wait": 3}, {"hangup": True}], {"answer_after": 2})
    nouns = f"<Number>{AGENT}</Number><Client><Identity>ana</Identity></Client>"
    sid = dialled(sim, service, nouns=nouns)
    sim.wait_until_ended(sid)
    legs = {c["to"]: c["status"] for c in sim.calls() if c["parent_sid"] == sid}
    assert legs == {AGENT: "canceled", "client:ana": "completed"}


def test_a_whisper_runs_before_the_bridge_and_hanging_up_declines(
    sim: Sim, service: Service
) -> None:
    service.on("/whisper", "<Say>Llamada de ventas</Say>")
    sim.person(AGENT, [{"until_heard": "ventas"}, {"hangup": True}])
    nouns = f'<Number url="/whisper">{AGENT}</Number>'
    sid = dialled(sim, service, nouns=nouns)
    sim.wait_until_ended(sid)
    assert service.asked("/whisper")[0]["CallSid"] == child_of(sim, sid)
    assert "bridged" not in str(sim.heard(sid))
    sim.person(AGENT, [{"until": "bridged"}, {"hangup": True}])
    again = dialled(sim, service, nouns=nouns)
    sim.wait_until_ended(again)
    assert service.asked("/after")[1]["DialBridged"] == "true"


def test_redirecting_the_caller_drops_the_other_leg(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/elsewhere", "<Say>Otra parte</Say>", '<Pause length="9"/>')
    sim.person(AGENT)
    sid = dialled(sim, service)
    wait_until(lambda: sim.call(sid)["bridged_with"])
    twilio.calls(sid).update(url=service.url("/elsewhere"))
    assert sim.wait_until_ended(child_of(sim, sid))["status"] == "completed"
    wait_heard(sim, sid, "Otra parte")
    (after,) = service.wait_for("/after")
    assert (after["DialCallStatus"], after["CallStatus"]) == ("completed", "in-progress")
    sim.wait_until_ended(sid)
    assert "Fin" not in sim.heard(sid)


def test_redirecting_the_dialled_leg_ends_the_callers_dial(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/elsewhere", "<Say>Otra parte</Say>", '<Pause length="9"/>')
    sim.person(AGENT)
    sid = dialled(sim, service)
    wait_until(lambda: sim.call(sid)["bridged_with"])
    child = child_of(sim, sid)
    twilio.calls(child).update(url=service.url("/elsewhere"))
    wait_heard(sim, child, "Otra parte")
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Fin"
    sim.wait_until_ended(child)


def test_a_caller_who_gives_up_cancels_the_ringing_leg(sim: Sim, service: Service) -> None:
    sim.person(AGENT, on_ring={"answer_after": 25})
    sid = dialled(sim, service, script=[{"wait": 4}, {"hangup": True}])
    sim.wait_until_ended(sid)
    child = child_of(sim, sid)
    assert sim.wait_until_ended(child)["status"] == "canceled"
    (after,) = service.wait_for("/after")
    assert (after["DialCallStatus"], after["CallStatus"]) == ("canceled", "completed")


def test_answer_on_bridge_leaves_the_caller_ringing(sim: Sim, service: Service) -> None:
    sim.person(AGENT, on_ring={"ignore": True})
    service.on("/voice", f'<Dial answerOnBridge="true" timeout="5"><Number>{AGENT}</Number></Dial>')
    sid = sim.ring(CALLER, NUMBER, hangup_after=4)
    call = sim.wait_until_ended(sid)
    assert (call["status"], call["answered"]) == ("no-answer", None)


def test_the_star_key_and_the_time_limit_end_a_bridge(sim: Sim, service: Service) -> None:
    sim.person(AGENT)
    starred = dialled(
        sim, service, 'hangupOnStar="true"', script=[{"until": "bridged"}, {"press": "*"}]
    )
    sim.wait_until_ended(starred)
    limited = dialled(sim, service, 'timeLimit="3"')
    sim.wait_until_ended(limited)
    assert [p["DialCallStatus"] for p in service.asked("/after")] == ["completed", "completed"]
    assert sim.heard(starred)[-1] == sim.heard(limited)[-1] == "Fin"


def test_parameters_reach_the_softphones_document(sim: Sim, service: Service) -> None:
    service.on("/whisper", "<Pause/>")
    sim.person("client:ana", [{"until": "bridged"}, {"hangup": True}])
    nouns = (
        '<Client url="/whisper"><Identity>ana</Identity><Parameter name="caso" value="7"/></Client>'
    )
    sim.wait_until_ended(dialled(sim, service, nouns=nouns))
    assert service.asked("/whisper")[0]["caso"] == "7"
