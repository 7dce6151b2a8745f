"""Batch transcription, asked for with the official SDK: what it takes, tells, and never tells."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.response import Response as Reply
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.voice.v2.transcription import TranscriptionList as Configurations
from twilio.rest.voice.v3.transcription import TranscriptionList as Transcriptions

from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER, StartSim
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of
from tests.simulator.service import Service
from tests.simulator.waiting import wait_until

CALLER = "+573001112233"
SPEAK: Script = [{"until_heard": "beep"}, {"talk": 7, "text": "Quiero una cita. El martes"}]

PARTICIPANTS = (
    {"audioChannelIndex": 1, "type": "CUSTOMER", "address": CALLER},
    {"audioChannelIndex": 2, "type": "HUMAN_AGENT", "address": NUMBER},
)


def wanted(url: str, **settings: object) -> Configurations.VoiceV2ConfigurationTranscriptionRequest:
    configuration = {
        "configurationType": "Transcription",
        "transcriptionEngine": "deepgram",
        "speechModel": "nova-3",
        "language": "multi",
        "transcriptionStatusCallback": {"url": url, "method": "POST"},
        **settings,
    }
    return Configurations.VoiceV2ConfigurationTranscriptionRequest(
        {"unique_name": "voicemail", "description": "", "configuration": configuration}
    )


def create(twilio: Client, body: Configurations.VoiceV2ConfigurationTranscriptionRequest) -> Reply:
    """The SDK's own create() can't read the answer (9.13.0)."""
    return twilio.request(
        "POST",
        "https://voice.twilio.com/v2/Configurations/Transcription",
        data=body.to_dict(),
        headers={"Content-Type": "application/json"},
    )


def asked(
    configuration: str, recording: str, participants: list[dict[str, object]] | None = None
) -> Transcriptions.CreateV3TranscriptionsRequest:
    return Transcriptions.CreateV3TranscriptionsRequest(
        {
            "transcriptionConfigurationId": configuration,
            "sourceId": recording,
            "participants": list(PARTICIPANTS if participants is None else participants),
        }
    )


@pytest.fixture
def configuration(twilio: Client, service: Service) -> str:
    return str(json.loads(create(twilio, wanted(service.url("/text"))).text)["id"])


@pytest.fixture
def recording(sim: Sim, service: Service) -> str:
    service.on("/voice", '<Record action="/saved" timeout="3" recordingStatusCallback="/ready"/>')
    service.on("/saved", "<Hangup/>")
    sim.ring(CALLER, NUMBER, SPEAK)
    return service.wait_for("/ready")[0]["RecordingSid"]


def test_the_words_come_by_a_signed_json_callback_and_only_there(
    sim: Sim, service: Service, twilio: Client, configuration: str, recording: str
) -> None:
    job = twilio.voice.v3.transcriptions.create(asked(configuration, recording)).transcription
    assert job["status"] == "PENDING"
    service.wait_for("/text")
    (callback,) = [request for request in service.requests if request.path == "/text"]
    body = sim.webhooks()[-1]["params"]["json"]
    assert parse_qs(urlsplit(callback.url).query)["bodySHA256"] == [
        sha256(body.encode()).hexdigest()
    ]
    signature = callback.headers["x-twilio-signature"]
    assert RequestValidator(TOKEN).validate(callback.url, body, signature)
    content = json.loads(body)
    assert (content["status"], content["sourceId"]) == ("completed", recording)
    assert [s["text"] for s in content["sentences"]] == ["Quiero una cita.", "El martes."]
    fetched = twilio.voice.v3.transcriptions(job["id"]).fetch()
    assert fetched.status == "COMPLETED"
    assert "sentences" not in fetched.transcription


def test_the_same_key_asks_once(
    service: Service, twilio: Client, configuration: str, recording: str
) -> None:
    ask = twilio.voice.v3.transcriptions.create
    first = ask(asked(configuration, recording), idempotency_key="k")
    second = ask(asked(configuration, recording), idempotency_key="k")
    assert first.transcription["id"] == second.transcription["id"]


def test_a_failure_is_told_without_words(
    sim: Sim, service: Service, twilio: Client, configuration: str, recording: str
) -> None:
    sim.faults(transcription_fail=1.0)
    twilio.voice.v3.transcriptions.create(asked(configuration, recording))
    wait_until(lambda: any("/text" in hook["url"] for hook in sim.webhooks()))
    content = json.loads(sim.webhooks()[-1]["params"]["json"])
    assert content["status"] == "failed"
    assert "sentences" not in content


@pytest.mark.parametrize(
    ("participants", "code"),
    [
        ([], 17563),
        ([PARTICIPANTS[0], {**PARTICIPANTS[1], "address": ""}], 17563),
        ([PARTICIPANTS[0]], 17510),
        ([PARTICIPANTS[0], PARTICIPANTS[0]], 17513),
    ],
)
def test_who_spoke_must_be_told_with_their_addresses(
    twilio: Client,
    configuration: str,
    recording: str,
    participants: list[dict[str, Any]],
    code: int,
) -> None:
    with pytest.raises(TwilioServiceException) as refused:
        twilio.voice.v3.transcriptions.create(asked(configuration, recording, participants))
    assert refused.value.code == code


def test_what_does_not_exist_is_refused_in_each_versions_words(
    twilio: Client, configuration: str
) -> None:
    with pytest.raises(TwilioServiceException) as refused:
        twilio.voice.v3.transcriptions.create(asked(configuration, "RE" + "0" * 32))
    assert refused.value.status == 404
    with pytest.raises(TwilioRestException) as unknown:
        twilio.voice.v2.transcription("nobody").fetch()
    assert unknown.value.status == 404


@pytest.mark.parametrize(
    "settings",
    [
        {"transcriptionEngine": "google"},
        {"language": "es-CO"},
        {"transcriptionEngine": "twilio_managed", "speechModel": None},
        {"participantDefaults": [{"audioChannelIndex": 1, "type": "CUSTOMER"}]},
    ],
    ids=["wrong model", "unknown language", "multi is Deepgram's", "one participant"],
)
def test_settings_that_twilio_refuses(
    twilio: Client, service: Service, settings: dict[str, object]
) -> None:
    assert create(twilio, wanted(service.url("/text"), **settings)).status_code == 400


def test_configurations_are_renewed_by_name_and_survive_a_restart(start_sim: StartSim) -> None:
    first = client_of(start_sim())
    made = json.loads(create(first, wanted("http://one.example/text")).text)
    changed = first.voice.v2.transcription("voicemail").update(wanted("http://two.example/text"))
    assert changed.id == made["id"]
    kept = client_of(start_sim()).voice.v2.transcription(made["id"])
    callback = kept.fetch().configuration["transcriptionStatusCallback"]
    assert callback["url"] == "http://two.example/text"
    assert kept.delete()


def test_it_needs_the_accounts_credentials(sim: Sim) -> None:
    reply = httpx.post(f"{sim.base_url}/voice/v3/Transcriptions", json={}, auth=(ACCOUNT, "no"))
    assert reply.status_code == 401
