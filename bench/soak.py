"""`python -m bench soak [--calls 300] [--kills 20]`: kills processes while a crowd calls.

The web process, the worker, PostgREST and Postgres are killed (SIGKILL) at random moments and
started again soon after. Once everybody has hung up, and nothing has been killed for a while, the
tables must say what happened: what they don't is counted, and there must be nothing of it.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from bench.crowd import Crowd, gathered
from bench.measure import say
from devstack.stack import Stack
from devstack.twilio.client import Sim

DEFAULT_BASE = 23440
SPEED = 20
VICTIMS = ("web", "worker", "postgrest", "postgres")
# How long reconciliation may take, in real seconds.
PATIENCE = 60.0


class TapedStack(Stack):
    """A stack with no number to fall back to: without the database callers leave a message."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "FALLBACK_NUMBER": ""}


@dataclass
class Killer:
    """Kills and starts again, on a thread of its own."""

    stack: Stack
    victims: Sequence[str]
    times: int
    over_seconds: float
    random: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    failed: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(self.times):
                time.sleep(self.random.uniform(0.5, 1.5) * self.over_seconds / self.times)
                self._kill(self.random.choice(self.victims))
        except BaseException as error:
            self.failed = error
            raise

    def _kill(self, victim: str) -> None:
        self.stack.kill(victim)
        down = self.random.uniform(0.1, 1.5)
        time.sleep(down)
        self.stack.start(victim)
        self.killed[victim] += 1
        say(f"killed {victim}, away for {down:.1f} s")


def soak(
    stack: Stack, sim: Sim, calls: int, kills: int, seed: int, victims: Sequence[str] = VICTIMS
) -> dict[str, list[str]]:
    """Play it; returns what the tables say wrongly, by kind, once there was time to reconcile."""
    with gathered(stack, sim, seed) as crowd:
        seconds = max(calls * 0.15, kills * 4.0)  # a kill and the new start take a few
        killer = Killer(stack, victims, kills, seconds, random.Random(seed))
        thread = threading.Thread(target=killer.run, daemon=True)
        thread.start()
        for _ in range(calls):
            crowd.ring()
            time.sleep(seconds / calls)
        say(f"{calls} have rung")
        _wait(lambda: not thread.is_alive(), seconds + 60, "the killer is done")
        if killer.failed:
            raise killer.failed
        _wait(lambda: not sim.calls(live=True), seconds + 120, "everybody hung up")
        say(f"everybody hung up; killed {dict(killer.killed)}")
        left = _reconciled(crowd)
        say(_summary(crowd))
        return left


def commit_as_hosted(stack: Stack) -> None:
    """What was committed stays, as on hosted Supabase; the stack is laxer, to be quicker."""
    with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as db:
        db.execute("alter database postgres set synchronous_commit = on")
        # Sessions that began before know nothing of it.
        db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = 'postgres' and pid <> pg_backend_pid()"
        )


def _reconciled(crowd: Crowd) -> dict[str, list[str]]:
    began = time.monotonic()
    while (left := crowd.faults_left()) and time.monotonic() < began + PATIENCE:
        time.sleep(0.5)
    say(f"reconciled after {time.monotonic() - began:.1f} s" if not left else "not reconciled")
    return left


def _summary(crowd: Crowd) -> str:
    (row,) = crowd.rows(
        "select count(*) as calls, count(answered_at) as conversations,"
        " count(recording_sid) as recordings,"
        " (select count(*) from public.voicemails) as voicemails,"
        " (select count(distinct call_sid) from private.call_events where source = 'reconcile')"
        " as reconciled from public.call_records"
    )
    return ", ".join(f"{count} {what}" for what, count in row.items())


def _wait(fact: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.2)


def main(arguments: list[str]) -> int:
    """On a stack of its own, begun empty and ended afterwards; 1 unless all counts are 0."""
    parser = argparse.ArgumentParser(prog="bench soak", description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    base = int(os.environ.get("BENCH_STACK_PORT_BASE") or DEFAULT_BASE)
    stack = TapedStack(base, SPEED)
    stack.reset()
    try:
        with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
            commit_as_hosted(stack)
            left = soak(stack, sim, options.calls, options.kills, options.seed)
    finally:
        stack.down()
    for what, items in left.items():
        print(f"{what}: {len(items)}: {', '.join(items[:5])}")
    print("nothing lost, nobody stuck" if not left else "FAILED")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
