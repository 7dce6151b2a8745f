"""What goes after a while, and what stays."""

from __future__ import annotations

import psycopg
import pytest


@pytest.fixture
def old(sql: psycopg.Connection) -> psycopg.Connection:
    """A call with an old and a new row of everything that is not kept for ever."""
    sql.execute("delete from private.call_events")
    sql.execute("delete from private.routing_decisions")
    sql.execute("delete from private.telephony_commands where settled_at is not null")
    sql.execute("delete from private.rate_counters")
    sql.execute("delete from private.agent_times")
    sql.execute(
        """
        with call as (
          insert into public.call_records (call_id, caller_number)
          values ('CAhousekeeping', '+573005550000') returning id
        ), queue as (
          insert into public.call_queues (name) values ('housekeeping') returning id
        ), ages (days) as (values (1), (8), (100)
        ), events as (
          insert into private.call_events
            (call_sid, source, event, call_record_id, occurred_at, received_at, params)
          select 'CAhousekeeping', 'test', days::text, call.id, now(),
            private.clock() - make_interval(days => days), '{}' from call, ages
        ), decisions as (
          insert into private.routing_decisions (call_record_id, queue_id, decided_at, candidates)
          select call.id, queue.id, private.clock() - make_interval(days => days), '[]'
          from call, queue, ages
        ), times as (
          insert into private.agent_times (agent_id, state, started_at, ended_at)
          select call.id, 'available', private.clock() - make_interval(days => days),
            case when days < 200 then private.clock() - make_interval(days => days - 1) end
          from call, (select days from ages union values (93), (200)) a
        ), counters as (
          insert into private.rate_counters (subject, minute)
          select 'housekeeping', private.clock() - make_interval(days => days) from ages
          union all select 'housekeeping', private.clock()
        )
        insert into private.telephony_commands
          (kind, target, payload, state, due_at, created_at, settled_at)
        select 'hang_up', 'CAold' || days, '{}'::jsonb, 'done', now(), now(),
          private.clock() - make_interval(days => days) from ages
        union all
        select 'hang_up', 'CAlive', '{}'::jsonb, 'pending', now() - interval '1 year', now(), null
        """
    )
    return sql


def left(sql: psycopg.Connection, table: str, where: str) -> int:
    row = sql.execute(f"select count(*) from private.{table} where {where}".encode()).fetchone()
    assert row
    return int(row[0])


def test_everything_past_its_time_goes_and_nothing_else(old: psycopg.Connection) -> None:
    row = old.execute("select public.housekeep()").fetchone()
    assert row
    went = {"events": 1, "decisions": 2, "commands": 2, "counters": 3, "agent_times": 2}
    assert row[0] == {**went, "texts": 0, "listens": 0}
    assert left(old, "call_events", "call_sid = 'CAhousekeeping'") == 2
    assert left(old, "telephony_commands", "target in ('CAlive', 'CAold1')") == 2
    assert left(old, "rate_counters", "subject = 'housekeeping'") == 1
    assert left(old, "agent_times", "ended_at is null") == 1


def test_a_batch_is_never_larger_than_asked(old: psycopg.Connection) -> None:
    query = "select public.housekeep(1) - 'texts' - 'listens'"
    assert old.execute(query).fetchone() == (
        {"events": 1, "decisions": 1, "commands": 1, "counters": 1, "agent_times": 1},
    )
    assert old.execute(query).fetchone() == (
        {"events": 0, "decisions": 1, "commands": 1, "counters": 1, "agent_times": 1},
    )


def test_settings_say_how_long(old: psycopg.Connection) -> None:
    old.execute("update private.settings set keep_events_days = 7, keep_decisions_days = 200")
    row = old.execute("select public.housekeep()").fetchone()
    assert row
    assert (row[0]["events"], row[0]["decisions"]) == (2, 0)


def test_events_that_may_be_repeated_cannot_be_set_to_go(sql: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="keep_events_a_week"):
        sql.execute("update private.settings set keep_events_days = 1")


def test_nobody_but_the_service_cleans_up(sql: psycopg.Connection) -> None:
    sql.execute("set local role authenticated")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("select public.housekeep()")
