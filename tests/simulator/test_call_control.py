"""Control of a call in a room: who hears whom when somebody is held, muted, coached or told."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Sim
from tests.simulator.conftest import NUMBER, StartSim
from tests.simulator.rooms import (
    AGENT,
    BOSS,
    CUSTOMER,
    EVENTS,
    agent_in,
    customer_in,
    in_order,
    joins,
    participant,
    room,
)
from tests.simulator.sdk import client_of
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until

SECOND = "client:agent_2"
IVR = "+573004445566"
RECORDED = 'record="record-from-start"'


def told_to(service: Service, count: int) -> list[tuple[str, str]]:
    """Events of the room with whose they are, in the order of their numbers."""
    told = in_order(service, "/room", count)
    return [(p["StatusCallbackEvent"], p.get("ParticipantLabel", "")) for p in told]


def test_the_customer_hears_somebody_or_music_all_through_a_warm_transfer(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    first = agent_in(sim, service, twilio)
    wait_until(lambda: sim.hears(customer) == {first})
    participant(twilio, customer).update(hold=True)
    wait_until(lambda: sim.hears(customer) == {"music"})
    sim.person(SECOND)
    second = joins(sim, twilio, SECOND)
    wait_until(lambda: sim.hears(second) == {first})
    assert sim.hears(first) == {second}
    participant(twilio, customer).update(hold=False)
    wait_until(lambda: sim.hears(customer) == {first, second})
    participant(twilio, first).delete()
    sim.wait_until_ended(first)
    wait_until(lambda: sim.hears(customer) == {second})
    assert sim.silences(customer) == []
    assert sim.call(customer)["ended"] is None
    with_first, again = sim.hearing(customer, first)
    (music,) = [m for m in sim.hearing(customer, "music") if m["begin"] > with_first["begin"]]
    (with_second,) = sim.hearing(customer, second)
    assert with_first["end"] == pytest.approx(music["begin"], abs=0.5)
    assert music["end"] == pytest.approx(with_second["begin"], abs=0.5)
    assert with_first["begin"] < with_first["end"] < again["begin"] < again["end"]
    (consult,) = sim.hearing(second, first)
    assert consult["begin"] < with_second["begin"]


def test_somebody_on_hold_hears_music_and_is_heard_by_nobody(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    participant(twilio, customer).update(hold=True)
    wait_until(lambda: sim.hears(customer) == {"music"})
    assert sim.hears(agent) == set()
    sim.act(customer, [{"say": "¿hola?"}])
    wait_until(lambda: "¿hola?" in sim.call(customer)["said"])
    assert "¿hola?" not in sim.heard(agent)
    participant(twilio, customer).update(hold=False)
    wait_until(lambda: sim.hears(agent) == {customer})


def test_a_hold_document_that_ends_is_followed_by_silence(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/hold", "<Say>Un momento</Say>")
    customer = customer_in(sim, service)
    agent_in(sim, service, twilio)
    participant(twilio, customer).update(hold=True, hold_url=service.url("/hold"))
    wait_heard(sim, customer, "Un momento")
    wait_until(lambda: sim.hears(customer) == set())


def test_a_muted_one_hears_and_is_not_heard(sim: Sim, service: Service, twilio: Client) -> None:
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    assert participant(twilio, agent).update(muted=True).muted is True
    wait_until(lambda: sim.hears(customer) == set())
    assert sim.hears(agent) == {customer}
    participant(twilio, agent).update(muted=False)
    wait_until(lambda: sim.hears(customer) == {agent})


def test_every_change_is_told_with_a_number_and_how_things_stand(
    sim: Sim, service: Service, twilio: Client
) -> None:
    callback = f'statusCallback="/room" statusCallbackEvent="{EVENTS}" participantLabel="cliente"'
    customer = customer_in(sim, service, callback)
    agent_in(sim, service, twilio, label="ana")
    for change in (
        {"muted": True}, {"muted": True}, {"hold": True}, {"hold": False}, {"muted": False},
        {"end_conference_on_exit": True}, {"call_sid_to_coach": customer}, {"coaching": False},
    ):  # fmt: skip
        participant(twilio, "ana").update(**change)
    assert told_to(service, 10)[3:] == [
        ("participant-mute", "ana"),
        ("participant-hold", "ana"),
        ("participant-unhold", "ana"),
        ("participant-unmute", "ana"),
        ("participant-modify", "ana"),
        ("participant-modify", "ana"),
        ("participant-modify", "ana"),
    ]
    told = in_order(service, "/room", 10)
    assert [p["SequenceNumber"] for p in told] == [str(n) for n in range(10)]
    states = [(p["Muted"], p["Hold"], p["Coaching"]) for p in told[3:]]
    true, false = "true", "false"
    assert states == [
        (true, false, false), (true, true, false), (true, false, false), (false, false, false),
        (false, false, false), (false, false, true), (false, false, false),
    ]  # fmt: skip
    assert told[7]["EndConferenceOnExit"] == "true"
    assert told[8]["CallSidToCoach"] == customer


def test_a_coach_is_heard_by_whom_they_coach_and_not_recorded(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service, RECORDED)
    agent = agent_in(sim, service, twilio)
    sim.person(BOSS)
    boss = joins(sim, twilio, BOSS, coaching=True, call_sid_to_coach=agent)
    wait_until(lambda: sim.hears(agent) == {customer, boss})
    assert sim.hears(customer) == {agent}
    assert sim.hears(boss) == {customer, agent}
    sim.act(boss, [{"say": "ofrece un descuento"}])
    wait_heard(sim, agent, "ofrece un descuento")
    sim.act(agent, [{"say": "le ofrezco un descuento"}])
    wait_heard(sim, customer, "le ofrezco un descuento")
    twilio.conferences.list()[0].update(status="completed")
    wait_until(lambda: sim.recordings()[0]["text"])
    assert sim.recordings()[0]["text"] == "le ofrezco un descuento"


def test_nobody_can_coach_who_is_not_there(sim: Sim, service: Service, twilio: Client) -> None:
    absent = "CA" + "3" * 32
    customer_in(sim, service)
    people = twilio.conferences("sala").participants
    with pytest.raises(TwilioRestException) as refused:
        people.create(to=BOSS, from_=NUMBER, coaching=True, call_sid_to_coach=absent)
    assert refused.value.code == 16028
    with pytest.raises(TwilioRestException) as refused:
        people.create(to=BOSS, from_=NUMBER, coaching=True)
    assert refused.value.code == 20001
    service.on("/voice", room(f'coach="{absent}"'), "<Say>No hay nadie</Say>")
    wait_heard(sim, sim.ring("+573009998877", NUMBER), "No hay nadie")
    assert [error["code"] for error in sim.errors()] == [13240]


def test_nobody_can_coach_who_is_on_hold(sim: Sim, service: Service, twilio: Client) -> None:
    customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    sim.person(BOSS)
    boss = joins(sim, twilio, BOSS)
    participant(twilio, agent).update(hold=True)
    people = twilio.conferences("sala").participants
    with pytest.raises(TwilioRestException) as refused:
        participant(twilio, boss).update(coaching=True, call_sid_to_coach=agent)
    assert refused.value.code == 16027
    with pytest.raises(TwilioRestException) as refused:
        people.create(to=SECOND, from_=NUMBER, coaching=True, call_sid_to_coach=agent)
    assert refused.value.code == 16027
    service.on("/voice", room(f'coach="{agent}"'), "<Say>En espera</Say>")
    wait_heard(sim, sim.ring("+573009998877", NUMBER), "En espera")
    assert [error["code"] for error in sim.errors()] == [16027]
    participant(twilio, agent).update(hold=False)
    participant(twilio, boss).update(coaching=True, call_sid_to_coach=agent)
    wait_until(lambda: boss in sim.hears(agent))


def test_an_announcement_to_one_is_heard_by_that_one_alone_and_ends_with_them(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/announce", "<Say>Quedan dos minutos</Say>", '<Say loop="0">Uno</Say>')
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    participant(twilio, agent).update(announce_url=service.url("/announce"))
    wait_heard(sim, agent, "Uno")
    assert sim.hears(agent) == {customer, "announcement"}
    participant(twilio, agent).delete()
    ended = sim.wait_until_ended(agent)
    assert sim.hears(agent) == set()
    assert "Quedan dos minutos" not in sim.heard(customer)
    assert sim.call(agent)["heard"] == ended["heard"]


def test_keys_played_to_a_leg_reach_who_is_there(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/keys", '<Play digits="w12#"/>')
    customer = customer_in(sim, service)
    sim.person(IVR, [{"until_heard": "12#"}, {"say": "Bienvenido"}])
    ivr = joins(sim, twilio, IVR)
    participant(twilio, ivr).update(announce_url=service.url("/keys"))
    wait_heard(sim, customer, "Bienvenido")
    assert sim.call(ivr)["tones"] == "12#"
    assert sim.call(customer)["tones"] == ""


def test_an_announcement_may_not_do_what_a_call_may(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/announce", "<Hangup/>")
    customer = customer_in(sim, service)
    agent_in(sim, service, twilio)
    participant(twilio, customer).update(announce_url=service.url("/announce"))
    wait_until(lambda: [error["code"] for error in sim.errors()] == [12200])


def test_nothing_of_somebody_who_is_still_rung_can_be_changed(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer_in(sim, service)
    agent_in(sim, service, twilio)
    sim.person(SECOND, on_ring={"answer_after": 50})
    added = twilio.conferences("sala").participants.create(to=SECOND, from_=NUMBER)
    with pytest.raises(TwilioRestException) as refused:
        participant(twilio, str(added.call_sid)).update(muted=True)
    assert refused.value.status == 404


@pytest.mark.parametrize("behaviour", ["skip", "silence"])
def test_what_is_said_while_the_recording_is_paused_is_not_in_it(
    sim: Sim, service: Service, twilio: Client, behaviour: str
) -> None:
    customer = customer_in(sim, service, RECORDED)
    agent = agent_in(sim, service, twilio)
    (conference,) = twilio.conferences.list()
    current = twilio.conferences(str(conference.sid)).recordings("Twilio.CURRENT")
    current.update(status="paused", pause_behavior=behaviour)
    sim.act(customer, [{"say": "mi tarjeta es 4111"}])
    wait_heard(sim, agent, "mi tarjeta es 4111")
    current.update(status="in-progress")
    sim.act(customer, [{"say": "gracias"}])
    wait_heard(sim, agent, "gracias")
    conference.update(status="completed")
    wait_until(lambda: sim.recordings()[0]["text"] == "gracias")
    with pytest.raises(TwilioRestException) as refused:
        current.update(status="paused")
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_of_a_leg_that_was_still_queued_when_it_was_ended_nothing_is_told(
    start_sim: StartSim, service: Service
) -> None:
    sim = start_sim(cps=0.01)
    twilio = client_of(sim)
    sim.person(AGENT, on_ring={"ignore": True})
    wanted = {"to": AGENT, "from_": NUMBER, "url": service.url("/agent")}
    first, second = (
        twilio.calls.create(
            **wanted,
            status_callback=service.url(path),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )
        for path in ("/first", "/second")
    )
    service.wait_for("/first", 2)
    assert second.update(status="canceled").status == "canceled"
    first.update(status="canceled")
    service.wait_for("/first", 3)
    assert service.asked("/second") == []


@pytest.mark.parametrize(
    ("machine", "mode", "answered_by"),
    [
        (False, "Enable", "human"),
        (True, "Enable", "machine_start"),
        (True, "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_who_answered_is_told_of_a_call_and_of_a_participant(
    sim: Sim, service: Service, twilio: Client, machine: bool, mode: str, answered_by: str
) -> None:
    service.on("/agent", '<Pause length="30"/>')
    customer_in(sim, service)
    sim.person(IVR, machine=machine)
    twilio.calls.create(to=IVR, from_=NUMBER, url=service.url("/agent"), machine_detection=mode)
    assert service.wait_for("/agent")[0]["AnsweredBy"] == answered_by
    leg = joins(sim, twilio, IVR, machine_detection=mode, amd_status_callback=service.url("/amd"))
    (told,) = service.wait_for("/amd")
    assert (told["CallSid"], told["AnsweredBy"]) == (leg, answered_by)


def test_a_softphone_that_is_lost_leaves_after_a_while_and_is_not_reached_before_it_is_back(
    sim: Sim, service: Service, twilio: Client
) -> None:
    callback = f'statusCallback="/room" statusCallbackEvent="{EVENTS}"'
    customer = customer_in(sim, service, callback)
    agent = agent_in(sim, service, twilio, status_callback=service.url("/leg"))
    wait_until(lambda: sim.hears(customer) == {agent})
    sim.act(agent, [{"lose": 20}])
    wait_until(lambda: sim.hears(customer) == sim.hears(agent) == set())
    assert sim.call(agent)["status"] == "in-progress"
    sim.wait_until_ended(agent)
    assert service.wait_for("/leg")[0]["CallStatus"] == "completed"
    assert in_order(service, "/room", 4)[3]["StatusCallbackEvent"] == "participant-leave"
    assert sim.call(customer)["conference"] == "sala"
    create = twilio.conferences("sala").participants.create
    unreached = create(to=AGENT, from_=NUMBER).call_sid
    assert sim.wait_until_ended(str(unreached))["status"] == "no-answer"
    sim.registered(AGENT, True)
    again = joins(sim, twilio, AGENT)
    wait_until(lambda: sim.hears(customer) == {again})
    sim.registered(AGENT, False)
    unreached = create(to=AGENT, from_=NUMBER).call_sid
    assert sim.wait_until_ended(str(unreached))["status"] == "no-answer"


def test_bridged_legs_hear_each_other_until_they_part(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/voice", f"<Dial><Number>{IVR}</Number></Dial>")
    service.on("/elsewhere", '<Pause length="60"/>')
    sim.person(IVR)
    sid = sim.ring(CUSTOMER, NUMBER)
    wait_until(lambda: sim.call(sid)["bridged_with"])
    other = sim.call(sid)["bridged_with"]
    assert (sim.hears(sid), sim.hears(other)) == ({other}, {sid})
    twilio.calls(sid).update(url=service.url("/elsewhere"))
    wait_until(lambda: sim.hears(sid) == sim.hears(other) == set())


def test_a_caller_in_a_queue_hears_music(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Enqueue>ventas</Enqueue>")
    sid = sim.ring(CUSTOMER, NUMBER)
    wait_until(lambda: sim.hears(sid) == {"music"})
    sim.act(sid, [{"hangup": True}])
    sim.wait_until_ended(sid)
    assert sim.hears(sid) == set()
