"""Detached processes of one stack: started, remembered in pid files, and ended exactly.

There is no supervisor: each process leads its own session, logs to its own file, and outlives the
command that started it. What a crash leaves behind is recognised by the start time in its pid file
or by DEVSTACK_STATE in its environment, and ended; nothing else is ever signalled.
"""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from devstack.credentials import write_private
from devstack.layout import ROOT, Layout
from devstack.listener import ask_for_socket
from devstack.proctable import Process, Start, find_process, live_processes

MARK = "DEVSTACK_STATE"
LARGEST_LOG = 20_000_000

# Children of this very process, so that they are reaped when it outlives them (in tests).
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Command:
    """How to start one process."""

    argv: list[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    user: str | None = None
    # Whether DEVSTACK_STATE is set for it; Postgres' backends lead groups of their own and would
    # look like orphans.
    marked: bool = True
    # A listener whose socket is its standard input.
    serves: Path | None = None


class ProcessTable:
    """The processes of the stack at one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def start(self, name: str, command: Command) -> int:
        """Start it detached; returns its process id."""
        self.end_leftovers(name)
        mark = {MARK: str(self.layout.state)} if command.marked else {}
        with _open_log(self.layout.logs / f"{name}.log") as log, _input_of(command) as given:
            child = subprocess.Popen(
                command.argv,
                cwd=command.cwd,
                env={**command.env, **mark},
                stdin=given,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=command.user,
                group=_group_of(command.user),
                extra_groups=[] if command.user else None,
            )
        _children.append(child)
        self._remember(name, child.pid)
        return child.pid

    def pid(self, name: str) -> int | None:
        """The id of the live process, or None."""
        _reap()
        note = self._recall(name)
        if note is None:
            return None
        process = find_process(note.pid)
        return note.pid if process and process.start.is_same(note.start) else None

    def started_at(self, name: str) -> float:
        """When `start` last started it, as a file time; 0 if never."""
        path = self._pid_file(name)
        return path.stat().st_mtime if path.exists() else 0.0

    def kill(self, name: str) -> None:
        """SIGKILL its whole group, and wait until it is gone."""
        self.stop([name], grace=0)

    def stop(
        self, names: Iterable[str], grace: float = 3.0, how: signal.Signals = signal.SIGTERM
    ) -> None:
        """Ask the groups to end, and end them with SIGKILL after `grace` seconds."""
        groups = {name: pid for name in names if (pid := self.pid(name))}
        if grace:
            _signal_groups(groups.values(), how)
            _wait_for_end(groups.values(), grace)
        _signal_groups(groups.values(), signal.SIGKILL)
        _wait_for_end(groups.values(), 3.0)
        for name in groups:
            self._pid_file(name).unlink(missing_ok=True)

    def end_leftovers(self, name: str) -> None:
        """End what a process that died without its group left running, and forget it."""
        note = self._recall(name)
        if note and not self.pid(name) and not find_process(note.pid):
            # No live process has the id, so a group of that number can only be the one we made.
            own = find_process(os.getpid())
            if own and own.start.is_same_boot(note.start):
                _signal_groups([note.pid], signal.SIGKILL)
                _wait_for_end([note.pid], 3.0)
            self._pid_file(name).unlink(missing_ok=True)

    def end_orphans(self) -> list[str]:
        """End processes of this stack that no pid file knows; returns their command lines."""
        ended: list[str] = []
        for _ in range(10):  # one may fork another while we look
            orphans = self._orphans()
            if not orphans:
                break
            ended += [process.command() for process in orphans]
            for process in orphans:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, signal.SIGKILL)
            _wait_for_end([process.group for process in orphans], 1.0)
        return ended

    def _orphans(self) -> list[Process]:
        known = {note.pid for path in self.layout.pids.glob("*.pid") if (note := _read_note(path))}
        return [process for process in self.members() if process.group not in known]

    def members(self) -> list[Process]:
        """Every live process that was started for this stack's state folder."""
        return [
            process
            for process in live_processes().values()
            if process.pid != os.getpid() and process.has_variable(MARK, str(self.layout.state))
        ]

    def _pid_file(self, name: str) -> Path:
        return self.layout.pids / f"{name}.pid"

    def _remember(self, name: str, pid: int) -> None:
        process = find_process(pid)
        start = asdict(process.start) if process else {"after_boot": 0.0, "boot": 0.0}
        write_private(self._pid_file(name), json.dumps({"pid": pid, **start}))

    def _recall(self, name: str) -> _Note | None:
        return _read_note(self._pid_file(name))


@dataclass(frozen=True, slots=True)
class _Note:
    pid: int
    start: Start


def _read_note(path: Path) -> _Note | None:
    try:
        content = json.loads(path.read_text())
        start = Start(float(content["after_boot"]), float(content["boot"]))
        return _Note(int(content["pid"]), start)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _group_of(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


@contextmanager
def _input_of(command: Command) -> Iterator[int]:
    """What the process has as its standard input: nothing, or the socket that it serves."""
    if command.serves is None:
        yield subprocess.DEVNULL
        return
    with ask_for_socket(command.serves) as listening:
        yield listening.fileno()


def _open_log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".1.log"))
    return path.open("ab")


def _signal_groups(groups: Iterable[int], how: signal.Signals) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, how)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _wait_for_end(groups: Iterable[int], seconds: float) -> None:
    waited_for = set(groups)
    deadline = time.monotonic() + seconds
    while waited_for and time.monotonic() < deadline:
        _reap()
        waited_for = {group for group in waited_for if _exists(group)}
        # Zombies that nobody has waited for exist, and are no reason to wait.
        if waited_for and not any(p.group in waited_for for p in live_processes().values()):
            return
        time.sleep(0.02)


def _reap() -> None:
    _children[:] = [child for child in _children if child.poll() is None]
