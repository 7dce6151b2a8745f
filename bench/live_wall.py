"""What keeping a wallboard current takes of a processor, and how much browsers are sent."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.busy import Busy, Size
from bench.cpu import cpu_seconds
from bench.editions import Cluster, Database
from bench.measure import Result, columns, say
from devstack.envfile import base_environment
from devstack.layout import ROOT
from devstack.stack import Stack

WALL = Size(agents=500, queues=50, memberships=4, calls=100)
# A hundred browsers: agents at their desks, who hear their queues too, and supervisors.
BROWSERS = Size(agents=90, queues=10, memberships=2, calls=100)
SUPERVISORS = 10
WALL_SECONDS, BROWSER_SECONDS = 60, 300
# Of one core.
MOST = 0.01
# Messages a second that hosted projects may be sent: https://supabase.com/docs/guides/realtime/limits
QUOTAS = {"Free": 100, "Pro": 500, "Pro without a spend cap": 2500}


def keep_current(stack: Stack) -> list[Result]:
    """Milliseconds of CPU in a second, against the thousand that a core has."""
    busy = Busy(Database(stack.env["DATABASE_URL"], "now"), WALL)
    with teller_of(stack) as teller, psycopg.connect(stack.env["DATABASE_ADMIN_URL"]) as db:
        play(busy, 1, 10)
        before, told, started = _spent(stack, teller, db), _messages(db), time.monotonic()
        play(busy, 11, WALL_SECONDS)
        seconds = time.monotonic() - started
        after, messages = _spent(stack, teller, db), _messages(db) - told
    each = {name: (after[name] - before.get(name, 0.0)) / seconds * 1000 for name in after}
    say(f"ms of CPU a second: {', '.join(f'{name} {ms:.1f}' for name, ms in each.items())}")
    say(f"{messages / seconds * 60:.0f} messages of figures a minute, {busy.live()} live calls")
    return [Result("a wallboard kept current", str(WALL), sum(each.values()), 1000.0, MOST)]


def play(busy: Busy, first: int, seconds: int) -> None:
    """At the pace of life."""
    began = time.monotonic()
    for second in range(seconds):
        busy.second(first + second)
        time.sleep(max(0.0, began + second + 1 - time.monotonic()))


@contextmanager
def teller_of(stack: Stack) -> Iterator[int]:
    """The worker's thread; its process id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.teller"], env={**base_environment(), **stack.env}, cwd=ROOT
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _spent(stack: Stack, teller: int, db: psycopg.Connection) -> dict[str, float]:
    """Seconds of CPU by whom: only the teller asks PostgREST anything."""
    db.rollback()
    sessions = db.execute(
        "select pid from pg_stat_activity where usename = 'authenticator'"
    ).fetchall()
    postgrest = stack.pid("postgrest")
    assert postgrest
    return {
        "Postgres": sum(cpu_seconds(pid) for (pid,) in sessions),
        "PostgREST": cpu_seconds(postgrest),
        "worker": cpu_seconds(teller),
    }


def _messages(db: psycopg.Connection) -> int:
    """How many the topics of figures have had."""
    (count,) = db.execute(_FIGURES_TOLD).fetchone() or (0,)
    return int(count)


def count_deliveries(migrations: Path) -> None:
    """Print how many a hundred browsers are sent in a minute, in simulated time."""
    with Cluster() as cluster:
        database = cluster.edition(migrations)
        busy = Busy(database, BROWSERS)
        with database.connect() as owner:
            owner.execute("update private.live_topics set version = 0")
            for second in range(1, BROWSER_SECONDS + 1):
                busy.second(second)
                owner.execute(_A_SECOND_AGO)
                busy.centre.clock.ask("figures", "public.broadcast_figures()")
            told = {
                kind: (int(messages), int(deliveries))
                for kind, messages, deliveries in owner.execute(_TOLD, [SUPERVISORS]).fetchall()
            }
    rows = [["topic", "messages a minute", "deliveries a minute"]]
    minutes = BROWSER_SECONDS / 60
    for kind, counts in told.items():
        rows.append([kind, *(f"{count / minutes:.0f}" for count in counts)])
    total = sum(deliveries for _, deliveries in told.values()) / minutes
    rows.append(["in all", f"{sum(m for m, _ in told.values()) / minutes:.0f}", f"{total:.0f}"])
    print(f"\n{BROWSERS.agents} agents and {SUPERVISORS} supervisors, {BROWSERS}")
    print(columns(rows))
    shares = ", ".join(f"{name} {total / 60 / most:.0%} of {most}" for name, most in QUOTAS.items())
    print(f"{total / 60:.1f} a second; of what hosted plans allow: {shares}")


_FIGURES_TOLD = """
select coalesce(sum(version), 0)::bigint from private.live_topics where topic not like 'agent:%'
"""
_A_SECOND_AGO = "update private.live_topics set told_at = '-infinity' where told_at is not null"
# An agent's desk is heard by the agent, a queue by its members.
_TOLD = """
select k.kind, sum(t.version), sum(t.version * case k.kind
    when 'agent' then 1 when 'supervisors' then %s
    else (select count(*) from private.queue_members m where m.queue_id::text = k.id) end)
from private.live_topics t
cross join lateral (select split_part(t.topic, ':', 1) as kind, split_part(t.topic, ':', 2) as id) k
group by 1 order by 1
"""
