"""What a screen that was just loaded costs: a desk's and a wallboard's snapshot, with and without
a past."""

from __future__ import annotations

from collections.abc import Callable
from typing import LiteralString

from bench.cpu import cpu_seconds
from bench.data import Size
from bench.measure import Result, compare
from bench.scratch import SUPERVISOR, Databases, Scratch, Session

YOUNG = Size(calls=100, agents=500, queues=50, waiting=100)
OLD = Size(calls=200_000, agents=500, queues=50, waiting=100)
# The most that the past may add.
MOST = 1.2


def measure(databases: Databases) -> list[Result]:
    """Milliseconds of CPU of the backend that answers."""
    young, old = databases.of(YOUNG), databases.of(OLD)
    return [
        compare(
            what, "200,000 past calls against 100", _costs(old, query, email),
            _costs(young, query, email), MOST,
        )
        for what, query, email in (
            ("wallboard(), 50 queues, 500 agents", "select public.wallboard()", SUPERVISOR),
            ("desk()", "select public.desk()", None),
        )
    ]  # fmt: skip


def _costs(scratch: Scratch, query: LiteralString, email: str | None) -> Callable[[], float]:
    """A run's milliseconds; of nobody's e-mail, an agent's who is in a call."""
    session = scratch.signed_in(email) if email else _an_agent(scratch)
    pid = session.connection.info.backend_pid

    def run() -> float:
        before = cpu_seconds(pid)
        session.run(query)
        return (cpu_seconds(pid) - before) * 1000

    return run


def _an_agent(scratch: Scratch) -> Session:
    query = "select user_id::text from public.call_center_agents where extension = '20002'"
    (user_id,) = scratch.owner.connection.execute(query).fetchone() or ("",)
    return scratch.session_of(user_id)
