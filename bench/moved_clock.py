"""Time that passes only as it is told to, for a database and for what happens in it."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench.line import Line

Deed = Callable[[], object]


class MovedClock:
    """A connection each statement of which has a moment of its own, and what is still to happen."""

    def __init__(self, line: Line, since: float = 0.0) -> None:
        self._line = line
        self._due: list[tuple[float, int, Deed]] = []
        self._order = itertools.count()
        self.elapsed = 0.0
        self._since, _ = line.ask("clock", _STILL, since)

    @property
    def now(self) -> datetime:
        """What private.clock() says."""
        return datetime.fromisoformat(self._since) + timedelta(seconds=self.elapsed)

    def later(self, seconds: float, deed: Deed) -> None:
        """Have something happen so much later."""
        heapq.heappush(self._due, (self.elapsed + seconds, next(self._order), deed))

    def advance(self, until: float) -> None:
        """Do what is due until then, in order, and be there."""
        while self._due and self._due[0][0] <= until:
            at, _, deed = heapq.heappop(self._due)
            self.elapsed = max(self.elapsed, at)
            deed()
        self.elapsed = max(self.elapsed, until)

    def ask(self, step: str, call: str, *values: object) -> Any:
        """What a function says, called a millisecond after the last statement."""
        return self.run(step, f"select {call} from clock", *values)

    def run(self, step: str, statement: str, *values: object) -> Any:
        """The first value of a statement that says "from clock", for its moment to be set."""
        self.elapsed += 0.001
        return self._line.ask(step, f"{_MOVE} {statement}", f"{self.elapsed} seconds", *values)


_STILL = """
select array[set_config('callcenter.clock_since',
    (statement_timestamp() + make_interval(secs => %s))::text, false),
  set_config('callcenter.clock_speed', '0', false)]
"""
_MOVE = """
with clock as materialized (select set_config('callcenter.clock_offset', %s, false))
"""
