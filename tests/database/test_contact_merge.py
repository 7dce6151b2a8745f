"""Two contacts that become one: what is kept of both, whose the calls are, and who may do it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from devstack.stack import Stack
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard

KEPT, OTHER = "+573015550001", "+573015550002"
MERGE = "select * from public.merge_contacts(%s, %s, %s)"


def contact(board: Switchboard, number: str, **values: object) -> str:
    columns = {"phone_number": number, **values}
    marks = ", ".join(["%s"] * len(columns))
    plain = [Jsonb(v) if c in ("tags", "custom_fields") else v for c, v in columns.items()]
    query = f"insert into public.crm_contacts ({', '.join(columns)}) values ({marks}) returning id"
    return str(board.row(query, *plain)["id"])


def be(db: psycopg.Connection[Any], role: str = "supervisor") -> None:
    """Sign in, until the transaction ends."""
    user = "select id from public.profiles where role = %s limit 1"
    if role == "agent":
        user = "select user_id as id from public.call_center_agents where %s = 'agent' limit 1"
    row = db.execute(user.encode(), [role]).fetchone()
    assert row
    claims = json.dumps({"sub": str(row["id"]), "role": "authenticated"})
    db.execute("select set_config('request.jwt.claims', %s, true)", [claims])
    db.execute("set local role authenticated")


def merged(board: Switchboard, keep: str, other: str, *take: str) -> dict[str, Any]:
    be(board.db)
    (row,) = board.rows(MERGE, keep, other, list(take))
    board.db.execute("reset role")
    return row


def of(board: Switchboard, sid: str) -> str:
    return str(board.call(sid)["contact_id"])


def ended(board: Switchboard, number: str) -> str:
    sid = board.caller(board.queue(board.agent("break")), number)
    board.status(sid, "completed", 9)
    return sid


def test_what_is_known_of_both_is_kept_and_what_differs_is_the_kept_ones(
    board: Switchboard,
) -> None:
    keep = contact(
        board, KEPT, first_name="Ana", notes="Prefiere la tarde", tags=["vip", "norte"],
        custom_fields={"nit": "1", "plan": "oro"}, contact_type="customer",
    )  # fmt: skip
    other = contact(
        board, OTHER, first_name="Anita", last_name="Gómez", notes="Debe una factura",
        tags=["norte", "mora"], custom_fields={"nit": "2", "zona": "B"}, email="ana@example.com",
        other_numbers=["+573015550003"], do_not_call=True,
    )  # fmt: skip
    row = merged(board, keep, other)
    assert (row["first_name"], row["last_name"], row["email"]) == (
        "Ana", "Gómez", "ana@example.com",
    )  # fmt: skip
    assert (row["phone_number"], row["other_numbers"]) == (KEPT, [OTHER, "+573015550003"])
    assert row["tags"] == ["vip", "norte", "mora"]
    assert row["custom_fields"] == {"nit": "1", "plan": "oro", "zona": "B"}
    assert row["notes"] == "Prefiere la tarde\n\nDebe una factura"
    assert (row["contact_type"], row["do_not_call"]) == ("customer", True)
    assert board.rows("select 1 from public.crm_contacts where id = %s", other) == []


def test_who_merges_may_choose_the_others_values(board: Switchboard) -> None:
    keep = contact(board, KEPT, first_name="Ana", email="vieja@example.com", custom_fields={"a": 1})
    other = contact(board, OTHER, first_name="Anita", custom_fields={"a": 2, "b": 3})
    row = merged(board, keep, other, "first_name", "email", "custom_fields")
    assert (row["first_name"], row["email"]) == ("Anita", "vieja@example.com")
    assert row["custom_fields"] == {"a": 2, "b": 3}


def test_past_calls_texts_and_figures_are_the_kept_contacts(board: Switchboard) -> None:
    first, second, third = (ended(board, number) for number in (OTHER, KEPT, OTHER))
    keep, other = of(board, second), of(board, first)
    board.rows(
        "insert into private.text_messages (number, rule, words, state, created_at, contact_id,"
        " call_record_id) values (%s, 'missed_call', 'hola', 'sent', private.clock(), %s, %s)",
        OTHER, other, board.call(first)["id"],
    )  # fmt: skip
    row = merged(board, keep, other)
    calls = [board.call(sid) for sid in (third, second, first)]
    assert {str(call["contact_id"]) for call in calls} == {keep}
    assert row["call_history_ids"] == [call["id"] for call in calls]
    assert (row["total_call_count"], row["last_call_date"]) == (3, calls[0]["ended_at"])
    (text,) = board.rows("select contact_id from private.text_messages where number = %s", OTHER)
    assert str(text["contact_id"]) == keep


def test_a_call_that_goes_on_ends_as_the_kept_contacts(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()), OTHER)
    board.rung(sid)
    board.answered(sid)
    keep = contact(board, KEPT)
    merged(board, keep, of(board, sid))
    board.commit()
    board.status(sid, "completed", 9)
    row = board.row("select * from public.crm_contacts where id = %s", keep)
    assert row["call_history_ids"] == [board.call(sid)["id"]]
    assert (row["total_call_count"], row["last_agent_id"] is not None) == (1, True)


def test_calls_of_either_number_are_the_kept_contacts_from_then_on(board: Switchboard) -> None:
    keep, other = contact(board, KEPT), contact(board, OTHER)
    merged(board, keep, other)
    queue = board.queue(board.agent("break"))
    assert {of(board, board.caller(queue, number)) for number in (KEPT, OTHER)} == {keep}


def test_a_number_that_becomes_a_contact_of_its_own_is_nobody_elses(board: Switchboard) -> None:
    keep = contact(board, KEPT)
    merged(board, keep, contact(board, OTHER))
    own = contact(board, OTHER)
    assert of(board, board.caller(board.queue(board.agent("break")), OTHER)) == own
    query = "select other_numbers from public.crm_contacts where id = %s"
    assert board.row(query, keep)["other_numbers"] == []


def test_an_old_row_whose_number_is_written_otherwise_adds_no_number(board: Switchboard) -> None:
    keep = contact(board, KEPT)
    strange, same = contact(board, OTHER), contact(board, "+573015550009")
    board.rows("alter table public.crm_contacts disable trigger user")
    old = "update public.crm_contacts set phone_number = %s where id = %s"
    board.rows(old, "301 555 0001", same)
    board.rows(old, "extensión 12", strange)
    board.rows("alter table public.crm_contacts enable trigger user")
    assert merged(board, keep, same)["other_numbers"] == []
    row = merged(board, keep, strange)
    assert (row["other_numbers"], row["notes"]) == ([], "extensión 12")


def test_another_contacts_number_is_not_added_by_hand(board: Switchboard) -> None:
    keep = contact(board, KEPT)
    contact(board, OTHER)
    with pytest.raises(psycopg.errors.UniqueViolation, match=r"other_numbers: \+573015550002 is"):
        board.rows(
            "update public.crm_contacts set other_numbers = '{301 555 0002}' where id = %s", keep
        )


def test_other_numbers_are_kept_once_each_and_as_numbers(board: Switchboard) -> None:
    keep = contact(
        board, KEPT, other_numbers=["301 555 0001", "301 555 0007", "+57 301 5550007", ""]
    )
    query = "select other_numbers from public.crm_contacts where id = %s"
    assert board.row(query, keep)["other_numbers"] == ["+573015550007"]


@pytest.mark.parametrize("role", ["agent", "empleado"])
def test_who_may_not_delete_a_contact_merges_none(board: Switchboard, role: str) -> None:
    keep, other = contact(board, KEPT), contact(board, OTHER)
    be(board.db, role)
    with pytest.raises(psycopg.Error, match="Only supervisors") as refused:
        board.rows(MERGE, keep, other, [])
    assert refused.value.sqlstate == "PT403"


@pytest.mark.parametrize(
    ("which", "take", "status"),
    [("gone", [], "PT404"), ("same", [], "22023"), ("other", ["phone_number"], "22023")],
)
def test_what_cannot_be_merged_is_refused(
    board: Switchboard, which: str, take: list[str], status: str
) -> None:
    keep = contact(board, KEPT)
    other = {
        "gone": "00000000-0000-4000-8000-000000000000", "same": keep, "other": contact(board, OTHER)
    }[which]  # fmt: skip
    be(board.db)
    with pytest.raises(psycopg.Error) as refused:
        board.rows(MERGE, keep, other, take)
    assert refused.value.sqlstate == status


@pytest.fixture(scope="module")
def scratch(stack: Stack, seeded_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, seeded_template) as database:
        yield database


@pytest.fixture
def busy(scratch: Scratch) -> Iterator[Switchboard]:
    """A board of which others see what it commits."""
    with psycopg.connect(scratch.url()) as db:
        yield Switchboard(db)


@pytest.fixture
def other(scratch: Scratch) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(scratch.url(), row_factory=dict_row) as db:
        yield db


def waits(board: Switchboard, db: psycopg.Connection[Any], doing: Future[Any]) -> None:
    """Until somebody waits for the board's transaction."""
    query = "select pg_blocking_pids(%s) <> '{}' as waits"
    until = time.monotonic() + 60
    while not board.row(query, db.info.backend_pid)["waits"]:
        assert not doing.done(), doing.result()
        assert time.monotonic() < until
        time.sleep(0.01)


