"""`python -m bench wall-page [--minutes N]`: a wall that stays open, in Chromium.

The console's wall shows 50 queues and 500 agents while 100 calls live, at the pace of life.
Measured are frames that were dropped, tasks that kept the page busy for over 50 ms, what part of
its time the page works, and its heap, after a collection, at the start and at the end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.busy import Busy
from bench.editions import Database
from bench.live_wall import WALL, play, teller_of
from bench.measure import columns, say
from bench.running import whole_stack
from devstack import console
from devstack.stack import Stack
from devstack.toolchain import ensure_browser

SCRIPT = Path(__file__).with_name("wall_page.mjs")
# They would have their share of the cores, and ask Twilio about calls that are made up.
_NOT_NEEDED = ("worker", "twilio", "listener")
# Until the page has settled, and what is loaded later is loaded. Seconds.
SETTLES = 20
# A heap breathes with what is shown; a leak of a row a message would be far beyond.
MOST_GROWTH_MB = 10.0
MOST_DROPPED = 0.01
Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """On a stack of its own; 1 where frames were dropped or memory grew."""
    parser = argparse.ArgumentParser(prog="bench wall-page", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    seconds = round(parser.parse_args(arguments).minutes * 60)
    with whole_stack() as stack:
        for name in _NOT_NEEDED:
            stack.kill(name)
        ensure_browser(stack.tools)
        console.build(stack.tools)
        busy = Busy(Database(stack.env["DATABASE_URL"], "now"), WALL)
        with teller_of(stack), _page(stack) as page:
            play(busy, 1, SETTLES)
            started = _asked(page, "start")
            play(busy, SETTLES + 1, seconds)
            ended = _asked(page, "end")
    return _report(seconds, started, ended)


@contextmanager
def _page(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    """The wall, with a supervisor signed in; it says so on its first line."""
    process = subprocess.Popen(
        [str(stack.tools.node), str(SCRIPT)],
        env={
            "BROWSER": str(stack.tools.browser),
            "CONSOLE": f"{stack.layout.url('web')}/console/#wall",
            "PASSWORD": stack.credentials.user_password,
            "AGENTS": str(WALL.agents),
        },
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        say(f"the wall is open: {_line(process)}")
        yield process
    finally:
        process.kill()
        process.communicate()


def _asked(page: subprocess.Popen[str], command: str) -> Json:
    assert page.stdin
    page.stdin.write(f"{command}\n")
    page.stdin.flush()
    told = _line(page)
    say(f"{command}: {told}")
    return told


def _line(page: subprocess.Popen[str]) -> Json:
    assert page.stdout
    line = page.stdout.readline()
    if not line:
        raise RuntimeError("the page has ended")
    return dict(json.loads(line))


def _report(seconds: int, started: Json, ended: Json) -> int:
    frames, dropped = ended["frames"], ended["dropped"]
    share = dropped / (frames + dropped)
    growth = ended["heap_mb"] - started["heap_mb"]
    work = 1000 * (ended["work_s"] - started["work_s"]) / seconds
    longest = f"the longest {ended['longest_task_ms']:.0f}"
    rows = [
        ["of the page", f"in {seconds} s"],
        ["messages of the wallboard", f"{ended['messages']}"],
        ["frames shown", f"{frames}"],
        ["frames dropped", f"{dropped} ({share:.2%})"],
        ["longest gap between two, ms", f"{ended['longest_gap_ms']:.0f}"],
        ["tasks of over 50 ms", f"{ended['long_tasks']}, {longest}"],
        ["ms of the processor a second", f"{work:.0f}"],
        ["heap at the start and end, MB", f"{started['heap_mb']:.1f}, {ended['heap_mb']:.1f}"],
        ["nodes at the start and end", f"{started['nodes']}, {ended['nodes']}"],
    ]  # fmt: skip
    print(f"\n{WALL}\n{columns(rows)}")
    good = share <= MOST_DROPPED and growth <= MOST_GROWTH_MB
    print("the wall kept up" if good else "FAILED")
    return 0 if good else 1
