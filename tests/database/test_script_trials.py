"""A script before it is saved and after: its faults, what callers hear, its versions, its calls."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.desk import CUSTOMER
from tests.database.screens import Json, as_user
from tests.database.switchboard import Switchboard
from tests.database.test_ivr_scripts import SALES, menu
from webhooks.control import menus

BACK = {"digit": "*", "actionMenu": "main"}


class Editor:
    """A supervisor who writes scripts."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.id = user(board, "supervisor")

    def says(self, function: str, *values: object) -> Any:
        (row,) = as_user(self.board, self.id, f"select public.{function} as answer", *values)
        return row["answer"]

    def faults(self, document: Json, language: str = "en") -> list[tuple[str, str]]:
        found = self.says("check_ivr_script(%s, %s)", Jsonb(document), language)
        described = [menus.ScriptFault.model_validate(fault) for fault in found]
        return [(fault.place, fault.reason) for fault in described]

    def walk(self, document: Json, *answers: Json, at: str | None = None) -> list[Json]:
        steps = self.says("walk_ivr_script(%s, %s, %s)", Jsonb(document), Jsonb(list(answers)), at)
        assert [menus.WalkedStep.model_validate(step) for step in steps]
        return list(steps)

    def save(self, script: str, document: Json) -> None:
        names = ", ".join(f"{name} = %s" for name in document)
        values = [Jsonb(v) if isinstance(v, dict) else v for v in document.values()]
        query = f"update public.ivr_scripts set {names} where id = %s returning id"
        as_user(self.board, self.id, query, *values, script)

    def versions(self, script: str) -> list[Json]:
        query = "select * from public.ivr_script_versions where script_id = %s order by id"
        return as_user(self.board, self.id, query, script)

    def usage(self, script: str) -> Json:
        usage = self.says("ivr_script_usage(%s)", script)
        described = menus.ScriptUsage.model_validate(usage).model_dump(mode="json")
        assert {**described, "since": None} == {**usage, "since": None}
        return dict(usage)


def user(board: Switchboard, role: str) -> str:
    query = "insert into auth.users (id, email) values (gen_random_uuid(), %s) returning id"
    made = board.row(query, f"{role}@scripts.invalid")["id"]
    query = (
        "insert into public.profiles (id, role, full_name) values (%s, %s, 'Elena Editora')"
        " on conflict (id) do update set role = excluded.role, full_name = excluded.full_name"
    )
    board.rows(query, made, role)
    return str(made)


@pytest.fixture
def editor(board: Switchboard) -> Editor:
    return Editor(board)


def document(*menus: Json, **columns: object) -> Json:
    return {"name": "Prueba", "language": "es", "script_data": {"menus": list(menus)}, **columns}


def in_force(board: Switchboard, *menus: Json) -> str:
    """A script that the next calls begin with; its id."""
    board.rows("update public.ivr_scripts set active = false")
    query = (
        "insert into public.ivr_scripts (name, script_data) values ('IVR Principal', %s)"
        " returning id"
    )
    return str(board.row(query, Jsonb({"menus": list(menus)}))["id"])


def test_every_fault_of_a_document_is_said_at_its_place(editor: Editor) -> None:
    more = {"id": "more", "timeout": 90, "options": [{"digit": "1", "actionMenu": "nowhere"}]}
    broken = menu(SALES, {"digit": "1"}, {"digit": "x", "actionQueue": "vents"})
    assert editor.faults(document(broken, more)) == [
        ("script_data.menus[0].options[0].digit", "1 stands twice in this menu"),
        ("script_data.menus[0].options[1]", "one action is needed, not none"),
        ("script_data.menus[0].options[1].digit", "1 stands twice in this menu"),
        ("script_data.menus[0].options[2].digit", "one of 0 to 9, * and #"),
        ("script_data.menus[1].timeout", "seconds from 1 to 60"),
        ("script_data.menus[1].options[0].actionMenu", "there is no menu nowhere"),
        ("script_data.menus[0].options[2].actionQueue", "there is no queue vents"),
    ]
    assert editor.faults(document(menu(SALES))) == []


