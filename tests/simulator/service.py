"""A stand-in for the service under test: answers by path, and remembers who asked what."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Params = dict[str, str]
Answer = str | tuple[int, str, str] | Callable[[Params], "str | tuple[int, str, str]"]


@dataclass
class Request:
    method: str
    path: str
    params: Params
    headers: dict[str, str]
    url: str


@dataclass
class Service:
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", self.port), type("Handler", (_Handler,), {"service": self})
        )
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def on(self, path: str, *verbs: str) -> None:
        """TwiML for a path."""
        self.answers[path] = f"<Response>{''.join(verbs)}</Response>"

    def asked(self, path: str) -> list[Params]:
        return [r.params for r in self.requests if r.path == path]

    def wait_for(self, path: str, count: int = 1, seconds: float = 5) -> list[Params]:
        """Callbacks arrive when they arrive."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(self.asked(path)) >= count:
                return self.asked(path)
            time.sleep(0.005)
        raise AssertionError(f"{path} asked {len(self.asked(path))} times, not {count}")


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        self._answer(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(dict(parse_qsl(body, keep_blank_values=True)))

    def _answer(self, params: Params) -> None:
        path = urlsplit(self.path).path
        url = f"http://{self.headers['Host']}{self.path}"
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.service.requests.append(Request(self.command, path, params, headers, url))
        time.sleep(self.service.delays.get(path, 0))
        answer = self.service.answers.get(path, (204, "", ""))
        if callable(answer):
            answer = answer(params)
        status, kind, body = (200, "text/xml", answer) if isinstance(answer, str) else answer
        if status == 0:
            self.close_connection = True
        else:
            self._send(status, kind, body)

    def _send(self, status: int, kind: str, body: str) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body.encode())))
        if status in {301, 302, 307}:
            self.send_header("Location", body)
        self.end_headers()
        if status != 204:
            self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        return
