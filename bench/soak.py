"""`python -m bench soak [--calls N] [--kills N] [--deeds N] [--acts N]`: processes die meanwhile.

The web process, the worker, PostgREST and Postgres are killed (SIGKILL) at random moments and
started again soon after; supervisors delete and flip what they may (bench/supervisors.py), and
agents hold, transfer, consult and leave (bench/desks.py). Once everybody has hung up, and nothing
has been killed for a while, the tables must say what happened: what they don't is counted, and
there must be nothing of it, nor a deadlock, nor a customer whom nobody looked after.
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
from datetime import datetime

import psycopg

from bench.crowd import Crowd, gathered
from bench.desks import Desks
from bench.measure import say
from bench.supervisors import Supervisors
from devstack.stack import Stack
from devstack.twilio.client import Sim

DEFAULT_BASE = 23440
SPEED = 20
VICTIMS = ("web", "worker", "postgrest", "postgres")
# How long reconciliation may take, in real seconds.
PATIENCE = 60.0
# After which everybody has found out that a process is back, in real seconds.
RECOVERY = 1.0


class TapedStack(Stack):
    """A stack with no number to fall back to: without the database callers leave a message."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, "FALLBACK_NUMBER": ""}


@dataclass(frozen=True)
class Size:
    """How much happens."""

    calls: int
    kills: int
    deeds: int
    acts: int

    @property
    def seconds(self) -> float:
        """Over which callers ring; a kill and the new start take a few."""
        return max(self.calls * 0.15, self.kills * 4.0)


@dataclass
class Killer:
    """Kills and starts again, on a thread of its own."""

    crowd: Crowd
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
        stack, down = self.crowd.stack, self.random.uniform(0.1, 1.5)
        began = self._now()
        stack.kill(victim)
        time.sleep(down)
        stack.start(victim)
        # PostgREST tries Postgres again after a pause, which grows the longer that was away.
        stack.wait_healthy()
        outages = self.crowd.outages
        if outages:  # the last one may not be over
            began = max(began, outages[-1][1])
        outages.append((began, self._now() + RECOVERY * SPEED))
        self.killed[victim] += 1
        say(f"killed {victim}, away for {down:.1f} s")

    def _now(self) -> float:
        return datetime.fromisoformat(self.crowd.sim.clock()["now"]).timestamp()


def soak(
    stack: Stack,
    sim: Sim,
    seed: int,
    size: Size,
    victims: Sequence[str] = VICTIMS,
) -> dict[str, list[str]]:
    """Play it; returns what the tables say wrongly, by kind, once there was time to reconcile."""
    with gathered(stack, sim, seed) as crowd:
        before = deadlocks(stack)
        chance = random.Random(seed)
        killer = Killer(crowd, victims, size.kills, size.seconds, chance)
        supervisors = Supervisors(crowd, size.deeds, size.seconds, random.Random(seed))
        desks = Desks(crowd, size.acts, size.seconds, random.Random(seed))
        _play(crowd, size, (killer, supervisors, desks))
        say(f"everybody hung up; killed {dict(killer.killed)}")
        say(f"supervisors: {dict(supervisors.done)}")
        say(f"agents: {dict(desks.done)}")
        left = _reconciled(crowd) | supervisors.faults | desks.faults
        say(_summary(crowd))
        if told := deadlocks(stack)[len(before) :]:
            left["deadlocks"] = told
        return left


def _play(crowd: Crowd, size: Size, others: Sequence[Killer | Supervisors | Desks]) -> None:
    """Everybody rings and hangs up, while the others do what they do."""
    threads = [threading.Thread(target=other.run, daemon=True) for other in others]
    for thread in threads:
        thread.start()
    for _ in range(size.calls):
        crowd.ring()
        time.sleep(size.seconds / size.calls)
    say(f"{size.calls} have rung")
    alive = [thread.is_alive for thread in threads]
    # On a busy machine each new start takes longer than is reckoned with.
    _wait(lambda: not any(is_alive() for is_alive in alive), 4 * size.seconds + 60, "all is done")
    for other in others:
        if other.failed:
            raise other.failed
    _wait(lambda: not crowd.sim.calls(live=True), size.seconds + 120, "everybody hung up")


def deadlocks(stack: Stack) -> list[str]:
    """What Postgres's log says of deadlocks: each was an error (40P01) to whoever asked.

    Its own count, pg_stat_database.deadlocks, begins anew after a crash.
    """
    logs = [stack.layout.logs / name for name in ("postgres.1.log", "postgres.log")]
    lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
    return [line for line in lines if "deadlock detected" in line]


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


def main(arguments: Sequence[str]) -> int:
    """On a stack of its own, begun empty and ended afterwards; 1 unless all counts are 0."""
    parser = argparse.ArgumentParser(prog="bench soak", description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--deeds", type=int, default=60)
    parser.add_argument("--acts", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    base = int(os.environ.get("BENCH_STACK_PORT_BASE") or DEFAULT_BASE)
    stack = TapedStack(base, SPEED)
    stack.reset()
    try:
        with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
            commit_as_hosted(stack)
            size = Size(options.calls, options.kills, options.deeds, options.acts)
            left = soak(stack, sim, options.seed, size)
    finally:
        stack.down()
    for what, items in left.items():
        print(f"{what}: {len(items)}: {', '.join(items[:5])}")
    print("nothing lost, nobody stuck" if not left else "FAILED")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
