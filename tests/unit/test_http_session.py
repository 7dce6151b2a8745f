"""What the database client meets when Supabase, or the way to it, fails."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from callcenter import http_session
from callcenter.errors import DatabaseUnavailableError
from callcenter.http_session import Session

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{"


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serves each connection in turn, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/rest/v1/rpc/sweep"


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        if connection.recv(65536):
            connection.sendall(answer)

    return serve


def test_an_answer_comes_back_with_the_request_it_answers() -> None:
    with server(answering(WHOLE)) as url:
        answer = Session().request("POST", url, content=b"{}", headers={"Prefer": "x"})
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.request.headers["prefer"] == "x"


def test_a_compressed_answer_is_unpacked() -> None:
    packed = gzip.compress(b'{"plan": null}')
    head = f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}".encode()
    with server(answering(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + packed)) as url:
        assert Session().request("POST", url, content=b"{}").json() == {"plan": None}


def test_the_request_arrives_as_asked() -> None:
    seen: list[str] = []

    def serve(connection: socket.socket) -> None:
        seen.append(connection.recv(65536).decode())
        connection.sendall(WHOLE)

    with server(serve) as url:
        Session().request("GET", url, params={"select": "a,b"})
        Session().request("POST", url, content=b'{"p_limit":1}', headers={"apikey": "k"})
    assert seen[0].startswith("GET /rest/v1/rpc/sweep?select=a%2Cb ")
    head, body = seen[1].split("\r\n\r\n")
    assert body == '{"p_limit":1}'
    assert head.lower().count("content-length: 13") == head.lower().count("content-length") == 1
    assert "apikey: k" in head.lower()


@pytest.mark.parametrize("status", [502, 503, 504, 521, 544])
def test_a_gateway_that_reaches_nobody_means_unavailable(status: int) -> None:
    answer = f"HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n".encode()
    with server(answering(answer)) as url, pytest.raises(DatabaseUnavailableError):
        Session().request("POST", url, content=b"{}")


def test_an_error_of_the_database_is_an_answer() -> None:
    with server(answering(b"HTTP/1.1 409 x\r\nContent-Length: 0\r\n\r\n")) as url:
        assert Session().request("POST", url, content=b"{}").status_code == 409


def test_nobody_there_is_a_request_error() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        with pytest.raises(httpx.RequestError):
            Session().request("POST", f"http://127.0.0.1:{deaf.getsockname()[1]}/", content=b"{}")


@pytest.mark.parametrize("answer", [b"", HALF], ids=["before an answer", "in the middle of it"])
def test_a_connection_that_breaks_is_a_request_error_and_no_time_out(answer: bytes) -> None:
    with server(answering(answer)) as url, pytest.raises(httpx.RequestError) as caught:
        Session().request("POST", url, content=b"{}")
    assert not isinstance(caught.value, httpx.TimeoutException)


@pytest.mark.parametrize("answer", [b"", HALF], ids=["before an answer", "in the middle of it"])
def test_silence_is_a_time_out(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_session, "_TIMEOUT", timedelta(seconds=0.2))
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)
        over.wait(5)

    with server(serve) as url:
        with pytest.raises(httpx.TimeoutException):
            Session().request("POST", url, content=b"{}")
        over.set()
