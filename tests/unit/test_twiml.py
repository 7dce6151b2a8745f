"""Plans become TwiML that Twilio accepts, whatever stands in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from callcenter.events import Role
from callcenter.twiml import (
    Urls,
    announcement,
    fallback_document,
    music_on_hold,
    offline_answer,
    offline_voicemail,
    render,
)

URLS = Urls("https://calls.example.com")
OURS = "+576015550100"
SPEECH = {"language": "es-MX", "voice": "Polly.Mia-Neural"}
PLANS: dict[str, dict[str, Any]] = {
    "menu": {"menu": "main", "attempt": 1, "timeout": 10, "hints": ["Ventas"]},
    "enqueue": {"queue": "support"},
    "wait": {"music_url": None},
    "keep_waiting": {},
    "leave": {},
    "callback": {"attempt": 1},
    "confirm": {"offer_id": "0"},
    "conference": {
        "name": "call-1",
        "role": "caller",
        "label": "agent",
        "silent": False,
        "end_on_exit": False,
        "record": True,
        "call_record_id": "1",
    },
    "dial": {"number": "+573001234567", "caller_id": "+576015550100"},
    "voicemail": {"max_seconds": 120, "transcribe": True},
    "hang_up": {},
    "reject": {},
}


@pytest.mark.parametrize("kind", PLANS)
def test_every_kind_of_plan_is_well_formed_whatever_is_said(kind: str) -> None:
    text = "Ñandú & <Hangup/> \"'"
    document = render({"kind": kind, "say": [text], "speech": SPEECH, **PLANS[kind]}, URLS)
    said = [say.text for say in ElementTree.fromstring(document).iter("Say")]
    assert said in ([text], [])


@pytest.mark.parametrize("kind", PLANS)
def test_every_address_is_absolute_and_asks_for_retries(kind: str) -> None:
    document = render({"kind": kind, "say": [], "speech": SPEECH, **PLANS[kind]}, URLS)
    for element in ElementTree.fromstring(document).iter():
        for name in ("action", "waitUrl", "recordingStatusCallback"):
            if (url := element.get(name)) is not None:
                assert url.startswith("https://calls.example.com/api/twilio/")
                assert url.endswith("#ct=2000&rt=6000&rc=3&rp=all")


@pytest.mark.parametrize(("role", "said"), [(Role.AGENT, ["agent"]), (None, [])])
def test_every_address_says_the_role_of_the_leg_that_will_ask_it(
    role: Role | None, said: list[str]
) -> None:
    for kind, plan in PLANS.items():
        document = render({"kind": kind, "speech": SPEECH, **plan}, URLS.for_leg(role))
        for element in ElementTree.fromstring(document).iter():
            for name in ("action", "waitUrl", "recordingStatusCallback"):
                if (url := element.get(name)) is not None:
                    assert parse_qs(urlsplit(url).query).get("role", []) == said


@pytest.mark.parametrize("ends", [True, False])
def test_whose_leaving_ends_the_room_is_the_plans_to_say(ends: bool) -> None:
    said = {**PLANS["conference"], "label": "caller", "end_on_exit": ends}
    plan = {"kind": "conference", "speech": SPEECH, **said}
    room = ElementTree.fromstring(render(plan, URLS)).find("Dial/Conference")
    assert room is not None
    assert room.get("participantLabel") == "caller"
    assert room.get("endConferenceOnExit") == str(ends).lower()


def conference(**more: object) -> ElementTree.Element:
    plan = {"kind": "conference", "speech": SPEECH, **PLANS["conference"], **more}
    return ElementTree.fromstring(render(plan, URLS.for_leg(Role.CUSTOMER)))


def test_who_is_first_in_a_room_hears_our_music_or_nothing() -> None:
    waits = [conference(silent=silent).find("Dial/Conference") for silent in (True, False)]
    heard = [room.get("waitUrl", "Twilio's own") for room in waits if room is not None]
    assert heard[0] == ""
    assert urlsplit(heard[1]).path == "/api/twilio/hold-music"


def test_only_a_supervisor_whom_nobody_is_to_hear_comes_in_muted() -> None:
    rooms = [conference(**more).find("Dial/Conference") for more in ({}, {"muted": True})]
    assert [room.get("muted") for room in rooms if room is not None] == ["false", "true"]


def test_a_customer_who_does_not_stay_in_the_room_asks_again_under_another_name() -> None:
    document = conference(call="1", attempt=2)
    assert [verb.tag for verb in document] == ["Dial", "Redirect"]
    again = urlsplit(str(document[-1].text))
    assert again.path == "/api/twilio/caller-connect"
    asked = {"role": ["customer"], "call": ["1"], "attempt": ["2"], "retry": ["1"]}
    assert parse_qs(again.query) == asked
    rooms = [conference(retries=retries).find("Dial/Conference") for retries in (0, 1, 2)]
    assert len({room.get("participantLabel") for room in rooms if room is not None}) == 3


def test_nobody_asks_for_the_room_for_ever_and_agents_do_not_at_all() -> None:
    assert [verb.tag for verb in conference(retries=4)] == ["Dial", "Redirect"]
    assert [verb.tag for verb in conference(retries=5)] == ["Dial"]
    assert [verb.tag for verb in conference(role="agent")] == ["Dial"]


def test_without_the_database_a_caller_reaches_the_fallback_number_or_leaves_a_voicemail() -> None:
    dial = ElementTree.fromstring(offline_answer(URLS, "+573110000000", OURS)).find("Dial")
    assert dial is not None
    assert dial.text == "+573110000000"
    assert str(dial.get("action")).startswith("https://calls.example.com/api/twilio/fallback-exit#")
    assert "<Record" in offline_answer(URLS, None, OURS)
    assert offline_answer(URLS, None, OURS) == offline_voicemail(URLS)


def test_a_menu_hears_words_and_does_not_wait_ten_seconds_after_them() -> None:
    words = ["Ventas", "nuevas,ventas", "x" * 120, "", "Ventas", *map(str, range(300))]
    plan = {"kind": "menu", "speech": SPEECH, **PLANS["menu"], "hints": words}
    gather = ElementTree.fromstring(render(plan, URLS)).find("Gather")
    assert gather is not None
    assert gather.get("speechTimeout") == "2"
    hints = str(gather.get("hints")).split(",")
    assert hints[:4] == ["Ventas", "nuevas ventas", "x" * 100, "0"]
    assert len(hints) <= 100
    silent = ElementTree.fromstring(render({**plan, "hints": []}, URLS)).find("Gather")
    assert silent is not None
    assert silent.get("hints") is None


def test_a_number_is_dialled_under_ours_whoever_calls() -> None:
    plan = {"kind": "dial", "speech": SPEECH, **PLANS["dial"]}
    for document in (render(plan, URLS), offline_answer(URLS, "+573110000000", OURS)):
        dial = ElementTree.fromstring(document).find("Dial")
        assert dial is not None
        assert dial.get("callerId") == OURS


def test_the_document_hosted_elsewhere_asks_for_patience_and_leads_back() -> None:
    verbs = list(ElementTree.fromstring(fallback_document(URLS)))
    assert [verb.tag for verb in verbs] == ["Say", "Pause", "Redirect"]
    assert (
        verbs[-1].text
        == "https://calls.example.com/api/twilio/fallback#ct=2000&rt=6000&rc=3&rp=all"
    )


def test_who_is_on_hold_hears_music_that_does_not_end() -> None:
    for music in (None, "https://music.example/a.mp3?b=c&d"):
        (play,) = ElementTree.fromstring(music_on_hold(URLS, music))
        assert play.get("loop") == "0"
        assert play.text == (music or "https://calls.example.com/static/hold-music.wav")


def test_an_announcement_is_keys_or_words() -> None:
    (keys,) = ElementTree.fromstring(announcement("1w2#", None, {}))
    assert (keys.tag, keys.get("digits")) == ("Play", "1w2#")
    speech = {"language": "es-MX", "voice": None}
    (words,) = ElementTree.fromstring(announcement(None, "Sigue en espera\x01 <&>", speech))
    assert (words.tag, words.text) == ("Say", "Sigue en espera <&>")
    assert words.attrib == {"language": "es-MX"}


def test_every_change_in_a_room_is_told() -> None:
    plan = {"kind": "conference", "speech": SPEECH, **PLANS["conference"]}
    room = ElementTree.fromstring(render(plan, URLS)).find("Dial/Conference")
    assert room is not None
    told = (room.get("statusCallbackEvent") or "").split()
    assert set(told) == {"start", "end", "join", "leave", "mute", "hold", "modify"}
