"""A call centre with a past, written straight into the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench.measure import say

# Calls a day: the same in every size, so that more calls are a longer past, not a busier day.
CALLS_A_DAY = 2500


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; calls are as many as contacts."""

    calls: int = 10_000
    agents: int = 100
    queues: int = 10
    waiting: int = 100

    def __str__(self) -> str:
        return (
            f"{self.calls:,} calls and contacts, {self.agents:,} agents in {self.queues} queues,"
            f" {self.waiting:,} waiting"
        )


SHORT = Size()
LONG = Size(calls=1_000_000)
SMALL_TEAM = Size(agents=100, queues=50, waiting=5_000)
LARGE_TEAM = Size(agents=1_000, queues=50, waiting=5_000)


def fill(connection: psycopg.Connection, size: Size) -> None:
    """Write it all with triggers off, then count it as the migrations count old databases."""
    connection.execute("set session_replication_role = replica")
    connection.execute("set maintenance_work_mem = '512MB'")
    values = {
        "calls": size.calls, "agents": size.agents, "queues": size.queues,
        "waiting": size.waiting, "per_day": CALLS_A_DAY,
    }  # fmt: skip
    with _without_indexes(connection, "crm_contacts"), _without_indexes(connection, "call_records"):
        for statement in (_PEOPLE, _MEMBERS, _CONTACTS, _PAST, _STAYS, _TIMES, _WAITING):
            _run_all(connection, statement, values)
    connection.execute("set session_replication_role = origin")
    say("  counting")
    connection.execute("truncate private.stat_deltas, private.stat_sums")
    connection.execute("select private.count_everything()")
    connection.execute("select private.fold_stats()")
    connection.execute("vacuum (analyze)")
    connection.execute("checkpoint")


def _run_all(connection: psycopg.Connection, statements: str, values: dict[str, int]) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement.encode(), values)


@contextmanager
def _without_indexes(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """Drop what a million inserts need not keep up to date, and build it again afterwards."""
    found = connection.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i"
        " where i.indrelid = %s::regclass"
        " and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)",
        [f"public.{table}"],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("drop index {}").format(sql.SQL(name)))
    yield
    say(f"  indexing {table}")
    for _, definition in found:
        connection.execute(definition)


_PEOPLE = """
insert into auth.users (id)
select md5('user ' || i)::uuid from generate_series(1, %(agents)s) i;
insert into public.call_center_agents
  (id, user_id, extension, agent_status, chosen_status, current_call_count)
select md5('agent ' || i)::uuid, md5('user ' || i)::uuid, (20000 + i)::text,
  case i when 1 then 'available' else 'busy' end, 'available', (i > 1)::integer
from generate_series(1, %(agents)s) i;
"""

# Everybody is in five queues, and the first agent in the first.
_MEMBERS = """
delete from public.call_queues;
insert into public.call_queues (id, name, routing_strategy, agent_ids)
select md5('queue ' || q)::uuid, 'queue ' || q, 'longest_idle', array(
  select md5('agent ' || i)::uuid from generate_series(1, %(agents)s) i
  where (q - i) %% %(queues)s in (0, 1, 2, 3, 4) or (q - i) %% %(queues)s < 5 - %(queues)s)
from generate_series(1, %(queues)s) q;
insert into private.queue_members (queue_id, agent_id)
select q.id, unnest(q.agent_ids) from public.call_queues q;
"""

_CONTACTS = """
insert into public.crm_contacts
  (id, phone_number, email, first_name, last_name, contact_type, created_at, last_agent_id)
select md5('contact ' || i)::uuid, '+57' || (3000000000 + i::bigint * 7919 %% 999999937),
  n.first || '.' || n.last || i || '@example.com', n.first, n.last,
  (array['lead', 'client', 'prospect', 'customer'])[1 + i %% 4],
  now() - make_interval(secs => i * 86400.0 / %(per_day)s), null
from generate_series(1, %(calls)s) i cross join lateral (
  select (array['Ana', 'Luis', 'María', 'Carlos', 'Lucía', 'Jorge', 'Paula', 'Andrés'])[1 + i %% 8]
      || substr(md5('first ' || i %% 5003), 1, 3) as first,
    (array['Gómez', 'Rojas', 'Díaz', 'Torres', 'Mora', 'Peña', 'Vega'])[1 + i %% 7]
      || substr(md5('last ' || i %% 20011), 1, 4) as last) n;
"""

