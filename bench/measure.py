"""Timing two things side by side, and the table of what came out."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], float]  # runs once; its milliseconds

_started = time.monotonic()


def say(text: str) -> None:
    """Progress, with the seconds since the start."""
    print(f"[{time.monotonic() - _started:6.1f} s] {text}", flush=True)


@dataclass(frozen=True, slots=True)
class Result:
    """A compared with B; met if their ratio is at most the target (no target: for information)."""

    what: str
    sizes: str
    a_ms: float
    b_ms: float
    target: float | None

    @property
    def ratio(self) -> float:
        return self.a_ms / self.b_ms

    @property
    def met(self) -> bool:
        return self.target is None or self.ratio <= self.target


def compare(  # noqa: PLR0913 - two sides, and how often each
    what: str, sizes: str, a: Work, b: Work, target: float | None, runs: int = 41, b_runs: int = 0
) -> Result:
    """Medians of both, taken in turn, so that what slows the machine slows both.

    `b_runs`: fewer runs of a B that takes seconds.
    """
    for work in (a, b):
        work()
    b_runs = b_runs or runs
    a_times: list[float] = []
    b_times: list[float] = []
    for run in range(runs):
        a_times.append(a())
        if run < b_runs:
            b_times.append(b())
    result = Result(what, sizes, statistics.median(a_times), statistics.median(b_times), target)
    say(f"{what}: {_ratio(result.ratio)}")
    return result


def table(results: list[Result]) -> str:
    """The results in columns, the header first."""
    rows = [("what", "A against B", "A ms", "B ms", "ratio", "target", "ok")]
    for r in results:
        target = "" if r.target is None else f"≤ {_ratio(r.target)}"
        ok = "" if r.target is None else "yes" if r.met else "NO"
        row = (r.what, r.sizes, f"{r.a_ms:.2f}", f"{r.b_ms:.2f}", _ratio(r.ratio), target, ok)
        rows.append(row)
    return columns(rows, texts=2)


def report(results: list[Result]) -> int:
    """Print them; 1 if a target is missed."""
    print(f"\n{table(results)}")
    return 0 if all(result.met for result in results) else 1


def columns(rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """Rows one below the other, the first of them a header; after so many texts come numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(f"{cell:{'<' if i < texts else '>'}{widths[i]}}" for i, cell in enumerate(row))
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _ratio(value: float) -> str:
    return f"1/{1 / value:.0f}" if 0 < value <= 0.1 else f"{value:.2f}"
