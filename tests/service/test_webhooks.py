"""The webhooks' manners: who is let in, what is missing, and what each costs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import psycopg
import pytest

from devstack.stack import Stack
from tests.service.conftest import Post
from tests.service.signing import signature

WEBHOOKS = ["incoming-call", "ivr-input", "call-status", "recording-status"]


def test_a_signed_call_is_answered_with_twiml(post: Post, new_call: dict[str, str]) -> None:
    answer = post("incoming-call", new_call)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert ElementTree.fromstring(answer.text).find("Gather/Say") is not None


@pytest.mark.parametrize("path", WEBHOOKS)
def test_an_unsigned_request_is_refused(post: Post, new_call: dict[str, str], path: str) -> None:
    assert post(path, new_call, signed="").status_code == 403


@pytest.mark.parametrize("path", WEBHOOKS)
def test_a_request_signed_for_another_url_is_refused(
    stack: Stack, post: Post, new_call: dict[str, str], path: str
) -> None:
    other = signature(
        stack.env["TWILIO_AUTH_TOKEN"], f"{stack.env['PUBLIC_URL']}/api/twilio/other", new_call
    )
    assert post(path, new_call, signed=other).status_code == 403


@pytest.mark.parametrize("query", ["x=%C3%B3", "x=%2F", "x=%7C%7E%5B%5D", "x=a+b%20c", "x="])
def test_the_signature_is_checked_on_the_raw_url(
    post: Post, new_call: dict[str, str], query: str
) -> None:
    assert post(f"incoming-call?{query}", new_call).status_code == 200


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("incoming-call", "CallSid"),
        ("incoming-call", "From"),
        ("incoming-call", "To"),
        ("ivr-input", "CallSid"),
        ("call-status", "CallSid"),
        ("call-status", "CallStatus"),
        ("recording-status", "RecordingSid"),
        ("recording-status", "RecordingStatus"),
    ],
)
def test_a_missing_parameter_is_named(
    post: Post, new_call: dict[str, str], path: str, missing: str
) -> None:
    form = {**new_call, "RecordingSid": "RE1", "RecordingStatus": "completed"}
    del form[missing]
    answer = post(path, form)
    assert answer.status_code == 400
    assert missing in answer.json()["error"]


def test_unknown_parameters_are_fine(post: Post, new_call: dict[str, str]) -> None:
    assert post("incoming-call", {**new_call, "NewInTwilio": "ñandú"}).status_code == 200


def test_an_offer_that_is_no_uuid_is_a_clear_error(post: Post, new_call: dict[str, str]) -> None:
    assert post("agent-connect?offer=7", new_call).status_code == 400


def test_a_role_that_is_none_is_a_clear_error(post: Post, new_call: dict[str, str]) -> None:
    answer = post("call-status?role=janitor", new_call)
    assert (answer.status_code, answer.json()["error"]) == (400, "role is not a leg's role")


def test_the_same_call_announced_twice_is_one_call(
    post: Post, new_call: dict[str, str], stack: Stack
) -> None:
    first, second = post("incoming-call", new_call), post("incoming-call", new_call)
    assert first.text == second.text


@pytest.fixture
def requests_seen(stack: Stack) -> Iterator[httpx.Client]:
    """The gateway's list of requests, with nobody but the web process to make any."""
    with psycopg.connect(stack.env["DATABASE_URL"]) as db:
        db.execute("update public.call_center_agents set agent_status = 'offline'")
    with httpx.Client(base_url=stack.env["SUPABASE_URL"]) as gateway:
        yield gateway


@pytest.mark.parametrize("path", [*WEBHOOKS, "queue-wait", "queue-exit", "queue-key"])
def test_a_webhook_costs_one_request_to_the_database(
    post: Post, new_call: dict[str, str], requests_seen: httpx.Client, path: str
) -> None:
    post("incoming-call", new_call)
    requests_seen.post("/_devstack/requests/reset")
    form = {
        **new_call,
        "Digits": "2",
        "QueueResult": "leave",
        "RecordingSid": f"RE{uuid.uuid4().hex}",
        "RecordingStatus": "completed",
    }
    assert post(path, form).is_success
    seen = requests_seen.get("/_devstack/requests").json()
    assert len(seen["requests"]) == 1, seen


def test_a_document_twilio_could_not_read_is_not_sent_again(
    post: Post, new_call: dict[str, str]
) -> None:
    error = {"ErrorCode": "12100", "ErrorUrl": "http://x"}
    answer = ElementTree.fromstring(post("fallback", {**new_call, **error}).text)
    assert answer.find("Dial") is not None


def test_a_caller_the_database_refuses_is_not_dropped(
    post: Post, new_call: dict[str, str], stack: Stack
) -> None:
    post("incoming-call", new_call)
    rename = "update private.prompts set key = %s where key = %s"
    with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as db:
        db.execute(rename, ["gone", "no_input"])
        try:
            answer = post("ivr-input?menu=main&attempt=1", new_call)
        finally:
            db.execute(rename, ["no_input", "gone"])
    assert answer.status_code == 200
    assert ElementTree.fromstring(answer.text).find("Dial") is not None


def test_twilios_fallback_goes_on_where_the_call_stands(
    post: Post, new_call: dict[str, str]
) -> None:
    error = {"ErrorCode": "11200", "ErrorUrl": "http://x"}
    first = post("fallback", {**new_call, **error})
    assert ElementTree.fromstring(first.text).find("Gather") is not None
    ended = {**new_call, "CallStatus": "completed"}
    assert post("call-status", ended).status_code == 204
    after = post("fallback", {**new_call, **error})
    assert ElementTree.fromstring(after.text).find("Hangup") is not None


def test_a_message_is_known_by_its_address_where_twilio_does_not_say_its_sid(
    post: Post, new_call: dict[str, str], stack: Stack
) -> None:
    recording = f"RE{uuid.uuid4().hex}"
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/{recording}"
    post("incoming-call", new_call)
    said = post("voicemail", {**new_call, "RecordingUrl": url, "RecordingDuration": "5"})
    assert ElementTree.fromstring(said.text).find("Hangup") is not None
    with psycopg.connect(stack.env["DATABASE_URL"]) as db:
        query = "select duration_seconds from public.voicemails where recording_sid = %s"
        assert db.execute(query, [recording]).fetchall() == [(5,)]
