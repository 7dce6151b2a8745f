"""`python -m bench followers [--subscribers N] [--calls N]`: screens lose nothing.

Wallboards, desks and queues, by the module of docs/live.md, follow a crowd of simulated calls.
Meanwhile their sockets are closed, messages lost, Realtime is killed and started again, and their
tokens expire.
In the end each must show exactly what a snapshot taken then says, up to the number of the message.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bench.crowd import Crowd, gathered
from bench.measure import say
from devstack.pages import LIVE
from devstack.stack import Stack
from devstack.twilio.client import Sim

DEFAULT_BASE = 23440
SPEED = 20
SCRIPT = Path(__file__).with_name("followers.mjs")
PATIENCE = 60.0


@dataclass(frozen=True)
class Size:
    """How much happens; pauses: what part of the module's random pauses is waited."""

    subscribers: int
    calls: int
    pauses: float = 1.0

    @property
    def patience(self) -> float:
        """In which all have joined again; sooner than what was missed is fetched anyhow."""
        return 8.0 + 32.0 * self.pauses


class Followers:
    """The screens, in a process of their own."""

    def __init__(self, crowd: Crowd, size: Size) -> None:
        stack = crowd.stack
        names = ("SUPABASE_URL", "SUPABASE_ANON_KEY", "SUPABASE_JWT_SECRET")
        self._process = subprocess.Popen(
            [str(stack.tools.node), str(SCRIPT)],
            env={
                "LIVE": str(LIVE),
                "MODULES": str(stack.tools.modules),
                "PEOPLE": json.dumps(_people(crowd), default=str),
                "SUBSCRIBERS": str(size.subscribers),
                "PAUSES": str(size.pauses),
                **{name: stack.env[name] for name in names},
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def asks(self, command: str) -> Any:
        """What the script answers to one of its commands."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or '"the screens have ended"')


def follow(stack: Stack, sim: Sim, seed: int, size: Size) -> list[dict[str, str]]:
    """Play it; returns the screens that show something else than the database says, and how."""
    with gathered(stack, sim, seed) as crowd, Followers(crowd, size) as screens:
        _wait(lambda: screens.asks("live") == size.subscribers, "all have joined")
        disturb(crowd, size, screens)
        _wait(lambda: not sim.calls(live=True), "everybody hung up")
        _wait(lambda: not crowd.rows(_WRAPPING_UP), "everybody has wrapped up")
        began = time.monotonic()
        while (left := screens.asks("differences")) and time.monotonic() < began + size.patience:
            time.sleep(0.2)
        say(f"{size.subscribers} screens: {screens.asks('count')}")
        say(f"{len(left)} of them differ, {time.monotonic() - began:.1f} s after the last call")
        screens.asks("stop")
        return list(left)


def disturb(crowd: Crowd, size: Size, screens: Followers) -> None:
    """Calls come in; at a quarter of them and the last sockets are closed, and at half Realtime is
    away. Until the last call tokens are short-lived, and some messages to wallboards are lost.
    """
    for number in range(1, size.calls + 1):
        crowd.ring()
        time.sleep(0.3)
        if number in (size.calls // 4, size.calls):
            say(f"closed {screens.asks('drop')} sockets")
        if number == size.calls // 2:
            crowd.stack.kill("realtime")
            time.sleep(0.5)
            crowd.stack.start("realtime")
            say("Realtime was away")
    screens.asks("calm")


def _people(crowd: Crowd) -> dict[str, Any]:
    agents = crowd.rows(_AGENTS, [*crowd.staff])
    (supervisor,) = crowd.rows("select id from public.profiles where role = 'supervisor' limit 1")
    return {"supervisor": supervisor["id"], "agents": agents}


def _wait(fact: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(0.2)


_AGENTS = (
    "select user_id as user, id as agent, array(select queue_id from private.queue_members m"
    " where m.agent_id = a.id) as queues from public.call_center_agents a where id = any (%s)"
)
_WRAPPING_UP = "select 1 from public.call_center_agents where wrap_up_until > private.clock()"


def main(arguments: Sequence[str]) -> int:
    """On a stack of its own, begun empty and ended afterwards; 1 where a screen is wrong."""
    parser = argparse.ArgumentParser(prog="bench followers", description=__doc__)
    parser.add_argument("--subscribers", type=int, default=50)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    stack = Stack(int(os.environ.get("BENCH_STACK_PORT_BASE") or DEFAULT_BASE), SPEED)
    stack.reset()
    try:
        with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
            left = follow(stack, sim, options.seed, Size(options.subscribers, options.calls))
    finally:
        stack.down()
    for wrong in left[:5]:
        print(json.dumps(wrong, indent=2))
    print("every screen shows what the database says" if not left else "FAILED")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
