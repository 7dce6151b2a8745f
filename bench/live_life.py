"""What one call's life costs the database while nobody, a hundred and a thousand listen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import psycopg

from bench.call import ALL, medians
from bench.cpu import cpu_seconds
from bench.editions import Database
from bench.life import Centre
from bench.line import Spent
from bench.listeners import Listeners
from bench.measure import Result, say
from devstack.stack import Stack

ROUNDS, LIVES, WARM_UP = 3, 12, 10
# Of the most listeners against none, who are none of the database's business: noise.
MOST = 1.1


def measure(stack: Stack, counts: Sequence[int]) -> list[Result]:
    """Milliseconds of CPU of a life's backend, and of the one that streams to Realtime."""
    centre = Centre.staffed(Database(stack.env["DATABASE_URL"], "now"))
    centre.settle_down()
    for _ in range(WARM_UP):
        centre.live()
    lives: dict[int, list[Spent]] = {count: [] for count in counts}
    streamed: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(ROUNDS):
        for count in counts:
            with Listeners(stack, "supervisors", count) as listeners:
                _live(stack, centre, lives[count], streamed[count])
                say(f"{count:,} listening: {len(listeners.arrivals()):,} messages arrived")
    whole = {count: medians(lives[count])[ALL][1] for count in counts}
    stream = {count: statistics.median(streamed[count]) for count in counts}
    say(f"ms of CPU a life, by how many listen: {whole}; of what streams it: {stream}")
    none = min(counts)
    return [
        Result(
            what, f"{count:,} listening against {none}", costs[count], costs[none],
            MOST if count == max(counts) else None,
        )
        for what, costs in (("a call's life", whole), ("its part of the stream", stream))
        for count in counts
        if count != none
    ]  # fmt: skip


def _live(stack: Stack, centre: Centre, lives: list[Spent], streamed: list[float]) -> None:
    """Some lives, with figures told as the worker has them told."""
    teller, told_at = centre.new_line(), 0.0
    streamer = _streamer(stack)
    for _ in range(LIVES):
        before = cpu_seconds(streamer)
        lives.append(centre.live())
        if time.monotonic() - told_at >= 1:
            teller.ask("figures", "select public.broadcast_figures()")
            told_at = time.monotonic()
        time.sleep(0.1)  # Realtime is sent what was written, and sends it on
        streamed.append((cpu_seconds(streamer) - before) * 1000)
    teller.close()


def _streamer(stack: Stack) -> int:
    query = "select pid from pg_stat_activity where backend_type = 'walsender'"
    with psycopg.connect(stack.env["DATABASE_ADMIN_URL"]) as db:
        (pid,) = db.execute(query).fetchone() or (0,)
    return int(pid)
