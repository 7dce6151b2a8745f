"""Is a port free, and if not, who has it?

The ports of the default base lie in the range from which Linux picks the near end of outgoing
connections, so a connection of any program can sit on one of them, up to a minute after its end.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import NamedTuple

import psutil

from devstack.proctable import Process, find_process


class _Socket(NamedTuple):
    status: str
    pid: int | None


def is_free(port: int) -> bool:
    """Can a server on this machine listen there now?"""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def is_listening(port: int) -> bool:
    """Does something accept connections there?"""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def is_winding_down(port: int) -> bool:
    """Is it kept only by outgoing connections that have ended, for a minute at most?"""
    return {one.status for one in _sockets(port)} == {psutil.CONN_TIME_WAIT}


def holder(port: int) -> str:
    """Who has the port, in words; as much as the system lets us see."""
    sockets = _sockets(port)
    listening = [one for one in sockets if one.status == psutil.CONN_LISTEN]
    process = _owner(listening or sockets)
    name = f"process {process.pid}: {process.command()[:120]}" if process else "another program"
    return name if listening or not sockets else f"an outgoing connection of {name}"


def _owner(sockets: list[_Socket]) -> Process | None:
    pids = (one.pid for one in sockets if one.pid)
    return next((process for pid in pids if (process := find_process(pid))), None)


def _sockets(port: int) -> list[_Socket]:
    """Every TCP socket whose near end is this port, as far as the system lets us see."""
    with suppress(psutil.Error):
        return [
            _Socket(one.status, one.pid)
            for one in psutil.net_connections("tcp")
            if one.laddr and one.laddr[1] == port
        ]
    return []
