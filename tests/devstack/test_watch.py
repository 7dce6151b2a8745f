"""`python -m devstack watch`, `play` and the demo, as somebody at a terminal runs them."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from devstack.layout import ROOT
from devstack.stack import Stack

PATIENCE = 30.0
STATUS = "update public.call_center_agents set agent_status = %s where extension = '1002'"


@pytest.fixture
def set_status(stack: Stack) -> Iterator[Callable[[str], None]]:
    """Valentina (1002) comes and goes."""
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
        db.execute(STATUS, ["offline"])

        def set_it(status: str) -> None:
            db.execute(STATUS, [status])

        yield set_it
        db.execute(STATUS, ["offline"])


class Running:
    """One of the commands, and what it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], reads: int) -> None:
        self.process = process
        self._reads = reads
        self._printed = ""

    def prints(self, words: str) -> None:
        """Wait for words that it had not printed before."""
        deadline = time.monotonic() + PATIENCE
        while words not in self._printed:
            assert time.monotonic() < deadline, f"{words!r} is not in {self._printed[-2000:]!r}"
            try:
                self._printed += os.read(self._reads, 65536).decode(errors="replace")
            except BlockingIOError:
                time.sleep(0.05)
        self._printed = self._printed.partition(words)[2]

    def ends_after_ctrl_c(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def running(
    stack: Stack, *words: str, module: str = "devstack", terminal: bool = False
) -> Iterator[Running]:
    """A command of the stack's, whose output goes to a pipe or to a terminal."""
    reads, writes = pty.openpty() if terminal else os.pipe()
    os.set_blocking(reads, False)
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env={**os.environ, "DEVSTACK_PORT_BASE": str(stack.layout.base), "TERM": "xterm"},
        stdout=writes,
        stderr=writes,
    )
    os.close(writes)
    try:
        yield Running(process, reads)
    finally:
        process.kill()
        process.wait()
        os.close(reads)


def test_in_a_pipe_each_change_is_a_line(stack: Stack, set_status: Callable[[str], None]) -> None:
    with running(stack, "watch") as watch:
        set_status("available")
        watch.prints("agent 1002 is available\n")
        set_status("break")
        watch.prints("agent 1002 is break\n")
        assert watch.ends_after_ctrl_c() == 0


def test_in_a_terminal_the_board_is_redrawn(
    stack: Stack, set_status: Callable[[str], None]
) -> None:
    with running(stack, "watch", terminal=True) as watch:
        watch.prints("Valentina")
        set_status("available")
        watch.prints("available")
        assert watch.ends_after_ctrl_c() == 0


def test_what_was_missed_while_realtime_was_away_is_shown_once_it_is_back(
    stack: Stack, set_status: Callable[[str], None]
) -> None:
    with running(stack, "watch") as watch:
        set_status("available")
        watch.prints("agent 1002 is available")
        stack.kill("realtime")
        set_status("break")
        stack.start("realtime")
        watch.prints("agent 1002 is break")
        set_status("available")
        watch.prints("agent 1002 is available")


def live(stack: Stack) -> list[str]:
    """Who rings or talks, waits to be called back, or is at work."""
    query = (
        "select call_sid from private.call_legs where ended_at is null"
        " union select number from private.callbacks where ended_at is null"
        " union select extension from public.call_center_agents where agent_status <> 'offline'"
    )
    with psycopg.connect(stack.env["DATABASE_URL"]) as db:
        return [row[0] for row in db.execute(query)]


def goes_home(stack: Stack, before: set[str]) -> None:
    """Waits until nobody is left of those who came since."""
    deadline = time.monotonic() + PATIENCE
    while left := set(live(stack)) - before:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def test_people_ring_and_are_served_until_the_time_is_over(stack: Stack) -> None:
    before = set(live(stack))
    with running(stack, "play", "--calls-an-hour", "1800", "--minutes", "1") as play:
        play.prints("rings, to")
        assert play.process.wait(PATIENCE) == 0
        play.prints("people rang: ")
    goes_home(stack, before)


def test_ctrl_c_sends_everybody_home(stack: Stack) -> None:
    before = set(live(stack))
    with running(stack, "play", "--calls-an-hour", "1800") as play:
        play.prints("rings, to")
        assert play.ends_after_ctrl_c() == 0
        play.prints("people rang: ")
    goes_home(stack, before)


def test_the_demo_tells_its_calls_and_shows_the_wall_beside_them(stack: Stack) -> None:
    with running(stack, module="devstack.demo") as demo:
        demo.prints("María  rings")
        demo.prints("is queued in support")
        demo.prints("The calls")
        assert demo.process.wait(PATIENCE) == 0
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
        db.execute("update public.call_center_agents set agent_status = 'offline'")
