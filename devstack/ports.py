"""Is a port free, and if not, who has it?

The ports of the default base lie in the range from which Linux picks the near end of outgoing
connections, so a connection of any program can sit on one of them, up to a minute after its end.
"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from pathlib import Path

from devstack.proctable import Process, live_processes

# TCP states as the kernel writes them.
LISTENING = "0A"
WINDING_DOWN = "06"


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
    """Is it kept only by outgoing connections that have ended, for a minute at most? (Linux)"""
    states = {state for state, _ in _sockets(port)}
    return states == {WINDING_DOWN}


def holder(port: int) -> str:
    """Who has the port, in words; as much as the system lets us see."""
    sockets = _sockets(port)
    server = any(state == LISTENING for state, _ in sockets)
    inodes = {inode for state, inode in sockets if not server or state == LISTENING}
    process = _owner(inodes)
    name = f"process {process.pid}: {process.command()[:120]}" if process else "another program"
    return name if server or not sockets else f"an outgoing connection of {name}"


def _owner(inodes: set[str]) -> Process | None:
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in live_processes().values() if wanted else ():
        with suppress(OSError):
            for handle in Path(f"/proc/{process.pid}/fd").iterdir():
                with suppress(OSError):
                    if str(handle.readlink()) in wanted:
                        return process
    return None


def _sockets(port: int) -> list[tuple[str, str]]:
    """State and inode of every TCP socket whose near end is this port."""
    found: list[tuple[str, str]] = []
    tables = ("/proc/net/tcp", "/proc/net/tcp6") if sys.platform == "linux" else ()
    for table in tables:
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rpartition(":")[2], 16) == port:
                    found.append((fields[3], fields[9]))
    return found
