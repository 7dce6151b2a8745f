"""The figures say what the tables hold, whatever happened to the rows and whenever it is folded.

Histories play in 1999, where nobody else counts.
"""

from __future__ import annotations

import collections
import random
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from devstack.stack import Stack

Figures = dict[tuple[datetime, uuid.UUID | None], collections.Counter[str]]

NEW_YEAR = datetime(1999, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ENDS = ("completed", "failed", "no_answer", "missed")
OUTCOMES = ("answered", "abandoned", "voicemail", "callback", "overflowed", "moved")
COLUMNS = (
    "calls", "completed", "missed", "duration_seconds", "hold_seconds", "contacts", "offered",
    "answered", "answered_in_time", "abandoned", "abandoned_in_time", "short_abandoned",
    "callbacks", "overflowed", "wait_seconds", "handled", "talk_seconds",
)  # fmt: skip
IN_TIME, SHORT = 20, 5


class History:
    """A call centre of 1999 with two queues and one agent, to which anything may happen."""

    def __init__(self, db: psycopg.Connection, seed: int, day: int = 0) -> None:
        self.db, self.dice = db, random.Random(seed)
        self.begin = NEW_YEAR + timedelta(days=day)
        self.queues = [
            self.one(
                "insert into public.call_queues"
                " (name, service_level_seconds, short_abandon_seconds)"
                " values (%s, %s, %s) returning id", f"metrics {uuid.uuid4()}", IN_TIME, SHORT,
            )
            for _ in range(2)
        ]  # fmt: skip
        self.agent = make_agent(db)
        self.calls: list[uuid.UUID] = []

    def one(self, query: str, *values: Any) -> Any:
        row = self.db.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def some_time(self) -> datetime:
        return self.begin + timedelta(seconds=self.dice.randrange(7200))

    def some_call(self) -> uuid.UUID | None:
        return self.dice.choice(self.calls) if self.calls else None

    def happen(self) -> None:
        """Something of what happens to calls, contacts, stays and offers."""
        chances = {
            self.call_begins: 4, self.call_ends: 4, self.call_ends_otherwise: 2,
            self.call_is_queued: 2, self.stay: 4, self.stay_ends_otherwise: 1,
            self.offer: 4, self.offer_ends: 4, self.call_goes: 1, self.contact_comes: 2,
            self.contact_goes: 1, self.fold: 1,
        }  # fmt: skip
        self.dice.choices(list(chances), list(chances.values()))[0]()

    def call_begins(self) -> None:
        self.calls.append(
            self.one(
                "insert into public.call_records (call_id, caller_number, call_status, started_at)"
                " values (%s, '+573001112233', %s, %s) returning id",
                str(uuid.uuid4()), self.dice.choice(("queued", "ringing", *ENDS)), self.some_time(),
            )
        )  # fmt: skip

    def call_ends(self) -> None:
        self.db.execute(
            "update public.call_records set call_status = %s, duration_seconds = %s,"
            " hold_duration_seconds = %s where id = %s",
            [self.dice.choice(ENDS), self.dice.randrange(600), self.dice.randrange(60),
             self.some_call()],
        )  # fmt: skip

    def call_ends_otherwise(self) -> None:
        """A voicemail arrives after the end, or Twilio tells the duration late."""
        self.db.execute(
            "update public.call_records set call_status = 'completed', disposition = 'voicemail',"
            " duration_seconds = duration_seconds + 1 where id = %s",
            [self.some_call()],
        )

    def call_is_queued(self) -> None:
        self.db.execute(
            "update public.call_records set queue_id = %s, call_status = 'queued' where id = %s",
            [self.dice.choice([*self.queues, None]), self.some_call()],
        )

    def stay(self) -> None:
        joined = self.some_time()
        stay = self.one(
            "insert into private.queue_entries"
            " (call_record_id, queue_id, on_line, joined_at, entered_at)"
            " select id, %s, true, at, at from public.call_records, cast(%s as timestamptz) at"
            " where id = %s"
            " on conflict do nothing returning id",
            self.dice.choice(self.queues), joined, self.some_call(),
        )  # fmt: skip
        if self.dice.random() < 0.8:
            left = joined + timedelta(seconds=self.dice.choice((0, 4, 5, 19, 20, 21, 300)))
            self.db.execute(
                "update private.queue_entries set left_at = %s, outcome = %s where id = %s",
                [left, self.dice.choice(OUTCOMES), stay],
            )

    def stay_ends_otherwise(self) -> None:
        self.db.execute(
            "update private.queue_entries set outcome = %s where left_at is not null and id ="
            " (select max(id) from private.queue_entries where queue_id = any (%s))",
            [self.dice.choice(OUTCOMES), self.queues],
        )

    def offer(self) -> None:
        created = self.some_time()
        connected = created + timedelta(seconds=7)
        met = connected + timedelta(seconds=self.dice.choice((0, 2.5)))
        self.db.execute(
            "with offered as (insert into private.call_offers (call_record_id, agent_id, queue_id,"
            " seat, created_at, connected_at, met_at, state, expires_at)"
            " select id, %s, %s, 1, %s, %s, %s, 'reserved', now()"
            " from public.call_records where id = %s"
            " on conflict do nothing returning agent_id)"
            " select private.take_seat(agent_id) from offered",
            [self.agent, self.dice.choice(self.queues), created,
             *self.dice.choice(((None, None), (connected, None), (connected, met))),
             self.some_call()],
        )  # fmt: skip

    def offer_ends(self) -> None:
        self.db.execute(
            "with over as (update private.call_offers set state = 'ended', outcome = %s,"
            " ended_at = created_at + make_interval(secs => %s)"
            " where agent_id = %s and state <> 'ended' returning agent_id)"
            " update public.call_center_agents set seats_taken = seats_taken - 1"
            " where id in (select agent_id from over)",
            [self.dice.choice(("finished", "no_answer", "declined", "lapsed", "caller_left")),
             self.dice.choice((7, 100, 900, 4000.7)), self.agent],
        )  # fmt: skip

    def call_goes(self) -> None:
        """Unless it is live: then its offer has to end first."""
        live = "select 1 from private.call_offers where call_record_id = %s and state <> 'ended'"
        call = self.some_call()
        if call and not self.db.execute(live, [call]).fetchone():
            self.calls.remove(call)
            self.db.execute("delete from public.call_records where id = %s", [call])

    def contact_comes(self) -> None:
        self.db.execute(
            "insert into public.crm_contacts (phone_number, created_at)"
            " select '+57310' || left(translate(gen_random_uuid()::text, 'abcdef-', ''), 7), %s"
            " from generate_series(1, %s)",
            [self.some_time(), self.dice.randrange(1, 4)],
        )

    def contact_goes(self) -> None:
        self.db.execute(
            "delete from public.crm_contacts where id = (select id from public.crm_contacts"
            " where created_at between %s and %s limit 1)",
            [self.begin, self.begin + timedelta(days=1)],
        )

    def fold(self) -> None:
        self.db.execute("select private.fold_stats()")

    def told(self) -> Figures:
        """Sums and differences, added up."""
        columns = ", ".join(f"sum({column})::bigint as {column}" for column in COLUMNS)
        rows = self.rows(
            f"""
            select interval_start,
              nullif(queue_id, '00000000-0000-0000-0000-000000000000') as queue,
              {columns}
            from (select interval_start, queue_id, {", ".join(COLUMNS)} from private.stat_sums
                where queue_id <> private.every_queue()
              union all select interval_start, queue_id, {", ".join(COLUMNS)}
                from private.stat_deltas) as parts
            where interval_start >= %s and interval_start < %s group by 1, 2
            """
        )
        return {
            (row["interval_start"], row["queue"]): counted
            for row in rows
            if (counted := +collections.Counter({column: row[column] for column in COLUMNS}))
        }

    def rows(self, query: str) -> list[dict[str, Any]]:
        cursor = self.db.cursor(row_factory=dict_row)
        return cursor.execute(
            query.encode(), [self.begin, self.begin + timedelta(days=1)]
        ).fetchall()

    def counted(self) -> Figures:
        """The same from the tables, by the words of the field."""
        figures: Figures = collections.defaultdict(collections.Counter)
        for call in self.rows(
            "select * from public.call_records where started_at >= %s and started_at < %s"
        ):
            count = figures[quarter(call["started_at"]), call["queue_id"]]
            count["calls"] += 1
            if call["call_status"] == "completed":
                count["completed"] += 1
                count["duration_seconds"] += call["duration_seconds"]
                count["hold_seconds"] += call["hold_duration_seconds"]
            count["missed"] += call["call_status"] in ("failed", "no_answer", "missed")
        for contact in self.rows(
            "select * from public.crm_contacts where created_at >= %s and created_at < %s"
        ):
            figures[quarter(contact["created_at"]), None]["contacts"] += 1
        for stay in self.rows(
            "select * from private.queue_entries where joined_at >= %s and joined_at < %s"
            " and left_at is not null"
        ):
            count_stay(figures[quarter(stay["joined_at"]), stay["queue_id"]], stay)
        for offer in self.rows(
            "select * from private.call_offers where created_at >= %s and created_at < %s"
            " and met_at is not null and ended_at is not null"
        ):
            figures[quarter(offer["met_at"]), offer["queue_id"]]["handled"] += 1
            first, last = (int(offer[f"{end}_at"].timestamp()) for end in ("met", "ended"))
            for second in range(first, last):
                at = quarter(datetime.fromtimestamp(second, UTC))
                figures[at, offer["queue_id"]]["talk_seconds"] += 1
        return {key: count for key, counter in figures.items() if (count := +counter)}


def quarter(at: datetime) -> datetime:
    return NEW_YEAR + (at - NEW_YEAR) // QUARTER * QUARTER


def count_stay(count: collections.Counter[str], stay: dict[str, Any]) -> None:
    waited = (stay["left_at"] - stay["joined_at"]).total_seconds()
    outcome, in_time = stay["outcome"], waited <= IN_TIME
    if outcome == "abandoned" and waited < SHORT:
        count["short_abandoned"] += 1
    elif outcome == "callback":
        count["callbacks"] += 1
    else:
        count["offered"] += 1
        count["overflowed"] += outcome in ("overflowed", "moved")
        if outcome == "answered":
            count["answered"] += 1
            count["answered_in_time"] += in_time
            count["wait_seconds"] += int(waited)
        if outcome == "abandoned":
            count["abandoned"] += 1
            count["abandoned_in_time"] += in_time


def make_agent(db: psycopg.Connection) -> uuid.UUID:
    user = uuid.uuid4()
    db.execute("insert into auth.users (id) values (%s)", [user])
    query = (
        "insert into public.call_center_agents (user_id, extension) values (%s, %s) returning id"
    )
    row = db.execute(query, [user, f"m{user.int % 10**9}"]).fetchone()
    assert row
    return uuid.UUID(str(row[0]))


@pytest.mark.parametrize("seed", range(12))
def test_any_history_is_told_as_the_tables_hold_it(seed: int, sql: psycopg.Connection) -> None:
    history = History(sql, seed, day=seed)
    for _ in range(120):
        history.happen()
    assert history.counted()
    assert history.told() == history.counted()
    history.fold()
    assert history.told() == history.counted()


@pytest.mark.parametrize("seed", range(3))
def test_counting_from_nothing_finds_the_same(seed: int, sql: psycopg.Connection) -> None:
    history = History(sql, seed, day=100 + seed)
    for _ in range(80):
        history.happen()
    counted = history.told()
    sql.execute("delete from private.stat_deltas where interval_start < '2000-01-01'")
    sql.execute("delete from private.stat_sums where interval_start < '2000-01-01'")
    sql.execute("select private.count_everything()")
    assert history.told() == counted


def test_sums_of_all_queues_are_the_sum_of_the_queues(sql: psycopg.Connection) -> None:
    history = History(sql, 7, day=200)
    for _ in range(120):
        history.happen()
    history.fold()
    columns = ", ".join(f"sum({column})" for column in COLUMNS)
    query = f"""
        select interval_start, {columns} from private.stat_sums
        where interval_start between '1999-07-01' and '1999-12-31'
        and (queue_id = private.every_queue()) = %s group by 1 order by 1
    """.encode()
    every, each = (sql.execute(query, [every]).fetchall() for every in (True, False))
    assert every
    assert every == each


def test_a_voicemail_turns_a_missed_call_into_a_completed_one(sql: psycopg.Connection) -> None:
    history = History(sql, 1, day=300)
    history.call_begins()
    for status in ("missed", "completed"):
        sql.execute("update public.call_records set call_status = %s where id = %s",
                    [status, history.calls[0]])  # fmt: skip
    (count,) = history.told().values()
    assert (count["calls"], count["completed"], count["missed"]) == (1, 1, 0)


@pytest.fixture
def committed(stack: Stack) -> Iterator[History]:
    """A history that others see, taken back afterwards."""
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
        history = History(db, 99, day=330)
        yield history
        db.execute("delete from public.call_queues where id = any (%s)", [history.queues])
        db.execute("delete from auth.users where id = (select user_id from"
                   " public.call_center_agents where id = %s)", [history.agent])  # fmt: skip
        db.execute("delete from public.call_records where started_at < '2000-01-01'")


def test_folding_at_the_same_time_as_counting_loses_nothing(
    committed: History, stack: Stack
) -> None:
    stop = threading.Event()

    def fold() -> None:
        with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
            while not stop.is_set():
                db.execute("select private.fold_stats()")

    def count(seed: int) -> None:
        with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
            for number in range(60):
                db.execute(
                    "insert into public.call_records"
                    " (call_id, caller_number, call_status, started_at, queue_id)"
                    " values (%s, '+573001112233', 'completed', %s, %s)",
                    [str(uuid.uuid4()), committed.begin + QUARTER * (number % 4),
                     committed.queues[seed % 2]],
                )  # fmt: skip

    folders = [threading.Thread(target=fold) for _ in range(3)]
    counters = [threading.Thread(target=count, args=[seed]) for seed in range(4)]
    for thread in folders + counters:
        thread.start()
    for thread in counters:
        thread.join()
    stop.set()
    for thread in folders:
        thread.join()
    assert committed.told() == committed.counted()
    assert sum(count["calls"] for count in committed.told().values()) == 240
