"""A script that can't work is refused on write, with the place named; one that can is taken."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb


def write(sql: psycopg.Connection, data: object) -> None:
    sql.execute(
        "insert into public.ivr_scripts (name, script_data) values ('t', %s)", [Jsonb(data)]
    )


def menu(*options: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": "main", "message": "Hola", "options": list(options), **more}


SALES = {"digit": "1", "actionQueue": "sales"}


@pytest.mark.parametrize(
    ("menus", "place"),
    [
        ([], "script_data.menus:"),
        ("main", "script_data.menus:"),
        ([{"message": "no id"}], r"menus\[0\]\.id"),
        ([menu(SALES), menu(SALES)], r"menus\[0\]\.id: there are two"),
        ([menu(SALES, SALES)], r"menus\[0\]\.options\[0\]\.digit: 1 stands twice"),
        ([menu({"digit": "12", "actionQueue": "x"})], r"options\[0\]\.digit"),
        ([menu({"digit": "1"})], r"options\[0\]: one action is needed, not none"),
        ([menu({**SALES, "actionMenu": "main"})], "not actionMenu and actionQueue"),
        ([menu({"digit": "1", "actionMenu": "nowhere"})], "there is no menu nowhere"),
        ([menu({"digit": "1", "actionDance": "x"})], "actionDance is not an action"),
        ([menu({"digit": "1", "actionTransfer": "call mum"})], "a telephone number"),
        ([menu({"digit": "1", "actionMenu": "main"})], r"menus\[0\]: nobody can leave menu main"),
        ([menu()], "nobody can leave"),
        ([menu(SALES, timeout=0)], r"menus\[0\]\.timeout"),
        ([menu(SALES, maxAttempts="many")], r"menus\[0\]\.maxAttempts"),
        ([menu({**SALES, "keywords": "venta"})], "keywords"),
        ([menu(SALES, message=["Hola"])], r"menus\[0\]\.message: text"),
        ([menu(SALES, retryMessage=7)], r"menus\[0\]\.retryMessage: text"),
        ([menu(SALES, defaultQueue={})], r"menus\[0\]\.defaultQueue"),
    ],
)
def test_a_broken_script_is_refused_with_the_place(
    sql: psycopg.Connection, menus: object, place: str
) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=place):
        write(sql, {"menus": menus})


@pytest.mark.parametrize(
    "menus",
    [
        [menu(SALES)],
        [{"id": "main", "message": "an old one without options"}],
        [menu({"digit": "1", "actionTransfer": "+57 601 555 0199"}, maxAttempts=3, timeout=10)],
        [
            menu({"digit": "1", "actionMenu": "more"}, SALES | {"digit": "2"}),
            {"id": "more", "options": [{"digit": "0", "actionMenu": "main"}]},
        ],
        [menu(SALES, retryMessage="¿Cómo dice?", defaultQueue="sales")],
        [menu({"digit": "*", "actionVoicemail": "sales"}, {"digit": "#", "actionCallback": "hr"})],
    ],
)
def test_a_script_that_works_is_taken(sql: psycopg.Connection, menus: object) -> None:
    write(sql, {"menus": menus})


@pytest.mark.parametrize(
    ("script", "works"),
    [
        ({"menus": [menu(SALES, timeout="diez")]}, False),
        ({"menus": [menu(SALES, maxAttempts="3.5")]}, False),
        ({"menus": [{"id": "main", "options": None}]}, False),
        ({"menus": [menu(SALES), {"id": "more", "options": "x"}]}, False),
        ({"menus": {}}, False),
        ({"menus": "x"}, False),
        ({"menus": []}, False),
        ({}, True),
        ({"menus": [menu({"digit": "9", "actionMenu": "nowhere"}, timeout="7")]}, True),
    ],
)
def test_an_old_script_is_left_in_force_where_callers_get_through_it(
    sql: psycopg.Connection, script: object, works: bool
) -> None:
    row = sql.execute("select private.can_be_followed(%s)", [Jsonb(script)]).fetchone()
    assert row == (works,)


def test_a_broken_script_can_not_be_put_in_force_again(sql: psycopg.Connection) -> None:
    write(sql, {"menus": [menu(SALES)]})
    sql.execute("update public.ivr_scripts set active = false where name = 't'")
    sql.execute("alter table public.ivr_scripts disable trigger user")
    sql.execute("update public.ivr_scripts set script_data = '{}' where name = 't'")
    sql.execute("alter table public.ivr_scripts enable trigger user")
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        sql.execute("update public.ivr_scripts set active = true where name = 't'")


def test_the_words_of_a_menu_are_hints_keywords_too(sql: psycopg.Connection) -> None:
    script = {"menus": [menu({**SALES, "description": "Ventas", "keywords": ["comprar"]})]}
    row = sql.execute(
        "select private.menu_plan(jsonb_populate_record(null::private.call_sessions,"
        " jsonb_build_object('script', %s::jsonb)), 'main', 1, '{}') -> 'hints'",
        [Jsonb(script)],
    ).fetchone()
    assert row == (["Ventas", "comprar"],)


@pytest.mark.parametrize(("language", "words"), [("en-US", "Goodbye"), ("es-CO", "Hasta luego")])
def test_words_fall_back_to_the_base_language_as_the_voice_does(
    sql: psycopg.Connection, language: str, words: str
) -> None:
    row = sql.execute("select private.say(%s, 'goodbye')", [language]).fetchone()
    assert row is not None
    assert words in row[0]


def test_two_menus_that_only_lead_to_each_other_are_refused(sql: psycopg.Connection) -> None:
    menus = [
        menu({"digit": "1", "actionMenu": "b"}),
        {"id": "b", "options": [{"digit": "1", "actionMenu": "main"}]},
    ]
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="nobody can leave"):
        write(sql, {"menus": menus})


def test_a_changed_script_is_a_new_version(sql: psycopg.Connection) -> None:
    write(sql, {"menus": [menu(SALES)]})
    row = sql.execute(
        "update public.ivr_scripts set welcome_message = 'Buenos días' where name = 't'"
        " returning version"
    ).fetchone()
    assert row is not None
    assert row[0] == 2
