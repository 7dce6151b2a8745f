"""What the account may do, and the behaviours of Twilio's that a test can play either way."""

from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Sim
from tests.simulator.conftest import NUMBER, StartSim, configure
from tests.simulator.sdk import client_of
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until

CALLER = "+573001112233"
AGENT = "+573009998877"


def ring(twilio: Client, to: str, from_: str = NUMBER) -> str:
    return str(twilio.calls.create(to=to, from_=from_, url="http://127.0.0.1:9/x").sid)


@pytest.mark.parametrize(
    ("account", "to", "from_", "code"),
    [
        ({}, "client:agent_1", CALLER, 21210),
        ({}, "client:agent 1", NUMBER, 21211),
        ({}, "client:ana@x.co", NUMBER, 21211),
        ({"countries": ["US"]}, AGENT, NUMBER, 21215),
        ({"trial": True}, AGENT, NUMBER, 21219),
    ],
)
def test_a_call_is_refused_with_twilios_code(
    sim: Sim, twilio: Client, account: dict[str, Any], to: str, from_: str, code: int
) -> None:
    sim.account(**account)
    with pytest.raises(TwilioRestException) as refused:
        ring(twilio, to, from_)
    assert refused.value.code == code


def test_a_verified_number_is_a_caller_id_and_may_be_rung_on_trial(
    sim: Sim, twilio: Client
) -> None:
    sim.account(caller_ids=[AGENT], trial=True)
    assert ring(twilio, AGENT, AGENT)
    assert [c.phone_number for c in twilio.outgoing_caller_ids.list(phone_number=AGENT)] == [AGENT]
    assert twilio.outgoing_caller_ids.list(phone_number=CALLER) == []


def test_dialling_permissions_are_told(sim: Sim, twilio: Client) -> None:
    sim.account(countries=["CO"])
    countries = twilio.voice.v1.dialing_permissions.countries
    assert countries("CO").fetch().low_risk_numbers_enabled is True
    assert countries("US").fetch().low_risk_numbers_enabled is False


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ({"from_": NUMBER}, 21661),
        ({"from_": CALLER}, 21606),
        ({"messaging_service_sid": "MG1"}, 21705),
    ],
)
def test_texts_need_a_sender_that_can(twilio: Client, sender: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=AGENT, body="Hola", **sender)
    assert refused.value.code == code


def test_a_number_of_a_country_where_it_can_or_a_name_sends_texts(start_sim: StartSim) -> None:
    sim = start_sim(numbers=(NUMBER, "+15550001111"))
    twilio = client_of(sim)
    for sender in ("+15550001111", "Clinica"):
        assert twilio.messages.create(to=AGENT, body="Hola", from_=sender).status == "queued"
    can = {n.phone_number: n.capabilities["sms"] for n in twilio.incoming_phone_numbers.list()}
    assert can == {NUMBER: False, "+15550001111": True}


def test_an_application_takes_the_numbers_calls_from_its_voice_url(sim: Sim) -> None:
    configure(sim, voice_application_sid="AP" + "0" * 32)
    with pytest.raises(RuntimeError, match="leads to its voice URL"):
        sim.ring(CALLER, NUMBER)
    configure(sim, voice_application_sid="")
    assert sim.ring(CALLER, NUMBER)


@pytest.mark.parametrize("shown", ["anonymous", "+573005556677"])
def test_a_telephone_is_not_dialled_under_a_number_that_is_not_ours(
    sim: Sim, service: Service, shown: str
) -> None:
    given = "" if shown == "anonymous" else f'callerId="{shown}"'
    service.on("/voice", f'<Dial {given} action="/after">{AGENT}</Dial>')
    service.on("/after", "<Hangup/>")
    sim.person(AGENT)
    sim.wait_until_ended(sim.ring("anonymous" if not given else CALLER, NUMBER))
    assert service.asked("/after")[0]["DialCallStatus"] == "failed"
    assert [error["code"] for error in sim.errors()] == [13214]


def test_a_dialled_telephone_may_be_shown_our_number_or_the_callers(
    sim: Sim, service: Service
) -> None:
    sim.person(AGENT, [{"hangup": True}])
    for given in (f'callerId="{NUMBER}"', ""):
        service.on("/voice", f"<Dial {given}>{AGENT}</Dial>")
        sim.wait_until_ended(sim.ring(CALLER, NUMBER))
    assert {c["from"] for c in sim.calls() if c["to"] == AGENT} == {NUMBER, CALLER}
    assert sim.errors() == []


