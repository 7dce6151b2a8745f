"""The worker's HTTP server: whether its loop is stuck, and what it measured.

For the platform and Prometheus, on a port that is not open to the internet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

import structlog

from callcenter import metrics

log = structlog.get_logger()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, is_running: Callable[[], bool]) -> None:
        self.is_running = is_running
        super().__init__(("", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/metrics":
                self._answer(200, metrics.exposition(), metrics.CONTENT_TYPE)
            case "/healthz" if self.server.is_running():
                self._answer(200, b'{"status": "ok"}\n')
            case "/healthz":
                self._answer(503, b'{"error": "the loop is stuck"}\n')
            case _:
                self._answer(404, b'{"error": "there are /metrics and /healthz"}\n')

    def _answer(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a scrape is no event."""


@contextmanager
def serving(port: int | None, is_running: Callable[[], bool]) -> Iterator[None]:
    """Answer GET /healthz and /metrics while the block lasts; without a port, nothing.

    Where the port is taken the block runs all the same: callers matter more than metrics.
    """
    server = _open(port, is_running) if port is not None else None
    if server is None:
        yield
        return
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _open(port: int, is_running: Callable[[], bool]) -> _Server | None:
    try:
        return _Server(port, is_running)
    except OSError as error:
        log.error("no health checks and no metrics", worker_metrics_port=port, error=str(error))
        return None
