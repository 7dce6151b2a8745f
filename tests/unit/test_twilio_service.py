"""What Twilio's refusals become, however the library words them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from callcenter.errors import TwilioBusyError, TwilioError, TwilioRefusedError, TwilioUncertainError
from callcenter.settings import Settings
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
def answering(status: int, body: bytes) -> Iterator[TwilioService]:
    """Our side of a Twilio that answers everything so."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = {"TWILIO_API_BASE_URL": f"http://127.0.0.1:{server.server_port}"}
        yield TwilioService(Settings.from_env(SETTINGS | base))
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
