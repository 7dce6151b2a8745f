"""What Twilio's refusals become, however the library words them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from callcenter.errors import TwilioBusyError, TwilioError, TwilioRefusedError, TwilioUncertainError
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.twilio_service import TwilioService

SETTINGS = {
    "SUPABASE_URL": "http://127.0.0.1:1",
    "SUPABASE_SERVICE_ROLE_KEY": "key",
    "TWILIO_ACCOUNT_SID": f"AC{1:032x}",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_PHONE_NUMBER": "+576015550100",
    "PUBLIC_URL": "https://calls.example",
}
ASK: dict[str, Callable[[TwilioService], object]] = {
    "one call": lambda twilio: twilio.fetch_call(f"CA{1:032x}"),
    "a list of calls": lambda twilio: twilio.calls_since("2026-11-23T15:00:00+00:00"),
    "a list of recordings": lambda twilio: twilio.recordings_of(f"CA{1:032x}", None),
}


@contextmanager
def answering(
    status: int, body: bytes, asked: list[dict[str, list[str]]] | None = None
) -> Iterator[TwilioService]:
    """Our side of a Twilio that answers everything so; asked: the parameters of each request."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, parameters: str) -> None:
            if asked is not None:
                asked.append(parse_qs(parameters))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        base = {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{server.server_port}"}
        settings = Settings.from_env(SETTINGS | base)
        yield TwilioService(settings, Storage(settings))
        server.shutdown()


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, b'{"code": 20429, "message": "Too Many Requests"}', TwilioBusyError),
        (503, b"<html>", TwilioUncertainError),
        (401, b'{"code": 20003, "message": "Authenticate"}', TwilioRefusedError),
    ],
)
def test_a_refusal_is_one_of_ours_whatever_was_asked_for(
    ask: Callable[[TwilioService], object], status: int, body: bytes, expected: type[TwilioError]
) -> None:
    with answering(status, body) as twilio, pytest.raises(expected):
        ask(twilio)


def listed(sid: str, created: int, direction: str) -> dict[str, str | None]:
    return {
        "sid": sid,
        "direction": direction,
        "date_created": f"Mon, 23 Nov 2026 15:00:{created:02d} +0000",
        "status": "completed",
        "from": "+576015550100",
        "to": "+573011111111",
        "end_time": None,
        "duration": "7",
        "caller_name": None,
    }


def page(*calls: dict[str, str | None]) -> bytes:
    return json.dumps({"calls": calls, "next_page_uri": None, "page": 0}).encode()


PAYLOAD = {"number": "+573011111111", "receiver": "+576015550100"}
SINCE = "2026-11-23T15:00:10+00:00"


def test_the_call_that_rang_a_customer_is_no_transfer_and_none_of_before() -> None:
    others = [listed("CAtransfer", 20, "outbound-dial"), listed("CAbefore", 1, "outbound-api")]
    with answering(200, page(*others)) as twilio:
        assert twilio.find_customer_call(PAYLOAD, SINCE) is None
    with answering(200, page(others[0], listed("CAours", 12, "outbound-api"))) as twilio:
        assert twilio.find_customer_call(PAYLOAD, SINCE) == "CAours"


def test_the_call_that_rang_a_customer_is_the_first_since_it_was_asked_for() -> None:
    both = [listed(f"CA{second}", second, "outbound-api") for second in (15, 11)]
    with answering(200, page(*both)) as twilio:
        assert twilio.find_customer_call(PAYLOAD, SINCE) == "CA11"


def test_a_number_of_ours_is_not_rung_as_a_softphone_of_nobody() -> None:
    asked: list[dict[str, list[str]]] = []
    payload = {"phone": "+576015550100", "client": None, "offer_id": "1", "role": "consult"}
    with answering(201, b'{"sid": "CA1"}', asked) as twilio, pytest.raises(TwilioRefusedError):
        twilio.ring_for_offer({**payload, "ring_seconds": 25})
    assert asked == []


