"""Links to recordings, and the sound of recordings as it is passed on: Twilio is a stand-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask.testing import FlaskClient

from callcenter.bootstrap import build_services
from callcenter.links import LIFE, RecordingLinks
from callcenter.listening import MOST_LISTENERS, MOST_OF_ONE
from callcenter.settings import Settings
from tests.service.conftest import OFFLINE
from tests.service.stand_in import USER, Supabase, supabase
from webhooks.app import create_app

RECORDING = f"RE{'7' * 32}"
PATH = f"/api/twilio/recordings/{RECORDING}"
SOUND = bytes(range(256)) * 1024
AT_TWILIO = {"listen": 5, "copy": None}


class Twilio(BaseHTTPRequestHandler):
    """Sends a sound as it is told: how, and which headers it was asked with."""

    asked: list[dict[str, str]]
    answer: Callable[[Twilio], None]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        type(self).asked.append({**self.headers, "path": self.path})
        type(self).answer(self)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Of listeners who leave, nothing is said."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


def sends(
    status: int = 200, body: bytes = SOUND, length: int | None = None, **headers: str
) -> Callable[[Twilio], None]:
    def answer(twilio: Twilio) -> None:
        twilio.send_response(status)
        twilio.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            twilio.send_header(name.replace("_", "-"), value)
        twilio.end_headers()
        if twilio.command == "GET":
            twilio.wfile.write(body)
        if length is not None:
            twilio.close_connection = True

    return answer


@pytest.fixture
def project() -> Iterator[Supabase]:
    with supabase() as stand_in:
        stand_in.rpcs = {"open_recording": (200, AT_TWILIO), "note_delivered": (200, None)}
        yield stand_in


@pytest.fixture
def settings(project: Supabase) -> Iterator[Settings]:
    Twilio.asked, Twilio.answer = [], sends(Content_Type="audio/mpeg", Accept_Ranges="bytes")
    with Server(("127.0.0.1", 0), Twilio) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield replace(
            OFFLINE,
            supabase_url=project.url,
            token_issuers=(f"{project.url}/auth/v1",),
            twilio_api_base_url=f"http://127.0.0.1:{server.server_port}",
        )
        server.shutdown()


@pytest.fixture
def client(settings: Settings, project: Supabase) -> FlaskClient:
    client = create_app(build_services(settings)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {project.token()}"
    return client


def delivered(project: Supabase) -> list[dict[str, object]]:
    return [body for function, body in project.asked if function == "note_delivered"]


def test_all_of_it_is_passed_on_and_how_far_is_kept(client: FlaskClient, project: Supabase) -> None:
    answer = client.get(PATH)
    assert (answer.status_code, answer.data) == (200, SOUND)
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    (asked,) = Twilio.asked
    assert asked["path"] == f"/api/2010-04-01/Accounts/AC0/Recordings/{RECORDING}.mp3"
    answer.close()
    assert project.asked[0] == (
        "open_recording",
        {"p_user_id": USER, "p_recording_sid": RECORDING, "p_format": "mp3", "p_hears": True},
    )
    total = len(SOUND)
    assert delivered(project) == [{"p_listen_id": 5, "p_from": 0, "p_to": total, "p_total": total}]


def test_a_part_is_asked_for_as_the_player_asks(client: FlaskClient, project: Supabase) -> None:
    Twilio.answer = sends(206, SOUND[10:30], Content_Range=f"bytes 10-29/{len(SOUND)}", ETag='"1"')
    answer = client.get(f"{PATH}.wav", headers={"Range": "bytes=10-29", "If-Range": '"1"'})
    assert (answer.status_code, answer.data) == (206, SOUND[10:30])
    assert answer.headers["Content-Range"] == f"bytes 10-29/{len(SOUND)}"
    assert answer.headers["Content-Type"] == "audio/wav"
    assert (Twilio.asked[0]["Range"], Twilio.asked[0]["If-Range"]) == ("bytes=10-29", '"1"')
    answer.close()
    assert delivered(project)[0]["p_from"] == 10
    assert delivered(project)[0]["p_to"] == 30


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,4-5", "bytes=-", "items=1-2", "bytes=a-b", "bytes=5-2"]
)
def test_what_is_not_one_part_is_not_asked_for(client: FlaskClient, wanted: str) -> None:
    assert client.get(PATH, headers={"Range": wanted}).status_code == 200
    assert "Range" not in Twilio.asked[0]


def test_how_long_it_is_can_be_asked_without_hearing_it(
    client: FlaskClient, project: Supabase
) -> None:
    answer = client.head(PATH)
    assert (answer.status_code, answer.content_length, answer.data) == (200, len(SOUND), b"")
    answer.close()
    assert project.asked[0][1]["p_hears"] is False
    assert delivered(project) == []


def test_who_leaves_early_heard_no_more_than_was_sent(
    client: FlaskClient, project: Supabase
) -> None:
    answer = client.get(PATH, buffered=False)
    pieces = iter(answer.response)
    next(pieces)
    next(pieces)
    answer.close()
    (kept,) = delivered(project)
    assert 0 < int(str(kept["p_to"])) < len(SOUND)


def test_a_connection_that_breaks_is_not_taken_for_the_end(
    client: FlaskClient, project: Supabase
) -> None:
    Twilio.answer = sends(body=SOUND[:100_000], length=len(SOUND))
    answer = client.get(PATH, buffered=False)
    with pytest.raises(Exception, match="broke off"):
        answer.get_data()
    answer.close()
    assert delivered(project)[0]["p_to"] == 100_000


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        (sends(404), 404, "no_sound"),
        (sends(401), 502, "twilio_refused"),
        (sends(500), 502, "twilio_silent"),
        (sends(429), 503, "twilio_busy"),
        (sends(body=b"<p>Sign in", Content_Type="text/html; charset=utf-8"), 502, "twilio_silent"),
        (sends(416, b"", Content_Range="bytes */7"), 416, "beyond_the_end"),
    ],
)
def test_twilios_refusals_are_ours(
    client: FlaskClient, said: Callable[[Twilio], None], status: int, code: str
) -> None:
    Twilio.answer = said
    answer = client.get(PATH, headers={"Range": "bytes=9-"})
    assert answer.status_code == status
    assert answer.get_json()["details"]["code"] == code
    if status == 416:
        assert answer.headers["Content-Range"] == "bytes */7"
    assert (answer.headers.get("Retry-After") is not None) == (status == 503)


def test_whatever_type_it_comes_with_it_is_handed_on_as_sound(client: FlaskClient) -> None:
    Twilio.answer = sends(Content_Type="binary/octet-stream")
    answer = client.get(PATH)
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_is_redirected_elsewhere_is_told_no_password(
    client: FlaskClient, settings: Settings
) -> None:
    seen: list[dict[str, str]] = []

    class Elsewhere(Twilio):
        asked = seen

    Elsewhere.answer = sends(body=b"elsewhere")

    with Server(("localhost", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        Twilio.answer = sends(302, b"", Location=f"http://localhost:{server.server_port}/x")
        assert client.get(PATH).data == b"elsewhere"
        server.shutdown()
    assert "Authorization" in Twilio.asked[0]
    assert "Authorization" not in seen[0]


def test_whoever_may_not_hear_it_twilio_is_not_asked(
    client: FlaskClient, project: Supabase
) -> None:
    details = '{"code": "no_such_recording"}'
    refusal = {"code": "PT404", "message": "None of yours.", "details": details, "hint": None}
    project.rpcs["open_recording"] = 404, refusal
    assert client.get(PATH).status_code == 404
    assert Twilio.asked == []


def test_more_listeners_than_there_are_places_are_asked_to_come_again(
    client: FlaskClient, project: Supabase
) -> None:
    users = [f"{n:08x}-1d0c-4a3e-9c4d-0d5a6f0c1e11" for n in range(MOST_LISTENERS)]
    sessions = [{"Authorization": f"Bearer {project.token(sub=user)}"} for user in users]
    listeners = [client.get(PATH, headers=session, buffered=False) for session in sessions]
    refused = client.get(PATH)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.get_json()["details"]["code"] == "many_listeners"
    for listener in listeners:
        listener.close()
        listener.close()
    Twilio.answer = sends(500)
    for _ in range(MOST_LISTENERS + 1):
        assert client.get(PATH).status_code == 502
    project.rpcs["open_recording"] = 503, {"code": "57P03", "message": "", "details": None}
    for _ in range(MOST_LISTENERS + 1):
        assert client.get(PATH).get_json()["error"] != "Many are listening at this moment."


def test_one_listener_does_not_take_the_places_of_all(
    client: FlaskClient, project: Supabase
) -> None:
    listeners = [client.get(PATH, buffered=False) for _ in range(MOST_OF_ONE)]
    assert client.get(PATH).get_json()["details"]["code"] == "many_listeners"
    other = project.token(sub="0b7a2c52-1d0c-4a3e-9c4d-0d5a6f0c1e22")
    assert client.get(PATH, headers={"Authorization": f"Bearer {other}"}).status_code == 200
    listeners.pop().close()
    assert client.get(PATH).status_code == 200
    for listener in listeners:
        listener.close()


def test_what_is_no_recordings_sid_twilio_is_not_asked_for(client: FlaskClient) -> None:
    names = ["RE1", f"re{'7' * 32}", f"{RECORDING}%0a", f"{RECORDING}.mp3.wav", f"{RECORDING}.json"]
    names += [f"..%2f{RECORDING}", f"{RECORDING}%2f..%2f..%2fCalls", f"{RECORDING}%3fx="]
    names += [f"{RECORDING}.mp3%0d%0aX-A:%201", "https:%2f%2fexample.org%2fx.mp3"]
    for name in names:
        assert client.get(f"/api/twilio/recordings/{name}").status_code in (400, 404)
        assert client.post(f"/api/recordings/{name}/link").status_code in (400, 404)
        assert client.delete(f"/api/recordings/{name}").status_code in (400, 404)
    assert Twilio.asked == []


def test_a_part_of_absurd_numbers_is_not_asked_for(client: FlaskClient) -> None:
    assert client.get(PATH, headers={"Range": f"bytes={'9' * 5000}-"}).status_code == 200
    assert "Range" not in Twilio.asked[0]


def test_whatever_twilio_says_of_a_part_is_survived(client: FlaskClient) -> None:
    absurd = "9" * 5000
    for said in (f"bytes {absurd}-{absurd}/*", f"bytes 0-1/{absurd}", "bytes 9-1/5", "bytes x"):
        Twilio.answer = sends(206, b"ab", Content_Range=said)
        answer = client.get(PATH, headers={"Range": "bytes=0-1"})
        assert answer.status_code == 206
        answer.close()


def link(client: FlaskClient) -> str:
    answer = client.post(f"/api/recordings/{RECORDING}/link")
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["url"])


def test_a_link_plays_in_the_name_of_who_asked_for_it(
    client: FlaskClient, project: Supabase
) -> None:
    url = link(client)
    assert url.startswith(f"{OFFLINE.public_url}{PATH}?key=")
    client.environ_base.clear()
    assert client.get(url).data == SOUND
    assert client.get(url.replace("?", ".wav?")).data == SOUND
    opened = [body for function, body in project.asked if function == "open_recording"]
    assert {body["p_user_id"] for body in opened} == {USER}


def test_a_link_is_good_for_one_recording_and_for_minutes(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = link(client)
    client.environ_base.clear()
    for forged in (url + "x", url[:-1], url.replace(RECORDING, f"RE{'8' * 32}"), f"{PATH}?key=1"):
        answer = client.get(forged)
        assert answer.status_code == 403
        assert answer.get_json()["details"]["code"] == "link_not_good"
    other = replace(settings, supabase_service_role_key="another")
    foreign, _ = RecordingLinks(other).make(RECORDING, USER)
    assert client.get(foreign).status_code == 403
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFE.total_seconds() + 2)
    answer = client.get(url)
    assert (answer.status_code, answer.get_json()["details"]["code"]) == (403, "link_expired")
    assert Twilio.asked == []


def test_without_link_and_session_nobody_hears_anything(client: FlaskClient) -> None:
    client.environ_base.clear()
    assert client.get(PATH).status_code == 401
    assert client.get(f"{PATH}?key=").status_code == 401
