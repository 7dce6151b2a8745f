"""What is asked of Twilio about a room, and what it means that it is gone."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from callcenter.errors import TwilioRefusedError, TwilioUncertainError
from callcenter.models import JSON
from callcenter.twilio_service import TwilioService
from tests.unit.test_twilio_service import answering

LEG = f"CA{1:032x}"
ROOM: JSON = {"room": "call-1", "conference_sid": f"CF{1:032x}"}
PARTICIPANT = b'{"call_sid": "CA1"}'
Asked = list[dict[str, list[str]]]


def ask(what: str, twilio: TwilioService, room: JSON = ROOM) -> bool:
    match what:
        case "a participant":
            return twilio.set_participant(LEG, {**room, "changes": {"muted": True}})
        case "an announcement":
            return twilio.announce({**room, "leg": LEG, "path": "announce"})
    return twilio.set_recording({**room, "status": "paused"})


EVERYTHING = ["a participant", "an announcement", "a recording"]


def rooms(*statuses: str) -> bytes:
    found = [{"sid": f"CF{n:032x}", "status": status} for n, status in enumerate(statuses)]
    return json.dumps({"conferences": found, "next_page_uri": None, "page": 0}).encode()


def held(changes: JSON) -> dict[str, list[str]]:
    asked: Asked = []
    with answering(200, PARTICIPANT, asked) as twilio:
        assert twilio.set_participant(LEG, {**ROOM, "changes": changes})
    (request,) = asked
    return request


@pytest.mark.parametrize("music", [None, "https://music.example/a b.mp3?c=d&e"])
def test_who_is_held_hears_the_music_that_they_are_to_hear(music: str | None) -> None:
    request = held({"hold": True, "hold_url": music})
    address = urlsplit(request["HoldUrl"][0])
    assert (request["Hold"], request["HoldMethod"]) == (["true"], ["POST"])
    assert address.path == "/api/twilio/hold-music"
    assert parse_qs(address.query) == ({"music": [music]} if music else {})


def test_who_is_resumed_needs_no_music() -> None:
    music = "https://music.example/a.mp3"
    assert held({"hold": False, "hold_url": music}) == {"Hold": ["false"]}


def test_what_is_to_be_heard_is_an_address_of_ours_with_all_that_was_said() -> None:
    asked: Asked = []
    said = {"digits": "1w#&", "say": None}
    with answering(200, PARTICIPANT, asked) as twilio:
        assert twilio.announce({**ROOM, "leg": LEG, "path": "announce", "query": said})
    address = urlsplit(asked[0]["AnnounceUrl"][0])
    assert address.path == "/api/twilio/announce"
    assert parse_qs(address.query) == {"digits": ["1w#&"]}


@pytest.mark.parametrize("what", EVERYTHING)
def test_what_is_gone_is_done_with_and_no_failure(what: str) -> None:
    with answering(404, b'{"code": 20404, "message": "not found"}') as twilio:
        assert ask(what, twilio) is False


@pytest.mark.parametrize("what", EVERYTHING)
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [(400, b'{"code": 13240}', TwilioRefusedError), (503, b"<html>", TwilioUncertainError)],
)
def test_any_other_refusal_is_one(
    what: str, status: int, body: bytes, expected: type[Exception]
) -> None:
    with answering(status, body) as twilio, pytest.raises(expected):
        ask(what, twilio)


@pytest.mark.parametrize("what", EVERYTHING)
@pytest.mark.parametrize(("statuses", "requests"), [([], 1), (["completed"], 1), (["init"], 2)])
def test_a_room_whose_sid_nobody_told_us_is_found_by_its_name(
    what: str, statuses: list[str], requests: int
) -> None:
    asked: Asked = []
    unknown = {"room": "call-1", "conference_sid": None}
    with answering(200, rooms(*statuses), asked) as twilio:
        assert ask(what, twilio, unknown) is (requests == 2)
    assert asked[0]["FriendlyName"] == ["call-1"]
    assert len(asked) == requests


def test_a_room_that_is_known_is_not_looked_for() -> None:
    asked: list[dict[str, Any]] = []
    with answering(200, PARTICIPANT, asked) as twilio:
        ask("a participant", twilio)
    assert asked == [{"Muted": ["true"]}]
