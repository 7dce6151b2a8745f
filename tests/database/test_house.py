"""The migrations are in order: one writer a state, calls that point backwards, doors closed."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.migration_text import (
    assigned,
    assigned_in,
    files,
    functions,
    made,
    named,
    short,
)
from tests.database.scratch import Scratch

# The file in which a state changes, and which says how.
WRITER = {
    "public.call_records.call_status": "calls.sql",
    "private.call_sessions.stage": "calls.sql",
    "private.call_sessions.resolution": "calls.sql",
    "private.call_sessions.recording_notice": "calls.sql",
    "public.call_center_agents.chosen_status": "agents.sql",
    "new.agent_status": "agents.sql",
    "new.chosen_status": "agents.sql",
    "new.free_from": "agents.sql",
    "private.queue_entries.left_at": "queue_entries.sql",
    "private.queue_entries.outcome": "queue_entries.sql",
    "private.queue_entries.offered": "queue_entries.sql",
    "private.queue_entries.not_before": "queue_entries.sql",
    "private.callbacks.ended_at": "callbacks.sql",
    "private.call_offers.state": "offers.sql",
    "private.call_offers.outcome": "offers.sql",
    "private.call_legs.status": "legs.sql",
    "private.telephony_commands.state": "commands.sql",
    "private.call_recordings.status": "recordings.sql",
    "private.recording_copies.state": "recording_copies.sql",
    "private.recording_deletions.state": "recording_deletions.sql",
    "public.voicemails.recording_status": "recording_deletions.sql",
    "public.voicemails.transcription_status": "transcriptions.sql",
    "private.text_messages.state": "text_messages.sql",
    "private.opt_outs.in_force": "opt_outs.sql",
    # What somebody chooses, as a screen writes it; the trigger reads it.
    "public.call_center_agents.agent_status": "control_wrap_up.sql",
    # Derived by a trigger, from the row that is written: nobody else writes them at all.
    "public.call_center_agents.free_from": None,
    "new.call_status": None,
}
# What writes states without being their machine, and why.
BESIDE_THE_MACHINES = {
    "old_rows.sql": "words of older code become ours, before there are machines",
    "tables.sql": "a column that is new gets its first value from the row's others",
    "adopt_old_calls.sql": "calls that were live when this service took over",
    "adopt_old_recordings.sql": "recordings that older code kept",
    "guards.sql": "what a browser wrote into a row is put back",
}

# What a signed-in user may execute; docs/database.md says what for.
FOR_SIGNED_IN_USERS = {
    "public.agent_day",
    "public.call_routing",
    "public.check_ivr_script",
    "public.ivr_script_usage",
    "public.walk_ivr_script",
    "public.directory",
    "public.pending_work",
    "public.agents_for_load",
    "public.desk",
    "public.import_contacts",
    "public.load_with_agents",
    "public.merge_contacts",
    "public.search_contacts",
    "public.set_targets",
    "public.today_by_quarter",
    "public.wallboard",
    "private.agent_statistics_since",
    "private.agents_doing_since",
    "private.agents_in_queues",
    "private.archived_rows",
    "private.calls_now",
    "private.clock_for_view",
    "private.contact_words",
    "private.erlang_b",
    "private.erlang_c",
    "private.erlangs",
    "private.fold_words",
    "private.help_rows",
    "private.highest_id_as_admin",
    "private.is_admin",
    "private.lowest_id_as_admin",
    "private.may_listen",
    "private.my_agent_id",
    "private.my_queue_ids",
    "private.my_recent_calls",
    "private.percent",
    "private.queue_sums_today",
    "private.queues_now",
    "private.second_at",
    "private.sees_everything",
    "private.stats_since",
    "private.today_for_view",
}

# Histories that grow for ever and that views show as their reader, under a policy: a function that
# returned them would read all for each question.
READ_UNDER_A_POLICY = {
    "private.ivr_script_versions",
    "private.recording_deletions",
    "private.recording_listens",
}


@pytest.mark.parametrize("column", WRITER)
def test_a_state_is_written_in_one_file(column: str) -> None:
    writers = {short(path) for path in files() if column in assigned_in(path)}
    owner = WRITER[column]
    assert writers - BESIDE_THE_MACHINES.keys() == ({owner} if owner else set())


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("update private.t set a = 1, b = (select x from y where c = 2) where d = 3", {"a", "b"}),
        ("update private.t u\nset (a, b) = (1, 2), c = f(d => 1) from v", {"a", "b", "c"}),
        ("update private.t set a = case when b = 1 then 2 else c end returning d", {"a"}),
        ("insert into private.t (a, b) values (1, 2)", {"a", "b"}),
        (
            "insert into private.t as t (a) values (1) on conflict (a) do update\nset b = 2;",
            {"a", "b"},
        ),
        ("select a from private.t where b = 1 for no key update of t", set()),
    ],
)
def test_every_way_to_write_a_column_is_seen(statement: str, columns: set[str]) -> None:
    assert assigned(statement) == {f"private.t.{column}" for column in columns}


def test_no_file_speaks_of_what_a_later_one_makes() -> None:
    later: set[str] = set()
    found = {}
    for path in reversed(files()):
        own = made(path)
        # Dropped before it is made anew: the view of an existing database.
        if ahead := (named(path) & later) - own - {"public.call_center_stats"}:
            found[short(path)] = ahead
        later |= own
    assert found == {}


def test_no_migration_is_longer_than_400_lines() -> None:
    lengths = {short(path): len(path.read_text().splitlines()) for path in files()}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_every_function_is_short_and_says_above_what_it_decides() -> None:
    everything = [function for path in files() for function in functions(path)]
    text = "\n".join(path.read_text() for path in files())
    assert len(everything) == len(re.findall(r"\bcreate (?:or replace )?function\b", text)) > 200
    assert [f.name for f in everything if f.lines > 60] == []
    assert [f.name for f in everything if not f.comment] == []


@pytest.fixture(scope="module")
def after_each_file(stack: Stack) -> list[tuple[str, list[dict[str, Any]]]]:
    """What anybody but the service may do, after each file of a push that stops there."""
    found = []
    with Scratch(stack) as scratch, scratch.connect() as db:
        for path in files():
            with db.transaction():
                db.execute(path.read_bytes())
            found.append((short(path), privileges(db)))
    return found


def privileges(db: psycopg.Connection[dict[str, Any]]) -> list[dict[str, Any]]:
    query = """
        select role, 'execute' as may, nspname || '.' || proname as name
        from pg_proc join pg_namespace n on n.oid = pronamespace,
          unnest(array['anon', 'authenticated']) as role
        where nspname in ('public', 'private')
          and has_function_privilege(role, pg_proc.oid, 'execute')
        union all
        select role, 'use', nspname || '.' || relname
        from pg_class c join pg_namespace n on n.oid = relnamespace,
          unnest(array['anon', 'authenticated']) as role
        where nspname in ('public', 'private') and relkind in ('r', 'p', 'v', 'm')
          and has_table_privilege(role, c.oid,
            'select, insert, update, delete, truncate, references, trigger, maintain')
        order by 1, 2, 3
    """
    return db.execute(query).fetchall()


def test_anon_may_do_nothing_after_any_file(
    after_each_file: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    open_to_anon = {
        file: [row["name"] for row in rows if row["role"] == "anon"]
        for file, rows in after_each_file
    }
    assert {file: names for file, names in open_to_anon.items() if names} == {}


def test_signed_in_users_execute_only_what_is_theirs_after_any_file(
    after_each_file: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    executable: dict[str, set[str]] = {
        file: {r["name"] for r in rows if r["role"] == "authenticated" and r["may"] == "execute"}
        for file, rows in after_each_file
    }
    beyond = {file: names - FOR_SIGNED_IN_USERS for file, names in executable.items()}
    assert {file: names for file, names in beyond.items() if names} == {}
    assert executable[short(files()[-1])] == FOR_SIGNED_IN_USERS


def test_signed_in_users_use_no_private_table_after_any_file(
    after_each_file: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    usable = [
        (file, row["name"])
        for file, rows in after_each_file
        for row in rows
        if row["may"] == "use" and row["name"].startswith("private.")
        if row["name"] not in READ_UNDER_A_POLICY
    ]
    assert usable == []
