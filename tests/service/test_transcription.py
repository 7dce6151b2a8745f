"""The webhook of transcriptions: a form from <Record>, or JSON whose hash is signed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from devstack.stack import Stack
from tests.service.conftest import Post
from tests.service.signing import signature

DONE = {"id": "voice_transcription_1", "status": "completed", "sourceId": "RE0", "sentences": []}


def post_json(stack: Stack, body: str, query: str | None = None) -> httpx.Response:
    """Signed as Twilio signs JSON, unless another query is given for the hash of the body."""
    digest = sha256(body.encode()).hexdigest()
    query = f"?bodySHA256={digest}" if query is None else query
    url = f"{stack.env['PUBLIC_URL']}/api/twilio/transcription-status{query}"
    signed = signature(stack.env["TWILIO_AUTH_TOKEN"], url, {})
    headers = {"X-Twilio-Signature": signed, "Content-Type": "application/json"}
    return httpx.post(url, content=body, headers=headers, timeout=20)


def test_json_is_taken_in_with_the_hash_of_its_body(stack: Stack) -> None:
    assert post_json(stack, json.dumps(DONE)).status_code == 204


@pytest.mark.parametrize("query", ["", "?bodySHA256=", "?bodySHA256=%20", "?bodySHA256=00"])
def test_json_without_the_hash_of_its_body_is_refused(stack: Stack, query: str) -> None:
    assert post_json(stack, json.dumps(DONE), query).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "nonsense",
        {"status": "completed"},
        {**DONE, "sourceId": 7},
        {**DONE, "sentences": "a"},
        {**DONE, "sentences": ["a"]},
    ],
)
def test_json_that_can_be_no_transcription_is_400(stack: Stack, body: Any) -> None:
    assert post_json(stack, body if isinstance(body, str) else json.dumps(body)).status_code == 400


@pytest.mark.parametrize(
    "odd",
    [
        {"sentences": [{"text": None}, {}, {"text": 7}]},
        {"sentences": [{"text": "a\x00b \ud800"}]},
        {"status": "RUNNING"},
        {"status": "no such word"},
        {"more": {"than": "we know"}},
    ],
)
def test_odd_json_is_taken_in(stack: Stack, odd: dict[str, Any]) -> None:
    assert post_json(stack, json.dumps({**DONE, **odd})).status_code == 204


def test_the_form_of_record_is_taken_in(post: Post) -> None:
    form = {
        "RecordingSid": f"RE{0:032x}",
        "TranscriptionSid": f"TR{0:032x}",
        "TranscriptionStatus": "completed",
        "TranscriptionText": "Hello",
    }
    assert post("transcription-status", form).status_code == 204
    del form["TranscriptionSid"]
    assert post("transcription-status", form).status_code == 400
