"""Rooms: who is in, who hears whom, and what the callbacks say."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.rooms import AGENT, BOSS, CUSTOMER, EVENTS, agent_in, customer_in, in_order
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until


def test_a_room_starts_with_its_second_participant(
    sim: Sim, service: Service, twilio: Client
) -> None:
    callback = f'statusCallback="/room" statusCallbackEvent="{EVENTS}"'
    customer = customer_in(sim, service, callback)
    assert twilio.conferences.list(friendly_name="sala")[0].status == "init"
    wait_heard(sim, customer, "music")
    agent = agent_in(sim, service, twilio, [{"until": "bridged"}, {"wait": 5}, {"hangup": True}])
    sim.wait_until_ended(agent)
    twilio.conferences.list(status="in-progress")[0].update(status="completed")
    sim.wait_until_ended(customer)
    told = in_order(service, "/room", 6)
    assert [p["StatusCallbackEvent"] for p in told] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "conference-end",
        "participant-leave",
    ]
    assert [p["SequenceNumber"] for p in told] == ["0", "1", "2", "3", "4", "5"]
    assert told[0]["CallSid"] == customer
    assert told[3]["CallSid"] == agent
    assert told[3]["ReasonParticipantLeft"] == "participant_hung_up"
    assert told[4]["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert "CallSid" not in told[4]
    assert told[0]["FriendlyName"] == "sala"


def test_only_the_first_participants_callback_counts(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    agent_in(
        sim, service, twilio, [{"wait": 3}, {"hangup": True}],
        conference_status_callback=service.url("/room"),
        conference_status_callback_event=["start", "end", "join", "leave"],
    )  # fmt: skip
    twilio.calls(customer).update(status="completed")
    sim.wait_until_ended(customer)
    assert service.asked("/room") == []


def test_the_customer_leaving_ends_a_room_that_asked_for_it(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service, 'endConferenceOnExit="true"')
    agent = agent_in(sim, service, twilio)
    sim.act(customer, [{"hangup": True}])
    sim.wait_until_ended(agent)
    ended = twilio.conferences.list(friendly_name="sala")[0]
    assert ended.status == "completed"
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert ended.call_sid_ending_conference == customer


def test_changes_of_end_on_exit_are_ignored_on_hold(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    agent_in(sim, service, twilio)
    sid = twilio.conferences.list()[0].sid
    me = twilio.conferences(sid).participants(customer)
    me.update(hold=True)
    assert me.update(end_conference_on_exit=True).end_conference_on_exit is False
    me.update(hold=False)
    assert me.update(end_conference_on_exit=True).end_conference_on_exit is True


def test_hold_plays_the_hold_document_by_get(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/hold", "<Say>Un momento</Say>")
    customer = customer_in(sim, service, f'statusCallback="/room" statusCallbackEvent="{EVENTS}"')
    agent = agent_in(sim, service, twilio)
    sid = twilio.conferences.list()[0].sid
    me = twilio.conferences(sid).participants(customer)
    assert me.update(hold=True, hold_url=service.url("/hold")).hold is True
    wait_heard(sim, customer, "Un momento")
    assert next(r for r in service.requests if r.path == "/hold").method == "GET"
    sim.act(agent, [{"say": "secreto"}])
    wait_until(lambda: "secreto" in sim.call(agent)["said"])
    assert "secreto" not in sim.heard(customer)
    me.update(hold=False)
    told = in_order(service, "/room", 5)
    assert [p["StatusCallbackEvent"] for p in told][3:] == [
        "participant-hold",
        "participant-unhold",
    ]


def test_a_supervisor_listens_whispers_and_barges_in(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    sim.person(BOSS)
    people = twilio.conferences("sala").participants
    boss = people.create(to=BOSS, from_=NUMBER, muted=True, label="jefa").call_sid
    wait_heard(sim, boss, "joined sala")
    sim.act(boss, [{"say": "muda"}])
    wait_until(lambda: "muda" in sim.call(boss)["said"])
    sid = twilio.conferences.list()[0].sid
    by_label = twilio.conferences(sid).participants("jefa")
    by_label.update(muted=False, coaching=True, call_sid_to_coach=agent)
    sim.act(boss, [{"say": "consejo"}])
    wait_heard(sim, agent, "consejo")
    by_label.update(coaching=False)
    sim.act(boss, [{"say": "hola a todos"}])
    wait_heard(sim, customer, "hola a todos")
    assert "consejo" not in sim.heard(customer)
    assert "muda" not in sim.heard(agent) + sim.heard(customer)


def test_coaching_somebody_who_is_not_there_is_refused(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    sid = twilio.conferences.list()[0].sid
    with pytest.raises(TwilioRestException) as refused:
        twilio.conferences(sid).participants(customer).update(
            coaching=True, call_sid_to_coach="CA" + "2" * 32
        )
    assert refused.value.code == 13240


def test_a_removed_participant_ends_and_the_room_goes_on(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    sid = twilio.conferences.list()[0].sid
    assert len(twilio.conferences(sid).participants.list()) == 2
    twilio.conferences(sid).participants(agent).delete()
    sim.wait_until_ended(agent)
    assert twilio.conferences(sid).fetch().status == "in-progress"
    assert [p.call_sid for p in twilio.conferences(sid).participants.list()] == [customer]


def test_a_redirected_participant_leaves_and_its_dial_action_is_asked_in_vain(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/voice", '<Dial action="/after"><Conference>sala</Conference></Dial>')
    service.on("/after", "<Say>ignored</Say>")
    service.on("/elsewhere", "<Say>Otra parte</Say>", '<Pause length="10"/>')
    customer = sim.ring(CUSTOMER, NUMBER)
    wait_heard(sim, customer, "joined sala")
    twilio.calls(customer).update(url=service.url("/elsewhere"))
    wait_heard(sim, customer, "Otra parte")
    (after,) = service.wait_for("/after")
    assert after["DialCallStatus"] == "answered"
    assert after["CallStatus"] == "in-progress"
    assert "DialCallSid" not in after
    assert "DialCallDuration" not in after
    sim.wait_until_ended(customer)
    assert "ignored" not in sim.heard(customer)


def test_the_dial_action_runs_when_the_room_ends(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/voice", '<Dial action="/after"><Conference>sala</Conference></Dial>')
    service.on("/after", "<Say>Encuesta</Say>")
    customer = sim.ring(CUSTOMER, NUMBER)
    wait_heard(sim, customer, "joined sala")
    twilio.conferences.list()[0].update(status="completed")
    sim.wait_until_ended(customer)
    assert sim.heard(customer)[-1] == "Encuesta"


def test_conference_recordings_are_mono_and_carry_no_call(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(
        sim, service,
        'record="record-from-start" recordingStatusCallback="/recording" '
        'recordingStatusCallbackEvent="in-progress completed" endConferenceOnExit="true"',
    )  # fmt: skip
    agent_in(sim, service, twilio)
    sim.act(customer, [{"wait": 6}, {"hangup": True}])
    sim.wait_until_ended(customer)
    started, done = service.wait_for("/recording", 2)
    assert started["RecordingStatus"] == "in-progress"
    assert done["RecordingStatus"] == "completed"
    assert done["RecordingChannels"] == "1"
    assert "CallSid" not in done
    assert done["ConferenceSid"] == twilio.conferences.list()[0].sid
    assert 5 <= int(done["RecordingDuration"]) <= 60


def test_a_recording_is_paused_and_resumed(sim: Sim, service: Service, twilio: Client) -> None:
    customer_in(sim, service, 'record="record-from-start"')
    agent_in(sim, service, twilio)
    room_sid = twilio.conferences.list()[0].sid
    current = twilio.conferences(room_sid).recordings("Twilio.CURRENT")
    assert current.update(status="paused", pause_behavior="skip").status == "paused"
    assert current.update(status="in-progress").status == "in-progress"
    assert current.update(status="stopped").status == "processing"
    with pytest.raises(TwilioRestException):
        current.update(status="paused")


def test_an_announcement_is_heard_by_all(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/announce", "<Say>Esta llamada se graba</Say>")
    customer = customer_in(sim, service)
    agent = agent_in(sim, service, twilio)
    twilio.conferences.list()[0].update(announce_url=service.url("/announce"))
    wait_heard(sim, customer, "Esta llamada se graba")
    wait_heard(sim, agent, "Esta llamada se graba")


def test_a_room_for_somebody_who_never_came_is_closed(
    sim: Sim, service: Service, twilio: Client
) -> None:
    added = twilio.conferences("vacía").participants.create(
        to="client:nobody",
        from_=NUMBER,
        status_callback=service.url("/leg"),
        conference_status_callback=service.url("/room"),
        conference_status_callback_event=["join", "leave"],
    )
    assert added.status == "queued"
    assert added.conference_sid.startswith("CF")
    sim.wait_until_ended(added.call_sid)
    wait_until(lambda: twilio.conferences(added.conference_sid).fetch().status == "completed")
    (told,) = service.wait_for("/leg")
    assert told["CallStatus"] == "no-answer"
    (left,) = service.wait_for("/room")
    assert left["StatusCallbackEvent"] == "participant-leave"
    assert left["ParticipantCallStatus"] == "no-answer"


def test_a_label_is_of_one_participant_and_no_sid(sim: Sim, service: Service) -> None:
    room = '<Dial><Conference participantLabel="{}">sala</Conference></Dial><Say>No cabe</Say>'
    service.on("/voice", room.format("ana"))
    first = sim.ring(CUSTOMER, NUMBER)
    wait_until(lambda: sim.call(first)["conference"] == "sala")
    second = sim.ring("+573009998877", NUMBER)
    wait_heard(sim, second, "No cabe")
    service.on("/voice", room.format("CA" + "0" * 32))
    wait_heard(sim, sim.ring("+573009998866", NUMBER), "No cabe")
    assert [error["code"] for error in sim.errors()] == [16025, 16023]
    assert sim.call(first)["conference"] == "sala"


def test_rest_refuses_such_labels_and_a_time_out_below_five(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer_in(sim, service, 'participantLabel="ana"')
    add = twilio.conferences("sala").participants.create
    for given, code in (
        ({"label": "ana"}, 16025),
        ({"label": "a/b"}, 16024),
        ({"timeout": 4}, 20001),
    ):
        with pytest.raises(TwilioRestException) as refused:
            add(to=AGENT, from_=NUMBER, **given)
        assert refused.value.code == code


def test_wait_music_is_played_once(sim: Sim, service: Service) -> None:
    service.on("/music", "<Say>Espere</Say>")
    customer = customer_in(sim, service, 'waitUrl="/music"')
    wait_heard(sim, customer, "silence")
    assert len(service.asked("/music")) == 1


def test_somebody_being_rung_is_listed_and_can_be_removed(
    sim: Sim, service: Service, twilio: Client
) -> None:
    customer = customer_in(sim, service)
    sim.person(AGENT, on_ring={"answer_after": 50})
    added = twilio.conferences("sala").participants.create(to=AGENT, from_=NUMBER, label="ana")
    wait_until(lambda: sim.call(added.call_sid)["status"] == "ringing")
    room_sid = twilio.conferences.list()[0].sid
    statuses = {p.call_sid: p.status for p in twilio.conferences(room_sid).participants.list()}
    assert statuses == {customer: "connected", added.call_sid: "ringing"}
    twilio.conferences(room_sid).participants("ana").delete()
    assert sim.call(added.call_sid)["status"] == "canceled"


def test_one_left_alone_hears_no_music(sim: Sim, service: Service, twilio: Client) -> None:
    customer = customer_in(sim, service)
    wait_heard(sim, customer, "music")
    agent = agent_in(sim, service, twilio, [{"until": "bridged"}, {"hangup": True}])
    sim.wait_until_ended(agent)
    wait_until(lambda: len(twilio.conferences.list()[0].participants.list()) == 1)
    assert sim.heard(customer).count("music") == 1
    assert twilio.conferences.list()[0].status == "in-progress"
