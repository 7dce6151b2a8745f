"""Holds the web's port open while the web is started again, as a socket unit of systemd's does.

Callers who connect meanwhile wait in the kernel's queue instead of being refused. Whoever connects
to the Unix socket is handed the listening one, and serves it.
"""

from __future__ import annotations

import argparse
import socket
import time
from collections.abc import Sequence
from pathlib import Path

# As many as gunicorn would let wait.
BACKLOG = 2048


def hold(port: int, handing_out: Path) -> None:
    """Listen on a port of this machine, and hand the socket out; until the process is ended."""
    with socket.create_server(("127.0.0.1", port), backlog=BACKLOG) as listener:
        handing_out.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as desk:
            desk.bind(str(handing_out))
            desk.listen()
            while True:
                asker, _ = desk.accept()
                with asker:
                    socket.send_fds(asker, [b"socket"], [listener.fileno()])


def ask_for_socket(handing_out: Path, within: float = 5.0) -> socket.socket:
    """The listening socket that a holder hands out; raises OSError where none does in time."""
    deadline = time.monotonic() + within
    while True:
        try:
            return _ask(handing_out)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _ask(handing_out: Path) -> socket.socket:
    with socket.socket(socket.AF_UNIX) as desk:
        desk.connect(str(handing_out))
        _, handles, _, _ = socket.recv_fds(desk, 16, 1)
    return socket.socket(fileno=handles[0])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m devstack.listener", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--handing-out", type=Path, required=True, help="path of the Unix socket")
    options = parser.parse_args(arguments)
    hold(options.port, options.handing_out)


if __name__ == "__main__":
    main()