def merge(db: psycopg.Connection[Any], keep: str, other: str) -> str | None:
    """In a transaction of its own; the SQLSTATE where it is refused."""
    try:
        with db.transaction():
            be(db)
            db.execute(MERGE.encode(), [keep, other, []])
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_of_two_merges_in_both_directions_one_is_made(
    busy: Switchboard, other: psycopg.Connection[Any]
) -> None:
    one, two = contact(busy, "+573015551001"), contact(busy, "+573015551002")
    calls = [ended(busy, number) for number in ("+573015551001", "+573015551002")]
    busy.db.commit()
    merged(busy, one, two)
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(merge, other, two, one)
        waits(busy, other, doing)
        busy.db.commit()
        assert doing.result(60) == "PT404"
    assert {of(busy, sid) for sid in calls} == {one}
    query = "select total_call_count, other_numbers from public.crm_contacts where id = %s"
    assert busy.row(query, one) == {"total_call_count": 2, "other_numbers": ["+573015551002"]}


def test_a_call_that_comes_while_its_contact_is_merged_is_the_kept_contacts(
    busy: Switchboard, other: psycopg.Connection[Any]
) -> None:
    one, two = contact(busy, "+573015552001"), contact(busy, "+573015552002")
    busy.db.commit()
    merged(busy, one, two)
    event = {
        "params": {},
        "call_sid": "CAmeanwhile",
        "from": "+573015552002",
        "to": "+576015550100",
    }

    def ring() -> None:
        with other.transaction():
            other.execute("select public.receive_incoming_call(%s, 'other')", [Jsonb(event)])

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(ring)
        waits(busy, other, doing)
        busy.db.commit()
        doing.result(60)
    assert of(busy, "CAmeanwhile") == one


