"""Is a port free, and if not, who has it?"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from pathlib import Path

from devstack.proctable import Process, live_processes

LISTEN = "0A"


def is_free(port: int) -> bool:
    """Can a server on this machine listen there now?"""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_listening(port: int) -> bool:
    """Does something accept connections there?"""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def holder(port: int) -> Process | None:
    """The process listening there, where the system lets us see it (Linux)."""
    inodes = _listening_inodes(port) if sys.platform == "linux" else set()
    if not inodes:
        return None
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for process in live_processes().values():
        with suppress(OSError):
            for handle in Path(f"/proc/{process.pid}/fd").iterdir():
                with suppress(OSError):
                    if str(handle.readlink()) in sockets:
                        return process
    return None


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                    found.add(fields[9])
    return found
