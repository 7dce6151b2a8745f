"""What people write is made right or refused by its name, and what others wrote holds nobody up."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.belongings import Belongings
from tests.database.people import People
from tests.database.switchboard import Switchboard

REFUSED = psycopg.errors.InvalidParameterValue


def contact(board: Switchboard, **columns: Any) -> dict[str, Any]:
    values = {"phone_number": f"+57310{uuid.uuid4().int % 10**7:07d}", **columns}
    marks = ", ".join(["%s"] * len(values))
    return board.row(
        f"insert into public.crm_contacts ({', '.join(values)}) values ({marks}) returning *",
        *values.values(),
    )


@pytest.mark.parametrize("written", ["310 555 0001", "0057 310 555 0001", "(310) 555-0001"])
def test_a_contact_is_found_by_the_number_they_call_from(board: Switchboard, written: str) -> None:
    ana = contact(board, phone_number=written, first_name="Ana")
    sid = board.caller(board.queue(board.agent()), "+573105550001")
    assert board.call(sid)["contact_id"] == ana["id"]


def test_two_ways_of_writing_one_number_are_one_contact(board: Switchboard) -> None:
    contact(board, phone_number="310 555 0001")
    with pytest.raises(psycopg.errors.UniqueViolation, match=r"\+573105550001"):
        contact(board, phone_number="+57 (310) 555-0001")


@pytest.mark.parametrize("written", ["5550001", "Ana", "+266696687", "310 555 0001 ext 7"])
def test_what_is_no_number_is_refused_by_its_column(board: Switchboard, written: str) -> None:
    with pytest.raises(REFUSED, match=r"phone_number: .* is no telephone number"):
        contact(board, phone_number=written)


def test_every_number_of_the_centre_is_kept_in_e164(board: Switchboard) -> None:
    agent = board.agent(phone_number="300 999 0001")
    queue = board.queue(agent, voicemail_notify=["300 111 2233", "+57 300 111 2234"])
    assert contact(board, company_phone="(1) 555 0001")["company_phone"] == "+576015550001"
    assert board.row(
        "select phone_number n from public.call_center_agents where id = %s", agent
    ) == {"n": "+573009990001"}
    assert board.row(
        "select voicemail_notify n from public.call_queues where name = %s", queue
    ) == {"n": ["+573001112233", "+573001112234"]}


def test_an_agent_is_rung_on_the_telephone_that_a_supervisor_wrote(board: Switchboard) -> None:
    board.caller(board.queue(board.agent(phone_number="300 999 0001")))
    board.commit()
    command = board.row("select payload from private.telephony_commands where kind = 'ring_agent'")
    assert command["payload"]["phone"] == "+573009990001"


def test_an_old_telephone_that_is_no_number_leaves_the_softphone(board: Switchboard) -> None:
    agent = board.agent()
    with board.db.transaction():
        board.db.execute("alter table public.call_center_agents disable trigger user")
        board.rows(
            "update public.call_center_agents set phone_number = 'casa' where id = %s", agent
        )
        board.db.execute("alter table public.call_center_agents enable trigger user")
    board.caller(board.queue(agent))
    board.commit()
    command = board.row("select payload from private.telephony_commands where kind = 'ring_agent'")
    assert command["payload"]["phone"] is None


def test_an_old_rows_value_holds_nobody_up_who_changes_another(board: Switchboard) -> None:
    ana = contact(board)
    board.db.execute("alter table public.crm_contacts disable trigger user")
    old = "update public.crm_contacts set phone_number = 'casa', notes = %s where id = %s"
    board.rows(old, "x" * 30_000, ana["id"])
    board.db.execute("alter table public.crm_contacts enable trigger user")
    changed = (
        "update public.crm_contacts set phone_number = 'casa', first_name = 'Ana' where id = %s"
    )
    board.rows(changed, ana["id"])
    with pytest.raises(REFUSED, match="phone_number"):
        board.rows(
            "update public.crm_contacts set phone_number = 'oficina' where id = %s", ana["id"]
        )


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("first_name", "x" * 101, "first_name: at most 100 characters, not 101"),
        ("email", "no es correo", "email: an e-mail address"),
        ("email", "juan@", "email: an e-mail address"),
        ("email", "a@b." + "x" * 255, "email: an e-mail address"),
        ("notes", "x" * 20_001, "notes: at most 20000"),
        ("tags", Jsonb({"vip": True}), "tags: a list of words"),
        ("tags", Jsonb([["vip"]]), "tags: a list of words"),
        ("tags", Jsonb(["x" * 101]), "tags: a list of words"),
        ("custom_fields", Jsonb([1]), "custom_fields: an object"),
        ("custom_fields", Jsonb({"x": "x" * 70_000}), "custom_fields: at most 64 kB"),
        (
            "custom_fields",
            Jsonb({"1": {"2": {"3": {"4": {"5": {"6": {"7": {"8": 1}}}}}}}}),
            "eight",
        ),
    ],
)
def test_values_have_limits(board: Switchboard, column: str, value: object, reason: str) -> None:
    with pytest.raises(REFUSED, match=reason):
        contact(board, **{column: value})


def test_values_within_their_limits_are_kept(board: Switchboard) -> None:
    fields = {"1": {"2": {"3": {"4": {"5": {"6": 1}}}}}}
    kept = contact(
        board, tags=Jsonb(["vip", "mora"]), custom_fields=Jsonb(fields), first_name="Zoë",
        email=" zoë.díaz@correo.example.com\n",
    )  # fmt: skip
    assert (kept["tags"], kept["custom_fields"], kept["first_name"], kept["email"]) == (
        ["vip", "mora"], fields, "Zoë", "zoë.díaz@correo.example.com",
    )  # fmt: skip


@pytest.mark.parametrize("skills", [{"en": "good"}, {"en": {"level": 2}}, {"x" * 101: True}])
def test_a_skill_is_had_or_has_a_level(board: Switchboard, skills: dict[str, Any]) -> None:
    with pytest.raises(REFUSED, match="skills: a skill is"):
        board.agent(skills=skills)


def test_blank_text_is_none(board: Switchboard) -> None:
    queue = board.queue(
        board.agent(), opening_hours={}, description=" ", closed_message="  ",
        voicemail_greeting="\n", voicemail_greeting_url="",
    )  # fmt: skip
    kept = board.row("select * from public.call_queues where name = %s", queue)
    columns = ("description", "closed_message", "voicemail_greeting", "voicemail_greeting_url")
    assert [kept[column] for column in columns] == [None] * 4
    said = board.rpc("receive_ivr_input", {"call_sid": board.caller(queue)})["plan"]["say"]
    assert said == [board.row("select private.say('es', 'voicemail') w")["w"]]


@pytest.mark.parametrize("column", ["closed_message", "voicemail_greeting"])
def test_a_closed_queue_says_what_was_written_for_it(board: Switchboard, column: str) -> None:
    queue = board.queue(
        board.agent(), opening_hours={}, **{"closed_message": " ", column: "Abrimos a las 8."}
    )
    said = board.rpc("receive_ivr_input", {"call_sid": board.caller(queue)})["plan"]["say"]
    assert said == ["Abrimos a las 8."]


def test_a_name_may_not_be_blank(board: Switchboard) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation, match="name"):
        board.queue(name="  ")


def test_the_centres_time_zone_is_one(board: Switchboard) -> None:
    with pytest.raises(REFUSED, match="time_zone: Bogota is not the name of a time zone"):
        board.rows("update private.settings set time_zone = 'Bogota'")


def test_a_browsers_call_has_its_customers_number(people: People, belongings: Belongings) -> None:
    call = {"call_id": f"pending-{uuid.uuid4().int}", "agent_id": people.agent_ids["agent"]}
    answer = people.api("agent").post(
        "/call_records",
        json={**call, "caller_number": "310 555 0001"},
        headers={"prefer": "return=representation"},
    )
    assert answer.json()[0]["caller_number"] == "+573105550001"
    belongings.remember("call_records", answer.json()[0]["id"])
    call["call_id"] += "0"
    answer = people.api("agent").post("/call_records", json={**call, "caller_number": "tel. Ana"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "caller_number: tel. Ana is no telephone number"


def test_only_the_system_and_supervisors_write_system_notes(
    people: People, belongings: Belongings
) -> None:
    call = belongings.make("agent's call")
    note = {"call_record_id": call["id"], "note_text": "Transferida", "note_type": "system"}
    written = {**note, "agent_id": people.agent_ids["agent"]}
    answer = people.api("agent").post("/call_notes", json=written)
    assert (answer.status_code, answer.json()["message"][:9]) == (403, "note_type")
    mine = belongings.make("agent's note on their call")
    which = {"id": f"eq.{mine['id']}"}
    change = people.api("agent").patch("/call_notes", params=which, json={"note_type": "system"})
    assert change.status_code == 403
    assert people.api("supervisor").post("/call_notes", json=note).status_code == 201
