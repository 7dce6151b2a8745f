"""What nobody should send, and somebody will: no failure, no broken XML, and no call lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from devstack.stack import Stack
from tests.service.conftest import Post
from tests.service.signing import signature

Form = dict[str, str]
Db = psycopg.Connection[dict[str, Any]]
DOCUMENTS = [
    "incoming-call", "ivr-input", "ivr-input?menu=nope&attempt=1",
    "ivr-input?menu=main&attempt=99999999999", "ivr-input?menu=%00%FF&attempt=-1", "queue-wait",
    "queue-key", "queue-exit", "caller-connect", "dial-exit", "voicemail",
]  # fmt: skip
NOTICES = ["call-status", "recording-status"]
OURS = ["agent-connect?offer={}", "call-status?offer={}", "recording-status?call={}"]
# Everything any webhook reads, as Twilio would fill it in.
SENSIBLE = {
    "CallStatus": "in-progress",
    "Digits": "2",
    "SpeechResult": "soporte",
    "CallerName": "Ana",
    "QueueResult": "leave",
    "DialCallStatus": "completed",
    "RecordingUrl": "https://api.twilio.com/RE1",
    "RecordingStatus": "completed",
    "RecordingDuration": "5",
    "RecordingSource": "Conference",
    "SequenceNumber": "1",
    "CallDuration": "5",
    "Timestamp": "Mon, 23 Nov 2026 07:00:00 +0000",
    "SipResponseCode": "200",
    "ParentCallSid": f"CA{0:032x}",
}
NASTY = {
    "four thousand characters": "x" * 4000,
    "NUL": "a\x00b",
    "only NUL": "\x00",
    "control characters": "\x01\x0b\x1b\ufffe",
    "an emoji": "😀",
    "markup": "</Say><Hangup/>&amp;\"'<![CDATA[",
    "a huge number": "9" * 40,
    "out of int's range": "4294967296",
    "a negative number": "-1",
    "no number": "1e3",
    "no date": "Mon, 32 Foo 2026 25:61:00",
    "before all time": "Mon, 01 Jan 0001 00:00:00 +2359",
    "after all time": "Fri, 31 Dec 9999 23:59:59 -2359",
    "SQL": "'; drop table call_records; --",
}


@pytest.fixture(scope="module")
def db(stack: Stack) -> Iterator[Db]:
    with psycopg.connect(
        stack.env["DATABASE_ADMIN_URL"], autocommit=True, row_factory=dict_row
    ) as connection:
        yield connection


def form_of(call: Form, **changes: str) -> Form:
    return {**SENSIBLE, "RecordingSid": f"RE{uuid.uuid4().hex}", **call, **changes}


def record(db: Db, call: Form) -> dict[str, Any]:
    """The call's row; a call that is not in the tables was lost."""
    query = "select * from public.call_records where call_id = %s"
    (row,) = db.execute(query, [call["CallSid"]]).fetchall()
    return row


def is_well_formed(answer: httpx.Response) -> bool:
    """TwiML that parses, and nothing but its words changed by what was in them."""
    root = ElementTree.fromstring(answer.text)
    return root.tag == "Response" and len(root.findall(".//Hangup")) <= 1


@pytest.mark.parametrize("what", NASTY)
@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_answered_whatever_the_parameters_hold(
    post: Post, new_call: Form, db: Db, path: str, what: str
) -> None:
    nasty = dict.fromkeys(SENSIBLE, NASTY[what])
    answer = post(path, form_of(new_call, **nasty))
    assert answer.status_code == 200, answer.text
    assert is_well_formed(answer)
    assert record(db, new_call)


@pytest.mark.parametrize("what", NASTY)
@pytest.mark.parametrize("path", NOTICES)
def test_what_twilio_tells_is_taken_in_whatever_else_it_holds(
    post: Post, new_call: Form, db: Db, path: str, what: str
) -> None:
    nasty = dict.fromkeys(SENSIBLE, NASTY[what])
    nasty |= {name: SENSIBLE[name] for name in ("CallStatus", "RecordingStatus")}
    assert post(path, form_of(new_call, **nasty)).status_code == 204
    assert record(db, new_call)


@pytest.mark.parametrize("path", NOTICES)
def test_a_status_we_do_not_know_ends_nothing(
    post: Post, new_call: Form, db: Db, path: str
) -> None:
    new_words = form_of(new_call, CallStatus="on-the-moon", RecordingStatus="on-the-moon")
    assert post(path, new_words).status_code == 204
    call = record(db, new_call)
    assert call["ended_at"] is None


NOBODYS_ID = "62dcff23-44e6-4315-aaa4-e254736eefe8"


@pytest.mark.parametrize("named", [NOBODYS_ID, "7", "", "x" * 4000, "%00", "%F0%9F"])
@pytest.mark.parametrize("path", OURS)
def test_an_address_of_ours_that_names_nothing_is_an_answer_or_a_clear_error(
    post: Post, new_call: Form, path: str, named: str
) -> None:
    answer = post(path.format(named), form_of(new_call))
    assert answer.status_code in (200, 204, 400)


@pytest.mark.parametrize("sid", ["x" * 4000, "CA'--", "CA 1", "ñ", "\x00"])
@pytest.mark.parametrize("path", [*DOCUMENTS, *NOTICES])
def test_a_call_sid_that_is_none_is_refused_by_name(
    post: Post, new_call: Form, path: str, sid: str
) -> None:
    answer = post(path, form_of(new_call, CallSid=sid))
    assert answer.status_code == 400
    assert "CallSid" in answer.json()["error"]


