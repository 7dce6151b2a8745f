"""A connection as PostgREST holds them, and what each statement on it costs Postgres."""

from __future__ import annotations

import collections
import time
from typing import Any, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

from bench.cpu import cpu_seconds

Json = dict[str, Any]


class Cost(NamedTuple):
    """Milliseconds of a statement: of its backend's CPU, and until it was answered."""

    cpu: float
    wall: float


# By the step that the statements belong to.
Spent = dict[str, list[Cost]]


class Line:
    """One connection, as PostgREST holds them, and what its backend spent on each step."""

    def __init__(self, url: str) -> None:
        self._db = psycopg.connect(url, autocommit=True)
        self._db.execute("set role service_role")
        self._pid = self._db.info.backend_pid
        self._read = cpu_seconds(self._pid)
        self.spent: Spent = collections.defaultdict(list)

    def ask(self, step: str, query: str, *values: object) -> Any:
        """Run a statement for a step; its first value.

        What the backend did since the last one, tidying up after it, is counted to this one.
        """
        started = time.perf_counter()
        row = self._db.execute(query.encode(), values or None).fetchone()
        took = time.perf_counter() - started
        now = cpu_seconds(self._pid)
        self.spent[step].append(Cost((now - self._read) * 1000, took * 1000))
        self._read = now
        return row and row[0]

    def tell(self, step: str, function: str, event: Json) -> Json:
        """Call a webhook's function; its answer."""
        answer: Json = self.ask(step, f"select public.{function}(%s, 'bench')", Jsonb(event))
        return answer

    def rename_last(self, step: str, to: str) -> None:
        """Count a step's last statement to another, of which it turned out to be."""
        self.spent[to].append(self.spent[step].pop())

    def take_spent(self) -> Spent:
        """What was spent since last asked, and not what the backend does between."""
        spent, self.spent = self.spent, collections.defaultdict(list)
        self._read = cpu_seconds(self._pid)
        return spent

    def close(self) -> None:
        self._db.close()
