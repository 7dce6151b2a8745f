"""`python -m bench live [PART …]`: what it costs to tell screens, and how soon they know.

life: one call's life with 0, 100 and 1,000 browsers listening. latency: from commit to arrival.
wall: a wallboard of 50 queues and 500 agents, kept current at 100 live calls. snapshots: desk() and
wallboard(), with and without a past. deliveries: messages a minute to a hundred browsers.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bench import live_latency, live_life, live_snapshots, live_wall
from bench.measure import Result, report, say
from bench.running import whole_stack
from bench.scratch import Databases
from devstack.migrations import MIGRATIONS
from devstack.stack import Stack

PARTS = ("life", "latency", "wall", "snapshots", "deliveries")
LISTENING = (0, 100, 1000)
# They would have their share of the cores, and ask Twilio about calls that are made up.
_NOT_NEEDED = ("web", "worker", "twilio", "listener")


def measure(databases: Databases, parts: Sequence[str] = PARTS) -> list[Result]:
    """Each part's comparisons; what is no comparison is printed."""
    results: list[Result] = []
    if {"life", "latency", "wall"} & {*parts}:
        with whole_stack() as stack:
            for name in _NOT_NEEDED:
                stack.kill(name)
            results += _with_realtime(stack, parts)
    if "snapshots" in parts:
        results += live_snapshots.measure(databases)
    if "deliveries" in parts:
        live_wall.count_deliveries(MIGRATIONS)
    return results


def _with_realtime(stack: Stack, parts: Sequence[str]) -> list[Result]:
    results: list[Result] = []
    if "latency" in parts:
        say("latency")
        results += live_latency.measure(stack, (1, LISTENING[-1]))
    if "life" in parts:
        say("life")
        results += live_life.measure(stack, LISTENING)
    if "wall" in parts:
        say("wall")
        results += live_wall.keep_current(stack)
    return results


def main(arguments: Sequence[str]) -> int:
    """1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="bench live", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parts = parser.parse_args(arguments).parts or PARTS
    if unknown := {*parts} - {*PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with Databases() as databases:
        results = measure(databases, parts)
    return report(results) if results else 0
