"""Policies use indexes: no query of the frontend's reads the calls of others to leave them out.

On thirty thousand calls; with a million the plans are the same, and an agent's "all my calls" takes
about 15 ms, a supervisor's count of all of them 0.3 s.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.scratch import Scratch

# Two hundred users, the last a gerente and the others agents; ids end in their number.
FILL = """
set session_replication_role = replica;  -- no triggers: rows as they are
create function pg_temp.id(p_kind text, p_number bigint) returns uuid language sql as $$
  select (p_kind || '0000000-0000-4000-8000-' || lpad(p_number::text, 12, '0'))::uuid $$;
insert into auth.users (id) select pg_temp.id('a', n) from generate_series(1, 200) n;
insert into public.profiles (id, role)
select pg_temp.id('a', n), case n when 200 then 'gerente' else 'empleado' end
from generate_series(1, 200) n;
insert into public.call_center_agents (id, user_id, extension)
select pg_temp.id('b', n), pg_temp.id('a', n), n::text from generate_series(1, 199) n;
insert into public.crm_contacts (id, phone_number)
select pg_temp.id('c', n), '+57300' || 1000000 + n from generate_series(1, 6000) n;
insert into public.call_queues (id, name)
select pg_temp.id('d', n), 'q' || n from generate_series(1, 50) n;
insert into private.queue_members (queue_id, agent_id)
select pg_temp.id('d', n % 50 + 1), pg_temp.id('b', n) from generate_series(1, 199) n;
insert into public.call_records (id, call_id, agent_id, contact_id, caller_number, call_status,
  started_at, queue_id, transferred_to_agent_id)
select pg_temp.id('e', n), 'CA' || n, pg_temp.id('b', n % 199 + 1), pg_temp.id('c', n % 6000 + 1),
  '+573', case when n % 1000 = 0 then 'active' when n % 7 = 0 then 'missed' else 'completed' end,
  now() - n * interval '1 minute', pg_temp.id('d', n % 50 + 1),
  case when n % 100 = 0 then pg_temp.id('b', n / 100 % 199 + 1) end
from generate_series(1, 30000) n;
insert into public.call_notes (call_record_id, agent_id, note_text)
select id, agent_id, 'nota' from public.call_records;
insert into public.voicemails (queue_id, caller_number)
select queue_id, caller_number from public.call_records;
insert into private.text_messages
  (number, rule, words, state, created_at, call_record_id, contact_id)
select '+573', 'missed_call', 'hola', 'sent', started_at, id, contact_id from public.call_records;
insert into private.recording_listens
  (recording_sid, user_id, format, duration_seconds, opened_at, last_at)
