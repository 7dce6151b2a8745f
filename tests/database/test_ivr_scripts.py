"""A script that can't work is refused on write, with the place named; one that can is taken."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.switchboard import Switchboard


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
        ([menu(SALES, defaultQueue="vents")], r"menus\[0\]\.defaultQueue: there is no queue vents"),
        (
            [menu(SALES, {"digit": "2", "actionQueue": "vents"})],
            r"options\[1\]\.actionQueue: there is",
        ),
        ([menu({"digit": "1", "actionVoicemail": "vents"})], "actionVoicemail: there is no queue"),
        ([menu({"digit": "1", "actionCallback": "vents"})], "actionCallback: there is no queue"),
        ([menu({"digit": "1", "actionQueue": True})], r"options\[0\]\.actionQueue: text"),
        ([menu({"digit": "1", "actionQueue": {"name": "sales"}})], r"actionQueue: text"),
        ([menu({**SALES, "description": ["Ventas"]})], r"options\[0\]\.description: text"),
        ([menu({"digit": "1", "actionTransfer": "5550001"})], "actionTransfer: a telephone number"),
        ([menu(SALES, message="x" * 4001)], r"menus\[0\]\.message: .* 4000 characters"),
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


def script(board: Switchboard, *options: dict[str, Any], **columns: object) -> dict[str, Any]:
    values = {"name": "t", "script_data": Jsonb({"menus": [menu(*options)]}), **columns}
    marks = ", ".join(["%s"] * len(values))
    return board.row(
        f"insert into public.ivr_scripts ({', '.join(values)}) values ({marks}) returning *",
        *values.values(),
    )


def option(row: dict[str, Any], place: int = 0) -> Any:
    return row["script_data"]["menus"][0]["options"][place]


def reload(board: Switchboard, row: dict[str, Any]) -> dict[str, Any]:
    return board.row("select * from public.ivr_scripts where id = %s", row["id"])


def test_a_queues_name_is_taken_for_the_one_that_is_meant(board: Switchboard) -> None:
    written = script(board, {"digit": "1", "actionQueue": "Sales "})
    assert option(written)["actionQueue"] == "sales"


def test_a_transfer_is_kept_in_e164(board: Switchboard) -> None:
    written = script(board, {"digit": "1", "actionTransfer": "0057 300 123 4567"})
    assert option(written)["actionTransfer"] == "+573001234567"


@pytest.mark.parametrize("data", [{"menus": [menu()]}, {"menus": []}, {}, {"menus": [{"id": ""}]}])
def test_a_draft_may_be_unfinished_until_it_is_put_in_force(
    board: Switchboard, data: dict[str, Any]
) -> None:
    draft = script(board, active=False, script_data=Jsonb(data))
    board.rows("update public.ivr_scripts set welcome_message = 'Hola' where id = %s", draft["id"])
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=r"script_data\.menus"):
        board.rows("update public.ivr_scripts set active = true where id = %s", draft["id"])


def test_a_finished_draft_is_put_in_force_and_spelled(board: Switchboard) -> None:
    draft = script(board, {"digit": "1", "actionQueue": "SALES"}, active=False)
    assert option(draft)["actionQueue"] == "SALES"
    board.rows("update public.ivr_scripts set active = true where id = %s", draft["id"])
    assert option(reload(board, draft))["actionQueue"] == "sales"


def test_a_queues_new_name_is_followed_by_scripts_and_live_calls(board: Switchboard) -> None:
    written = script(board, SALES, {"digit": "2", "actionVoicemail": "sales"})
    defaults = script(
        board, script_data=Jsonb({"menus": [{"id": "main", "defaultQueue": "sales"}]})
    )
    board.rows("update public.call_queues set agent_ids = array[%s]::uuid[]", board.agent())
    call = {"call_sid": "CA1", "from": "+573001112278", "to": "+576015550100"}
    board.rpc("receive_incoming_call", call)
    board.rows("update public.call_queues set name = 'Ventas' where name = 'sales'")
    assert option(reload(board, written))["actionQueue"] == "Ventas"
    assert option(reload(board, written), 1)["actionVoicemail"] == "Ventas"
    defaults = reload(board, defaults)
    assert defaults["script_data"]["menus"][0]["defaultQueue"] == "Ventas"
    assert option(defaults) == {"digit": "1", "actionQueue": "Ventas"}
    board.rpc("receive_ivr_input", {"call_sid": "CA1", "attempt": 1, "digits": "1"})
    assert board.call("CA1")["queue_name"] == "Ventas"


def test_a_queue_is_renamed_though_an_old_script_could_not_be_written_today(
    board: Switchboard,
) -> None:
    old = script(board, SALES)
    broken = {"menus": [menu(SALES, {"digit": "7", "actionQueue": "gone"})]}
    board.db.execute("alter table public.ivr_scripts disable trigger user")
    board.rows(
        "update public.ivr_scripts set script_data = %s where id = %s", Jsonb(broken), old["id"]
    )
    board.db.execute("alter table public.ivr_scripts enable trigger user")
    board.rows("update public.call_queues set name = 'Ventas' where name = 'sales'")
    assert option(reload(board, old))["actionQueue"] == "Ventas"


def test_a_queue_that_a_script_names_is_not_deleted(board: Switchboard) -> None:
    queue = board.queue()
    written = script(board, {"digit": "1", "actionCallback": queue}, name="Principal")
    place = rf"queue {queue} is named in script Principal: menus\[0\]\.options\[0\]\.actionCallback"
    with pytest.raises(psycopg.Error, match=place), board.db.transaction():
        board.rows("delete from public.call_queues where name = %s", queue)
    board.rows("update public.ivr_scripts set active = false where id = %s", written["id"])
    board.rows("delete from public.call_queues where name = %s", queue)


@pytest.mark.parametrize("action", ["actionQueue", "actionVoicemail", "actionCallback"])
@pytest.mark.parametrize("general", [True, False])
def test_a_queue_that_is_not_there_leads_to_people(
    board: Switchboard, action: str, general: bool
) -> None:
    queue = board.queue(board.agent(), priority=9)
    if not general:
        board.rows("update public.call_queues set active = false where name = 'General'")
    sid = board.in_menu({"menus": [menu({"digit": "1", action: "gone"})]}, "+573001112278")
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    board.rpc("receive_callback_choice", {"call_sid": sid, "attempt": 1, "digits": "1"})
    assert board.call(sid)["queue_name"] == ("General" if general else queue)


def test_without_any_queue_a_caller_leaves_a_message(board: Switchboard) -> None:
    board.rows("update public.call_queues set active = false")
    sid = board.in_menu({"menus": [menu(SALES)]}, "+573001112278")
    plan = board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})["plan"]
    assert plan["kind"] == "voicemail"


def test_an_old_number_that_cannot_be_read_leads_to_people(board: Switchboard) -> None:
    queue = board.queue(board.agent(), priority=9)
    board.rows("update public.call_queues set active = false where name = 'General'")
    sid = board.in_menu({"menus": [menu({"digit": "1", "actionTransfer": "123"})]}, "+573001112278")
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    assert board.call(sid)["queue_name"] == queue


@pytest.mark.parametrize(
    ("welcome", "said"),
    [
        ("Bienvenido.", ["Bienvenido.", "Hola"]),
        ("Hola", ["Hola"]),
        (" Hola\n", ["Hola"]),
        ("  ", ["Hola"]),
        (None, ["Hola"]),
    ],
)
def test_a_welcome_that_is_the_menus_message_is_said_once(
    board: Switchboard, welcome: str | None, said: list[str]
) -> None:
    board.rows("update public.ivr_scripts set active = false")
    script(board, SALES, welcome_message=welcome)
    call = {"call_sid": "CA1", "from": "+573001112278", "to": "+576015550100"}
    assert board.rpc("receive_incoming_call", call)["plan"]["say"] == said


SPOKEN = menu(
    {"digit": "1", "description": "Ventas", "actionQueue": "sales"},
    {"digit": "2", "description": "Soporte", "actionQueue": "support"},
    {"digit": "3", "description": "Recursos Humanos", "actionQueue": "hr", "keywords": ["uno más"]},
    {"digit": "#", "description": "Operador", "actionQueue": "General"},
)


@pytest.mark.parametrize(
    ("language", "words", "queue"),
    [
        ("es", "uno", "sales"),
        ("es", "Uno.", "sales"),
        ("es-MX", "¡Dos!", "support"),
        ("es", "2.", "support"),
        ("es", "la opción tres", "hr"),
        ("es", "marque el número tres por favor", "hr"),
        ("es", "uno más", "hr"),
        ("es", "numeral", "General"),
        ("es", "recursos humanos", "hr"),
        ("en", "option two, please", "support"),
        ("en", "two", "support"),
        ("en", "dos", None),
        ("es", "quiero una cita", None),
        ("es", "uno o dos", None),
        ("es", "nueve", None),
        ("es", "por favor", None),
        ("es", "", None),
    ],
)
def test_a_key_may_be_said(
    board: Switchboard, language: str, words: str, queue: str | None
) -> None:
    sid = board.in_menu({"menus": [SPOKEN]}, "+573001112278")
    board.rows("update private.call_sessions set language = %s", language)
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "speech": words})
    assert board.call(sid)["ivr_path"]["steps"][-1]["to"] == queue