def test_a_redirected_call_keeps_no_fallback_that_was_not_given(
    sim: Sim, service: Service, twilio: Client
) -> None:
    configure(sim, voice_fallback_url=service.url("/fallback"))
    service.on("/voice", '<Pause length="120"/>')
    service.on("/fallback", "<Say>Disculpe</Say>")
    sid = sim.ring(CALLER, NUMBER)
    service.wait_for("/voice")
    twilio.calls(sid).update(url=service.url("/nowhere"))
    sim.wait_until_ended(sid)
    assert "application error" in sim.heard(sid)[-1]
    sid = sim.ring(CALLER, NUMBER)
    service.wait_for("/voice", 2)
    twilio.calls(sid).update(url=service.url("/nowhere"), fallback_url=service.url("/fallback"))
    wait_heard(sim, sid, "Disculpe")


def test_calls_may_be_listed_by_the_day(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/voice", "<Say>Hola</Say>")
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    # The clock began today or, at speed, on a later day.
    later = sim.clock()["now"]
    query = {"StartTime>": later[:10] + "T23:59:59"}
    path = f"/2010-04-01/Accounts/{twilio.username}/Calls.json"

    def listed() -> list[str]:
        answer = httpx.get(sim.base_url + path, params=query, auth=twilio.auth)
        return [call["sid"] for call in answer.json()["calls"]]

    assert listed() == []
    sim.account(filters_by_day=True)
    assert listed() == [sid]


def test_a_bin_serves_its_document_until_the_reset(sim: Sim, service: Service) -> None:
    url = sim.bin("<Response><Say>Un momento</Say></Response>")
    configure(
        sim, voice_url=service.url("/gone"), voice_fallback_url=url, voice_fallback_method="GET"
    )
    service.answers["/gone"] = (503, "", "")
    sid = sim.ring(CALLER, NUMBER)
    wait_heard(sim, sid, "Un momento")
    sim.reset()
    wait_until(lambda: httpx.get(url).status_code == 404)


def test_an_account_has_no_setting_by_another_name(sim: Sim) -> None:
    with pytest.raises(RuntimeError, match="400"):
        sim.account(tiral=True)
    with pytest.raises(RuntimeError, match="above 0"):
        sim.account(calls_per_second=0)


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_text_is_refused_as_the_number_says(start_sim: StartSim, code: int) -> None:
    sim = start_sim(numbers=("+15550001111",))
    sim.account(texts={AGENT: code})
    with pytest.raises(TwilioRestException) as refused:
        client_of(sim).messages.create(to=AGENT, body="Hola", from_="+15550001111")
    assert refused.value.code == code


def test_on_trial_only_verified_numbers_are_written_to(start_sim: StartSim) -> None:
    sim = start_sim(numbers=("+15550001111",))
    sim.account(trial=True, caller_ids=[CALLER])
    create = client_of(sim).messages.create
    assert create(to=CALLER, body="Hola", from_="+15550001111")
    with pytest.raises(TwilioRestException) as refused:
        create(to=AGENT, body="Hola", from_="+15550001111")
    assert refused.value.code == 21608


def test_a_text_is_undelivered_later(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(numbers=("+15550001111",))
    sim.account(texts={AGENT: 30003})
    twilio = client_of(sim)
    sid = twilio.messages.create(
        to=AGENT, body="Hola", from_="+15550001111", status_callback=service.url("/told")
    ).sid
    wait_until(lambda: twilio.messages(sid).fetch().status == "undelivered")
    assert twilio.messages(sid).fetch().error_code == 30003
    told = [(p["MessageStatus"], p.get("ErrorCode")) for p in service.wait_for("/told", 3)]
    assert told == [("queued", None), ("sent", None), ("undelivered", "30003")]


def test_who_writes_stop_is_not_written_to_by_this_sender(
    start_sim: StartSim, service: Service
) -> None:
    ours, other = "+15550001111", "+15550002222"
    sim = start_sim(numbers=(ours, other))
    twilio = client_of(sim)
    (number,) = twilio.incoming_phone_numbers.list(phone_number=ours)
    service.on("/written")
    number.update(sms_url=service.url("/written"), sms_method="POST")
    sim.write(AGENT, ours, " stop")
    (said,) = service.wait_for("/written")
    assert (said["From"], said["To"], said["Body"]) == (AGENT, ours, " stop")
    assert "OptOutType" not in said
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=AGENT, body="Hola", from_=ours)
    assert refused.value.code == 21610
    assert twilio.messages.create(to=AGENT, body="Hola", from_=other)
    sim.account(tells_opt_outs=True)
    sim.write(AGENT, ours, "Start")
    assert service.wait_for("/written", 2)[1]["OptOutType"] == "START"
    assert twilio.messages.create(to=AGENT, body="Hola", from_=ours)
