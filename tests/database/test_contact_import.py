"""Contacts out of somebody's list: found by number or added, and every refused row explained."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.switchboard import Switchboard
from tests.database.test_contact_merge import be, contact

NUMBER = "+573025550001"


def take_in(board: Switchboard, *rows: dict[str, Any], role: str = "agent") -> dict[str, Any]:
    be(board.db, role)
    query = "select public.import_contacts(%s) as answer"
    answer = board.row(query, Jsonb([{"line": i, **row} for i, row in enumerate(rows, 2)]))
    board.db.execute("reset role")
    return dict(answer["answer"])


def there(board: Switchboard, number: str) -> dict[str, Any]:
    return board.row("select * from public.crm_contacts where phone_number = %s", number)


WHOLE = {
    "phone_number": "302 555 0001",
    "other_numbers": ["302 555 0002"],
    "email": "ana@example.com",
    "first_name": "Ana",
    "last_name": "Gómez",
    "company_name": "ACME",
    "company_phone": "601 555 0001",
    "contact_type": "customer",
    "source": "feria",
    "notes": "Dos\nlíneas",
    "tags": ["vip"],
    "custom_fields": {"nit": "900"},
    "do_not_call": True,
}


def test_a_row_is_added_with_its_numbers_as_numbers(board: Switchboard) -> None:
    assert take_in(board, WHOLE) == {"created": 1, "updated": 0, "unchanged": 0, "refused": []}
    row = there(board, NUMBER)
    written = {
        "phone_number": NUMBER, "other_numbers": ["+573025550002"], "company_phone": "+576015550001"
    }  # fmt: skip
    assert {name: row[name] for name in WHOLE} == {**WHOLE, **written}


def test_the_same_once_more_changes_nothing(board: Switchboard) -> None:
    take_in(board, WHOLE)
    before = there(board, NUMBER)
    board.pass_time(60)
    assert take_in(board, WHOLE)["unchanged"] == 1
    assert there(board, NUMBER) == before


def test_a_row_changes_the_contact_of_its_number_and_blanks_change_nothing(
    board: Switchboard,
) -> None:
    take_in(board, WHOLE)
    row = {
        "phone_number": NUMBER,
        "email": "",
        "first_name": " ",
        "last_name": "Díaz",
        "notes": None,
    }
    assert (
        take_in(board, {**row, "custom_fields": {"zona": "B"}, "tags": ["nuevo"]})["updated"] == 1
    )
    now = there(board, NUMBER)
    assert (now["email"], now["first_name"], now["last_name"]) == ("ana@example.com", "Ana", "Díaz")
    assert (now["custom_fields"], now["tags"]) == ({"nit": "900", "zona": "B"}, ["nuevo"])


def test_a_row_with_one_of_a_contacts_other_numbers_is_theirs(board: Switchboard) -> None:
    kept = contact(board, NUMBER, other_numbers=["+573025550009"])
    row = {"phone_number": "302 555 0009", "first_name": "Ana"}
    assert [take_in(board, row)[what] for what in ("updated", "created")] == [1, 0]
    assert take_in(board, row)["unchanged"] == 1
    assert str(there(board, NUMBER)["id"]) == kept


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"phone_number": "abc"}, "phone_number", "abc is no telephone number"),
        ({"phone_number": ""}, "phone_number", "a number is needed"),
        ({}, "phone_number", "a number is needed"),
        ({"company_phone": "12"}, "company_phone", "12 is no telephone number"),
        ({"contact_type": "amigo"}, "contact_type", "one of client, prospect, lead, customer"),
        ({"first_name": "x" * 101}, "first_name", "at most 100 characters, not 101"),
        ({"tags": [""]}, "tags", "a list of words of at most 100 characters is needed"),
        ({"tags": "vip"}, "tags", "an array is needed, not string"),
        ({"do_not_call": "quizás"}, "do_not_call", "true or false is needed"),
        ({"other_numbers": [NUMBER]}, "other_numbers", f"{NUMBER} is another contact's number"),
        ({"total_call_count": 7}, "total_call_count", "is none of"),
    ],
)
def test_a_refused_row_is_explained_and_holds_up_no_other(
    board: Switchboard, row: dict[str, Any], column: str, reason: str
) -> None:
    contact(board, NUMBER)
    number = {} if column == "phone_number" else {"phone_number": "302 555 0003"}
    answer = take_in(board, {**number, **row}, {"phone_number": "302 555 0004"})
    (refused,) = answer["refused"]
    assert (refused["line"], refused["column"]) == (2, column)
    assert refused["reason"].startswith(reason)
    assert answer["created"] == 1
    assert (
        board.rows("select 1 from public.crm_contacts where phone_number = '+573025550003'") == []
    )


def test_of_two_rows_with_one_number_the_later_stays(board: Switchboard) -> None:
    names = ("Ana", "Beatriz")
    answer = take_in(board, *({"phone_number": NUMBER, "first_name": name} for name in names))
    assert (answer["created"], answer["updated"]) == (1, 1)
    assert there(board, NUMBER)["first_name"] == "Beatriz"


def test_what_is_counted_of_calls_begins_at_nothing(board: Switchboard) -> None:
    take_in(board, WHOLE)
    row = there(board, NUMBER)
    assert (row["total_call_count"], row["call_history_ids"], row["last_call_date"]) == (
        0,
        [],
        None,
    )


def test_who_may_not_add_contacts_brings_none(board: Switchboard) -> None:
    be(board.db, "agent")
    board.rows("select set_config('request.jwt.claims', '{\"role\": \"authenticated\"}', true)")
    with pytest.raises(psycopg.Error, match="Only agents and supervisors") as refused:
        board.rows("select public.import_contacts('[]')")
    assert refused.value.sqlstate == "PT403"


@pytest.mark.parametrize("rows", [{}, ["x"], [{}] * 501, None])
def test_what_is_no_list_of_at_most_500_rows_is_refused(board: Switchboard, rows: object) -> None:
    be(board.db)
    with pytest.raises(psycopg.Error) as refused:
        board.rows("select public.import_contacts(%s)", Jsonb(rows))
    assert refused.value.sqlstate == "22023"
