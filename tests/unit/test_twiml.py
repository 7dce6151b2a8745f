"""Plans become TwiML that Twilio accepts, whatever stands in them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from callcenter.twiml import Urls, offline_answer, offline_voicemail, render

URLS = Urls("https://calls.example.com")
SPEECH = {"language": "es-MX", "voice": "Polly.Mia-Neural"}
PLANS = {
    "menu": {"menu": "main", "attempt": 1, "timeout": 10, "hints": ["Ventas"]},
    "enqueue": {"queue": "support"},
    "wait": {"music_url": None},
    "keep_waiting": {},
    "leave": {},
    "callback": {"attempt": 1},
    "confirm": {"offer_id": "0"},
    "conference": {"name": "call-1", "role": "agent", "record": True, "call_record_id": "1"},
    "dial": {"number": "+573001234567"},
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
                assert url.endswith("#rc=3&rp=all")


def test_the_room_ends_with_its_caller_and_not_with_an_agent() -> None:
    for role, ends in (("caller", "true"), ("agent", "false")):
        plan = {"kind": "conference", "speech": SPEECH, **PLANS["conference"], "role": role}
        room = ElementTree.fromstring(render(plan, URLS)).find("Dial/Conference")
        assert room is not None and room.get("endConferenceOnExit") == ends


def test_without_the_database_a_caller_reaches_the_fallback_number_or_leaves_a_voicemail() -> None:
    dial = ElementTree.fromstring(offline_answer(URLS, "+573110000000")).find("Dial")
    assert dial is not None and dial.text == "+573110000000"
    assert str(dial.get("action")).startswith("https://calls.example.com/api/twilio/fallback-exit#")
    assert "<Record" in offline_answer(URLS, None)
    assert offline_answer(URLS, None) == offline_voicemail(URLS)


def test_a_menu_hears_words_and_does_not_wait_ten_seconds_after_them() -> None:
    words = ["Ventas", "nuevas,ventas", "x" * 120, "", "Ventas", *map(str, range(300))]
    plan = {"kind": "menu", "speech": SPEECH, **PLANS["menu"], "hints": words}
    gather = ElementTree.fromstring(render(plan, URLS)).find("Gather")
    assert gather is not None and gather.get("speechTimeout") == "2"
    hints = str(gather.get("hints")).split(",")
    assert hints[:4] == ["Ventas", "nuevas ventas", "x" * 100, "0"]
    assert len(hints) <= 100
    silent = ElementTree.fromstring(render({**plan, "hints": []}, URLS)).find("Gather")
    assert silent is not None and silent.get("hints") is None
