"""A look at the machine's processes: who lives, in which group, and whether it is still the same.

A process id alone proves nothing after a crash or a reboot, so a process is remembered together
with the moment it started (and, on Linux, the boot it started in).
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """One live process; zombies are not live."""

    pid: int
    group: int
    identity: str

    def command(self) -> str:
        """Its command line, for messages."""
        with suppress(OSError):
            raw = (PROC / str(self.pid) / "cmdline").read_bytes()
            return raw.replace(b"\0", b" ").decode(errors="replace").strip()
        return "?"

    def has_variable(self, assignment: str) -> bool:
        """Was it started with this `NAME=value` in its environment? (Linux only.)"""
        with suppress(OSError):
            raw = (PROC / str(self.pid) / "environ").read_bytes()
            return assignment.encode() in raw.split(b"\0")
        return False

    def runs(self, program: str) -> bool:
        """Is it running an executable file of this name? (Linux only.)"""
        with suppress(OSError):
            return (PROC / str(self.pid) / "exe").readlink().name == program
        return False

    def works_in(self, folder: Path) -> bool:
        with suppress(OSError):
            return (PROC / str(self.pid) / "cwd").resolve() == folder
        return False


def live_processes() -> dict[int, Process]:
    """Every live process by its id."""
    return _from_proc() if sys.platform == "linux" else _from_ps()


def find_process(pid: int) -> Process | None:
    """The live process with this id."""
    if sys.platform == "linux":
        return _read_stat(PROC / str(pid), _boot())
    return _from_ps().get(pid)


def _from_proc() -> dict[int, Process]:
    boot = _boot()
    found = (_read_stat(entry, boot) for entry in PROC.iterdir() if entry.name.isdecimal())
    return {process.pid: process for process in found if process}


def _read_stat(entry: Path, boot: str) -> Process | None:
    try:
        # The name in brackets may hold spaces and brackets itself: fields count from the last one.
        state, _parent, group, *rest = (entry / "stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    if state in "ZX":
        return None
    started = rest[16]
    return Process(int(entry.name), int(group), f"{boot}/{started}")


def _boot() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def _from_ps() -> dict[int, Process]:
    command = ["ps", "-A", "-o", "pid=,pgid=,stat=,lstart="]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = (line.split(maxsplit=3) for line in output.splitlines())
    return {
        int(row[0]): Process(int(row[0]), int(row[1]), row[3].strip())
        for row in rows
        if len(row) == 4 and not row[2].startswith("Z")
    }
