"""How soon a browser knows: from the commit of a change to the arrival of its message."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import psycopg

from bench.listeners import Arrival, Listeners
from bench.measure import Result, columns
from devstack.stack import Stack

SECONDS = 20
# Changes of one agent, whose desk is told at once; figures are told of four at a time.
CHANGES_A_SECOND = 4
# Milliseconds from commit to arrival.
Delays = list[float]


def measure(stack: Stack, counts: Sequence[int]) -> list[Result]:
    """Print them for so many who listen to figures, one of them an agent at their desk."""
    rows = [["message", "listening", "arrivals", "p50 ms", "p95 ms", "p99 ms"]]
    p95: dict[tuple[str, int], float] = {}
    for count in counts:
        for what, delays in zip(("an agent's desk", "figures"), _delays(stack, count), strict=True):
            cuts = statistics.quantiles(delays, n=100, method="inclusive")
            numbers = (f"{cuts[place - 1]:.1f}" for place in (50, 95, 99))
            rows.append([what, f"{count:,}", f"{len(delays):,}", *numbers])
            p95[what, count] = cuts[94]
    few, many = min(counts), max(counts)
    print(f"\nfrom commit to arrival; with {few} listening it is Postgres, the local Realtime and")
    print(
        f"the gateway; what {many:,} add is the time in which that one process writes to them all"
    )
    print(columns(rows))
    return [
        Result(
            f"{what}, p95",
            f"{many:,} listening against {few}",
            p95[what, many],
            p95[what, few],
            None,
        )
        for what in ("an agent's desk", "figures")
    ]


def _delays(stack: Stack, count: int) -> tuple[Delays, Delays]:
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
        (agent,) = db.execute(_AGENT).fetchone() or (None,)
        desk, wall = f"agent:{agent}", "supervisors"
        with Listeners(stack, desk, 1) as own, Listeners(stack, wall, count) as all_of_them:
            committed: dict[str, dict[int, float]] = {desk: {}, wall: {}}
            for change in range(SECONDS * CHANGES_A_SECOND):
                status = ("available", "break")[change % 2]
                _commit(db, committed[desk], desk, _CHANGE, status, agent)
                if change % CHANGES_A_SECOND == 0:
                    _commit(db, committed[wall], wall, "select public.broadcast_figures()")
                time.sleep(1 / CHANGES_A_SECOND)
            time.sleep(1)
            return (
                _since(committed[desk], own.arrivals()),
                _since(committed[wall], all_of_them.arrivals()),
            )


def _commit(
    db: psycopg.Connection, committed: dict[int, float], topic: str, query: str, *values: object
) -> None:
    """Note when the commit began that a message of the topic came of, by its number."""
    with db.transaction():
        db.execute(query.encode(), values)
        began = time.monotonic()
    (version,) = db.execute("select private.topic_version(%s)", [topic]).fetchone() or (0,)
    committed.setdefault(int(version), began)


def _since(committed: dict[int, float], arrivals: Sequence[Arrival]) -> Delays:
    return [(at - committed[n]) * 1000 for n, at in arrivals if n in committed]


_AGENT = "select id from public.call_center_agents where extension = '1001'"
_CHANGE = "update public.call_center_agents set agent_status = %s where id = %s"
