"""Telephone numbers are read alike by the database and the service, however they are written."""

from __future__ import annotations

from typing import Any

import phonenumbers
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.phone import to_e164
from tests.database.countries import MIGRATION, migration

_REGIONS = (
    "CO",
    "MX",
    "AR",
    "BR",
    "CL",
    "PE",
    "EC",
    "VE",
    "PA",
    "CU",
    "UY",
    "DO",
    "ES",
    "US",
    "GB",
)
_EXAMPLES = [
    number
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    if (number := phonenumbers.example_number_for_type(region, kind))
]
_FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
_BETWEEN = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u200b", "\u202d", ") ", " ("])


def in_sql(db: psycopg.Connection[Any], written: str, region: str) -> str | None:
    row = db.execute("select private.e164(%s, %s)", [written, region]).fetchone()
    assert row
    return None if row[0] is None else str(row[0])


@st.composite
def _spaced(draw: st.DrawFn) -> str:
    """Digits with anything that people and documents leave between them."""
    start = draw(
        st.sampled_from(
            ["", "+", "00", "011", "0", "03", "01", "1", "57", "0057", "+57", "+52 1", "tel:", "("]
        )
    )
    digits = draw(st.text("0123456789", min_size=3, max_size=13))
    return start + "".join(digit + draw(_BETWEEN) for digit in digits)


@st.composite
def _formatted(draw: st.DrawFn) -> str:
    """A number that exists somewhere, as its country writes it, perhaps with a digit changed."""
    number = draw(st.sampled_from(_EXAMPLES))
    written = phonenumbers.format_number(number, draw(st.sampled_from(_FORMATS)))
    place = draw(st.integers(0, len(written) - 1))
    change = draw(st.sampled_from(["keep", "digit", "drop", "00", "abroad"]))
    if change == "digit":
        return written[:place] + draw(st.sampled_from("0123456789")) + written[place + 1 :]
    if change == "drop":
        return written[:place] + written[place + 1 :]
    if change == "00":
        return written.replace("+", "00")
    if change == "abroad":
        return str(
            phonenumbers.format_out_of_country_calling_number(
                number, draw(st.sampled_from(_REGIONS))
            )
        )
    return str(written)


_WRITTEN = st.one_of(_spaced(), _formatted(), st.text(max_size=12)).map(
    lambda text: text.replace("\x00", "")
)


# Thirty numbers a query: three thousand in all.
@settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(_WRITTEN, st.sampled_from(_REGIONS)), min_size=30, max_size=30))
def test_the_database_and_the_service_read_every_way_of_writing_alike(
    sql: psycopg.Connection[Any], numbers: list[tuple[str, str]]
) -> None:
    query = (
        "select private.e164(written, region)"
        " from unnest(%s::text[], %s::text[]) with ordinality as n(written, region, place)"
        " order by place"
    )
    rows = sql.execute(query, [list(column) for column in zip(*numbers, strict=True)])
    assert [
        (written, region, read)
        for (written, region), (read,) in zip(numbers, rows, strict=True)
        if read != to_e164(written, region)
    ] == []


def test_the_database_knows_the_countries_that_the_service_knows() -> None:
    assert MIGRATION.read_text() == migration(), "run `make countries`"


@pytest.mark.parametrize(
    "written",
    [
        "+573105550001",
        "+57 310 555 0001",
        "310 555 0001",
        "3105550001",
        "573105550001",
        "0057 310 555 0001",
        "(310) 555-0001",
        "310.555.0001",
        "tel:+57-310-555-0001",
        "\u200b310\u00a0555\u202f0001\u200e",
        "\uff13\uff11\uff10 555 0001",
        "033105550001",
    ],
)
def test_a_number_is_the_same_however_it_is_written(
    sql: psycopg.Connection[Any], written: str
) -> None:
    assert in_sql(sql, written, "CO") == to_e164(written, "CO") == "+573105550001"


@pytest.mark.parametrize(
    ("written", "region", "expected"),
    [
        ("(601) 555 0001", "CO", "+576015550001"),
        ("(1) 555 0001", "CO", "+576015550001"),
        ("57 1 555 0001", "CO", "+576015550001"),
        ("+57 4 555 0001", "US", "+576045550001"),
        ("044 55 1234 5678", "MX", "+525512345678"),
        ("+52 1 55 1234 5678", "CO", "+525512345678"),
        ("011 15 5555 4444", "AR", "+5491155554444"),
        ("011 57 310 555 0001", "US", "+573105550001"),
        ("612 34 56 78", "ES", "+34612345678"),
    ],
)
def test_numbers_of_before_a_country_changed_them_are_what_they_are_now(
    sql: psycopg.Connection[Any], written: str, region: str, expected: str
) -> None:
    assert in_sql(sql, written, region) == to_e164(written, region) == expected


@pytest.mark.parametrize(
    "written",
    ["", "   ", "12", "5550001", "Ana", "310 555 0001 ext. 7", "client:agent_1", "sip:a@b",
     "415 867 5309", "+999 123 4567", "310 555 0001 310 555 0002", "1-800-FLORES", "+"],
)  # fmt: skip
def test_what_is_no_number_of_the_country_is_none(
    sql: psycopg.Connection[Any], written: str
) -> None:
    assert in_sql(sql, written, "CO") is to_e164(written, "CO") is None


@pytest.mark.parametrize(
    "written",
    ["anonymous", "Restricted", "+266696687", "+7378742833", "+2562533", "+8656696",
     "+86282452253", "+7748283"],
)  # fmt: skip
def test_what_carriers_show_for_a_withheld_number_is_none(
    sql: psycopg.Connection[Any], written: str
) -> None:
    assert in_sql(sql, written, "CO") is to_e164(written, "CO") is None
