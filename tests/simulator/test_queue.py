"""Enqueue: waiting, leaving, and what the action is told."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until

CALLER = "+573001112233"


def queued(
    sim: Sim, service: Service, script: Script | None = None, action: str = 'action="/left"'
) -> str:
    service.on("/voice", f'<Enqueue waitUrl="/wait" {action}>support</Enqueue>', "<Say>Sigue</Say>")
    service.answers.setdefault("/wait", "<Response><Say>Espere</Say></Response>")
    service.answers.setdefault("/left", "<Response><Say>Hecho</Say></Response>")
    sid = sim.ring(CALLER, NUMBER, script)
    wait_heard(sim, sid, "Espere")
    return sid


def test_the_wait_document_repeats_with_the_position(sim: Sim, service: Service) -> None:
    queued(sim, service)
    first = service.wait_for("/wait", 3)[0]
    names = {"QueuePosition", "QueueSid", "QueueTime", "AvgQueueTime", "CurrentQueueSize"}
    assert names <= set(first)


def test_an_empty_wait_document_is_not_a_flood(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Enqueue waitUrl="/wait">support</Enqueue>')
    service.on("/wait")
    sid = sim.ring(CALLER, NUMBER, [{"wait": 10}, {"hangup": True}])
    sim.wait_until_ended(sid)
    assert len(service.asked("/wait")) <= 40


def test_leave_goes_to_the_action(sim: Sim, service: Service) -> None:
    service.on("/wait", "<Say>Espere</Say>", "<Leave/>")
    sid = queued(sim, service)
    sim.wait_until_ended(sid)
    assert service.asked("/left")[0]["QueueResult"] == "leave"
    assert sim.heard(sid)[-1] == "Hecho"


def test_leave_without_an_action_goes_on(sim: Sim, service: Service) -> None:
    service.on("/wait", "<Say>Espere</Say>", "<Leave/>")
    sid = queued(sim, service, action="")
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Sigue"


def test_a_caller_can_press_out_of_the_queue(sim: Sim, service: Service) -> None:
    service.on(
        "/wait", '<Gather numDigits="1" action="/key"><Say>Espere</Say><Pause length="9"/></Gather>'
    )
    service.on("/key", "<Leave/>")
    sid = queued(sim, service, [{"until_heard": "espere"}, {"press": "9"}])
    sim.wait_until_ended(sid)
    assert service.asked("/key")[0]["Digits"] == "9"
    assert service.asked("/left")[0]["QueueResult"] == "leave"


def test_redirecting_a_queued_caller_ignores_the_actions_document(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/elsewhere", "<Say>Otra parte</Say>", '<Pause length="9"/>')
    sid = queued(sim, service)
    twilio.calls(sid).update(url=service.url("/elsewhere"))
    sim.wait_until_ended(sid)
    (left,) = service.wait_for("/left")
    assert (left["QueueResult"], left["CallStatus"]) == ("redirected", "in-progress")
    assert "Otra parte" in sim.heard(sid)
    assert "Hecho" not in sim.heard(sid)


def test_twilio_may_run_the_actions_document_of_a_redirected_caller(
    sim: Sim, service: Service, twilio: Client
) -> None:
    sim.account(runs_redirected_action=True)
    service.on("/elsewhere", "<Say>Otra parte</Say>")
    sid = queued(sim, service)
    twilio.calls(sid).update(url=service.url("/elsewhere"))
    sim.wait_until_ended(sid)
    assert service.asked("/left")[0]["QueueResult"] == "redirected"
    assert "Hecho" in sim.heard(sid)
    assert service.asked("/elsewhere") == []


def test_a_member_is_dequeued_by_rest(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/connect", "<Say>Conectando</Say>", '<Pause length="5"/>')
    sid = queued(sim, service)
    queue = twilio.queues.list()[0]
    assert (queue.friendly_name, queue.max_size, queue.current_size) == ("support", 100, 1)
    members = twilio.queues(queue.sid).members
    assert [m.call_sid for m in members.list()] == [sid]
    assert members("Front").fetch().position == 1
    members("Front").update(url=service.url("/connect"), method="POST")
    wait_heard(sim, sid, "Conectando")
    assert "QueueTime" in service.asked("/connect")[0]
    assert service.wait_for("/left")[0]["QueueResult"] == "redirected"
    with pytest.raises(TwilioRestException) as gone:
        members(sid).fetch()
    assert gone.value.status == 404


def test_a_full_queue_turns_callers_away(sim: Sim, service: Service, twilio: Client) -> None:
    first = queued(sim, service)
    sid = twilio.queues.list()[0].sid
    twilio.queues(sid).update(max_size=1)
    second = sim.ring("+573004445566", NUMBER)
    sim.wait_until_ended(second)
    (left,) = service.asked("/left")
    assert (left["CallSid"], left["QueueResult"]) == (second, "queue-full")
    assert "QueueSid" not in left
    assert sim.call(first)["queue"] == "support"


def test_a_queue_made_by_enqueue_holds_a_hundred(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Enqueue action="/left">support</Enqueue>')
    sids = [sim.ring(f"+57300111{n:04}", NUMBER) for n in range(101)]
    (left,) = service.wait_for("/left")
    assert left["QueueResult"] == "queue-full"
    assert sum(call["queue"] == "support" for call in sim.calls(live=True)) == 100
    assert len(sids) == 101


def test_a_broken_wait_document_ends_the_wait_with_error(sim: Sim, service: Service) -> None:
    service.on("/wait", "<Dial>+573001112233</Dial>")
    service.on("/voice", '<Enqueue waitUrl="/wait" action="/left">support</Enqueue>')
    service.on("/left", "<Say>Hecho</Say>")
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    assert service.asked("/left")[0]["QueueResult"] == "error"
    assert sim.errors()[0]["code"] == 12200


def test_dialling_a_queue_bridges_who_is_in_front(
    sim: Sim, service: Service, twilio: Client
) -> None:
    caller = queued(sim, service)
    service.on("/agent", '<Dial action="/dialled"><Queue>support</Queue></Dial>')
    service.on("/dialled", "<Say>Fin</Say>")
    sim.person("client:ana", [{"until": "bridged"}, {"wait": 5}])
    agent = twilio.calls.create(to="client:ana", from_=NUMBER, url=service.url("/agent")).sid
    wait_until(lambda: sim.call(caller)["bridged_with"] == agent)
    assert service.asked("/left") == []
    sim.act(caller, [{"hangup": True}])
    sim.wait_until_ended(agent)
    assert service.asked("/dialled")[0]["DialCallStatus"] == "completed"
    (left,) = service.wait_for("/left")
    assert (left["QueueResult"], left["DequeingCallSid"]) == ("bridged", agent)
