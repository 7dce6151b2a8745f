"""The dashboard's one row: the same cost whatever the history, and next to nothing to counting."""

from __future__ import annotations

from bench.data import LONG, SHORT
from bench.measure import Result, compare
from bench.scratch import SUPERVISOR, Databases

VIEW = "select * from public.call_center_stats"

# What the row says of calls, contacts and queues, asked of the tables.
COUNTING = """
select
  (select array[count(*) filter (where call_status in ('active', 'ringing')),
    count(*) filter (where call_status = 'queued'),
    count(*) filter (where call_status = 'completed' and started_at >= current_date),
    count(*) filter (where call_status = 'missed' and started_at >= current_date),
    count(*) filter (where started_at >= current_date),
    avg(duration_seconds) filter (where call_status = 'completed' and started_at >= current_date),
    avg(duration_seconds) filter (where call_status = 'completed')] from public.call_records),
  (select array[count(*), count(*) filter (where created_at >= current_date)]
    from public.crm_contacts),
  (select array[count(*) filter (where not short_abandon),
    count(*) filter (where outcome = 'answered' and in_time),
    count(*) filter (where outcome = 'abandoned' and not short_abandon),
    sum(waited_seconds) filter (where outcome = 'answered')]
    from private.queue_entries where left_at is not null and joined_at >= current_date)
"""


def measure(databases: Databases) -> list[Result]:
    """Against a hundredth of the history, and against counting."""
    short, long = databases.of(SHORT), databases.of(LONG)
    few, many = short.signed_in(SUPERVISOR), long.signed_in(SUPERVISOR)
    return [
        compare(
            "call_center_stats", "1,000,000 calls and contacts against 10,000",
            lambda: many.run(VIEW), lambda: few.run(VIEW), target=1.5,
        ),
        compare(
            "call_center_stats", "against counting 1,000,000 over the tables",
            lambda: many.run(VIEW), lambda: long.owner.run(COUNTING), target=1 / 100, b_runs=5,
        ),
    ]  # fmt: skip
