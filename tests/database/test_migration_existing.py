"""A database on which an earlier call centre ran ends like a fresh one, with every row kept."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from devstack.migrations import MIGRATIONS
from devstack.stack import Stack
from tests.database.schema_dump import OUR_TABLES, dump
from tests.database.scratch import Scratch
from tests.database.test_rls_functions import FOR_BROWSERS

HERE = Path(__file__).parent
Rows = dict[str, dict[str, dict[str, Any]]]
# The platform's, in the old schema: in no migration of ours.
THEIRS = ("update_updated_at_column", "get_agent_calls")


class Migrated:
    """The existing database after the push, and its rows as they were before."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        with scratch.connect() as db:
            for name in ("existing_schema.sql", "existing_rows.sql"):
                db.execute((HERE / name).read_bytes())
            for version in ("20260207000004", "20260207000005"):
                query = "insert into supabase_migrations.schema_migrations (version) values (%s)"
                db.execute(query, [version])
            self.before = rows(db)
            self.platform = platform(db)
        scratch.push()
        self.db = scratch.connect()
        self.after = rows(self.db)

    def row(self, table: str, last_digit: int) -> dict[str, Any]:
        (found,) = [
            row for key, row in self.after[table].items() if key.endswith(f"-{last_digit:012d}")
        ]
        return found


def rows(db: psycopg.Connection[dict[str, Any]]) -> Rows:
    """Every row of the seven tables and of profiles, by table and id."""
    found: Rows = {}
    for table in (*OUR_TABLES, "profiles"):
        # Under UTC, so that a time reads the same with its zone and without.
        db.execute("set timezone = 'UTC'")
        found[table] = {row["id"].hex: row for row in db.execute(f"select * from public.{table}")}
        found[table] = {str(row["id"]): row for row in found[table].values()}
    return found


