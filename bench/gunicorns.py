"""Applications of the bench's own, under the service's gunicorn configuration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from devstack.envfile import base_environment
from devstack.layout import ROOT
from devstack.stack import Stack


@dataclass(frozen=True)
class Gunicorn:
    """One that runs: its master's process id, and its address."""

    pid: int
    url: str


@contextmanager
def gunicorn(stack: Stack, module: str) -> Iterator[Gunicorn]:
    """`module`'s create_app() with the stack's environment, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stack.layout.temporary.mkdir(exist_ok=True)
    own = {"PORT": str(port), "TMPDIR": str(stack.layout.temporary)}
    command = ["gunicorn", "-c", "gunicorn.conf.py", f"{module}:create_app()"]
    with (stack.layout.logs / f"{module}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**base_environment(), **stack.env, **own}, cwd=ROOT,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_it_listens(process, port)
        yield Gunicorn(process.pid, f"http://127.0.0.1:{port}")
    finally:
        # Not asked to stop: the configuration's hooks are for the service's own application.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"gunicorn does not listen: {process.args!r}")
