"""Recordings: when they are there, what they hold, and that they outlive the simulator."""

import io
import wave

import httpx
import pytest
from twilio.rest import Client

from devstack.twilio import audio
from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER, StartSim
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of
from tests.simulator.service import Service
from tests.simulator.waiting import wait_heard, wait_until

CALLER = "+573001112233"
SPEAK: Script = [{"until_heard": "beep"}, {"talk": 7, "text": "Quiero una cita"}]
AUTH = (ACCOUNT, TOKEN)


def voicemail(
    sim: Sim, service: Service, attributes: str = "", script: Script | None = None
) -> str:
    service.on(
        "/voice", f'<Record action="/saved" timeout="3" {attributes}/>', "<Say>Sin mensaje</Say>"
    )
    service.answers.setdefault("/saved", "<Response/>")
    return sim.ring(CALLER, NUMBER, SPEAK if script is None else script)


def test_media_needs_auth_and_is_a_real_sound_file(sim: Sim, service: Service) -> None:
    sim.wait_until_ended(voicemail(sim, service, 'recordingStatusCallback="/recording"'))
    (told,) = service.wait_for("/recording")
    url = told["RecordingUrl"]
    assert httpx.get(url + ".wav").status_code == 401
    reply = httpx.get(url + ".wav", auth=AUTH)
    assert reply.headers["Content-Type"] == "audio/x-wav"
    with wave.open(io.BytesIO(reply.content)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 8000)
        assert file.getnframes() / 8000 == int(told["RecordingDuration"])
    mp3 = httpx.get(url + ".mp3", auth=AUTH)
    assert mp3.headers["Content-Type"] == "audio/mpeg"
    assert mp3.content[:2] == b"\xff\xe3"


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-", 206, slice(0, None)),
        ("bytes=10-19", 206, slice(10, 20)),
        ("bytes=-44", 206, slice(-44, None)),
        ("bytes=90000-", 206, slice(90_000, None)),
        ("bytes=10-999999", 206, slice(10, None)),
        ("bytes=9999999-", 416, slice(0)),
        ("seconds=1-2", 200, slice(None)),
    ],
)
def test_a_part_of_the_media_can_be_asked_for(
    sim: Sim, service: Service, wanted: str, status: int, part: slice
) -> None:
    sim.wait_until_ended(voicemail(sim, service, 'recordingStatusCallback="/recording"'))
    url = service.wait_for("/recording")[0]["RecordingUrl"] + ".wav"
    whole = httpx.get(url, auth=AUTH)
    assert whole.headers["Accept-Ranges"] == "bytes"
    reply = httpx.get(url, auth=AUTH, headers={"Range": wanted})
    assert (reply.status_code, reply.content) == (status, whole.content[part])
    if status == 206:
        first, end, _ = part.indices(len(whole.content))
        told = f"bytes {first}-{min(end, len(whole.content)) - 1}/{len(whole.content)}"
        assert reply.headers["Content-Range"] == told
    old = {"Range": "bytes=0-9", "If-Range": '"another"'}
    assert httpx.get(url, auth=AUTH, headers=old).status_code == 200
    same = {"Range": "bytes=0-9", "If-Range": whole.headers["ETag"]}
    assert httpx.get(url, auth=AUTH, headers=same).status_code == 206
    head = httpx.head(url, auth=AUTH)
    assert (head.content, int(head.headers["Content-Length"])) == (b"", len(whole.content))


def test_media_that_serves_no_parts_is_sent_whole(sim: Sim, service: Service) -> None:
    sim.wait_until_ended(voicemail(sim, service, 'recordingStatusCallback="/recording"'))
    url = service.wait_for("/recording")[0]["RecordingUrl"] + ".mp3"
    sim.account(serves_ranges=False)
    reply = httpx.get(url, auth=AUTH, headers={"Range": "bytes=0-9"})
    assert reply.status_code == 200
    assert "Accept-Ranges" not in reply.headers


def test_deleted_media_is_gone(sim: Sim, service: Service, twilio: Client) -> None:
    sim.wait_until_ended(voicemail(sim, service, 'recordingStatusCallback="/recording"'))
    (told,) = service.wait_for("/recording")
    url = told["RecordingUrl"]
    assert httpx.delete(f"{url}.json", auth=AUTH).status_code == 204
    assert httpx.delete(f"{url}.json", auth=AUTH).status_code == 404
    assert httpx.get(f"{url}.mp3", auth=AUTH).status_code == 404


def test_media_is_missing_until_it_is_ready(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(speed=2.0)
    service.on("/voice", '<Record action="/saved" timeout="1"/>')
    service.on("/saved", '<Pause length="9"/>')
    sim.ring(CALLER, NUMBER, [{"talk": 1}], url=service.url("/voice"))
    url = service.wait_for("/saved")[0]["RecordingUrl"]
    assert httpx.get(url + ".wav", auth=AUTH).status_code == 404
    wait_until(lambda: httpx.get(url + ".wav", auth=AUTH).status_code == 200)


def test_an_account_that_deletes_silence_asks_no_action(sim: Sim, service: Service) -> None:
    callback = 'recordingStatusCallback="/recording" recordingStatusCallbackEvent="absent"'
    sim.account(saves_silence=False)
    sid = voicemail(sim, service, callback, script=[])
    sim.wait_until_ended(sid)
    assert service.asked("/saved") == []
    assert sim.heard(sid)[-1] == "Sin mensaje"
    assert service.wait_for("/recording")[0]["RecordingStatus"] == "absent"


def test_hanging_up_still_tells_the_action(sim: Sim, service: Service) -> None:
    sim.wait_until_ended(voicemail(sim, service, script=[*SPEAK, {"hangup": True}]))
    (saved,) = service.wait_for("/saved")
    assert (saved["Digits"], saved["CallStatus"]) == ("hangup", "completed")


SILENT_FOR_8: Script = [{"until_heard": "beep"}, {"wait": 8}, {"hangup": True}]
SPEAK_THEN_SILENT: Script = [*SPEAK, {"wait": 8}, {"hangup": True}]


@pytest.mark.parametrize(("timeout", "ends"), [(20, SILENT_FOR_8), (8, [])])
def test_of_silence_a_second_is_left_of_which_the_action_does_not_know(
    sim: Sim, service: Service, twilio: Client, timeout: int, ends: Script
) -> None:
    service.on("/voice", f'<Record action="/saved" timeout="{timeout}"'
               ' recordingStatusCallback="/recording"/>')  # fmt: skip
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, ends))
    (saved,), (told,) = service.wait_for("/saved"), service.wait_for("/recording")
    assert int(saved["RecordingDuration"]) >= 8
    assert (told["RecordingStatus"], told["RecordingDuration"]) == ("completed", "1")
    assert saved["RecordingSid"] == told["RecordingSid"]
    assert twilio.recordings(told["RecordingSid"]).fetch().duration == "1"