_PAST = """
insert into public.call_records (id, call_id, agent_id, contact_id, caller_number, queue_name,
  queue_id, call_status, started_at, queued_at, answered_at, ended_at, duration_seconds,
  wait_seconds, talk_seconds, disposition, created_at, updated_at)
select md5('call ' || i)::uuid, 'CA' || md5('sid ' || i),
  md5('agent ' || 1 + i %% %(agents)s)::uuid,
  md5('contact ' || i)::uuid, '+57' || (3000000000 + i::bigint * 7919 %% 999999937),
  'queue ' || 1 + i %% %(queues)s, md5('queue ' || 1 + i %% %(queues)s)::uuid,
  case when i %% 10 = 0 then 'missed' else 'completed' end,
  t.at, t.at, case when i %% 10 > 0 then t.at + interval '12 seconds' end,
  t.at + interval '190 seconds', 190, 12, case when i %% 10 > 0 then 178 end,
  case when i %% 10 = 0 then 'abandoned' else 'completed' end, t.at, t.at
from generate_series(1, %(calls)s) i cross join lateral (
  select now() - make_interval(secs => 300 + i * 86400.0 / %(per_day)s) as at) t;
"""

_STAYS = """
insert into private.queue_entries (call_record_id, queue_id, joined_at, entered_at, on_line,
  left_at, outcome, waited_seconds, in_time, short_abandon)
select id, queue_id, queued_at, queued_at, true, queued_at + interval '12 seconds',
  case call_status when 'completed' then 'answered' else 'abandoned' end, 12, true, false
from public.call_records;
"""

# Twenty intervals a day and agent, for as many days as are kept; and what everybody does now.
_TIMES = """
insert into private.agent_times (agent_id, state, started_at, ended_at)
select md5('agent ' || a)::uuid, (array['available', 'on_call', 'wrap_up'])[1 + n %% 3],
  now() - make_interval(mins => (n + 1) * 24), now() - make_interval(mins => n * 24)
from generate_series(1, %(agents)s) a
cross join generate_series(1, 20 * least(90, %(calls)s / %(per_day)s)) n;
insert into private.agent_times (agent_id, state, started_at)
select md5('agent ' || a)::uuid, case a when 1 then 'available' else 'on_call' end,
  now() - interval '5 minutes'
from generate_series(1, %(agents)s) a;
"""

# Everybody but the first agent talks; callers wait in all queues, the first of them in the first.
_WAITING = """
insert into public.call_records
  (id, call_id, contact_id, caller_number, queue_name, queue_id, call_status, started_at, queued_at)
select md5('waiting ' || i)::uuid, 'CA' || md5('waiting sid ' || i),
  md5('contact ' || 1 + i %% %(calls)s)::uuid, '+573110000000', 'queue ' || 1 + i %% %(queues)s,
  md5('queue ' || 1 + i %% %(queues)s)::uuid, 'queued', t.at, t.at
from generate_series(0, %(waiting)s - 1) i
cross join lateral (select now() - make_interval(secs => 400 - i * 0.05) as at) t;
insert into private.queue_entries (call_record_id, queue_id, joined_at, entered_at, on_line)
select id, queue_id, queued_at, queued_at, true
from public.call_records where call_status = 'queued';
insert into private.call_sessions (call_record_id, stage, script, language, voicemail_queue_id)
select id, 'waiting', '{}', 'es', queue_id from public.call_records where call_status = 'queued';
insert into private.call_legs
  (call_sid, call_record_id, role, status, started_at, answered_at, last_heard_at)
select call_id, id, 'caller', 'in_progress', started_at, started_at, now()
from public.call_records where call_status = 'queued';
insert into private.call_offers
  (call_record_id, agent_id, queue_id, seat, state, created_at, connected_at, met_at)
select md5('call ' || i)::uuid, md5('agent ' || i)::uuid, md5('queue 1')::uuid, 1, 'connected',
  now(), now(), now()
from generate_series(2, %(agents)s) i;
update public.call_center_agents set seats_taken = 1
where id in (select agent_id from private.call_offers where state <> 'ended');
"""