def test_faults_are_said_in_the_readers_language(editor: Editor) -> None:
    ((_, reason),) = editor.faults(document(menu({"digit": "1", "actionQueue": "vents"})), "es-CO")
    assert reason == "no hay una cola vents"


def test_what_no_draft_may_be_is_a_fault_too(editor: Editor) -> None:
    too_long = document(menu(SALES), welcome_message="x" * 4001)
    assert editor.faults(too_long) == [("welcome_message", "at most 4000 characters, not 4001")]
    ((place, _),) = editor.faults(document(menu(SALES), name=" "))
    assert place == "name"
    many = [menu({"digit": "1"}, id=str(n), message="x" * 400) for n in range(200)]
    assert editor.faults(document(*many)) == [("script_data", "at most 64 kB")]


@pytest.mark.parametrize(
    "broken",
    [
        [menu(SALES, SALES)],
        [menu({"digit": "1", "actionMenu": "main"})],
        [menu(SALES, defaultQueue="vents")],
        ["no menu", menu(SALES), menu(SALES)],
        [menu(maxAttempts=0) | {"options": ["x", {}]}],
        [{"id": "main", "options": {}}],
        [],
    ],
)
def test_a_write_is_refused_with_the_first_fault(
    board: Switchboard, editor: Editor, broken: list[Any]
) -> None:
    place, reason = editor.faults(document(*broken))[0]
    with pytest.raises(psycopg.errors.InvalidParameterValue) as refusal, board.db.transaction():
        in_force(board, *broken)
    assert str(refusal.value.diag.message_primary) == f"{place}: {reason}"


def test_a_walk_hears_what_a_caller_hears(board: Switchboard, editor: Editor) -> None:
    queue = board.queue(board.agent("break"), description="Atención de prueba")
    more = menu({"digit": "2", "actionQueue": queue}, BACK, id="more", message="Segundo menú")
    script = document(
        menu({"digit": "1", "description": "Otros", "actionMenu": "more"}, message="Primer menú"),
        more,
        welcome_message="Bienvenido",
    )
    walked = editor.walk(script, {"digits": "7"}, {}, {"speech": "otros"}, {"digits": "2"})
    assert [step.get("say") for step in walked[:4]] == [
        ["Bienvenido", "Primer menú"],
        ["No entendimos su respuesta.", "Primer menú"],
        ["No recibimos ninguna respuesta.", "Primer menú"],
        ["Segundo menú"],
    ]
    assert (walked[4]["kind"], walked[4]["queue"]) == ("enqueue", queue)
    assert walked[4]["say"][-1].startswith("Le comunicamos con Atención de prueba")
    assert walked[4]["wait"][0] == "Usted es el número 1 en la fila."
    assert {step["speech"]["language"] for step in walked} == {"es-MX"}
    # The same from a caller who rings.
    sid = board.in_menu(dict(script["script_data"]), CUSTOMER)
    answers = [("7", "main", 1, None), (None, "main", 2, None), (None, "main", 3, "otros")]
    heard = [
        board.rpc(
            "receive_ivr_input",
            {"call_sid": sid, "digits": d, "menu": m, "attempt": a, "speech": s},
        )["plan"]
        for d, m, a, s in answers
    ]
    assert [plan["say"] for plan in heard] == [step["say"] for step in walked[1:4]]


