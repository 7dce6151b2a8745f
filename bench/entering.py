"""`python -m bench entering [--migrations DIR …]`: how many callers a second can enter a queue.

Nobody is free in it. Some connections take callers who hear the menu and have each choose the
queue; the rate over all of them is the median of some rounds, in which the folders of migrations
take turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.editions import Cluster
from bench.life import CHOOSING, Centre
from bench.line import Line
from bench.measure import columns, say
from devstack.migrations import MIGRATIONS

CONNECTIONS = (1, 2, 8, 16)
CALLERS = 240
ROUNDS = 5
# A new connection plans its first few calls anew each time.
_WARM_UP = 6
# Callers a second, and how many cores Postgres's backends kept busy meanwhile.
Rate = tuple[float, float]


def measure(folders: Sequence[Path], connections: Sequence[int]) -> str:
    """A table: a row a number of connections, two columns a folder."""
    with Cluster() as cluster:
        centres = [Centre.staffed(cluster.edition(folder)) for folder in folders]
        rows = [["connections", *_headings(centres)]]
        for count in connections:
            lines = [_lines(centre, count) for centre in centres]
            rates: list[list[Rate]] = [[] for _ in centres]
            for _ in range(ROUNDS):
                for place, centre in enumerate(centres):
                    rates[place].append(_round(centre, lines[place]))
            say(f"{count} connections")
            rows.append([str(count), *(cell for of_one in rates for cell in _cells(of_one))])
        return columns(rows)


def _headings(centres: Sequence[Centre]) -> list[str]:
    cores = f"of {os.cpu_count()} cores"
    return [cell for c in centres for cell in (f"{c.label}: callers/s", cores)]


def _cells(rates: Sequence[Rate]) -> list[str]:
    callers, cores = (statistics.median(values) for values in zip(*rates, strict=True))
    return [f"{callers:.0f}", f"{cores:.2f}"]


def _lines(centre: Centre, count: int) -> list[Line]:
    """So many connections, their plans made."""
    lines = [centre.new_line() for _ in range(count)]
    for line in lines:
        _enter(centre, line, iter([centre.ring() for _ in range(_WARM_UP)]))
    return lines


def _round(centre: Centre, lines: Sequence[Line]) -> Rate:
    """CALLERS enter over these connections."""
    callers = iter([centre.ring() for _ in range(CALLERS)])
    for line in lines:
        line.take_spent()
    threads = [threading.Thread(target=_enter, args=(centre, line, callers)) for line in lines]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    spent = [cost.cpu for line in lines for cost in line.take_spent()["ivr-input"]]
    if len(spent) != CALLERS:
        raise RuntimeError(f"only {len(spent)} of {CALLERS} callers entered")
    return CALLERS / seconds, sum(spent) / 1000 / seconds


def _enter(centre: Centre, line: Line, callers: Iterator[str]) -> None:
    for sid in callers:
        line.tell("ivr-input", CHOOSING, centre.choice(sid))


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bench entering", description=__doc__)
    parser.add_argument("--migrations", nargs="+", type=Path, default=[MIGRATIONS], metavar="DIR")
    parser.add_argument("--connections", nargs="+", type=int, default=list(CONNECTIONS))
    asked = parser.parse_args(arguments)
    print(measure([path.resolve() for path in asked.migrations], asked.connections))
    return 0
