"""The official SDK against the simulator's REST API."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Json, Sim
from tests.simulator.conftest import NUMBER, StartSim
from tests.simulator.sdk import ACCOUNT, client_of
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard

AGENT = "+573009998877"
CALLER = "+573001112233"
SENDER = "MG" + "0" * 32


def test_a_call_is_created_answered_and_reported(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/agent", "<Say>Llamada</Say>")
    sim.person(AGENT, on_ring={"answer_after": 2})
    call = twilio.calls.create(
        to=AGENT,
        from_=NUMBER,
        url=service.url("/agent"),
        status_callback=service.url("/leg"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert call.status == "queued"
    assert call.direction == "outbound-api"
    ended = sim.wait_until_ended(call.sid)
    assert ended["status"] == "completed"
    told = sorted(service.wait_for("/leg", 4), key=lambda p: int(p["SequenceNumber"]))
    assert [p["CallStatus"] for p in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [p["SequenceNumber"] for p in told] == ["0", "1", "2", "3"]
    assert service.asked("/agent")[0]["CallStatus"] == "in-progress"
    fetched = twilio.calls(call.sid).fetch()
    assert fetched.status == "completed"
    assert fetched.to == AGENT
    assert int(fetched.duration) >= 0
    assert fetched.start_time.tzinfo is not None


@pytest.mark.parametrize(
    ("on_ring", "status", "code"),
    [
        ({"reject": "busy"}, "busy", "486"),
        ({"reject": "rejected"}, "busy", "603"),
        ({"reject": "no-answer"}, "no-answer", "480"),
        ({"ignore": True}, "no-answer", "487"),
        ({"unreachable": True}, "failed", "404"),
    ],
)
def test_what_becomes_of_a_call_nobody_takes(
    sim: Sim, service: Service, twilio: Client, on_ring: Json, status: str, code: str
) -> None:
    sim.person(AGENT, on_ring=on_ring)
    call = twilio.calls.create(
        to=AGENT,
        from_=NUMBER,
        url=service.url("/agent"),
        timeout=5,
        status_callback=service.url("/leg"),
    )
    assert sim.wait_until_ended(call.sid)["status"] == status
    (told,) = service.wait_for("/leg")
    assert (told["CallStatus"], told["SipResponseCode"]) == (status, code)
    assert told["CallDuration"] == "0"
    assert service.asked("/agent") == []


def test_twilio_rings_five_seconds_longer_than_asked(
    sim: Sim, service: Service, twilio: Client
) -> None:
    service.on("/agent", "<Hangup/>")
    sim.person(AGENT, on_ring={"answer_after": 8})
    call = twilio.calls.create(to=AGENT, from_=NUMBER, url=service.url("/agent"), timeout=5)
    assert sim.wait_until_ended(call.sid)["status"] == "completed"


def test_a_softphone_that_nobody_opened_does_not_answer_at_once(
    sim: Sim, service: Service, twilio: Client
) -> None:
    call = twilio.calls.create(
        to="client:agent_9",
        from_=NUMBER,
        url=service.url("/agent"),
        status_callback=service.url("/leg"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    ended = sim.wait_until_ended(call.sid)
    assert (ended["status"], ended["duration"]) == ("no-answer", 0)
    told = service.wait_for("/leg", 2)
    assert {p["CallStatus"] for p in told} == {"initiated", "no-answer"}


def test_a_telephone_that_can_not_be_reached_fails(
    sim: Sim, service: Service, twilio: Client
) -> None:
    sim.person("+573009998877", on_ring={"unreachable": True})
    call = twilio.calls.create(to="+573009998877", from_=NUMBER, url=service.url("/agent"))
    assert sim.wait_until_ended(call.sid)["status"] == "failed"


def test_calls_by_rest_start_one_a_second(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(cps=1.0, speed=10.0)
    twilio = client_of(sim)
    for number in range(3):
        sim.person(f"+57300000000{number}", on_ring={"reject": "busy"})
        twilio.calls.create(
            to=f"+57300000000{number}", from_=NUMBER, url=service.url("/x"),
            status_callback=service.url("/leg"),
        )  # fmt: skip
    service.wait_for("/leg", 3)
    events = [e for e in sim.events() if (e["kind"], e["text"]) == ("status", "ringing")]
    seconds = [float(e["at"][17:-1]) for e in events]
    # Not 2 and more: what we see of the first may be late, by our own machine.
    assert 1.5 <= (seconds[2] - seconds[0]) % 60 <= 20


def test_an_account_may_be_given_a_higher_rate(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(cps=0.01)
    sim.account(calls_per_second=100)
    twilio = client_of(sim)
    for number in range(3):
        sim.person(f"+57300000000{number}", on_ring={"reject": "busy"})
        twilio.calls.create(
            to=f"+57300000000{number}", from_=NUMBER, url=service.url("/x"),
            status_callback=service.url("/leg"),
        )  # fmt: skip
    service.wait_for("/leg", 3)


def test_a_queued_call_can_be_canceled(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(cps=0.01)
    twilio = client_of(sim)
    first = twilio.calls.create(to=AGENT, from_=NUMBER, url=service.url("/x"))
    second = twilio.calls.create(to=AGENT, from_=NUMBER, url=service.url("/x"))
    assert twilio.calls(second.sid).update(status="canceled").status == "canceled"
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(second.sid).update(status="completed")
    assert (refused.value.status, refused.value.code) == (400, 21220)
    assert twilio.calls(first.sid).fetch().status in {"queued", "ringing"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": "", "from_": NUMBER, "url": "http://a.co/x"}, 21201),
        ({"to": "300", "from_": NUMBER, "url": "http://a.co/x"}, 21211),
        ({"to": AGENT, "from_": "+15550001111", "url": "http://a.co/x"}, 21210),
        ({"to": AGENT, "from_": NUMBER}, 21205),
        ({"to": AGENT, "from_": NUMBER, "url": "/x"}, 21205),
        ({"to": AGENT, "from_": NUMBER, "url": "http://my_host/x"}, 21205),
        (
            {
                "to": AGENT,
                "from_": NUMBER,
                "url": "http://a.co/x",
                "machine_detection": "Perhaps",
            },
            20001,
        ),
    ],
)
def test_a_bad_call_is_refused_with_twilios_code(
    twilio: Client, given: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(**given)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_wrong_credentials_are_refused_and_an_api_key_is_taken(
    start_sim: StartSim, service: Service
) -> None:
    sim = start_sim(api_key=("SKkey", "secret"))
    with pytest.raises(TwilioRestException) as refused:
        client_of(sim, password="wrong").api.accounts(ACCOUNT).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)
    assert client_of(sim, "SKkey", "secret").calls.list(limit=1) == []


def test_an_unknown_call_is_twilios_404(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls("CA" + "1" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_lists_are_paged_and_filtered(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/voice", "<Reject/>")
    sids = [sim.ring(f"+5730000000{n:02}", NUMBER) for n in range(7)]
    for sid in sids:
        sim.wait_until_ended(sid)
    listed = [call.sid for call in twilio.calls.stream(page_size=3)]
    assert listed == sids[::-1]
    assert [c.sid for c in twilio.calls.list(from_="+573000000004")] == [sids[4]]
    assert len(twilio.calls.list(status="busy")) == 7
    assert twilio.calls.list(status="completed") == []


def test_a_running_call_is_redirected_by_rest(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/voice", "<Say>Uno</Say>", '<Pause length="120"/>', "<Say>Tarde</Say>")
    service.on("/other", "<Say>Dos</Say>")
    sid = sim.ring(CALLER, NUMBER)
    service.wait_for("/voice")
    wait_heard(sim, sid, "Uno")
    twilio.calls(sid).update(url=service.url("/other"))
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Dos"
    assert "Tarde" not in sim.heard(sid)


def test_inline_twiml_runs_and_cannot_be_relative(
    sim: Sim, service: Service, twilio: Client
) -> None:
    sim.person(AGENT)
    good = twilio.calls.create(to=AGENT, from_=NUMBER, twiml="<Response><Say>Hola</Say></Response>")
    sim.wait_until_ended(good.sid)
    assert "Hola" in sim.heard(good.sid)
    relative = "<Response><Redirect>/x</Redirect></Response>"
    bad = twilio.calls.create(to=AGENT, from_=NUMBER, twiml=relative)
    sim.wait_until_ended(bad.sid)
    assert [e["code"] for e in sim.errors()] == [11100]


def test_a_numbers_webhooks_are_configured_and_survive_a_restart(
    start_sim: StartSim, service: Service
) -> None:
    number = client_of(start_sim()).incoming_phone_numbers.list(phone_number=NUMBER)[0]
    assert number.capabilities["voice"] is True
    again = client_of(start_sim())
    updated = again.incoming_phone_numbers(again.incoming_phone_numbers.list()[0].sid).update(
        voice_url="https://x.test/v", status_callback="https://x.test/s", voice_method="GET"
    )
    assert (updated.voice_url, updated.voice_method) == ("https://x.test/v", "GET")
    third = client_of(start_sim()).incoming_phone_numbers.list()[0]
    assert third.status_callback == "https://x.test/s"


def test_the_account_can_be_fetched(twilio: Client) -> None:
    assert twilio.api.accounts(ACCOUNT).fetch().status == "active"


def test_messages_are_kept_and_their_progress_told(
    sim: Sim, service: Service, twilio: Client
) -> None:
    sim.account(messaging_services=[SENDER])
    sent = twilio.messages.create(
        to=AGENT, messaging_service_sid=SENDER, body="Su turno", status_callback=service.url("/sms")
    )
    assert sent.status == "queued"
    told = service.wait_for("/sms", 3)
    assert {p["MessageStatus"] for p in told} == {"queued", "sent", "delivered"}
    assert twilio.messages(sent.sid).fetch().status == "delivered"
    assert [m["body"] for m in sim.messages()] == ["Su turno"]
    assert [m.sid for m in twilio.messages.list(to=AGENT)] == [sent.sid]