def test_a_walk_leaves_nothing_and_finds_nobody(board: Switchboard, editor: Editor) -> None:
    agent = board.agent()
    queue = board.queue(agent)
    tables = ("public.call_records", "public.crm_contacts", "public.ivr_scripts")
    private = ("private.queue_entries", "private.call_offers", "private.routing_decisions")
    counts = ", ".join(
        f"(select count(*) from {table}) as n{n}" for n, table in enumerate((*tables, *private))
    )
    before = board.row(f"select {counts}")
    (_, waiting) = editor.walk(
        document(menu({"digit": "1", "actionQueue": queue})), {"digits": "1"}
    )
    board.commit()
    assert waiting["kind"] == "enqueue"
    assert board.row(f"select {counts}") == before


def test_a_walk_ends_where_the_menus_do(board: Switchboard, editor: Editor) -> None:
    queue = board.queue(board.agent())
    script = document(
        menu(
            {"digit": "1", "actionVoicemail": queue},
            {"digit": "2", "actionCallback": queue},
            {"digit": "3", "actionTransfer": "+576015550777"},
        )
    )
    ends = {
        key: editor.walk(script, {"digits": key}, {"digits": "1"})[1:] for key in ("1", "2", "3")
    }
    assert {key: [step["kind"] for step in steps] for key, steps in ends.items()} == {
        "1": ["voicemail"],
        "2": ["callback"],
        "3": ["dial"],
    }
    assert ends["3"][0]["number"] == "+576015550777"


def test_a_walk_at_another_moment_meets_the_hours_of_then(
    board: Switchboard, editor: Editor
) -> None:
    hours = {"mon": [["08:00", "18:00"]]}
    queue = board.queue(board.agent("break"), opening_hours=hours, time_zone="America/Bogota")
    script = document(menu({"digit": "1", "actionQueue": queue}))
    at = {"open": "2026-11-23T10:00:00-05", "closed": "2026-11-22T10:00:00-05"}
    board.set_clock("2026-11-20T10:00:00-05")
    heard = {name: editor.walk(script, {"digits": "1"}, at=then)[1] for name, then in at.items()}
    assert (heard["open"]["kind"], heard["closed"]["kind"]) == ("enqueue", "voicemail")
    assert (heard["closed"]["queue"], heard["closed"]["why"]) == (queue, "closed")
    assert board.row("select private.clock()::date::text as day")["day"] == "2026-11-20"


def test_what_would_be_refused_can_not_be_walked(board: Switchboard, editor: Editor) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="stands twice"):
        editor.walk(document(menu(SALES, SALES)))


@pytest.mark.parametrize(
    "question", ["check_ivr_script('{}')", "walk_ivr_script('{}')", "ivr_script_usage(null)"]
)
def test_only_supervisors_try_scripts(board: Switchboard, question: str) -> None:
    somebody = user(board, "empleado")
    with pytest.raises(psycopg.Error) as refusal:
        as_user(board, somebody, f"select public.{question}")
    assert refusal.value.sqlstate == "PT403"


def test_each_saved_version_is_kept_with_who_saved_it(board: Switchboard, editor: Editor) -> None:
    script = in_force(board, menu(SALES))
    second = {"script_data": {"menus": [menu(SALES, message="Dos")]}, "language": "en"}
    editor.save(script, second)
    editor.save(script, {"name": "IVR Principal", "description": "no version of its own"})
    first, changed = editor.versions(script)
    assert (first["version"], changed["version"]) == (1, 2)
    assert (first["saved_by"], changed["saved_by_name"]) == (None, "Elena Editora")
    assert changed["script_data"]["menus"][0]["message"] == "Dos"
    # The way back is an ordinary save.
    columns = ("language", "welcome_message", "script_data")
    editor.save(script, {name: first[name] for name in columns})
    assert [row["version"] for row in editor.versions(script)] == [1, 2, 3]
    row = board.row("select * from public.ivr_scripts where id = %s", script)
    assert [row[name] for name in columns] == [first[name] for name in columns]
    somebody = user(board, "empleado")
    assert as_user(board, somebody, "select * from public.ivr_script_versions") == []


