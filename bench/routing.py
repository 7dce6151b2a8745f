"""A routing decision: the agent who is free gets the caller who waited longest."""

from __future__ import annotations

from functools import partial

from bench.data import LARGE_TEAM, LONG, SHORT, SMALL_TEAM
from bench.measure import Result, compare
from bench.scratch import Databases, Scratch

DECISION = "select private.route_agent(md5('agent 1')::uuid)"


def measure(databases: Databases) -> list[Result]:
    """Against a tenth of the agents, and against a hundredth of the history."""
    large = databases.of(LARGE_TEAM)
    for database in (large, databases.of(SHORT)):
        _check(database)
    return [
        compare(
            "routing decision", "1,000 agents against 100 (50 queues, 5,000 waiting)",
            _deciding(large), _deciding(databases.of(SMALL_TEAM)), target=1.5,
        ),
        compare(
            "routing decision", "1,000,000 past calls against 10,000",
            _deciding(databases.of(LONG)), _deciding(databases.of(SHORT)), target=1.5,
        ),
    ]  # fmt: skip


def _deciding(database: Scratch) -> partial[float]:
    return partial(database.owner.run_and_undo, DECISION)


def _check(database: Scratch) -> None:
    """A decision that rings nobody would be fast, and worth nothing."""
    with database.owner.connection.transaction(force_rollback=True):
        database.owner.run(DECISION)
        query = "select count(*) from private.call_offers where state = 'reserved'"
        (offers,) = database.owner.connection.execute(query).fetchone() or (0,)
    if offers != 1:
        raise RuntimeError(f"one agent is free and callers wait, but {offers} were rung")
