"""What is asked of Twilio is what it takes: from whom calls and texts come, and the rest of it."""

from __future__ import annotations

import time

import pytest

from callcenter.errors import TwilioRefusedError
from callcenter.models import JSON
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.twilio_service import TwilioService
from devstack.twilio.client import Sim
from tests.simulator.conftest import NUMBER, StartSim, start_sim
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of

__all__ = ["start_sim"]  # a fixture

TEXTING, OTHER = "+15550001111", "+576015550101"
SERVICE = "MG" + "0" * 32
STAFF = "+573009998877"


@pytest.fixture
def sim(start_sim: StartSim) -> Sim:
    return start_sim(numbers=(NUMBER, OTHER, TEXTING), messaging_services=(SERVICE,))


def service(sim: Sim, *numbers: str, sender: str = "") -> TwilioService:
    environment = {
        "SUPABASE_URL": "http://127.0.0.1:1",
        "SUPABASE_SERVICE_ROLE_KEY": "key",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_PHONE_NUMBER": ",".join(numbers or (NUMBER, OTHER)),
        "TWILIO_API_BASE_URL": sim.base_url,
        "TWILIO_SMS_SENDER": sender,
        "PUBLIC_URL": "http://127.0.0.1:9",
    }
    settings = Settings.from_env(environment)
    return TwilioService(settings, Storage(settings))


@pytest.mark.parametrize(
    ("numbers", "sender", "called", "sent_from"),
    [
        ((NUMBER,), SERVICE, NUMBER, SERVICE),
        ((NUMBER,), "Clinica", NUMBER, "Clinica"),
        ((NUMBER, TEXTING), "", TEXTING, TEXTING),
        ((NUMBER, TEXTING), "", NUMBER, TEXTING),
    ],
)
def test_a_text_comes_from_the_sender_that_is_set_or_a_number_that_can(
    sim: Sim, numbers: tuple[str, ...], sender: str, called: str, sent_from: str
) -> None:
    payload = {"number": STAFF, "receiver": called, "text": "Mensaje nuevo"}
    service(sim, *numbers, sender=sender).send_sms(payload)
    (message,) = sim.messages()
    assert sent_from in (message["from"], message["messaging_service_sid"])


def test_where_no_number_can_send_texts_the_setting_is_named(sim: Sim) -> None:
    payload = {"number": STAFF, "receiver": NUMBER, "text": "Mensaje nuevo"}
    with pytest.raises(TwilioRefusedError, match="TWILIO_SMS_SENDER"):
        service(sim, NUMBER).send_sms(payload)
    assert sim.messages() == []


def ring(**more: object) -> JSON:
    about = {"offer_id": "o1", "role": "agent", "ring_seconds": 20}
    return {**about, "client": "agent_1", "phone": None, **more}


def test_softphones_and_telephones_are_rung_from_the_number_that_was_called(sim: Sim) -> None:
    twilio = service(sim)
    twilio.ring_for_offer(ring(caller="+573001112233", receiver=OTHER))
    twilio.ring_for_offer(ring(caller="anonymous", receiver="+573005550000"))
    twilio.ring_for_offer(ring(caller="+573001112233", receiver=OTHER, phone=STAFF))
    twilio.ring_for_offer(ring(caller="+573001112233", receiver=OTHER, phone=NUMBER))
    calls = [(call["from"], call["to"]) for call in sim.calls()]
    assert calls == [
        (OTHER, "client:agent_1"),
        (NUMBER, "client:agent_1"),
        (OTHER, STAFF),
        (OTHER, "client:agent_1"),
    ]


def test_a_leg_whose_document_can_not_be_had_falls_back_to_its_own_address(sim: Sim) -> None:
    """Nobody listens at PUBLIC_URL."""
    sim.person("client:agent_1", on_ring={"answer_after": 1})
    sid = service(sim).ring_for_offer(ring(caller="anonymous", receiver=NUMBER))
    sim.wait_until_ended(sid)
    asked = [hook["url"] for hook in sim.webhooks() if hook["kind"] == "document"]
    assert {url.partition("?")[0].rpartition("/")[2] for url in asked} == {
        "agent-connect",
        "agent-fallback",
    }
    assert all("offer=o1" in url and "role=agent" in url for url in asked)


@pytest.mark.parametrize("by_day", [False, True])
def test_calls_before_the_moment_are_not_listed_however_twilio_reads_it(
    sim: Sim, by_day: bool
) -> None:
    number = client_of(sim).incoming_phone_numbers.list(phone_number=NUMBER)[0]
    number.update(voice_url="http://127.0.0.1:9/x")
    sim.account(filters_by_day=by_day)
    sim.wait_until_ended(sim.ring(STAFF, NUMBER))
    twilio = service(sim, NUMBER)
    began = sim.clock()["now"]
    assert twilio.calls_since(began.replace("Z", "+00:00")) == []
    assert len(twilio.calls_since("2020-01-01T00:00:00+00:00")) == 1


def test_the_words_of_a_recording_are_deleted_once(sim: Sim) -> None:
    number = client_of(sim).incoming_phone_numbers.list(phone_number=NUMBER)[0]
    record = '<Response><Record transcribe="true" playBeep="false"/></Response>'
    number.update(voice_url=sim.bin(record))
    sim.wait_until_ended(sim.ring(STAFF, NUMBER, [{"talk": 5}, {"hangup": True}]))
    deadline = time.monotonic() + 30
    while not (words := client_of(sim).transcriptions.list()):
        assert time.monotonic() < deadline
    twilio = service(sim, NUMBER)
    assert twilio.delete_words(words[0].recording_sid)
    assert client_of(sim).transcriptions.list() == []
    assert not twilio.delete_words(words[0].recording_sid)
