"""What an operation asks of the database, and how its answer becomes HTTP's."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from twilio.jwt.access_token import AccessToken
from werkzeug.test import TestResponse

from callcenter.bootstrap import build_services
from tests.service.conftest import OFFLINE
from tests.service.stand_in import USER, Supabase, supabase
from webhooks.app import create_app
from webhooks.control.blueprint import OPERATIONS

AGENT = "7d6d7f0e-55f5-4f1c-8d8f-2f0f6f3b2a10"
DOCUMENT = {"id": "1", "call_id": "pending-1"}
ANSWER = {"call": DOCUMENT, "commands": []}
API_SECRET = "the secret of an API key, of thirty-two bytes"
# What these say besides.
SAID: dict[str, dict[str, Any]] = {
    "initiate_call": {"call_sid": "pending-1"},
    "transfer_call": {"transferred_to": "+573001234567"},
    "sign_softphone_in": {"identity": "agent_1"},
    "send_message": {"message": {"id": "1", "state": "wanted"}},
}
Rpc = tuple[str, dict[str, Any]]
# What is sent, and what of it the database is asked: for each operation.
ASKED: dict[str, tuple[str, dict[str, Any] | None, Rpc]] = {
    "initiate_call": (
        "POST /api/twilio/initiate-call",
        {"toNumber": "300 999 0003", "agentId": AGENT, "recordingEnabled": True},
        (
            "place_call",
            {"number": "300 999 0003", "agent_id": AGENT, "record": True, "detect_machine": False},
        ),
    ),
    "hangup_call": (
        "POST /api/twilio/hangup-call",
        {"callSid": "CA1"},
        ("end_call_for_all", {"call": "CA1"}),
    ),
    "transfer_call": (
        "POST /api/twilio/transfer-call",
        {"callSid": "CA1", "transferToNumber": "102"},
        ("transfer_call", {"call": "CA1", "to": "102"}),
    ),
    "read_call": ("GET /api/calls/CA1", None, ("read_call", {"call": "CA1"})),
    "leave": ("POST /api/calls/CA1/leave", None, ("leave_call", {"call": "CA1"})),
    "end": ("POST /api/calls/CA1/end", None, ("end_call_for_all", {"call": "CA1"})),
    "hold": (
        "POST /api/calls/CA1/hold",
        None,
        ("hold_party", {"call": "CA1", "on": True}),
    ),
    "resume": (
        "POST /api/calls/CA1/resume",
        {"party": "CA2"},
        ("hold_party", {"call": "CA1", "party": "CA2", "on": False}),
    ),
    "mute": ("POST /api/calls/CA1/mute", {}, ("mute_party", {"call": "CA1", "on": True})),
    "unmute": (
        "POST /api/calls/CA1/unmute",
        {"party": "customer"},
        ("mute_party", {"call": "CA1", "party": "customer", "on": False}),
    ),
    "digits": (
        "POST /api/calls/CA1/digits",
        {"digits": "1w#"},
        ("send_digits", {"call": "CA1", "digits": "1w#"}),
    ),
    "transfer": (
        "POST /api/calls/CA1/transfer",
        {"to": " support "},
        ("transfer_call", {"call": "CA1", "to": "support"}),
    ),
    "pause_recording": (
        "POST /api/calls/CA1/recording/pause",
        None,
        ("pause_recording", {"call": "CA1", "on": True}),
    ),
    "resume_recording": (
        "POST /api/calls/CA1/recording/resume",
        None,
        ("pause_recording", {"call": "CA1", "on": False}),
    ),
    "move": (
        "POST /api/calls/CA1/move",
        {"to": " sales "},
        ("move_call", {"call": "CA1", "to": "sales"}),
    ),
    "consult": (
        "POST /api/calls/CA1/consult",
        {"to": "102"},
        ("start_consult", {"call": "CA1", "to": "102"}),
    ),
    "cancel_consult": (
        "POST /api/calls/CA1/consult/cancel",
        None,
        ("cancel_consult", {"call": "CA1"}),
    ),
    "swap_consult": ("POST /api/calls/CA1/consult/swap", None, ("swap_consult", {"call": "CA1"})),
    "merge_consult": (
        "POST /api/calls/CA1/consult/merge",
        None,
        ("merge_consult", {"call": "CA1"}),
    ),
    "complete_consult": (
        "POST /api/calls/CA1/consult/complete",
        None,
        ("complete_consult", {"call": "CA1"}),
    ),
    "add_party": (
        "POST /api/calls/CA1/parties",
        {"to": "+573001234567"},
        ("add_party", {"call": "CA1", "to": "+573001234567"}),
    ),
    "remove_party": (
        "DELETE /api/calls/CA1/parties/CA2",
        None,
        ("remove_party", {"call": "CA1", "party": "CA2"}),
    ),
    "supervise": (
        "POST /api/calls/CA1/supervise",
        {"mode": "whisper"},
        ("supervise_call", {"call": "CA1", "mode": "whisper"}),
    ),
    "stop_supervising": (
        "DELETE /api/calls/CA1/supervise",
        None,
        ("stop_supervising", {"call": "CA1"}),
    ),
    "take_over": ("POST /api/calls/CA1/take-over", None, ("take_over_call", {"call": "CA1"})),
    "ask_for_help": (
        "POST /api/calls/CA1/help",
        {"reason": "ñ"},
        ("ask_for_help", {"call": "CA1", "reason": "ñ"}),
    ),
    "sign_softphone_in": ("POST /api/softphone/token", None, ("name_softphone", {})),
    "take_softphone": (
        "POST /api/softphone/device",
        {"device": "page-0001"},
        ("take_softphone", {"device": "page-0001"}),
    ),
    "keep_softphone": (
        "POST /api/softphone/heartbeat",
        {"device": "page-0001"},
        ("keep_softphone", {"device": "page-0001"}),
    ),
    "share_recording": (
        f"POST /api/recordings/RE{'7' * 32}/link",
        None,
        ("share_recording", {"recording": f"RE{'7' * 32}"}),
    ),
    "delete_recording": (
        f"DELETE /api/recordings/RE{'7' * 32}",
        None,
        ("delete_recording", {"recording": f"RE{'7' * 32}"}),
    ),
    "hold_recording": (
        f"POST /api/recordings/RE{'7' * 32}/hold",
        {"reason": "court"},
        ("hold_recording", {"recording": f"RE{'7' * 32}", "on": True, "reason": "court"}),
    ),
    "lift_hold": (
        f"DELETE /api/recordings/RE{'7' * 32}/hold",
        None,
        ("hold_recording", {"recording": f"RE{'7' * 32}", "on": False}),
    ),
    "send_message": (
        "POST /api/messages",
        {"to": "300 999 0003", "text": " Hola\x00 "},
        ("send_text", {"to": "300 999 0003", "text": "Hola"}),
    ),
    "set_disposition": (
        "POST /api/calls/CA1/disposition",
        {"disposition": "sold", "notes": "a\x00b"},
        ("set_disposition", {"call": "CA1", "disposition": "sold", "notes": "ab"}),
    ),
    "schedule_callback": (
        "POST /api/calls/CA1/callback",
        {"at": "2027-01-11T09:30:00-05:00"},
        ("schedule_callback", {"call": "CA1", "at": "2027-01-11T14:30:00+00:00"}),
    ),
    "extend_wrap_up": (
        "POST /api/me/wrap-up/extend",
        {"seconds": 60},
        ("extend_wrap_up", {"seconds": 60}),
    ),
    "finish_wrap_up": ("POST /api/me/wrap-up/finish", None, ("finish_wrap_up", {})),
    "finish_wrap_up_of": (
        f"POST /api/agents/{AGENT}/wrap-up/finish",
        None,
        ("finish_wrap_up", {"agent_id": AGENT}),
    ),
    "read_my_state": ("GET /api/me", None, ("read_my_state", {})),
    "set_my_status": (
        "POST /api/me/status",
        {"status": "break", "reason": "lunch"},
        ("set_my_status", {"status": "break", "reason": "lunch"}),
    ),
    "set_next_status": ("POST /api/me/next-status", {"status": None}, ("set_next_status", {})),
    "set_status_of": (
        f"POST /api/agents/{AGENT}/status",
        {"status": "offline"},
        ("set_my_status", {"agent_id": AGENT, "status": "offline"}),
    ),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[FlaskClient, Supabase]]:
    with supabase() as stand_in:
        issuers = (f"{stand_in.url}/auth/v1",)
        settings = replace(
            OFFLINE,
            supabase_url=stand_in.url,
            token_issuers=issuers,
            twilio_api_key_sid="SK0",
            twilio_api_key_secret=API_SECRET,
            twilio_twiml_app_sid="AP0",
        )
        yield create_app(build_services(settings)).test_client(), stand_in


@pytest.fixture
def project(shared: tuple[FlaskClient, Supabase]) -> Supabase:
    project = shared[1]
    project.asked.clear()
    project.rpcs.clear()
    return project


@pytest.fixture
def client(shared: tuple[FlaskClient, Supabase], project: Supabase) -> FlaskClient:
    client = shared[0]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {project.token()}"
    return client


def send(client: FlaskClient, line: str, body: Any = None, **given: Any) -> TestResponse:
    method, _, path = line.partition(" ")
    if body is not None:
        given["json"] = body
    return client.open(path, method=method, **given)


def test_every_operation_is_tried() -> None:
    """Sound is another matter: see test_listening.py."""
    assert ASKED.keys() == {o.view.__name__ for o in OPERATIONS if o.answer}


@pytest.mark.parametrize("name", ASKED)
def test_an_operation_is_one_call_of_the_database(
    client: FlaskClient, project: Supabase, name: str
) -> None:
    line, body, (function, wish) = ASKED[name]
    project.rpcs[function] = 200, {**ANSWER, **SAID.get(name, {})}
    answer = send(client, line, body)
    assert answer.status_code == 200, answer.text
    ((asked, sent),) = project.asked
    assert (asked, sent["p_request"]) == (function, {"user_id": USER, **wish})
    assert sent["p_process"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("initiate_call", {"success": True, "callSid": "pending-1"}),
        ("hangup_call", {"success": True, "callSid": "CA1"}),
        (
            "transfer_call",
            {"success": True, "callSid": "CA1", "transferredTo": "+573001234567"},
        ),
        ("hold", {"call": DOCUMENT}),
    ],
)
def test_an_operation_answers_as_the_contract_says(
    client: FlaskClient, project: Supabase, name: str, expected: dict[str, Any]
) -> None:
    line, body, (function, _) = ASKED[name]
    project.rpcs[function] = 200, {**ANSWER, **SAID.get(name, {})}
    assert send(client, line, body).get_json() == expected


BAD_BODIES: dict[str, tuple[str, Any, str | None]] = {
    "nothing": ("initiate_call", b"", "toNumber"),
    "no JSON": ("initiate_call", b"toNumber=300", None),
    "half of it": ("initiate_call", b'{"toNumber": "300', None),
    "not UTF-8": ("initiate_call", b'{"toNumber": "\xff"}', None),
    "a list": ("initiate_call", [], None),
    "nested too deeply": ("initiate_call", b"[" * 50_000, None),
    "half a surrogate pair": ("initiate_call", b'{"toNumber": "\\ud800"}', None),
    "an empty number": ("initiate_call", {"toNumber": " \x00"}, "toNumber"),
    "a number that is none of text": ("initiate_call", {"toNumber": 3009990003}, "toNumber"),
    "a long number": ("initiate_call", {"toNumber": "3" * 101}, "toNumber"),
    "an agent that is no id": ("initiate_call", {"toNumber": "3", "agentId": "me"}, "agentId"),
    "words for yes": (
        "initiate_call",
        {"toNumber": "3", "recordingEnabled": "yes"},
        "recordingEnabled",
    ),
    "a number of others' to show": (
        "initiate_call",
        {"toNumber": "300 999 0003", "callerId": "+15005550006"},
        "callerId",
    ),
    "our own number to call": ("initiate_call", {"toNumber": "(601) 555-0100"}, "toNumber"),
    "our own number to transfer to": (
        "transfer_call",
        {"callSid": "CA1", "transferToNumber": "+576015550100"},
        "transferToNumber",
    ),
    "our own number to hand over to": ("transfer", {"to": "+576015550100"}, "to"),
    "our own number to ask": ("consult", {"to": "+576015550100"}, "to"),
    "our own number to invite": ("add_party", {"to": "+576015550100"}, "to"),
    "our own number to write to": (
        "send_message",
        {"to": "+576015550100", "text": "Hola"},
        "to",
    ),
    "nobody to write to": ("send_message", {"text": "Hola"}, "to"),
    "two to write to": (
        "send_message",
        {"to": "300 999 0003", "contact": AGENT, "text": "Hola"},
        "to",
    ),
    "nothing to write": ("send_message", {"to": "300 999 0003", "text": " "}, "text"),
    "more than one message": ("send_message", {"to": "3", "text": "a" * 1601}, "text"),
    "no call": ("hangup_call", {}, "callSid"),
    "nobody": ("transfer_call", {"callSid": "CA1"}, "transferToNumber"),
    "words for keys": ("digits", {"digits": "one"}, "digits"),
    "an unknown mode": ("supervise", {"mode": "shout"}, "mode"),
    "a moment without a zone": ("schedule_callback", {"at": "2027-01-11T09:30:00"}, "at"),
    "a moment that is none": ("schedule_callback", {"at": "2027-02-30T09:30:00Z"}, "at"),
    "a moment before all time": ("schedule_callback", {"at": "0001-01-01T00:00:00+20:14"}, "at"),
    "no time": ("extend_wrap_up", {"seconds": 0}, "seconds"),
    "half a second": ("extend_wrap_up", {"seconds": 0.5}, "seconds"),
    "more than anybody counts": ("extend_wrap_up", {"seconds": 10**30}, "seconds"),
    "an unknown status": ("set_my_status", {"status": "asleep"}, "status"),
    "no status": ("set_next_status", {}, "status"),
}


@pytest.mark.parametrize("what", BAD_BODIES)
def test_what_can_not_be_read_is_refused_by_name(
    client: FlaskClient, project: Supabase, what: str
) -> None:
    name, body, field = BAD_BODIES[what]
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = send(client, ASKED[name][0], data=data, content_type="application/json")
    assert answer.status_code == 400, answer.text
    said = answer.get_json()
    assert said["details"]["code"] == "bad_request"
    assert said["details"].get("field") == field
    assert field is None or said["error"].startswith(f"{field}: ")
    assert project.asked == []


def test_the_number_that_a_customer_sees_is_asked_for_as_it_is_kept(
    client: FlaskClient, project: Supabase
) -> None:
    project.rpcs["place_call"] = 200, {**ANSWER, **SAID["initiate_call"]}
    wish = {"toNumber": "300 999 0003", "callerId": "601 555 0100"}
    assert send(client, ASKED["initiate_call"][0], wish).status_code == 200
    assert project.asked[0][1]["p_request"]["caller_id"] == "+576015550100"


def test_what_a_body_holds_besides_is_ignored(client: FlaskClient, project: Supabase) -> None:
    assert send(client, ASKED["digits"][0], {"digits": "1", "more": 2}).status_code == 200
    assert project.asked[0][1]["p_request"].keys() == {"user_id", "call", "digits"}


def test_a_body_that_is_too_large_is_not_read(client: FlaskClient, project: Supabase) -> None:
    answer = send(client, ASKED["set_disposition"][0], {"notes": "x" * 300_000})
    assert (answer.status_code, project.asked) == (413, [])
    assert answer.get_json()["error"]


def test_a_method_that_is_not_there_is_answered_with_those_that_are(client: FlaskClient) -> None:
    answer = send(client, "PUT /api/calls/CA1/supervise")
    assert answer.status_code == 405
    assert {"DELETE", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.get_json()["error"]


def test_no_browser_and_no_proxy_keeps_an_answer(client: FlaskClient, project: Supabase) -> None:
    project.rpcs["leave_call"] = refusal(409, code="not_now")
    for name in ("read_call", "leave"):
        assert send(client, ASKED[name][0]).headers["Cache-Control"] == "no-store"


def test_a_call_may_be_named_by_anything(client: FlaskClient, project: Supabase) -> None:
    for written, read in (("pending-1", "pending-1"), ("%00%F0%9F%98%80", "😀"), ("%FF", "\ufffd")):
        send(client, f"POST /api/calls/{written}/leave")
        assert project.asked.pop()[1]["p_request"]["call"] == read


def test_an_agent_that_is_no_id_is_no_agent(client: FlaskClient, project: Supabase) -> None:
    answer = send(client, "POST /api/agents/me/status", {"status": "break"})
    assert (answer.status_code, project.asked) == (404, [])


def test_a_key_that_makes_a_request_one_is_passed_on(
    client: FlaskClient, project: Supabase
) -> None:
    line, body, _ = ASKED["hold"]
    send(client, line, body, headers={"Idempotency-Key": "k" * 200})
    assert project.asked[0][1]["p_request"]["idempotency_key"] == "k" * 200
    answer = send(client, line, body, headers={"Idempotency-Key": "k" * 201})
    assert (answer.status_code, len(project.asked)) == (400, 1)
    assert answer.get_json()["details"]["field"] == "Idempotency-Key"


def refusal(status: int, **details: Any) -> tuple[int, Any]:
    """As PostgREST answers what SQL refuses with PTxyz."""
    said = {"message": "Not now.", "hint": None, "details": json.dumps(details)}
    return status, {"code": f"PT{status}", **said}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_what_the_database_refuses_is_answered_with_its_status_and_reason(
    client: FlaskClient, project: Supabase, status: int
) -> None:
    details = {"code": "ended", "state": "completed", "allowed_actions": []}
    project.rpcs["leave_call"] = refusal(status, **details)
    answer = send(client, ASKED["leave"][0])
    assert answer.status_code == status
    assert answer.get_json() == {"error": "Not now.", "details": details}


def test_what_is_refused_of_the_pages_own_calls_is_named_as_the_page_names_it(
    client: FlaskClient, project: Supabase
) -> None:
    project.rpcs["transfer_call"] = refusal(400, code="not_a_number", field="to")
    for name, field in (("transfer_call", "transferToNumber"), ("transfer", "to")):
        line, body, _ = ASKED[name]
        assert send(client, line, body).get_json()["details"]["field"] == field


def test_who_asks_too_often_is_told_when_to_ask_again(
    client: FlaskClient, project: Supabase
) -> None:
    project.rpcs["place_call"] = refusal(429, code="too_many_calls", retry_after=17)
    line, body, _ = ASKED["initiate_call"]
    answer = send(client, line, body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "17")
    assert answer.get_json()["retryAfter"] == 17


@pytest.mark.parametrize(
    ("answered", "status"),
    [
        ((503, {}), 503),
        ((500, {"code": "57014", "message": "timeout", "details": None}), 503),
        ((409, {"code": "PT409", "message": "Not so.", "details": "in words"}), 409),
        ((500, {"code": "XX000", "message": "broken", "details": None}), 500),
    ],
)
def test_a_database_that_fails_is_not_taken_for_a_refusal(
    client: FlaskClient, project: Supabase, answered: tuple[int, Any], status: int
) -> None:
    project.rpcs["leave_call"] = answered
    answer = send(client, ASKED["leave"][0])
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_a_softphones_token_is_what_twilio_reads_as_its_own(
    client: FlaskClient, project: Supabase
) -> None:
    project.rpcs["name_softphone"] = 200, {"identity": "agent_1", "commands": []}
    now = int(time.time())
    answer = send(client, ASKED["sign_softphone_in"][0]).get_json()
    assert API_SECRET not in json.dumps(answer)
    token = AccessToken.from_jwt(answer["token"], API_SECRET)
    read = jwt.decode(answer["token"], API_SECRET, ["HS256"])
    assert (token.valid_until, token.subject, token.issuer) == (read["exp"], "AC0", "SK0")
    assert now + 3600 <= read["exp"] <= now + 3602
    assert datetime.fromisoformat(answer["expires_at"]).timestamp() == read["exp"]
    assert read["grants"] == {
        "identity": "agent_1",
        "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": "AP0"}},
    }
    assert answer["identity"] == "agent_1"


def test_where_softphones_are_not_set_up_what_they_need_is_said(project: Supabase) -> None:
    settings = replace(
        OFFLINE,
        supabase_url=project.url,
        token_issuers=(f"{project.url}/auth/v1",),
        twilio_api_key_sid="SK0",
    )
    client = create_app(build_services(settings)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {project.token()}"
    project.rpcs["name_softphone"] = 200, {"identity": "agent_1", "commands": []}
    answer = send(client, ASKED["sign_softphone_in"][0])
    assert answer.status_code == 503
    said = answer.get_json()
    assert said["details"]["code"] == "softphones_not_set_up"
    assert "TWILIO_API_KEY_SECRET" in said["error"]
    assert "TWILIO_TWIML_APP_SID" in said["error"]
    assert "TWILIO_API_KEY_SID" not in said["error"]
