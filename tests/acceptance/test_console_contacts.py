"""The contacts' screen in Chromium, by what is in the rows afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.acceptance.centre import CallCentre
from tests.acceptance.scenes import Scene

pytestmark = pytest.mark.xdist_group("live_pages")
FIRST, SECOND, THIRD, INGRID = (f"+57302555{n}" for n in ("7001", "7002", "7003", "7009"))


@pytest.fixture
def ingrid(centre: CallCentre) -> Iterator[str]:
    """A contact with a call that ended and a note on it."""
    (contact,) = centre.rows(
        "insert into public.crm_contacts (phone_number, first_name, last_name, tags, notes)"
        " values (%s, 'Íngrid', 'Peralta', '[\"mora\"]', 'Prefiere la tarde') returning id",
        INGRID,
    )
    centre.rows(
        "with made as (insert into public.call_records (call_id, caller_number, contact_id,"
        " call_status, ended_at) values ('CAingrid', %s, %s, 'completed', now()) returning id)"
        " insert into public.call_notes (call_record_id, note_text)"
        " select id, 'Le gusta que la llamen temprano' from made",
        INGRID, contact["id"],
    )  # fmt: skip
    yield str(contact["id"])
    centre.rows("delete from public.call_records where call_id = 'CAingrid'")
    centre.rows("delete from public.crm_contacts where phone_number like '+573025557%%'")


def test_contacts_are_found_added_changed_merged_imported_and_exported(
    centre: CallCentre, play: Callable[[str], Scene], ingrid: str
) -> None:
    scene = play("console_contacts.mjs")
    scene.until("added")
    added = of(centre, FIRST)
    assert (added["first_name"], added["other_numbers"], added["tags"]) == (
        "Ramiro", [SECOND], ["vip"],
    )  # fmt: skip
    assert (added["contact_type"], added["do_not_call"]) == ("customer", True)
    assert added["custom_fields"] == {"NIT": "900123"}
    scene.goes_on()

    scene.until("changed")
    changed = of(centre, FIRST)
    assert (changed["last_name"], changed["tags"]) == ("Zuleta", ["vip", "norte"])
    scene.goes_on()

    scene.until("merged")
    merged = of(centre, FIRST)
    assert merged["id"] == added["id"]
    assert (merged["first_name"], merged["last_name"]) == ("Íngrid", "Zuleta")
    assert (merged["other_numbers"], merged["tags"]) == ([SECOND, INGRID], ["vip", "norte", "mora"])
    assert (merged["total_call_count"], merged["notes"]) == (1, "Prefiere la tarde")
    assert centre.call("CAingrid")["contact_id"] == added["id"]
    scene.goes_on()

    told = scene.until("imported")
    assert told["counts"] == ["1", "1", "0", "2"]
    assert rows_of(told["refused"]) == [
        ["12", "Nadie", "", "", "", "", "4", "Número: 12 no es un número de teléfono"],
        ["", "Sin número", "", "", "", "", "6", "Número: hace falta un número"],
    ]
    ursula = of(centre, THIRD)
    assert (ursula["notes"], ursula["tags"]) == ("=1+1\ndos líneas", ["vip", "norte"])
    assert ursula["custom_fields"] == {"Zona": "Sur"}
    assert of(centre, FIRST)["email"] == "ramiro@example.com"
    before = everybody(centre)
    scene.goes_on()

    told = scene.until("exported")
    exported = {row[0]: row for row in rows_of(told["exported"])}
    assert exported.keys() == {f"'{row['phone_number']}" for row in before}
    assert "'=1+1\ndos líneas" in exported[f"'{THIRD}"]
    assert told["counts"] == ["0", "0", str(len(before)), "0"]
    agent = scene.until("agent")
    assert everybody(centre) == [row for row in before if row["phone_number"] != THIRD]
    assert agent["width"] <= 400
    assert not {"Eliminar", "Unir con otro"} & set(agent["may"])
    scene.ends()


def of(centre: CallCentre, number: str) -> dict[str, Any]:
    query = "select * from public.crm_contacts where phone_number = %s"
    (row,) = centre.rows(query, number)
    return row


def everybody(centre: CallCentre) -> list[dict[str, Any]]:
    return centre.rows("select * from public.crm_contacts order by id")


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