def test_the_call_that_rang_a_customer_is_looked_for_among_those_of_the_number_it_shows() -> None:
    asked: list[dict[str, list[str]]] = []
    with answering(200, page(), asked) as twilio:
        twilio.find_customer_call(PAYLOAD, SINCE)
    assert (asked[0]["To"], asked[0]["From"]) == (["+573011111111"], ["+576015550100"])


def test_the_list_of_calls_is_oldest_first() -> None:
    calls = [listed(f"CA{second}", second, "inbound") for second in (30, 10, 20)]
    with answering(200, page(*calls)) as twilio:
        found = twilio.calls_since(SINCE)
    assert [call.leg.call_sid for call in found] == ["CA10", "CA20", "CA30"]
    assert (found[0].created_at, found[0].leg.duration) == (SINCE, 7)


@pytest.mark.parametrize(
    ("ring", "payload", "said"),
    [
        (
            TwilioService.ring_for_offer,
            {"phone": None, "client": "agent_1", "role": "agent", "offer_id": "1"},
            {"role": ["agent"], "offer": ["1"]},
        ),
        (
            TwilioService.ring_for_offer,
            {"phone": "+573022222222", "client": None, "offer_id": "1", "role": "consult"},
            {"role": ["consult"], "offer": ["1"]},
        ),
        (
            TwilioService.ring_customer,
            {**PAYLOAD, "call_record_id": "2", "attempt": 3},
            {"role": ["customer"], "call": ["2"], "attempt": ["3"]},
        ),
    ],
)
def test_whoever_is_rung_says_their_role_in_every_callback(
    ring: Callable[[TwilioService, dict[str, object]], str],
    payload: dict[str, object],
    said: dict[str, list[str]],
) -> None:
    asked: list[dict[str, list[str]]] = []
    with answering(201, b'{"sid": "CA1"}', asked) as twilio:
        ring(twilio, {**payload, "ring_seconds": 25})
    for name in ("Url", "StatusCallback"):
        assert parse_qs(urlsplit(asked[0][name][0]).query) == said


@pytest.mark.parametrize(("wanted", "said"), [(True, ["Enable"]), (False, None)])
def test_twilio_listens_for_a_machine_only_where_that_is_asked_for(
    wanted: bool, said: list[str] | None
) -> None:
    asked: list[dict[str, list[str]]] = []
    payload = {**PAYLOAD, "call_record_id": "2", "attempt": 1, "ring_seconds": 30}
    with answering(201, b'{"sid": "CA1"}', asked) as twilio:
        twilio.ring_customer({**payload, "detect_machine": wanted})
    assert asked[0].get("MachineDetection") == said


@pytest.mark.parametrize(
    ("leg", "said", "fallback"),
    [
        ({}, {}, "fallback"),
        (
            {"role": "customer", "call": "2", "attempt": 3},
            {"role": ["customer"], "call": ["2"], "attempt": ["3"]},
            "caller-fallback",
        ),
        (
            {"role": "customer", "call": "2", "attempt": None},
            {"role": ["customer"], "call": ["2"]},
            "caller-fallback",
        ),
    ],
)
def test_a_customer_whom_we_rang_is_no_caller_to_the_document_they_are_sent_to(
    leg: dict[str, object], said: dict[str, list[str]], fallback: str
) -> None:
    asked: list[dict[str, list[str]]] = []
    with answering(200, b'{"sid": "CA1"}', asked) as twilio:
        assert twilio.redirect("CA1", {"path": "caller-connect", **leg})
    url, in_need = (urlsplit(asked[0][name][0]) for name in ("Url", "FallbackUrl"))
    assert (url.path, in_need.path) == (
        "/api/twilio/caller-connect",
        f"/api/twilio/{fallback}",
    )
    assert parse_qs(url.query) == parse_qs(in_need.query) == said
    assert asked[0]["FallbackMethod"] == ["POST"]