@pytest.mark.parametrize("ends", [SPEAK, SPEAK_THEN_SILENT, [*SPEAK, {"wait": 8}, {"press": "#"}]])
def test_the_silence_at_the_end_is_cut_off_when_the_action_was_told(
    sim: Sim, service: Service, ends: Script
) -> None:
    service.on("/voice", '<Record action="/saved" timeout="20" recordingStatusCallback="/told"/>')
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, ends))
    (saved,), (told,) = service.wait_for("/saved"), service.wait_for("/told")
    assert int(saved["RecordingDuration"]) >= int(told["RecordingDuration"]) + 8
    assert int(told["RecordingDuration"]) >= 7


def test_silence_is_left_where_it_is_not_to_be_trimmed(sim: Sim, service: Service) -> None:
    attributes = 'recordingStatusCallback="/recording" trim="do-not-trim"'
    sim.wait_until_ended(voicemail(sim, service, attributes, SPEAK_THEN_SILENT))
    (saved,), (told,) = service.wait_for("/saved"), service.wait_for("/recording")
    assert told["RecordingDuration"] == saved["RecordingDuration"]


def test_a_key_ends_a_recording(sim: Sim, service: Service) -> None:
    script: Script = [*SPEAK, {"press": "#"}]
    sim.wait_until_ended(voicemail(sim, service, 'finishOnKey="#"', script))
    assert service.asked("/saved")[0]["Digits"] == "#"


def test_without_an_action_the_document_is_asked_again(sim: Sim, service: Service) -> None:
    service.on("/voice", '<Record timeout="2"/>')
    script: Script = [
        {"talk": 3},
        {"until_heard": "beep"},
        {"until_heard": "beep"},
        {"hangup": True},
    ]
    sim.wait_until_ended(sim.ring(CALLER, NUMBER, script))
    assert len(service.asked("/voice")) == 2
    assert "RecordingUrl" in service.asked("/voice")[1]


def test_transcribing_stops_at_two_minutes(sim: Sim, service: Service, twilio: Client) -> None:
    attributes = 'transcribe="true" transcribeCallback="/text" finishOnKey=""'
    script: Script = [{"until_heard": "beep"}, {"talk": 300, "text": "I call about my bill"}]
    sim.wait_until_ended(voicemail(sim, service, attributes, script))
    assert service.asked("/saved")[0]["RecordingDuration"] == "120"
    (text,) = service.wait_for("/text")
    assert text["TranscriptionStatus"] == "completed"
    assert text["TranscriptionText"] == "I call about my bill"
    assert twilio.transcriptions(text["TranscriptionSid"]).fetch().recording_sid


def test_a_running_call_is_recorded_by_rest(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/voice", '<Say>Hola</Say><Pause length="60"/>')
    sid = sim.ring(CALLER, NUMBER)
    wait_heard(sim, sid, "Hola")
    started = twilio.calls(sid).recordings.create(
        recording_status_callback=service.url("/recording")
    )
    assert (started.status, started.source) == ("in-progress", "StartCallRecordingAPI")
    current = twilio.calls(sid).recordings("Twilio.CURRENT")
    assert current.update(status="paused").status == "paused"
    assert current.update(status="stopped").status == "processing"
    assert service.wait_for("/recording")[0]["RecordingSid"] == started.sid
    assert [r.sid for r in twilio.recordings.list(call_sid=sid)] == [started.sid]


def test_recordings_survive_a_restart_until_deleted(start_sim: StartSim, service: Service) -> None:
    first = start_sim()
    service.on("/voice", '<Record recordingStatusCallback="/recording" timeout="2" action="/end"/>')
    service.on("/end", "<Hangup/>")
    first.ring(CALLER, NUMBER, SPEAK, url=service.url("/voice"))
    sid = service.wait_for("/recording")[0]["RecordingSid"]
    second = start_sim()
    twilio = client_of(second)
    assert twilio.recordings(sid).fetch().status == "completed"
    media = f"{second.base_url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}"
    assert httpx.get(media, auth=AUTH).content[:4] == b"RIFF"
    assert twilio.recordings(sid).delete()
    assert httpx.get(media, auth=AUTH).status_code == 404
    assert client_of(start_sim()).recordings.list() == []


@pytest.mark.parametrize(("seconds", "expected"), [(0, 1), (12, 12), (900, 30)])
def test_sound_has_the_right_length_up_to_a_cap(seconds: int, expected: int) -> None:
    with wave.open(io.BytesIO(audio.wav(seconds))) as file:
        assert file.getnframes() == expected * 8000
    assert abs(len(audio.mp3(seconds)) / 72 * 0.072 - expected) < 0.1
