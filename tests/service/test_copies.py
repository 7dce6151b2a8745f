"""Recordings go from Twilio, a stand-in, to the local stack's Storage, and are heard from there."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import jwt
import pytest
from aiohttp import web

from callcenter.bootstrap import Services
from callcenter.doctor.recordings import look_at_recordings
from callcenter.errors import (
    RangeRefusedError,
    SoundUnavailableError,
    StorageRefusedError,
    StorageUncertainError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.listening import Listening
from callcenter.models import Copy, Opened
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.telephony.copies import Copies
from callcenter.telephony.media import Media
from devstack.storage.objects import Objects
from devstack.storage.server import Server as StorageServer
from tests.service.conftest import OFFLINE
from tests.service.test_listening import SOUND, Server, Twilio, sends

SECRET = "a secret of at least thirty-two bytes, as projects have"
SERVICE = jwt.encode({"role": "service_role"}, SECRET)
ANON = jwt.encode({"role": "anon"}, SECRET)
RECORDING = f"RE{'7' * 32}"
PLACE = {"bucket": "recordings", "path": f"2026-11/{RECORDING}.mp3"}
COPY = Copy("recordings", PLACE["path"], len(SOUND))


@dataclass
class Project:
    """A project's Storage at url, and what was deleted at Twilio."""

    url: str
    deleted: list[str] = field(default_factory=list)

    @property
    def api(self) -> str:
        return f"{self.url}/storage/v1"

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {more.pop('token', SERVICE)}",
            **more.pop("headers", {}),
        }
        return httpx.request(method, f"{self.api}{path}", headers=headers, timeout=20, **more)

    def make_bucket(self, **about: object) -> None:
        made = self.ask("POST", "/bucket", json={"name": "recordings", **about})
        assert made.status_code == 200

    def faults(self, **faults: object) -> None:
        self.ask("POST", "/_devstack/faults", json=faults)

    def held(self, token: str = SERVICE) -> bytes | None:
        """What Storage has in the recording's place."""
        path = f"/object/authenticated/recordings/{PLACE['path']}"
        answer = self.ask("GET", path, token=token)
        if answer.status_code == 400:
            assert answer.json()["statusCode"] == "404"
            return None
        assert answer.status_code == 200
        return answer.content


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A Storage and the folder that it keeps its things in."""
    folder = tmp_path_factory.mktemp("storage")
    loop, port = asyncio.new_event_loop(), []

    async def serve() -> None:
        app = web.Application()
        app.add_subapp("/storage/v1", StorageServer(Objects(folder), SECRET).application())
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port.append(runner.addresses[0][1])

    loop.run_until_complete(serve())
    threading.Thread(target=loop.run_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port[0]}", folder
    loop.call_soon_threadsafe(loop.stop)


@pytest.fixture
def project(served: tuple[str, Path]) -> Iterator[Project]:
    url, folder = served
    found = Project(url)
    yield found
    found.faults()
    for path in sorted(folder.glob("**/*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


@pytest.fixture
def settings(project: Project) -> Iterator[Settings]:
    Twilio.asked, Twilio.answer = [], sends(Content_Type="audio/mpeg")
    with Server(("127.0.0.1", 0), Twilio) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield replace(
            OFFLINE,
            supabase_url=project.url,
            supabase_service_role_key=SERVICE,
            twilio_api_base_url=f"http://127.0.0.1:{server.server_port}",
        )
        server.shutdown()


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage(settings)


@pytest.fixture
def copies(settings: Settings, storage: Storage, project: Project) -> Copies:
    def delete(what: str) -> bool:
        project.deleted.append(what)
        return True

    return Copies(
        Media(settings),
        storage,
        lambda sid: delete(f"recording {sid}"),
        lambda sid: delete(f"words {sid}"),
    )


def test_all_of_it_is_copied_and_once_more_does_no_harm(copies: Copies, project: Project) -> None:
    project.make_bucket()
    for _ in range(2):
        assert copies.copy(RECORDING, PLACE) == len(SOUND)
        assert project.held() == SOUND
    assert project.held(ANON) is None
    stored = project.ask("GET", f"/object/info/recordings/{PLACE['path']}").json()
    assert (stored["content_type"], stored["cache_control"]) == ("audio/mpeg", "max-age=0")


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (None, "no_bucket"),
        ({"public": True}, "bucket_public"),
        ({"file_size_limit": 1000}, "Payload too large"),
        ({"allowed_mime_types": ["image/png"]}, "invalid_mime_type"),
    ],
)
def test_what_the_bucket_does_not_take_is_refused_and_not_there(
    copies: Copies, project: Project, about: dict[str, object] | None, code: str
) -> None:
    if about is not None:
        project.make_bucket(**about)
    with pytest.raises(StorageRefusedError) as refusal:
        copies.copy(RECORDING, PLACE)
    assert refusal.value.code == code
    assert project.held() is None
    assert bool(Twilio.asked) == (code not in ("no_bucket", "bucket_public"))


def test_what_twilio_does_not_give_whole_is_not_sent(copies: Copies, project: Project) -> None:
    project.make_bucket()
    Twilio.answer = sends(404)
    with pytest.raises(TwilioRefusedError):
        copies.copy(RECORDING, PLACE)
    page = sends(body=b"<html>Sign in to this network", Content_Type="text/html")
    half = sends(body=SOUND[:1000], length=len(SOUND))
    for broken in (sends(500), half, sends(body=b""), page):
        Twilio.answer = broken
        with pytest.raises(TwilioUncertainError):
            copies.copy(RECORDING, PLACE)
    assert project.held() is None


def test_storage_that_does_not_answer_may_have_it(copies: Copies, project: Project) -> None:
    project.make_bucket()
    project.faults(unavailable=True, written=True)
    with pytest.raises(StorageUncertainError):
        copies.copy(RECORDING, PLACE)
    assert project.held() is None
    project.faults(unanswered=True, written=True)
    with pytest.raises(StorageUncertainError):
        copies.copy(RECORDING, PLACE)
    assert project.held() == SOUND
    project.faults()
    assert copies.copy(RECORDING, PLACE) == len(SOUND)


def test_what_takes_longer_than_a_command_may_is_given_up(
    storage: Storage, project: Project, tmp_path: Path
) -> None:
    project.make_bucket()
    (tmp_path / "sound").write_bytes(SOUND)
    with (tmp_path / "sound").open("rb") as file, pytest.raises(StorageRefusedError) as refusal:
        storage.upload("recordings", PLACE["path"], file, time.monotonic() - 1)
    assert refusal.value.code == "too_slow"
    assert project.held() is None


def test_twilios_is_deleted_with_its_words_while_storage_has_all_of_it(
    copies: Copies, project: Project
) -> None:
    project.make_bucket()
    kept = {**PLACE, "bytes": copies.copy(RECORDING, PLACE), "words": True}
    for lost in ({**kept, "bytes": 7}, {**kept, "path": "2026-11/other.mp3"}):
        with pytest.raises(StorageRefusedError) as refusal:
            copies.release(RECORDING, lost)
        assert refusal.value.code == "not_whole"
    project.faults(unavailable=True)
    with pytest.raises(StorageUncertainError):
        copies.release(RECORDING, kept)
    assert project.deleted == []
    project.faults()
    assert copies.release(RECORDING, kept)
    assert project.deleted == [f"words {RECORDING}", f"recording {RECORDING}"]


def test_a_copy_is_deleted_once(copies: Copies, project: Project) -> None:
    project.make_bucket()
    copies.copy(RECORDING, PLACE)
    assert copies.delete(PLACE) is True
    assert project.held() is None
    assert copies.delete(PLACE) is False


def heard(storage: Storage, **wanted: str) -> tuple[int, int, bytes]:
    """Status, first byte and the sound itself."""
    sound = storage.open_sound(COPY, {name.replace("_", "-"): v for name, v in wanted.items()})
    body = b"".join(sound.pieces())
    sound.close()
    assert sound.total == len(SOUND)
    assert sound.headers["Content-Type"] == "audio/mpeg"
    return sound.status, sound.first, body


def test_a_copy_is_heard_in_parts(copies: Copies, storage: Storage, project: Project) -> None:
    project.make_bucket()
    copies.copy(RECORDING, PLACE)
    assert heard(storage) == (200, 0, SOUND)
    assert heard(storage, Range="bytes=10-29") == (206, 10, SOUND[10:30])
    assert heard(storage, Range="bytes=-5") == (206, len(SOUND) - 5, SOUND[-5:])
    assert heard(storage, Range="bytes=0-1,5-6") == (200, 0, SOUND)
    etag = storage.open_sound(COPY, {}).headers["ETag"]
    assert heard(storage, Range="bytes=10-29", If_Range=etag)[0] == 206
    assert heard(storage, Range="bytes=10-29", If_Range='"another"') == (200, 0, SOUND)
    for beyond in (f"bytes={len(SOUND)}-", "bytes=-0"):
        with pytest.raises(RangeRefusedError) as refusal:
            heard(storage, Range=beyond)
        assert refusal.value.total == len(SOUND)


def test_who_listens_is_sent_the_copy_and_twilio_is_not_asked(
    copies: Copies, settings: Settings, storage: Storage, project: Project
) -> None:
    project.make_bucket()
    copies.copy(RECORDING, PLACE)
    Twilio.asked.clear()
    db = cast(Any, SimpleNamespace(open_recording=lambda *_: Opened(None, COPY)))
    twilio = cast(Any, SimpleNamespace(open_sound=Media(settings).open))
    stream = Listening(db, twilio, storage).begin("u", RECORDING, "mp3", "GET", {})
    assert b"".join(stream) == SOUND
    stream.close()
    assert Twilio.asked == []


def test_storages_refusals_are_ours(
    copies: Copies, settings: Settings, storage: Storage, project: Project
) -> None:
    def refusal(asked: Storage) -> tuple[int, str]:
        with pytest.raises(SoundUnavailableError) as refused:
            asked.open_sound(COPY, {})
        return refused.value.http_status, (refused.value.details or {})["code"]

    project.make_bucket()
    assert refusal(storage) == (404, "no_sound")
    copies.copy(RECORDING, PLACE)
    assert refusal(Storage(replace(settings, supabase_service_role_key=ANON))) == (404, "no_sound")
    forged = replace(settings, supabase_service_role_key="another")
    assert refusal(Storage(forged)) == (502, "storage_refused")
    project.faults(unavailable=True)
    assert refusal(storage) == (502, "storage_silent")
    away = replace(settings, supabase_url="http://127.0.0.1:1")
    assert refusal(Storage(away)) == (502, "storage_silent")


@pytest.mark.parametrize(
    ("bucket", "about", "said"),
    [
        (None, None, None),
        ("recordings", None, "no bucket"),
        ("recordings", {"public": True}, "public"),
        ("recordings", {"allowed_mime_types": ["image/*"]}, "audio/mpeg"),
        ("recordings", {"file_size_limit": 9_600_000}, "longer than 20 min"),
        ("recordings", {"file_size_limit": 30_000_000, "allowed_mime_types": ["audio/*"]}, ""),
    ],
)
def test_the_doctor_says_what_the_bucket_does_not_take(
    storage: Storage,
    project: Project,
    bucket: str | None,
    about: dict[str, object] | None,
    said: str | None,
) -> None:
    if about is not None:
        project.make_bucket(**about)
    db = SimpleNamespace(recordings_bucket=lambda: bucket)
    found = look_at_recordings(cast(Services, SimpleNamespace(db=db, storage=storage)))
    if said is None:
        assert found == []
        return
    (finding,) = found
    assert said in finding.remedy
    assert (bool(finding.remedy), finding.fails) == (bool(said), False)


def test_the_stand_in_is_no_kinder_than_storage(project: Project) -> None:
    path = "/object/recordings/a/b.mp3"
    gone = project.ask("POST", path, content=b"1")
    assert (gone.status_code, gone.json()["statusCode"]) == (400, "404")
    project.make_bucket()
    sent = project.ask("POST", path, files={"file": ("b.mp3", io.BytesIO(b"12"), "audio/mpeg")})
    assert sent.json()["Key"] == "recordings/a/b.mp3"
    again = project.ask("POST", path, content=b"3")
    assert (again.status_code, again.json()["error"]) == (400, "Duplicate")
    over = project.ask("POST", path, content=b"345", headers={"x-upsert": "true"})
    assert over.status_code == 200
    read = f"/object/authenticated{path.removeprefix('/object')}"
    assert project.ask("GET", read).content == b"345"
    assert project.ask("GET", read, headers={"Range": "bytes=9-"}).status_code == 500
    assert project.ask("GET", read, token="none").json()["statusCode"] == "403"
    assert project.ask("POST", path, content=b"6", token=ANON).json()["error"] == "Unauthorized"
    wish = {"prefixes": ["a/b.mp3", "a/c.mp3"]}
    assert project.ask("DELETE", "/object/recordings", json=wish, token=ANON).json() == []
    deleted = project.ask("DELETE", "/object/recordings", json=wish).json()
    assert [one["name"] for one in deleted] == ["a/b.mp3"]
    assert project.ask("DELETE", "/object/recordings", json=wish).json() == []
