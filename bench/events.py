"""A status callback: the same cost whatever the history."""

from __future__ import annotations

import json
from functools import partial

from bench.data import LONG, SHORT
from bench.measure import Result, compare
from bench.scratch import Databases, Scratch

CALLBACK = """
select public.record_call_event(%s || jsonb_build_object('call_sid',
  'CA' || md5('waiting sid 40')), 'bench')
"""
COMPLETED = {
    "source": "status", "status": "completed", "sequence": 4, "duration": 200,
    "direction": "inbound", "from": "+573110000000", "to": "+576010000000", "params": {},
}  # fmt: skip


def measure(databases: Databases) -> list[Result]:
    """The heaviest one: a caller hangs up."""
    return [
        compare(
            "status callback (completed)", "1,000,000 past calls against 10,000",
            _hanging_up(databases.of(LONG)), _hanging_up(databases.of(SHORT)), target=1.5,
        )
    ]  # fmt: skip


def _hanging_up(database: Scratch) -> partial[float]:
    return partial(database.owner.run_and_undo, CALLBACK, json.dumps(COMPLETED))
