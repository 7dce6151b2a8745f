"""What keeps screens from being told is named, each fault on a stack that has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from callcenter.bootstrap import build_services
from callcenter.doctor.finding import Finding, Runbook
from callcenter.doctor.live import look_at_live
from callcenter.settings import Settings
from devstack.layout import ROOT
from devstack.stack import Stack

ACCESS = ROOT / "supabase" / "migrations" / "20261122000838_live_access.sql"
TODAY = "select to_char(now(), '\"realtime.messages_\"YYYY_MM_DD')"
MESSAGES = "supabase_realtime_messages_publication"


@pytest.fixture
def admin(stack: Stack) -> Iterator[psycopg.Connection]:
    with psycopg.connect(stack.env["DATABASE_ADMIN_URL"], autocommit=True) as connection:
        yield connection


def looked(stack: Stack) -> list[Finding]:
    return look_at_live(build_services(Settings.from_env(stack.env)))


def faults(stack: Stack) -> dict[str, str]:
    """Remedies by the runbook's headings; none of them stands in the way of calls."""
    found = looked(stack)
    assert not any(finding.fails for finding in found)
    return {str(finding.runbook): finding.remedy for finding in found if finding.remedy}


def test_a_stack_that_tells_screens_is_well(stack: Stack) -> None:
    assert [(finding.what, finding.remedy) for finding in looked(stack)] == [
        ("policy of live topics", ""),
        ("published tables", ""),
        ("Realtime", ""),
        ("broadcasts", ""),
    ]


@contextmanager
def broken(admin: psycopg.Connection, fault: str, cure: str) -> Iterator[None]:
    admin.execute(fault.encode())
    try:
        yield
    finally:
        admin.execute(cure.encode())


def test_a_day_without_a_partition_is_named(stack: Stack, admin: psycopg.Connection) -> None:
    (partition,) = admin.execute(TODAY.encode()).fetchone() or ("",)
    cure = "select realtime.keep_message_partitions()"
    with broken(admin, f"drop table {partition}", cure):
        assert faults(stack).keys() == {Runbook.PARTITION}
    assert faults(stack) == {}


def test_a_table_that_is_not_published_is_named(stack: Stack, admin: psycopg.Connection) -> None:
    change = "alter publication supabase_realtime {} table public.call_records"
    with broken(admin, change.format("drop"), change.format("add")):
        assert "call_records" in faults(stack)[Runbook.PUBLICATION]
    assert faults(stack) == {}


def test_a_policy_that_is_missing_is_named_and_the_cure_helps(
    stack: Stack, admin: psycopg.Connection
) -> None:
    query = "select policyname from pg_policies where tablename = 'messages'"
    (policy,) = admin.execute(query).fetchone() or ("",)
    admin.execute(f'drop policy "{policy}" on realtime.messages'.encode())
    assert faults(stack).keys() == {Runbook.POLICIES}
    # As `postgres`, whom migrations run as.
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        connection.execute(ACCESS.read_bytes())
    assert faults(stack) == {}


def test_realtime_that_cannot_be_reached_is_named(stack: Stack) -> None:
    stack.kill("realtime")
    try:
        assert faults(stack).keys() == {Runbook.REALTIME}
    finally:
        stack.start("realtime")
    assert faults(stack) == {}


def test_realtime_that_refuses_is_named_in_its_words(
    stack: Stack, admin: psycopg.Connection
) -> None:
    change = "{} select on realtime.messages {} service_role"
    with broken(admin, change.format("revoke", "from"), change.format("grant", "to")):
        assert "permission denied" in faults(stack)[Runbook.REALTIME]
    assert faults(stack) == {}


def test_broadcasts_that_arrive_nowhere_are_named(stack: Stack, admin: psycopg.Connection) -> None:
    change = f"alter publication {MESSAGES} {{}} table realtime.messages"
    with broken(admin, change.format("drop"), change.format("add")):
        assert "arrives nowhere" in faults(stack)[Runbook.BROADCASTS]
    assert faults(stack) == {}


def test_broadcasts_that_are_not_kept_are_named(stack: Stack, admin: psycopg.Connection) -> None:
    fault = (
        "alter table realtime.messages"
        " add constraint full_up check (event is distinct from 'tried') not valid"
    )
    with broken(admin, fault, "alter table realtime.messages drop constraint full_up"):
        assert "is not kept" in faults(stack)[Runbook.BROADCASTS]
    assert faults(stack) == {}


def test_a_database_without_realtime_is_said_to_be_one(
    stack: Stack, admin: psycopg.Connection
) -> None:
    away = "alter schema realtime rename to elsewhere"
    with broken(admin, away, "alter schema elsewhere rename to realtime"):
        assert faults(stack).keys() == {Runbook.NO_REALTIME}
