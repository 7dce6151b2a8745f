"""What one participant of a room hears, which never depends on the database."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.service.conftest import OFFLINE
from tests.service.signing import signature

LEG = {"CallSid": f"CA{1:032x}", "AccountSid": "AC0"}


def hears(app: Flask, path: str) -> ElementTree.Element:
    """The one verb of the document that Twilio is given at an address of ours."""
    url = f"/api/twilio/{path}"
    signed = signature(OFFLINE.twilio_auth_token, OFFLINE.public_url + url, LEG)
    answer = app.test_client().post(
        url, data=LEG, headers={"X-Twilio-Signature": signed}, environ_overrides={"RAW_URI": url}
    )
    assert answer.status_code == 200, answer.text
    (verb,) = ElementTree.fromstring(answer.text)
    return verb


@pytest.mark.parametrize("music", ["", "https://music.example/a b.mp3?c=d&e"])
def test_who_is_held_hears_music_while_the_database_is_away(app: Flask, music: str) -> None:
    play = hears(app, f"hold-music?music={quote(music, safe='')}")
    assert (play.tag, play.get("loop")) == ("Play", "0")
    assert play.text == (music or "http://localhost/static/hold-music.wav")


def test_keys_are_pressed_and_words_said_as_the_address_says(app: Flask) -> None:
    assert hears(app, "announce?digits=1w%23").get("digits") == "1w#"
    words = hears(app, "announce?say=A%C3%BAn%20espera&language=es-MX&voice=Polly.Mia-Neural")
    assert (words.tag, words.text) == ("Say", "Aún espera")
    assert words.attrib == {"language": "es-MX", "voice": "Polly.Mia-Neural"}
