"""A thousand callers at once: none is lost, and how soon an agent who becomes available is rung."""

from __future__ import annotations

import statistics
import time
from typing import Any

import psycopg

from bench.measure import Result, say
from bench.running import staff, whole_stack
from devstack.stack import Stack
from devstack.twilio.client import Script, Sim

CALLERS = 1000
AGENTS = 60
# One a second, as an account begins, would measure Twilio's queue.
CALLS_PER_SECOND = 30
_WAITS: Script = [
    {"until_heard": "Soporte", "timeout": 120},
    {"press": "2"},
    {"until": "conference", "timeout": 900},
    {"talk": 5},
    {"hangup": True},
]


def measure() -> list[Result]:
    """Plays it; raises AssertionError where a caller is lost."""
    with whole_stack() as stack, Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
        staff(stack, AGENTS, "break")
        sim.account(calls_per_second=CALLS_PER_SECOND)
        with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as db:
            db.execute("update public.call_queues set wrap_up_seconds = 2")
            _callers_arrive(stack, sim, db)
            _agents_come(sim, db)
            _callers_leave(sim, db)
            return [_delay(db)]


def _callers_arrive(stack: Stack, sim: Sim, db: psycopg.Connection[Any]) -> None:
    number = stack.env["TWILIO_PHONE_NUMBER"]
    for n in range(CALLERS):
        sim.ring(f"+57{3_000_000_000 + n}", number, _WAITS)
    deadline = time.monotonic() + 120
    while (waiting := _count(db, "call_status = 'queued'")) < CALLERS:
        if time.monotonic() > deadline:
            raise AssertionError(f"only {waiting} of {CALLERS} callers wait")
        time.sleep(0.5)
    say(f"{waiting} callers wait")


def _agents_come(sim: Sim, db: psycopg.Connection[Any]) -> None:
    agents = db.execute("select id from public.call_center_agents where extension like 'b%'")
    for (agent,) in agents.fetchall():
        sim.person(f"client:agent_{agent.hex}", [], {"answer_after": 1})
        db.execute(
            "update public.call_center_agents set agent_status = 'available' where id = %s", [agent]
        )
        time.sleep(0.1)
    say(f"{AGENTS} agents came")


def _callers_leave(sim: Sim, db: psycopg.Connection[Any]) -> None:
    deadline = time.monotonic() + 300
    while live := len(sim.calls(live=True)):
        if time.monotonic() > deadline:
            raise AssertionError(f"{live} calls never ended")
        time.sleep(1)
    while not_over := _count(db, "ended_at is null"):
        if time.monotonic() > deadline:
            raise AssertionError(f"{not_over} calls never ended for us")
        time.sleep(0.5)
    if (known := _count(db, "true")) != CALLERS:
        raise AssertionError(f"{known} of {CALLERS} calls are known")
    say(f"{_count(db, 'answered_at is not null')} callers reached an agent, none was lost")


def _delay(db: psycopg.Connection[Any]) -> Result:
    """From an agent's becoming available, which writes the command, to Twilio's answer."""
    rows = db.execute(
        "select extract(epoch from settled_at - created_at) * 1000"
        " from private.telephony_commands where kind = 'ring_agent' and state = 'done'"
    )
    delays = sorted(float(row[0]) for row in rows)
    p95 = delays[int(len(delays) * 0.95)]
    sizes = f"p95 against median of {len(delays)} offers, {CALLERS} callers"
    return Result("agent available → rung", sizes, p95, statistics.median(delays), None)


def _count(db: psycopg.Connection[Any], condition: str) -> int:
    query = f"select count(*) from public.call_records where {condition}"
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