select 'RE' || call_id, gen_random_uuid(), 'mp3', 60, started_at, started_at
from public.call_records;
insert into private.recording_deletions (recording_sid, state, why, asked_at, ended_at)
select 'RE' || call_id, 'deleted', 'retention', started_at, now() from public.call_records;
analyze;
"""
AGENT, GERENTE = 7, 200
CALLS = "select * from public.call_records"
QUERIES = {
    "all": CALLS,
    "newest": f"{CALLS} order by started_at desc limit 50",
    "by agent": f"{CALLS} where agent_id = 'b0000000-0000-4000-8000-000000000007'"
    " order by started_at desc",
    "by contact": f"{CALLS} where contact_id = 'c0000000-0000-4000-8000-000000000006'",
    "live": f"{CALLS} where call_status in ('active', 'ringing', 'queued')",
    "by call_id": f"{CALLS} where call_id = 'CA6'",
    "count": "select count(*) from public.call_records where call_status = 'completed'",
    "write": "update public.call_records set notes = 'x' where call_id = 'CA6' returning *",
    "voicemails": "select * from public.voicemails",
    "voicemails of a queue": "select * from public.voicemails"
    " where queue_id = 'd0000000-0000-4000-8000-000000000008' order by created_at desc",
    "notes of a call": "select * from public.call_notes"
    " where call_record_id = 'e0000000-0000-4000-8000-000000000006'",
    "texts of a call": "select * from public.text_messages"
    " where call_record_id = 'e0000000-0000-4000-8000-000000000006'",
    "texts of a contact": "select * from public.text_messages"
    " where contact_id = 'c0000000-0000-4000-8000-000000000006' order by created_at desc",
    "newest texts": "select * from public.text_messages order by created_at desc limit 50",
    "listens": "select * from public.recording_listens where recording_sid = 'RECA6'",
    "deletion": "select * from public.recording_deletions where recording_sid = 'RECA6'",
}
BIG = {"call_records", "voicemails", "call_notes"}
BIG |= {"text_messages", "recording_listens", "recording_deletions"}
# Those that concern a few rows, whoever asks.
NARROW = ["by agent", "by contact", "live", "by call_id", "write", "voicemails of a queue"]
NARROW += ["notes of a call", "texts of a call", "texts of a contact", "newest texts"]
NARROW += ["listens", "deletion"]


@pytest.fixture(scope="module")
def db(stack: Stack, migrated_template: Scratch) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    with Scratch(stack, migrated_template) as scratch:
        with scratch.connect("DATABASE_ADMIN_URL") as admin:
            admin.execute(FILL)
        with scratch.connect() as connection:
            yield connection


def nodes(db: psycopg.Connection[dict[str, Any]], user: int, query: str) -> list[dict[str, Any]]:
    """The plan's nodes, as a signed-in user has it planned and run."""
    claims = json.dumps({"sub": f"a0000000-0000-4000-8000-{user:012d}", "role": "authenticated"})
    with db.transaction(force_rollback=True):
        db.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        db.execute("set local role authenticated")
        row = db.execute(f"explain (analyze, format json) {query}").fetchone()
    assert row
    found, rest = [], [row["QUERY PLAN"][0]["Plan"]]
    while rest:
        node = rest.pop()
        found.append(node)
        rest += node.get("Plans", [])
    return found


def read_whole(plan: list[dict[str, Any]]) -> set[str]:
    """The big tables that the plan reads from end to end, or through a function that does."""
    read = {n["Relation Name"] for n in plan if n["Node Type"] == "Seq Scan"} & BIG
    functions = {n["Function Name"] for n in plan if n["Node Type"] == "Function Scan"}
    return read | (functions - {"unnest"})


@pytest.mark.parametrize("name", QUERIES)
def test_an_agents_queries_read_no_table_from_end_to_end(
    name: str, db: psycopg.Connection[dict[str, Any]]
) -> None:
    assert read_whole(nodes(db, AGENT, QUERIES[name])) == set()


@pytest.mark.parametrize("name", NARROW)
def test_neither_do_a_supervisors_narrow_queries(
    name: str, db: psycopg.Connection[dict[str, Any]]
) -> None:
    assert read_whole(nodes(db, GERENTE, QUERIES[name])) == set()


def test_an_agent_asking_for_everything_touches_only_their_own_calls(
    db: psycopg.Connection[dict[str, Any]],
) -> None:
    # 30,000 calls of 199 agents, one in a hundred transferred.
    plan = nodes(db, AGENT, QUERIES["all"])
    assert 150 <= plan[0]["Actual Rows"] <= 160
    looked_at = sum(n["Actual Rows"] for n in plan if n["Node Type"] == "Bitmap Index Scan")
    assert looked_at <= 160


def test_a_supervisor_sees_all_calls_through_the_range(
    db: psycopg.Connection[dict[str, Any]],
) -> None:
    assert nodes(db, GERENTE, QUERIES["all"])[0]["Actual Rows"] == 30000


def test_who_a_user_is_is_asked_once_a_query(db: psycopg.Connection[dict[str, Any]]) -> None:
    plan = nodes(db, AGENT, QUERIES["all"])
    asked = [n for n in plan if n.get("Parent Relationship") == "InitPlan"]
    assert asked
    assert all(n["Actual Loops"] <= 1 for n in asked)
