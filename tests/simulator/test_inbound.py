"""Calls that come in: what a caller hears, presses, and what the service is asked."""

from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.sdk import ACCOUNT
from tests.simulator.service import Service

CALLER = "+573001112233"


def test_a_caller_hears_the_document_and_the_call_completes(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Say language="es-MX">Hola</Say>', "<Hangup/>")
    sid = sim.ring(CALLER, NUMBER)
    call = sim.wait_until_ended(sid)
    assert call["status"] == "completed"
    assert sim.heard(sid) == ["ringing", "Hola"]
    asked = service.asked("/voice")[0]
    expected = {
        "CallSid": sid, "AccountSid": ACCOUNT, "From": CALLER, "To": NUMBER, "Caller": CALLER,
        "Called": NUMBER, "CallStatus": "ringing", "Direction": "inbound",
        "ApiVersion": "2010-04-01",
    }  # fmt: skip
    assert expected.items() <= asked.items()


def test_the_number_is_told_when_the_call_is_over(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Pause length="3"/>', "<Say>Bye</Say>", '<Pause length="5"/>')
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    (told,) = service.wait_for("/status")
    assert told["CallStatus"] == "completed"
    assert told["CallbackSource"] == "call-progress-events"
    assert told["SequenceNumber"] == "0"
    assert 5 <= int(told["CallDuration"]) <= 60
    assert told["Timestamp"].endswith("+0000")


def test_keys_go_to_the_action_of_a_gather(sim: Sim, service: Service) -> None:
    service.on(
        "/voice", '<Gather numDigits="1" action="/menu"><Say>Marque 1</Say></Gather>', "<Hangup/>"
    )
    service.on("/menu", "<Say>Ventas</Say>")
    sid = sim.ring(CALLER, NUMBER, [{"until_heard": "marque"}, {"press": "1"}])
    sim.wait_until_ended(sid)
    assert service.asked("/menu")[0]["Digits"] == "1"
    assert service.asked("/menu")[0]["CallStatus"] == "in-progress"
    assert sim.heard(sid)[-1] == "Ventas"


def test_a_gather_without_input_falls_through(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Gather action="/menu" timeout="2"/>', "<Say>Nada</Say>")
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    assert service.asked("/menu") == []
    assert sim.heard(sid)[-1] == "Nada"


def test_a_queued_caller_is_brought_into_a_room(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Enqueue waitUrl="/wait" action="/left">support</Enqueue>')
    service.on("/wait", "<Say>Espere</Say>", "<Play>/music.mp3</Play>")
    sid = sim.ring(CALLER, NUMBER, [{"until_heard": "music.mp3"}, {"wait": 1}, {"hangup": True}])
    sim.wait_until_ended(sid)
    wait = service.asked("/wait")[0]
    assert (wait["QueuePosition"], wait["CurrentQueueSize"]) == ("1", "1")
    (left,) = service.wait_for("/left")
    assert left["QueueResult"] == "hangup"
    assert left["QueueSid"] == wait["QueueSid"]


def test_a_voicemail_is_recorded(sim: Sim, service: Service) -> None:
    service.on(
        "/voice",
        '<Record action="/saved" recordingStatusCallback="/recording" timeout="3" maxLength="60"/>',
    )
    service.on("/saved", "<Say>Gracias</Say>")
    script: Script = [{"until_heard": "beep"}, {"talk": 8, "text": "Llámenme"}]
    sid = sim.ring(CALLER, NUMBER, script)
    sim.wait_until_ended(sid)
    (saved,) = service.asked("/saved")
    (told,) = service.wait_for("/recording")
    assert 7 <= int(told["RecordingDuration"]) <= 30
    assert int(saved["RecordingDuration"]) >= int(told["RecordingDuration"]) + 3
    assert told["RecordingSid"] == saved["RecordingSid"]
    assert told["RecordingStatus"] == "completed"
    assert told["CallSid"] == sid
    assert sim.heard(sid)[-1] == "Gracias"