@pytest.mark.parametrize("by", ["call", "list"])
def test_who_comes_by_another_number_while_its_contact_is_merged_on_is_the_last_ones(
    busy: Switchboard, other: psycopg.Connection[Any], by: str
) -> None:
    number = f"+573015557{1 if by == 'call' else 2}0"
    last, next_, first = (contact(busy, f"{number}{n}") for n in (1, 2, 3))
    merged(busy, next_, first)
    busy.db.commit()
    merged(busy, last, next_)
    event = {"params": {}, "call_sid": "CAlater", "from": f"{number}3", "to": "+576015550100"}
    query, value = {
        "call": ("select public.receive_incoming_call(%s, 'other')", event),
        "list": ("select public.import_contacts(%s)", [{"phone_number": f"{number}3"}]),
    }[by]

    def come() -> None:
        with other.transaction():
            if by == "list":
                be(other)
            other.execute(query.encode(), [Jsonb(value)])

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(come)
        waits(busy, other, doing)
        busy.db.commit()
        doing.result(60)
    kept = "select id::text, other_numbers from public.crm_contacts where phone_number like %s"
    (row,) = busy.rows(kept, f"{number}%")
    assert (row["id"], set(row["other_numbers"])) == (last, {f"{number}2", f"{number}3"})


def test_a_merge_and_a_list_with_the_same_contacts_do_not_wait_for_each_other_in_a_ring(
    busy: Switchboard, other: psycopg.Connection[Any]
) -> None:
    numbers = [f"+57301555990{n}" for n in range(3)]
    one, two, three = (contact(busy, number) for number in numbers)
    busy.db.commit()
    merged(busy, one, two)
    rows = [{"phone_number": number, "first_name": "Ana"} for number in (numbers[2], numbers[1])]

    def take_in() -> Any:
        with other.transaction():
            be(other)
            query = "select public.import_contacts(%s) as told"
            return other.execute(query, [Jsonb(rows)]).fetchone()

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(take_in)
        waits(busy, other, doing)
        merged(busy, one, three)
        busy.db.commit()
        told = doing.result(60)["told"]
    assert (told["updated"] + told["unchanged"], told["refused"]) == (2, [])


OTHERS = "update public.crm_contacts set other_numbers = %s where id = %s"


@pytest.mark.parametrize("given", ["other", "own"])
def test_of_two_who_are_given_a_number_at_once_one_has_it(
    busy: Switchboard, other: psycopg.Connection[Any], given: str
) -> None:
    number = f"+573015558{1 if given == 'own' else 2}0"
    one, two = contact(busy, f"{number}1"), contact(busy, f"{number}2")
    busy.db.commit()
    busy.rows(OTHERS, [f"{number}9"], one)

    def give() -> str | None:
        try:
            with other.transaction():
                if given == "other":
                    other.execute(OTHERS.encode(), [[f"{number}9"], two])
                else:
                    own = "update public.crm_contacts set phone_number = %s where id = %s"
                    other.execute(own.encode(), [f"{number}9", two])
        except psycopg.Error as error:
            return error.sqlstate
        return None

    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(give)
        waits(busy, other, doing)
        busy.db.commit()
        assert doing.result(60) == ("23505" if given == "other" else None)
    has_it = (
        "select id::text from public.crm_contacts"
        " where %s = any (other_numbers || phone_number::text)"
    )
    assert busy.rows(has_it, f"{number}9") == [{"id": one if given == "other" else two}]


def test_a_merge_waits_for_a_call_that_is_just_beginning_and_takes_it_along(
    busy: Switchboard, other: psycopg.Connection[Any]
) -> None:
    one, two = contact(busy, "+573015553001"), contact(busy, "+573015553002")
    busy.db.commit()
    sid = busy.caller(busy.queue(busy.agent("break")), "+573015553002")
    assert of(busy, sid) == two
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(merge, other, one, two)
        waits(busy, other, doing)
        busy.db.commit()
        assert doing.result(60) is None
    assert of(busy, sid) == one
    busy.status(sid, "completed", 9)
    busy.db.commit()
