"""Whose a column is: what a browser writes into telephony's is accepted and changes nothing.

Read from the catalogue, so that a new column is telephony's until it is said here to be a user's.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.belongings import Belongings, unique
from tests.database.people import People, Row

# What a user may write on update; agents only as far as the matrix lets them.
USERS_OWN = {
    "call_records": {
        "caller_name",
        "contact_id",
        "transferred",
        "transfer_timestamp",
        "notes",
        "disposition",
        "custom_data",
    },
    "call_center_agents": {"agent_status", "break_reason"},
    "crm_contacts": {
        "phone_number",
        "other_numbers",
        "email",
        "first_name",
        "last_name",
        "company_name",
        "company_phone",
        "contact_type",
        "source",
        "tags",
        "notes",
        "custom_fields",
        "do_not_call",
    },
    "voicemails": {"is_listened", "listened_by_agent_id", "listened_at"},
    "call_notes": {"note_text", "note_type"},
}
SUPERVISORS_OWN = {
    "call_center_agents": {
        "user_id",
        "extension",
        "max_concurrent_calls",
        "skills",
        "phone_number",
    },
    "voicemails": {"queue_id", "caller_name", "transcription"},
}
# Derived from what else is written, in every case.
FOLLOWS = {"updated_at", "last_status_change"}
# For an agent, writing these on their own row is an error that says whom to ask.
REFUSED_TO_AGENTS = SUPERVISORS_OWN["call_center_agents"] | {"id"}
KINDS = {
    "call_records": "agent's call",
    "call_center_agents": "agent's agent row",
    "crm_contacts": "contact",
    "voicemails": "voicemail of agent's queue",
    "call_notes": "agent's note on their call",
}
# Another value of a type than any row has.
OTHERS = {
    "uuid": "11111111-2222-4333-8444-555555555555",
    "text": "otra cosa",
    "int4": 77,
    "int8": 77,
    "numeric": 77,
    "float8": 77,
    "bool": True,
    "timestamptz": "2020-02-02T02:02:02+00:00",
    "jsonb": {"otra": "cosa"},
    "_uuid": ["11111111-2222-4333-8444-555555555555"],
    "_text": ["otra cosa"],
}


def columns(people: People, table: str) -> dict[str, Any]:
    """Every column that can be written, with a value that is none of its own."""
    query = """
        select attname, typname from pg_attribute join pg_type on pg_type.oid = atttypid
        where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    """
    found = {}
    for column in people.db.execute(query, [f"public.{table}"]):
        kind = column["typname"].replace("varchar", "text")
        found[column["attname"]] = OTHERS[kind]
    return found


def other_than(row: Row, column: str, value: Any) -> Any:
    return not row[column] if isinstance(row[column], bool) else value


@pytest.mark.parametrize("table", KINDS)
@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_telephonys_columns_keep_their_values_without_an_error(
    table: str, role: str, people: People, belongings: Belongings
) -> None:
    row = belongings.make(KINDS[table])
    own = USERS_OWN[table] | (SUPERVISORS_OWN.get(table, set()) if role == "supervisor" else set())
    refused = REFUSED_TO_AGENTS if (table, role) == ("call_center_agents", "agent") else set()
    written = {
        column: other_than(row, column, value)
        for column, value in columns(people, table).items()
        if column not in own | FOLLOWS | refused
    }
    answer = people.api(role).patch(f"/{table}", params={"id": f"eq.{row['id']}"}, json=written)
    assert answer.status_code == 200, answer.text
    after = people.read(table, row["id"])
    assert after
    changed = {column for column in written if after[column] != row[column]}
    assert changed == set()


@pytest.mark.parametrize("column", sorted(REFUSED_TO_AGENTS))
def test_an_agents_profile_is_not_theirs_to_change(
    column: str, people: People, belongings: Belongings
) -> None:
    row = belongings.make("agent's agent row")
    written = {column: columns(people, "call_center_agents")[column]}
    answer = people.api("agent").patch(
        "/call_center_agents", params={"id": f"eq.{row['id']}"}, json=written
    )
    assert answer.status_code == 403, answer.text
    assert people.read("call_center_agents", row["id"]) == row


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_a_users_words_about_a_call_are_kept(
    role: str, people: People, belongings: Belongings
) -> None:
    row, contact = belongings.make("agent's call"), belongings.make("contact")
    words = {
        "caller_name": "Doña Inés",
        "contact_id": contact["id"],
        "transferred": True,
        "transfer_timestamp": "2026-11-22T15:00:00+00:00",
        "notes": "llamar el lunes",
        "disposition": "callback_requested",
        "custom_data": {"pedido": 7},
    }
    assert words.keys() == USERS_OWN["call_records"]
    people.api(role).patch("/call_records", params={"id": f"eq.{row['id']}"}, json=words)
    after = people.read("call_records", row["id"])
    assert after
    assert words.items() <= after.items()


@pytest.mark.parametrize("role", ["agent", "supervisor"])
@pytest.mark.parametrize("status", ["active", "completed", "ringing"])
def test_a_new_call_waits_to_be_placed_whatever_a_browser_says(
    role: str, status: str, people: People, belongings: Belongings
) -> None:
    theirs = {"call_id", "agent_id", "caller_number", "receiver_number", "id"}
    theirs |= USERS_OWN["call_records"] | FOLLOWS
    table, values = belongings.values("agent's call")
    plain = people.api(role).post(f"/{table}", json=values).json()[0]
    belongings.remember(table, plain["id"])
    _, values = belongings.values("agent's call")
    said = {k: v for k, v in columns(people, table).items() if k not in theirs}
    answer = people.api(role).post(f"/{table}", json={**said, **values, "call_status": status})
    assert answer.status_code == 201, answer.text
    row = answer.json()[0]
    belongings.remember(table, row["id"])
    assert row["call_status"] == "queued"
    told = {k for k in said if row[k] != plain[k]}
    assert told <= {"started_at", "created_at"}
    assert said["started_at"] != row["started_at"]


def test_a_new_agent_begins_with_nothing_counted(people: People, belongings: Belongings) -> None:
    table, values = belongings.values("newcomer's agent row")
    theirs = {"id", "agent_status"} | USERS_OWN[table] | SUPERVISORS_OWN[table]
    said = {k: v for k, v in columns(people, table).items() if k not in theirs}
    answer = people.api("gerente").post(f"/{table}", json={**said, **values})
    assert answer.status_code == 201, answer.text
    row = answer.json()[0]
    belongings.remember(table, row["id"])
    assert {k for k in said if row[k] == said[k]} <= {"skip_wrap_up"}
    assert row["skip_wrap_up"] is False
    assert (row["agent_status"], row["chosen_status"]) == ("offline", "offline")


def test_an_agent_can_not_start_a_call_as_somebody_else(
    people: People, belongings: Belongings
) -> None:
    for agent_id in (people.agent_ids["other"], None):
        _, values = belongings.values("agent's call")
        body = {**values, "agent_id": agent_id}
        minimal = {"prefer": "return=minimal"}
        answer = people.api("agent").post("/call_records", json=body, headers=minimal)
        assert answer.status_code == 403


def test_an_agent_can_not_claim_a_call_by_its_sid(people: People, belongings: Belongings) -> None:
    _, values = belongings.values("agent's call")
    values["call_id"] = f"CA{unique():032x}"
    assert people.api("agent").post("/call_records", json=values).status_code == 403


def test_only_a_pending_id_gives_way_to_a_sid_nobody_has(
    people: People, belongings: Belongings
) -> None:
    taken = belongings.make("other's call", call_id=f"CA{unique():032x}")
    row = belongings.make("agent's call")

    def renamed(call_id: str) -> str:
        place = {"id": f"eq.{row['id']}"}
        answer = people.api("agent").patch("/call_records", params=place, json={"call_id": call_id})
        assert answer.status_code == 200
        return str(answer.json()[0]["call_id"])

    sid = f"CA{unique():032x}"
    assert renamed(taken["call_id"]) == row["call_id"]
    assert renamed("lo que sea") == row["call_id"]
    assert renamed(sid) == sid
    assert renamed(f"CA{unique():032x}") == sid


def test_an_agent_marks_a_voicemail_as_heard_by_themselves(
    people: People, belongings: Belongings
) -> None:
    row = belongings.make("voicemail of agent's queue")
    heard = {
        "is_listened": True,
        "listened_at": "2026-11-22T15:00:00+00:00",
        "listened_by_agent_id": people.agent_ids["other"],
    }
    people.api("agent").patch("/voicemails", params={"id": f"eq.{row['id']}"}, json=heard)
    after = people.read("voicemails", row["id"])
    assert after == {**row, **heard, "listened_by_agent_id": people.agent_ids["agent"]}


def test_an_agent_who_joins_no_queue_by_hand(people: People, belongings: Belongings) -> None:
    own, foreign = belongings.make("agent's queue"), belongings.make("queue of nobody")
    for queue in (own, foreign):
        answer = people.api("agent").patch(
            "/call_queues",
            params={"id": f"eq.{queue['id']}"},
            json={"agent_ids": [people.agent_ids["agent"]], "priority": 9},
        )
        assert (answer.status_code, answer.json()) == (200, [])
        assert people.read("call_queues", queue["id"]) == queue


def test_an_employee_does_not_promote_themselves(people: People) -> None:
    place = {"id": f"eq.{people.user_ids['agent']}"}
    answer = people.api("agent").patch("/profiles", params=place, json={"role": "gerente"})
    assert answer.status_code == 403
    profile = people.read("profiles", people.user_ids["agent"])
    assert profile
    assert profile["role"] == "empleado"
