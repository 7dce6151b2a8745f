"""A whole stack, at the speed of life or another, for benches that need more than a database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from devstack.stack import Stack

DEFAULT_BASE = 23420


@contextmanager
def whole_stack(speed: int = 1) -> Iterator[Stack]:
    """Everything up with an empty database, and down afterwards."""
    base = int(os.environ.get("BENCH_STACK_PORT_BASE") or DEFAULT_BASE)
    stack = Stack(base, speed=speed)
    stack.reset()
    try:
        yield stack
    finally:
        stack.down()


def staff(stack: Stack, agents: int, status: str) -> None:
    """So many agents, all in the queue `support`, and nobody else there."""
    with psycopg.connect(stack.env["DATABASE_ADMIN_URL"]) as db:
        db.execute(
            "with users as (insert into auth.users (id, email)"
            " select gen_random_uuid(), format('bench%%s@bench.invalid', n)"
            " from generate_series(1, %s) n returning id),"
            " people as (insert into public.call_center_agents (user_id, extension, agent_status)"
            " select id, 'b' || row_number() over (), %s from users returning id)"
            " update public.call_queues set agent_ids = (select array_agg(id) from people)"
            " where name = 'support'",
            [agents, status],
        )
