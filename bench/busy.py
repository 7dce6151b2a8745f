"""A call centre in which so many calls live at any time: as many ring as are over."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.editions import Database
from bench.hour import keys_of, open_centre
from bench.measure import say
from bench.simulated import WAIT_DOCUMENTS_A_SECOND, Centre

# By then they ring, are rung and talk as they will from then on. Seconds.
WARM_UP = 400
_COMING = 120.0


@dataclass(frozen=True)
class Size:
    """Agents, queues, of how many of those each agent is a member on average, and live calls."""

    agents: int
    queues: int
    memberships: int
    calls: int

    def __str__(self) -> str:
        return f"{self.queues} queues, {self.agents} agents, {self.calls} live calls"


class Busy:
    """Begins so long ago that now is when it has warmed up; `second` goes on from there."""

    def __init__(self, database: Database, size: Size, seed: int = 1) -> None:
        self._size = size
        self._chance = random.Random(seed)
        people = (size.agents, size.queues, size.memberships)
        agents = open_centre(database, self._chance, *people)
        self._keys = [*keys_of(size.queues)]
        self._owner = database.connect()
        self.centre = Centre(database, self._chance, lambda _now: None, since=-WARM_UP)
        for agent in agents:
            self.centre.come(agent, self._chance.uniform(0, _COMING))
        for second in range(1, WARM_UP + 1):
            self.second(second - WARM_UP)
        self._owner.execute("vacuum (analyze)")
        say(f"{size}: {self.live()} live calls")

    def second(self, number: int) -> None:
        """Do what happens in one second; 1 is the first after the warming up."""
        clock, until = self.centre.clock, number + WARM_UP
        for _ in range(min(self._size.calls - self.live(), 1 + self._size.calls // 30)):
            self.centre.clock.later(
                self._chance.random(), lambda: self.centre.ring(*self._chance.choice(self._keys))
            )
        clock.advance(until)
        for _ in range(WAIT_DOCUMENTS_A_SECOND):
            self.centre.hear_a_document()
        self.centre.work()
        self.centre.sweep(number)

    def live(self) -> int:
        """How many calls are."""
        query = (
            "select count(*) from public.call_records"
            " where call_status in ('queued', 'ringing', 'active')"
        )
        (count,) = self._owner.execute(query).fetchone() or (0,)
        return int(count)
