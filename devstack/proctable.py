"""A look at the machine's processes: who lives, in which group, and whether it is still the same.

A process id alone proves nothing after a crash or a reboot, so a process is remembered together
with the moment it started.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# When the machine booted is told by its clock, which may be set while it runs.
_CLOCK_MOVES_SECONDS = 60.0
# The kernel counts starts in hundredths of a second.
_SAME_START_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Start:
    """When a process started: seconds after the boot, and when that was (seconds since 1970)."""

    after_boot: float
    boot: float

    def is_same_boot(self, other: Start) -> bool:
        return abs(self.boot - other.boot) < _CLOCK_MOVES_SECONDS

    def is_same(self, other: Start) -> bool:
        return (
            self.is_same_boot(other)
            and abs(self.after_boot - other.after_boot) < _SAME_START_SECONDS
        )


@dataclass(frozen=True, slots=True)
class Process:
    """One live process; zombies are not live."""

    pid: int
    group: int
    start: Start

    def command(self) -> str:
        """Its command line, for messages; ? where the system does not let us see it."""
        with suppress(psutil.Error):
            return " ".join(psutil.Process(self.pid).cmdline()).strip()
        return "?"

    def has_variable(self, name: str, value: str) -> bool:
        """Was it started with this variable in its environment?"""
        with suppress(psutil.Error):
            return psutil.Process(self.pid).environ().get(name) == value
        return False

    def runs(self, program: str) -> bool:
        """Is it running an executable file of this name?"""
        with suppress(psutil.Error):
            return Path(psutil.Process(self.pid).exe()).name == program
        return False

    def works_in(self, folder: Path) -> bool:
        with suppress(psutil.Error):
            return Path(psutil.Process(self.pid).cwd()) == folder.resolve()
        return False


def live_processes() -> dict[int, Process]:
    """Every live process by its id."""
    found = (find_process(pid) for pid in psutil.pids())
    return {process.pid: process for process in found if process}


def find_process(pid: int) -> Process | None:
    """The live process with this id."""
    with suppress(psutil.Error, ProcessLookupError, PermissionError):
        seen = psutil.Process(pid)
        with seen.oneshot():
            if seen.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD):
                return None
            boot = psutil.boot_time()
            return Process(pid, os.getpgid(pid), Start(seen.create_time() - boot, boot))
    return None
