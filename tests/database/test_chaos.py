"""What must never be, is not, while everything happens at once."""

from __future__ import annotations

import collections

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.chaos import run


@pytest.mark.xdist_group("stack")
def test_nothing_that_must_not_be_happens_under_concurrency(stack: Stack) -> None:
    stack.kill("worker")  # its sweeps would meet calls that Twilio never heard of
    try:
        with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as db:
            db.execute("update public.call_center_agents set agent_status = 'offline'")
        world = run(stack.env["DATABASE_ADMIN_URL"], seconds=10, connections=24)
    finally:
        stack.start("worker")
    assert not world.errors, collections.Counter(error[:120] for error in world.errors)
    assert len(world.done) == 9, "every kind of deed was done"
    assert world.done["an_agent_answers"] > 50
