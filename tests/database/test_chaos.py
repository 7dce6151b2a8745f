"""What must never be, is not, while everything happens at once."""

from __future__ import annotations

import collections
from collections.abc import Iterator

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.chaos import run


@pytest.fixture
def database_url(stack: Stack) -> Iterator[str]:
    """Without a worker: its sweeps would meet calls that Twilio never heard of."""
    stack.kill("worker")
    try:
        with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as db:
            db.execute("update public.call_center_agents set agent_status = 'offline'")
        yield stack.env["DATABASE_ADMIN_URL"]
    finally:
        stack.start("worker")


def test_nothing_that_must_not_be_happens_under_concurrency(database_url: str) -> None:
    world = run(database_url, seconds=6, connections=24, supervisors=False)
    assert not world.errors, collections.Counter(error[:120] for error in world.errors)
    assert world.deadlocks <= 2, "so rare that nobody waits for long"
    assert len(world.done) == 16, "every kind of deed was done"
    assert world.done["an_agent_answers"] > 50


def test_nor_when_supervisors_delete_and_flip_things_meanwhile(database_url: str) -> None:
    world = run(database_url, seconds=6, connections=24)
    assert not world.errors, collections.Counter(error[:120] for error in world.errors)
    assert len(world.done) == 24, "every kind of deed was done"