def platform(db: psycopg.Connection[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the platform's profiles and functions are, grants and policies included."""
    query = """
        select pg_get_functiondef(oid) || coalesce(proacl::text, '') as text from pg_proc
        where pronamespace = 'public'::regnamespace and proname = any (%s)
        union all select pg_get_triggerdef(oid) from pg_trigger
        where tgrelid = 'public.profiles'::regclass
        union all select to_jsonb(p)::text from pg_policies p where tablename = 'profiles'
        union all select format('%%s %%s %%s', attname, atttypid::regtype, attnotnull)
        from pg_attribute where attrelid = 'public.profiles'::regclass and attnum > 0
        union all select coalesce(relacl::text, '') || relrowsecurity from pg_class
        where oid = 'public.profiles'::regclass
        union all select defaclrole::regrole || defaclacl::text from pg_default_acl
        order by 1
    """
    return db.execute(query, [["check_is_admin", *THEIRS]]).fetchall()


@pytest.fixture(scope="module")
def migrated(stack: Stack) -> Iterator[Migrated]:
    with Scratch(stack) as scratch:
        database = Migrated(scratch)
        yield database
        database.db.close()


@pytest.fixture(scope="module")
def fresh_dump(stack: Stack) -> str:
    with psycopg.connect(stack.env["DATABASE_URL"], row_factory=dict_row) as db:
        return dump(db, bodies=True)


def difference(one: str, two: str) -> str:
    return "\n".join(difflib.unified_diff(one.splitlines(), two.splitlines(), lineterm="", n=2))


def test_both_kinds_end_in_the_same_schema(migrated: Migrated, fresh_dump: str) -> None:
    existing = dump(migrated.db, bodies=True, ignored_functions=THEIRS)
    assert difference(fresh_dump, existing) == ""


def test_every_row_is_kept(migrated: Migrated) -> None:
    for table, before in migrated.before.items():
        assert before.keys() == migrated.after[table].keys(), table


# What old rows may not say any more, or never said; all else stays as it was.
REWORDED = {
    ("call_records", "call_status"),
    ("call_records", "call_direction"),
    ("call_records", "ended_at"),
    ("call_records", "duration_seconds"),
    ("call_records", "updated_at"),
    ("call_center_agents", "skills"),
    ("call_center_agents", "current_call_count"),
    ("call_center_agents", "max_concurrent_calls"),
    ("call_center_agents", "updated_at"),
    ("call_center_agents", "phone_number"),
    ("crm_contacts", "phone_number"),
    ("crm_contacts", "company_phone"),
    ("crm_contacts", "contact_type"),
    ("crm_contacts", "custom_fields"),
    ("ivr_scripts", "script_data"),
    ("ivr_scripts", "active"),
    ("call_queues", "routing_strategy"),
    ("call_queues", "max_wait_seconds"),
    ("call_records", "recording_url"),
    ("call_records", "recording_sid"),
    ("voicemails", "recording_url"),
    ("voicemails", "recording_sid"),
    ("call_notes", "note_type"),
}


def test_old_numbers_become_e164_and_none_is_merged_or_lost(migrated: Migrated) -> None:
    contacts = {
        key[-1]: (row["phone_number"], (row["custom_fields"] or {}).get("phone_number_note"))
        for key, row in migrated.after["crm_contacts"].items()
    }
    older = "the same number as contact cccccccc-0000-4000-8000-00000000000"
    assert contacts == {
        "1": ("+573001234567", None),
        "2": ("+573007654321", None),
        "3": ("+573009998877", None),
        "4": ("310 555 0001", f"{older}5"),
        "5": ("+573105550001", None),
        "6": ("300-123-4567", f"{older}1"),
        "7": ("anonymous", "no telephone number"),
        "8": ("+266696687", "no telephone number"),
        "9": ("+576015550001", None),
    }
    kept = migrated.after["crm_contacts"]["cccccccc-0000-4000-8000-000000000004"]["custom_fields"]
    assert kept["old_custom_fields"] == [1]
    company = [row["company_phone"] for row in migrated.after["crm_contacts"].values()]
    assert set(company) == {"+576015550002", "recepción", None}
    agents = [row["phone_number"] for row in migrated.after["call_center_agents"].values()]
    assert set(agents) == {"+573009990001", None}


def test_every_value_is_kept_and_times_were_utc(migrated: Migrated) -> None:
    changed = {
        (table, column, key[-1])
        for table, before in migrated.before.items()
        for key, row in before.items()
        for column, value in row.items()
        if value is not None and utc(migrated.after[table][key][column]) != utc(value)
        if (table, column) not in REWORDED
    }
    assert changed == set()


def utc(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def test_a_row_in_order_is_not_touched(migrated: Migrated) -> None:
    in_order = [
        ("call_records", 1),
        ("call_center_agents", 1),
        ("crm_contacts", 1),
        ("call_queues", 1),
        ("voicemails", 1),
        ("call_notes", 1),
        ("ivr_scripts", 1),
    ]
    for table, digit in in_order:
        row = migrated.row(table, digit)
        before = migrated.before[table][str(row["id"])]
        changed = {c for c, v in before.items() if v is not None and utc(row[c]) != utc(v)}
        # A queue's or a voicemail's nulls became defaults; nothing that was said changed.
        assert changed == set(), (table, digit)


@pytest.mark.parametrize(
    ("digit", "status", "direction"),
    [
        (1, "completed", "inbound"),
        (2, "no_answer", "outbound"),
        (3, "missed", "inbound"),
        (4, "no_answer", "inbound"),
        (5, "active", "inbound"),
        (8, "failed", "inbound"),
    ],
)
def test_old_words_for_a_calls_state_become_ours(
    digit: int, status: str, direction: str, migrated: Migrated
) -> None:
    row = migrated.row("call_records", digit)
    assert (row["call_status"], row["call_direction"]) == (status, direction)


def test_calls_whose_end_was_never_told_have_ended(migrated: Migrated) -> None:
    row, pending = migrated.row("call_records", 6), migrated.row("call_records", 7)
    assert (row["call_status"], str(row["ended_at"])) == ("completed", "2026-02-20 09:02:00+00:00")
    assert (pending["call_status"], str(pending["ended_at"])) == (
        "no_answer",
        "2026-02-20 09:00:00+00:00",
    )


def test_a_call_that_may_still_be_live_is_asked_about(migrated: Migrated) -> None:
    legs = migrated.db.execute("select call_sid, role, ended_at from private.call_legs").fetchall()
    sid = migrated.row("call_records", 5)["call_id"]
    assert legs == [{"call_sid": sid, "role": "caller", "ended_at": None}]


def test_agents_are_what_they_chose(migrated: Migrated) -> None:
    agents = [migrated.row("call_center_agents", digit) for digit in (1, 2, 3, 4)]
    assert [agent["chosen_status"] for agent in agents] == [
        "available",
        "available",  # busy just now
        "offline",  # busy for months
        "offline",
    ]
    assert [agent["current_call_count"] for agent in agents] == [0, 0, 0, 0]
    assert [agent["max_concurrent_calls"] for agent in agents] == [10, 1, 1, 1]
    assert agents[1]["skills"] == {"sales": True, "support": True}
    assert agents[0]["handling_seconds"] == 41 * 180


def test_membership_written_before_counts(migrated: Migrated) -> None:
    query = "select agent_id from private.queue_members"
    members = [row["agent_id"] for row in migrated.db.execute(query)]
    assert members == [migrated.row("call_center_agents", 1)["id"]]


def test_the_figures_count_old_rows(migrated: Migrated) -> None:
    stats = migrated.db.execute("select * from public.call_center_stats").fetchone()
    assert stats
    calls = [migrated.row("call_records", digit) for digit in range(1, 9)]
    ended = [row["duration_seconds"] for row in calls if row["call_status"] == "completed"]
    assert stats["total_contacts"] == 9
    assert float(stats["avg_call_duration"]) == pytest.approx(sum(ended) / len(ended), abs=0.1)
    assert (stats["calls_active"], stats["calls_queued"]) == (1, 0)


def test_what_cannot_be_said_any_more_is_kept_beside(migrated: Migrated) -> None:
    contact = migrated.row("crm_contacts", 2)
    assert contact["contact_type"] == "lead"
    assert contact["custom_fields"] == {"old_contact_type": "vip"}
    assert migrated.row("ivr_scripts", 2)["script_data"] == {"menus": [{"id": "main"}]}
    sids = [migrated.row("voicemails", digit)["recording_sid"] for digit in (1, 2, 3)]
    assert sids == ["RE01", "RE01 #2", None]


def test_old_recordings_are_heard_here_and_not_at_twilio(migrated: Migrated) -> None:
    call = migrated.row("call_records", 8)
    message, same = (migrated.row("voicemails", digit) for digit in (4, 5))
    sids = [row["recording_sid"] for row in (call, message, same)]
    assert sids == [f"RE{'1' * 32}", f"RE{'2' * 32}", None]
    links = [row["recording_url"] for row in (call, message, same)]
    assert links == [f"/api/twilio/recordings/{sid}" for sid in (sids[0], sids[1], sids[1])]
    assert migrated.row("voicemails", 1)["recording_url"] == "https://recordings.test/1"
    query = "select status, duration_seconds from private.call_recordings where call_record_id = %s"
    kept = migrated.db.execute(query, [call["id"]]).fetchall()
    assert [(row["status"], row["duration_seconds"]) for row in kept] == [("completed", 95)]


def test_a_script_that_would_break_every_call_is_not_in_force(migrated: Migrated) -> None:
    assert [migrated.row("ivr_scripts", digit)["active"] for digit in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


def test_what_is_the_platforms_stays_as_it_was(migrated: Migrated) -> None:
    assert platform(migrated.db) == migrated.platform


def test_all_migrations_again_change_nothing(migrated: Migrated) -> None:
    schema = dump(migrated.db, bodies=True)
    before = rows(migrated.db)
    for path in sorted(MIGRATIONS.glob("*.sql")):
        with migrated.db.transaction():
            migrated.db.execute(path.read_bytes())
    assert difference(schema, dump(migrated.db, bodies=True)) == ""
    assert rows(migrated.db) == before


def test_defaults_that_grant_everything_leave_no_hole(migrated: Migrated) -> None:
    query = """
        select relname::text as name from pg_class, unnest(%s::text[]) as role
        where relname = any (%s) and relnamespace = 'public'::regnamespace
          and has_table_privilege(role, oid, 'truncate, references, trigger')
        union all
        select relname::text from pg_class
        where relname = any (%s) and has_table_privilege('anon', oid, 'select, insert, delete')
        union all
        select proname::text from pg_proc, unnest(%s::text[]) as role
        where pronamespace = 'public'::regnamespace and not proname = any (%s)
          and has_function_privilege(role, pg_proc.oid, 'execute')
          and not (role = 'authenticated' and proname = any (%s))
    """
    views = (
        "select relname::text from pg_class where relkind = 'v' and relnamespace = %s::regnamespace"
    )
    ours = [*OUR_TABLES, *(row["relname"] for row in migrated.db.execute(views, ["public"]))]
    browsers = ["anon", "authenticated"]
    api, theirs = [*browsers, "service_role"], ["check_is_admin", *THEIRS]
    found = migrated.db.execute(query, [api, ours, ours, browsers, theirs, list(FOR_BROWSERS)])
    assert found.fetchall() == []