@pytest.mark.parametrize("from_", ["anonymous", "Restricted", "unknown", "+266696687", "", "7"])
def test_a_withheld_number_is_a_call_of_nobodys(
    post: Post, new_call: Form, db: Db, from_: str
) -> None:
    answer = post("incoming-call", {**new_call, "From": from_})
    assert answer.status_code == 200
    call = record(db, new_call)
    assert (call["caller_number"], call["contact_id"]) == ("anonymous", None)


@pytest.mark.parametrize("said", [{"Digits": "*#*"}, {"Digits": ""}, {"SpeechResult": ""}, {}])
def test_a_choice_that_is_none_is_asked_for_again(post: Post, new_call: Form, said: Form) -> None:
    post("incoming-call", new_call)
    answer = post("ivr-input?menu=main&attempt=1", {**new_call, **said})
    assert ElementTree.fromstring(answer.text).find("Gather/Say") is not None


def test_an_unknown_menu_leads_to_people_not_into_silence(post: Post, new_call: Form) -> None:
    post("incoming-call", new_call)
    answer = post("ivr-input?menu=gone&attempt=1", {**new_call, "Digits": "2"})
    root = ElementTree.fromstring(answer.text)
    assert root.find("Enqueue") is not None or root.find("Record") is not None


def test_of_a_repeated_parameter_one_value_counts(stack: Stack, new_call: Form, db: Db) -> None:
    pairs = [*new_call.items(), ("Digits", "2"), ("Digits", "9"), ("CallerName", "x")]
    answer = post_bytes(stack, "ivr-input", encoded(pairs), signed_text(pairs))
    assert answer.status_code == 200
    assert record(db, new_call)


def test_bytes_that_are_no_utf_8_are_text_nobody_chokes_on(
    stack: Stack, new_call: Form, db: Db
) -> None:
    body = encoded(list(new_call.items())) + "&CallerName=%C3%28%ED%A0%BD%FF"
    read = signed_text([*new_call.items(), ("CallerName", "%C3(%ED%A0%BD%FF")])
    assert post_bytes(stack, "incoming-call", body, read).status_code == 200
    assert record(db, new_call)


@pytest.mark.parametrize("more", [{"CallerName": "ñ" * 32_000}, {f"X{n}": "y" for n in range(900)}])
def test_a_large_body_is_read(post: Post, new_call: Form, db: Db, more: Form) -> None:
    assert post("incoming-call", {**new_call, **more}).status_code == 200
    assert record(db, new_call)


def test_a_body_no_twilio_sends_is_refused(post: Post, new_call: Form) -> None:
    answer = post("incoming-call", {**new_call, "CallerName": "y" * 300_000}, signed="")
    assert answer.status_code == 413


def encoded(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)


def signed_text(pairs: list[tuple[str, str]]) -> Mapping[str, str]:
    """A form as it is signed: of a repeated name its different values, in order."""
    values: dict[str, set[str]] = {}
    for name, value in pairs:
        values.setdefault(name, set()).add(value)
    return {name: name.join(sorted(given)) for name, given in values.items()}


def post_bytes(stack: Stack, path: str, body: str, read: Mapping[str, str]) -> httpx.Response:
    url = f"{stack.env['PUBLIC_URL']}/api/twilio/{path}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature(stack.env["TWILIO_AUTH_TOKEN"], url, read),
    }
    return httpx.post(url, content=body, headers=headers, timeout=20)


@pytest.fixture
def odd_script(db: Db) -> Iterator[str]:
    """A script, the one used, whose words are markup and worse."""
    words = f"{NASTY['markup']} \x01\x1b ñ😀 {'largo ' * 600}"
    menu = {
        "id": "m<&>\"'",
        "message": words,
        "options": [{"digit": "1", "description": NASTY["markup"], "actionQueue": "support"}],
    }
    (row,) = db.execute(
        "insert into public.ivr_scripts (name, script_data, welcome_message, updated_at)"
        " values ('odd', %s, %s, '2100-01-01') returning id",
        [Jsonb({"menus": [menu]}), words],
    ).fetchall()
    db.execute("update public.ivr_scripts set active = false where name = 'IVR Principal'")
    yield str(row["id"])
    db.execute("delete from public.ivr_scripts where name = 'odd'")
    db.execute("update public.ivr_scripts set active = true where name = 'IVR Principal'")


def test_markup_in_a_scripts_words_is_said_and_not_obeyed(
    post: Post, new_call: Form, odd_script: str
) -> None:
    answer = post("incoming-call", new_call)
    assert is_well_formed(answer)
    root = ElementTree.fromstring(answer.text)
    said = [say.text or "" for say in root.iterfind("Gather/Say")]
    assert any("</Say><Hangup/>" in text for text in said)
    assert max(map(len, said)) <= 4096, "more than Twilio says"
    (gather,) = root.iterfind("Gather")
    action = gather.attrib["action"].partition("/api/twilio/")[2].partition("#")[0]
    assert is_well_formed(post(action, {**new_call, "Digits": "7"}))


@pytest.mark.parametrize(
    "change", ["delete from public.ivr_scripts", "update public.ivr_scripts set active = false"]
)
def test_a_script_taken_away_in_mid_call_serves_that_call_to_its_end(
    post: Post, new_call: Form, db: Db, odd_script: str, change: str
) -> None:
    post("incoming-call", new_call)
    db.execute(f"{change} where id = %s", [odd_script])
    answer = post("ivr-input?menu=m%3C%26%3E%22%27&attempt=1", {**new_call, "Digits": "1"})
    call = record(db, new_call)
    assert answer.status_code == 200
    assert call["ivr_path"]["steps"][0]["to"] == "support"
