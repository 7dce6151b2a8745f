"""The web is started again and again while people ask it things: nobody is turned away."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devstack.layout import ROOT
from devstack.listener import ask_for_socket

RESTARTS = 20
APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
app.extensions = {"callcenter": type("Services", (), {"runner": open(__file__)})}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A port that a listener holds, and where it hands out the socket."""
    port, handing_out = free_port(), tmp_path / "listener.sock"
    argv = [sys.executable, "-m", "devstack.listener", "--port", str(port)]
    holder = subprocess.Popen([*argv, "--handing-out", str(handing_out)], cwd=ROOT)
    ask_for_socket(handing_out).close()
    yield port, handing_out
    holder.kill()
    holder.wait()


def started(folder: Path, handing_out: Path) -> subprocess.Popen[bytes]:
    """gunicorn as the service runs it, with an application that is quick to load."""
    (folder / "quick.py").write_text(APP)
    line = f"exec {Path(sys.executable).parent}/gunicorn -c {ROOT}/gunicorn.conf.py quick:app"
    take_over = "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$"
    with ask_for_socket(handing_out) as given:
        return subprocess.Popen(
            ["/bin/sh", "-c", f"{take_over}; {line}"],
            cwd=folder,
            env={**os.environ, "WEB_CONCURRENCY": "1", "TMPDIR": str(folder)},
            stdin=given.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


@contextmanager
def asked_by_many(port: int) -> Iterator[Counter[str]]:
    """Four who ask again and again, each time over a new connection; what became of it."""
    became: Counter[str] = Counter()
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                    line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    became["answered" if line.recv(100) else "broken off"] += 1
            except ConnectionRefusedError:
                became["refused"] += 1
            except ConnectionResetError:
                became["broken off"] += 1

    people = [threading.Thread(target=ask) for _ in range(4)]
    for person in people:
        person.start()
    yield became
    over.set()
    for person in people:
        person.join(30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_not_one_connection_is_refused_in_20_restarts_under_load(
    listening: tuple[int, Path], tmp_path: Path, how: signal.Signals
) -> None:
    port, handing_out = listening
    web = started(tmp_path, handing_out)
    with asked_by_many(port) as became:
        for _ in range(RESTARTS):
            time.sleep(random.uniform(0.05, 0.2))
            before = became["answered"]
            os.killpg(web.pid, how)
            web.wait()
            web = started(tmp_path, handing_out)
            while became["answered"] < before + 10:
                time.sleep(0.01)
    os.killpg(web.pid, signal.SIGKILL)
    web.wait()
    assert became["refused"] == 0
    # Killed, it leaves those whom it was answering; asked to end, it answers them.
    assert became["broken off"] <= (0 if how is signal.SIGTERM else 4 * RESTARTS)
