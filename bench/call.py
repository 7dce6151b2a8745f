"""`python -m bench call [--migrations DIR …]`: what one call's whole life costs Postgres.

CPU time of the backend that answers, by step (bench/life.py says which), the median of many lives,
with nobody else, 1,000 and 5,000 others waiting for the same agents. Each number has a database of
its own, and so has each of several folders of migrations; lives in all of them take turns, so that
what slows the machine slows all: before and after in one run. PostgREST's own part of a request is
not in it.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.editions import Cluster, Edition
from bench.life import Centre
from bench.line import Spent
from bench.measure import Result, columns, report, say
from devstack.migrations import MIGRATIONS

OTHERS = (0, 1000, 5000)
LIVES = 60
_WARM_UP = 8
# The most that a full queue may add.
TARGET = 1.2
ALL = "in all"

# A step's requests in one life, and the milliseconds of one; by step, `ALL` at the end.
Costs = dict[str, tuple[int, float]]


def measure(
    folders: Sequence[Path] = (MIGRATIONS,), others: Sequence[int] = OTHERS, lives: int = LIVES
) -> list[Result]:
    """Print every step's cost; returns those of full queues against empty ones, and of each folder
    against the first."""
    with Cluster() as cluster:
        centres = {
            (place, count): centre
            for place, folder in enumerate(folders)
            for count, centre in _growing(cluster.edition(folder), sorted(others))
        }
        spent: dict[tuple[int, int], list[Spent]] = {key: [] for key in centres}
        for _ in range(lives):
            for key, centre in centres.items():
                spent[key].append(centre.live())
        labels = [centres[place, others[0]].label for place in range(len(folders))]
    costs = {
        count: [medians(spent[place, count]) for place in range(len(folders))] for count in others
    }
    for count in others:
        print(f"\nms of Postgres's CPU with {count:,} others waiting")
        print(_table(labels, costs[count]))
    return [
        *_of_full_queues(labels, costs),
        *(result for count in others for result in _of_folders(labels, count, costs[count])),
    ]


def _growing(edition: Edition, others: Sequence[int]) -> Iterator[tuple[int, Centre]]:
    """A centre for each number of people waiting, every one begun as a copy of the one before."""
    centre = Centre.staffed(edition)
    for count in others:
        for _ in range(count - centre.waiting()):
            centre.enter()
        say(f"{centre.label}: {count:,} wait")
        following = centre
        if count < others[-1]:
            with centre.away():
                edition = edition.copy()
            following = centre.moved_to(edition)
        centre.settle_down()
        for _ in range(_WARM_UP):
            centre.live()
        yield count, centre
        centre = following


def medians(lives: Sequence[Spent]) -> Costs:
    """Of each step the median request's, of a whole life the median life's."""
    costs = {
        step: (len(requests), statistics.median(cost.cpu for life in lives for cost in life[step]))
        for step, requests in lives[0].items()
    }
    totals = [sum(cost.cpu for requests in life.values() for cost in requests) for life in lives]
    count = sum(len(requests) for requests in lives[0].values())
    return costs | {ALL: (count, statistics.median(totals))}


def _table(labels: Sequence[str], costs: Sequence[Costs]) -> str:
    rows = [["step", "requests", *labels]]
    steps = [*dict.fromkeys(step for of_one in costs for step in of_one if step != ALL), ALL]
    for step in steps:
        of_each = [of_one.get(step) for of_one in costs]
        counts = "/".join(dict.fromkeys(str(cost[0] if cost else 0) for cost in of_each))
        rows.append([step, counts, *(f"{cost[1]:.2f}" if cost else "-" for cost in of_each)])
    return columns(rows)


def _of_full_queues(labels: Sequence[str], costs: dict[int, list[Costs]]) -> list[Result]:
    few, many = min(costs), max(costs)
    if few == many:
        return []
    return [
        Result(
            f"a call's life at {label}", f"{many:,} waiting against {few:,}",
            costs[many][place][ALL][1], costs[few][place][ALL][1], TARGET,
        )
        for place, label in enumerate(labels)
    ]  # fmt: skip


def _of_folders(labels: Sequence[str], count: int, costs: Sequence[Costs]) -> list[Result]:
    return [
        Result(
            f"a call's life, {count:,} waiting", f"{label} against {labels[0]}",
            of_one[ALL][1], costs[0][ALL][1], None,
        )
        for label, of_one in zip(labels[1:], costs[1:], strict=True)
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """1 if a full queue costs too much."""
    parser = argparse.ArgumentParser(prog="bench call", description=__doc__)
    parser.add_argument("--migrations", nargs="+", type=Path, default=[MIGRATIONS], metavar="DIR")
    parser.add_argument("--waiting", nargs="+", type=int, default=list(OTHERS))
    parser.add_argument("--lives", type=int, default=LIVES)
    asked = parser.parse_args(arguments)
    folders = [path.resolve() for path in asked.migrations]
    return report(measure(folders, asked.waiting, asked.lives))
