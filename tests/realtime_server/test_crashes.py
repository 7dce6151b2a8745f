"""What clients notice when the server or its Postgres is killed; and what is left behind."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from devstack.stack import Stack
from tests.realtime_server.client import Client
from tests.realtime_server.conftest import OWNER, Notes

pytestmark = pytest.mark.xdist_group("devstack")
Connect = Callable[..., Client]


def test_clients_return_by_themselves_after_the_server_was_killed(
    own_stack: Stack, notes: Notes, connect: Connect
) -> None:
    listening = connect(OWNER).join("team", {})
    listening.becomes("SUBSCRIBED")
    own_stack.kill("realtime")
    listening.becomes("CHANNEL_ERROR")
    own_stack.start("realtime")
    listening.becomes("SUBSCRIBED")
    listening.is_subscribed_to_postgres()
    notes.insert(1)
    assert listening.hears()["data"]["record"]["id"] == 1


def test_after_a_crash_of_postgres_the_same_connection_hears_again(
    own_stack: Stack, notes: Notes, connect: Connect
) -> None:
    listening = connect(OWNER).join("news", {}, private=True)
    listening.becomes("SUBSCRIBED")
    own_stack.kill("postgres")
    own_stack.start("postgres")
    listening.is_subscribed_to_postgres()
    notes.insert(2)
    assert listening.hears()["data"]["record"]["id"] == 2
    notes.send("news", "moved")
    assert listening.hears()["event"] == "moved"
    assert listening.states.empty()


def test_a_server_that_is_killed_leaves_no_slot_that_would_keep_wal(
    own_stack: Stack, notes: Notes
) -> None:
    slots = "select temporary, wal_status from pg_replication_slots"
    assert notes.sql(slots) == [{"temporary": True, "wal_status": "reserved"}]
    own_stack.kill("realtime")
    deadline = time.monotonic() + 30
    while notes.sql(slots):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    own_stack.start("realtime")


def test_the_slot_follows_what_is_written(notes: Notes) -> None:
    notes.sql("create table public.unpublished as select generate_series(1, 20000)")
    written = "select pg_current_wal_flush_lsn()::text as place"
    (place,) = [row["place"] for row in notes.sql(written)]
    behind = "select 1 from pg_replication_slots where confirmed_flush_lsn < %s::pg_lsn"
    notes.sql("drop table public.unpublished")
    deadline = time.monotonic() + 30
    while notes.sql(behind, place):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_clients_that_come_and_go_leave_nothing(
    own_stack: Stack, notes: Notes, connect: Connect
) -> None:
    connections = "select 1 from pg_stat_activity where application_name = 'realtime'"
    pid, listening = own_stack.pid("realtime"), connect().join("news")
    for _ in range(30):
        with Client(own_stack.env["SUPABASE_URL"], own_stack.env["SUPABASE_ANON_KEY"]) as client:
            client.join("news", {})
    notes.send("news", "moved", private=False)
    assert listening.hears()["event"] == "moved"
    assert len(notes.sql(connections)) == 1
    assert own_stack.pid("realtime") == pid