def test_the_last_versions_are_kept(board: Switchboard, editor: Editor) -> None:
    board.rows("update private.settings set keep_script_versions = 2")
    script = in_force(board, menu(SALES))
    for words in ("Dos", "Tres"):
        editor.save(script, {"script_data": {"menus": [menu(SALES, message=words)]}})
    assert [row["version"] for row in editor.versions(script)] == [2, 3]


def test_a_queues_new_name_makes_a_version(board: Switchboard, editor: Editor) -> None:
    queue = board.queue()
    script = in_force(board, menu({"digit": "1", "actionQueue": queue}))
    board.rows("update public.call_queues set name = 'renamed' where name = %s", queue)
    assert [row["script_data"]["menus"][0]["options"][0]["actionQueue"]
            for row in editor.versions(script)] == [queue, "renamed"]  # fmt: skip


def test_what_became_of_the_last_calls_is_told_at_each_option(
    board: Switchboard, editor: Editor
) -> None:
    agent = board.agent("break")
    queue = board.queue(agent)
    sells = {"digit": "1", "actionQueue": queue}
    script = in_force(
        board,
        menu(sells, {"digit": "2", "actionMenu": "more"}),
        menu(BACK, {"digit": "3", "actionVoicemail": queue}, id="more"),
    )

    def calls(*keys: str | None) -> str:
        board.pass_time(1)
        sid = f"CA{len(keys)}{board.row('select gen_random_uuid() as id')['id'].hex}"[:34]
        plan = board.rpc("receive_incoming_call", {"call_sid": sid, "to": "+576015550100"})["plan"]
        for key in keys:
            at = {"menu": plan["menu"], "attempt": plan["attempt"]}
            plan = board.rpc("receive_ivr_input", {"call_sid": sid, "digits": key, **at})["plan"]
        return sid

    answered, abandoned = calls("9", "1"), calls(None, "2", "*", "2", "*", "1")
    board.status(abandoned, "completed", 9)
    board.set_status(agent, "available")
    board.commit()
    board.answered(answered)
    board.status(calls("2"), "completed", 9)
    board.status(calls(), "completed", 9)
    calls("2", "3")
    usage = editor.usage(script)
    of = ("answered", "voicemail", "callback", "transfer", "abandoned", "live")
    assert {(o["menu"], o["option"], o["to"]): (o["calls"], {k: o[k] for k in of if o[k]})
            for o in usage["options"]} == {
        ("main", "1", queue): (2, {"answered": 1, "abandoned": 1}),
        ("main", "2", "more"): (3, {"abandoned": 2, "live": 1}),
        ("more", "*", "main"): (1, {"abandoned": 1}),
        ("more", "3", queue): (1, {"live": 1}),
    }  # fmt: skip
    assert (usage["calls"], usage["in_force"]) == (5, True)
    assert usage["menus"] == [
        {"menu": "main", "calls": 5, "silent": 1, "not_understood": 1, "hung_up": 1},
        {"menu": "more", "calls": 3, "silent": 0, "not_understood": 0, "hung_up": 1},
    ]


def test_usage_reads_the_last_hundred_calls_by_an_index(board: Switchboard) -> None:
    script = in_force(board, menu(SALES))
    board.rows(
        "with calls as (insert into public.call_records (call_id, caller_number, started_at)"
        " select 'U' || n, '+573', now() from generate_series(1, 1200) n returning id)"
        " insert into private.call_sessions (call_record_id, stage, script, script_id, language)"
        " select id, 'ended', '{}', %s, 'es' from calls",
        script,
    )
    board.rows("analyze private.call_sessions")
    board.rows("set local plan_cache_mode = force_generic_plan")
    (row,) = board.rows(
        "explain (format json) select * from private.call_sessions where script_id = %s"
        " and resolution is distinct from 'rejected' order by updated_at desc limit 100",
        script,
    )
    plan = str(row["QUERY PLAN"])
    assert "call_sessions_script_idx" in plan
    assert "Sort" not in plan
