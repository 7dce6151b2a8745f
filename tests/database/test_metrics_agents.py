"""Agents' time, contacts' figures, and the views that show them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.database.test_metrics import make_agent


class Shift:
    """One agent of one queue; time passes when a test says so."""

    def __init__(self, db: psycopg.Connection) -> None:
        self.db = db
        self.passed = 0
        # Ten minutes into a quarter of an hour, in the afternoon of Bogotá, at the speed of life.
        self.row("select set_config('callcenter.clock_speed', '', true)")
        self.row(
            "select set_config('callcenter.clock_offset', (date_trunc('day', now())"
            " + interval '20 hours 10 minutes' - now())::text, true) as set"
        )
        self.offset = self.row("select current_setting('callcenter.clock_offset') as set")["set"]
        self.agent = make_agent(db)
        self.queue = self.row(
            "insert into public.call_queues (name, agent_ids) values (%s, %s) returning id",
            f"shift {uuid.uuid4()}", [self.agent],
        )["id"]  # fmt: skip

    def row(self, query: str, *values: Any) -> dict[str, Any]:
        row = self.db.cursor(row_factory=dict_row).execute(query.encode(), values).fetchone()
        assert row
        return row

    def later(self, seconds: int) -> None:
        self.passed += seconds
        self.row("select set_config('callcenter.clock_offset',"
                 " (%s::interval + make_interval(secs => %s))::text, true)",
                 self.offset, self.passed)  # fmt: skip

    def choose(self, status: str) -> None:
        self.db.execute(
            "update public.call_center_agents set agent_status = %s where id = %s",
            [status, self.agent],
        )

    def sweep(self) -> None:
        self.db.execute(
            "update public.call_center_agents set wrap_up_until = null"
            " where id = %s and wrap_up_until <= private.clock()",
            [self.agent],
        )

    def talk(self, seconds: int, wrap_up: int = 30) -> None:
        """A conversation that is over now."""
        self.db.execute(
            "insert into private.call_offers (call_record_id, agent_id, queue_id, seat, state,"
            " created_at, connected_at, met_at, ended_at, outcome) select id, %s, %s, 1, 'ended',"
            " at, at, at, private.clock(), 'finished' from new_call(), (select private.clock()"
            " - make_interval(secs => %s) as at) t".replace(
                "new_call()", "(select id from public.call_records where call_id = %s) c"
            ).encode(),
            [self.agent, self.queue, self.call(), seconds],
        )
        self.db.execute("select private.take_seat(%s)", [self.agent])
        self.db.execute(
            "select private.leave_seat_after_talk(%s, null,"
            " private.clock() - make_interval(secs => %s), private.clock(), %s, false)",
            [self.agent, seconds, wrap_up],
        )

    def call(self, **more: Any) -> str:
        call_id = str(uuid.uuid4())
        values = {"call_id": call_id, "caller_number": "+573001112233", **more}
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.db.execute(
            f"insert into public.call_records ({names}) values ({marks})".encode(),
            list(values.values()),
        )
        return call_id

    def told(self) -> dict[str, Any]:
        return self.row("select * from public.agent_stats where agent_id = %s", self.agent)

    def quarters(self, column: str) -> list[int]:
        rows = self.db.execute(
            f"select sum({column})::int from private.agent_deltas where agent_id = %s"
            " group by interval_start having sum({column}) > 0 order by interval_start".replace(
                "{column}", column
            ).encode(),
            [self.agent],
        )
        return [row[0] for row in rows]

    def handling(self) -> tuple[int, int]:
        row = self.row(
            "select handling_seconds as h, average_handling_time_seconds as aht"
            " from public.call_center_agents where id = %s", self.agent,
        )  # fmt: skip
        return row["h"], row["aht"]


@pytest.fixture
def shift(sql: psycopg.Connection) -> Shift:
    return Shift(sql)


def test_being_available_counts_in_every_quarter_it_touches(shift: Shift) -> None:
    shift.choose("available")
    shift.later(5 * 60 + 15 * 60 + 100)
    shift.choose("break")
    shift.later(1000)
    first, whole, last = shift.quarters("available_seconds")
    assert whole == 900
    assert (first, last) == pytest.approx((300, 100), abs=2)
    assert first + whole + last == pytest.approx(1300, abs=1)


def test_a_wrap_up_ended_early_counts_what_was_used(shift: Shift) -> None:
    shift.choose("available")
    shift.talk(100, wrap_up=60)
    shift.later(10)
    shift.choose("available")
    assert shift.quarters("wrap_up_seconds") == [pytest.approx(10, abs=1)]
    assert shift.handling() == pytest.approx((110, 110), abs=1)


def test_a_wrap_up_swept_late_counts_what_was_granted(shift: Shift) -> None:
    shift.choose("available")
    shift.talk(100, wrap_up=60)
    shift.later(75)
    shift.sweep()
    assert shift.quarters("wrap_up_seconds") == [pytest.approx(60, abs=1)]
    assert shift.handling() == (160, 160)


def test_nobody_writes_when_a_wrap_up_began(shift: Shift) -> None:
    shift.choose("available")
    shift.talk(100, wrap_up=60)
    shift.db.execute(
        "update public.call_center_agents set wrap_up_since = '2000-01-01' where id = %s",
        [shift.agent],
    )
    shift.later(10)
    shift.choose("available")
    assert shift.quarters("wrap_up_seconds") == [pytest.approx(10, abs=1)]


def test_the_agents_row_of_today(shift: Shift) -> None:
    shift.choose("available")
    shift.later(300)
    shift.talk(100, wrap_up=60)
    shift.later(20)
    shift.choose("break")
    told = shift.told()
    assert told["calls_handled_today"] == told["offers_today"] == 1
    assert told["talk_seconds_today"] == pytest.approx(100, abs=1)
    assert told["average_handling_seconds_today"] == pytest.approx(120, abs=2)
    assert told["available_seconds_today"] == pytest.approx(300, abs=2)
    assert float(told["occupancy_percent"]) == pytest.approx(100 * 120 / 420, abs=0.5)


def test_what_goes_on_is_in_the_occupancy(shift: Shift) -> None:
    shift.choose("available")
    shift.later(50)
    assert (shift.told()["occupancy_percent"], shift.told()["calls_handled_today"]) == (0, 0)
    shift.talk(0, wrap_up=60)
    shift.later(50)
    assert float(shift.told()["occupancy_percent"]) == pytest.approx(50, abs=2)


def test_the_queues_row_of_now_and_today(shift: Shift) -> None:
    shift.choose("available")
    ends = [("answered", 10), ("answered", 40), ("abandoned", 3), ("abandoned", 60),
            ("voicemail", 30), ("callback", 30)]  # fmt: skip
    for outcome, waited in ends:
        stay(shift, waited, outcome)
    stay(shift, 45, None)
    told = shift.row("select * from public.call_queue_stats where queue_id = %s", shift.queue)
    assert (told["callers_waiting"], told["agents_available"], told["agents_total"]) == (1, 1, 1)
    assert told["longest_wait_seconds"] == pytest.approx(45, abs=1)
    assert (told["offered_today"], told["answered_today"], told["abandoned_today"]) == (4, 2, 1)
    assert (told["short_abandons_today"], told["callbacks_requested_today"]) == (1, 1)
    assert told["service_level_percent_abandons_ignored"] == 25
    assert (told["abandonment_percent"], told["average_speed_of_answer_seconds"]) == (25, 25)


def stay(shift: Shift, waited: int, outcome: str | None) -> None:
    shift.db.execute(
        "insert into private.queue_entries"
        " (call_record_id, queue_id, on_line, joined_at, entered_at)"
        " select id, %s, true, private.clock() - make_interval(secs => %s), private.clock()"
        " from public.call_records where call_id = %s",
        [shift.queue, waited, call_id := shift.call()],
    )
    if outcome:
        shift.db.execute(
            "select private.leave_queue(id, %s, private.clock()) from public.call_records"
            " where call_id = %s",
            [outcome, call_id],
        )


def sign_in(db: psycopg.Connection, query: str, *values: Any) -> None:
    row = db.execute(query.encode(), values).fetchone()
    assert row
    claims = json.dumps({"sub": str(row[0]), "role": "authenticated"})
    db.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    db.execute("set local role authenticated")


def test_agents_see_their_own_row_and_their_queues(shift: Shift) -> None:
    sign_in(shift.db, "select user_id from public.call_center_agents where id = %s", shift.agent)
    agents = shift.db.execute("select agent_id from public.agent_stats").fetchall()
    queues = shift.db.execute("select queue_id, agents_total from public.call_queue_stats")
    assert (agents, queues.fetchall()) == ([(shift.agent,)], [(shift.queue, 1)])
    assert shift.db.execute("select * from public.call_center_stats").fetchall() == []


def test_supervisors_see_every_row_and_others_none(shift: Shift) -> None:
    sign_in(shift.db, "select id from public.profiles where role = 'supervisor' limit 1")
    views = ("agent_stats", "call_queue_stats", "call_center_stats")
    counts = [shift.row(f"select count(*) as n from public.{view}")["n"] for view in views]
    assert counts[0] > 1
    assert counts[1] > 1
    assert counts[2] == 1
    shift.db.execute("select set_config('request.jwt.claims', '{}', true)")
    assert [shift.row(f"select count(*) as n from public.{view}")["n"] for view in views] == [0] * 3


def test_a_contact_shows_its_newest_fifty_calls(shift: Shift) -> None:
    contact = shift.row(
        "insert into public.crm_contacts (phone_number) values (%s) returning id",
        f"+57310{uuid.uuid4().int % 10**7:07d}",
    )["id"]
    for minute in range(52):
        ended = f"2026-01-01T10:{minute:02}:00Z"
        shift.call(contact_id=contact, ended_at=ended, duration_seconds=minute)
    shift.call(contact_id=contact, ended_at="2025-01-01T00:00:00Z", duration_seconds=999)
    shown = contact_row(shift, contact)
    assert (shown["total_call_count"], len(shown["call_history_ids"])) == (53, 50)
    assert shown["last_call_duration_seconds"] == 51
    assert shown["last_call_date"].minute == 51


def test_a_call_moves_with_its_contact_and_goes_with_its_deletion(shift: Shift) -> None:
    first, second = (
        shift.row(
            "insert into public.crm_contacts (phone_number) values (%s) returning id",
            f"+57310{uuid.uuid4().int % 10**7:07d}",
        )["id"]
        for _ in range(2)
    )
    call_id = shift.call(contact_id=first, ended_at="2026-01-01T10:00:00Z", duration_seconds=9)
    shift.db.execute("update public.call_records set contact_id = %s where call_id = %s",
                     [second, call_id])  # fmt: skip
    assert contact_row(shift, first)["total_call_count"] == 0
    assert contact_row(shift, first)["last_call_date"] is None
    assert contact_row(shift, second)["last_call_duration_seconds"] == 9
    shift.db.execute("delete from public.call_records where call_id = %s", [call_id])
    gone = contact_row(shift, second)
    assert (gone["total_call_count"], gone["call_history_ids"]) == (0, [])


def contact_row(shift: Shift, contact: uuid.UUID) -> dict[str, Any]:
    return shift.row("select * from public.crm_contacts where id = %s", contact)
