"""What the existing frontend's code does, query by query, as signed-in users under the policies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from supabase import ClientOptions, create_client

from tests.database.belongings import Belongings, unique
from tests.database.people import People

# Any: to a type checker the rows that supabase.Client answers with are whatever JSON can be.
Browser = dict[str, Any]


@pytest.fixture(scope="module")
def browser(people: People) -> Iterator[Browser]:
    """A supabase client of each role, with the session it would have after signing in."""
    env = people.stack.env
    with httpx.Client(http2=False, timeout=20) as http:
        yield {
            role: create_client(
                env["SUPABASE_URL"],
                env["SUPABASE_ANON_KEY"],
                ClientOptions(
                    headers={"Authorization": f"Bearer {people.tokens[role]}"},
                    auto_refresh_token=False,
                    persist_session=False,
                    httpx_client=http,
                ),
            )
            for role in ("agent", "other", "supervisor", "gerente")
        }


def now() -> str:
    return datetime.now(UTC).isoformat()


def place_call(client: Any, people: People, belongings: Belongings) -> dict[str, Any]:
    """The row a browser makes before it asks for the call."""
    row: dict[str, Any] = (
        client.table("call_records")
        .insert(
            {
                "call_id": f"pending-{unique()}",
                "agent_id": people.agent_ids["agent"],
                "caller_number": f"+57300{unique() % 10**7:07d}",
                "call_status": "queued",
                "call_direction": "outbound",
                "duration_seconds": 0,
            }
        )
        .execute()
        .data[0]
    )
    belongings.remember("call_records", row["id"])
    return row


@pytest.mark.parametrize(
    ("role", "expected"),
    [("agent", "empleado"), ("supervisor", "supervisor"), ("gerente", "gerente")],
)
def test_1_a_user_reads_their_role(
    role: str, expected: str, browser: Browser, people: People
) -> None:
    query = browser[role].table("profiles").select("role").eq("id", people.user_ids[role])
    assert query.single().execute().data == {"role": expected}


def test_2_an_agent_reads_their_profile(browser: Browser, people: People) -> None:
    query = browser["agent"].table("call_center_agents").select("*")
    profile = query.eq("user_id", people.user_ids["agent"]).single().execute().data
    assert profile["id"] == people.agent_ids["agent"]


@pytest.mark.parametrize("status", ["available", "busy", "break", "offline"])
def test_3_an_agent_says_what_they_do(status: str, browser: Browser, people: People) -> None:
    place = {"agent_status": status, "last_status_change": now()}
    query = browser["agent"].table("call_center_agents").update(place)
    # supabase-js says .select().single(); supabase-py returns what was updated.
    (row,) = query.eq("id", people.agent_ids["agent"]).execute().data
    assert row["agent_status"] == status
    rest = {"agent_status": "offline", "last_status_change": now()}
    query = browser["agent"].table("call_center_agents").update(rest)
    (row,) = query.eq("id", people.agent_ids["agent"]).execute().data
    assert row["agent_status"] == "offline"


def test_4_a_gerente_makes_an_agent(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    table = browser["gerente"].table("call_center_agents")
    new = {
        "user_id": people.user_ids["newcomer"],
        "extension": f"g{unique() % 10**8:08d}",
        "skills": {"general": True, "sales": 2},
        "agent_status": "offline",
    }
    (row,) = table.insert(new).execute().data
    belongings.remember("call_center_agents", row["id"])
    table = browser["gerente"].table("call_center_agents")
    changed = table.update({"phone_number": "+573001112233"}).eq("user_id", new["user_id"])
    (row,) = changed.execute().data
    assert new.items() <= row.items()
    assert row["phone_number"] == "+573001112233"


def test_5_a_call_is_started_and_takes_the_sid_it_is_told(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    client = browser["agent"]
    pending = place_call(client, people, belongings)
    assert pending["call_status"] == "queued"
    busy = client.table("call_center_agents").update({"agent_status": "busy"})
    assert busy.eq("id", people.agent_ids["agent"]).execute().data[0]["agent_status"] == "busy"
    sid = f"CA{unique():032x}"
    update = client.table("call_records").update(
        {"call_id": sid, "call_status": "ringing", "started_at": now()}
    )
    (row,) = update.eq("call_id", pending["call_id"]).execute().data
    assert (row["id"], row["call_id"]) == (pending["id"], sid)
    found = client.table("call_records").select("id").eq("call_id", sid).single().execute().data
    assert found == {"id": pending["id"]}


def test_5_single_returns_the_row_as_supabase_js_asks_for_it(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    pending = place_call(browser["agent"], people, belongings)
    answer = people.api("agent").patch(
        "/call_records",
        params={"call_id": f"eq.{pending['call_id']}", "select": "*"},
        json={"call_id": f"CA{unique():032x}", "call_status": "ringing", "started_at": now()},
        headers={"accept": "application/vnd.pgrst.object+json"},
    )
    assert (answer.status_code, answer.json()["id"]) == (200, pending["id"])


def test_6_a_contact_is_found_or_made_and_their_calls_listed(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    client, number = browser["agent"], f"+57311{unique() % 10**7:07d}"
    found = client.table("crm_contacts").select("*").eq("phone_number", number).execute().data
    assert found == []
    new = {"phone_number": number, "contact_type": "lead", "tags": []}
    (contact,) = client.table("crm_contacts").insert(new).execute().data
    belongings.remember("crm_contacts", contact["id"])
    again = client.table("crm_contacts").select("*").eq("phone_number", number)
    assert again.single().execute().data["id"] == contact["id"]
    call = belongings.make("agent's call", contact_id=contact["id"])
    belongings.make("other's call", contact_id=contact["id"])
    history = client.table("call_records").select("*").eq("contact_id", contact["id"])
    ordered = history.order("started_at", desc=True).execute().data
    assert [row["id"] for row in ordered] == [call["id"]]


def test_7_the_end_of_a_call_is_asked_for_and_its_notes_kept(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    client = browser["agent"]
    call = belongings.make("agent's call", call_id=f"CA{unique():032x}", call_status="active")
    end = {
        "call_status": "completed",
        "ended_at": now(),
        "duration_seconds": 4711,
        "notes": "quedó en llamar",
    }
    (row,) = client.table("call_records").update(end).eq("call_id", call["call_id"]).execute().data
    assert row["notes"] == "quedó en llamar"
    assert (row["ended_at"], row["duration_seconds"]) == (None, 0)
    note = {
        "call_record_id": call["id"],
        "agent_id": people.agent_ids["agent"],
        "note_text": "quedó en llamar",
        "note_type": "agent_note",
    }
    (kept,) = client.table("call_notes").insert(note).execute().data
    assert note.items() <= kept.items()


def test_8_a_transfer_is_written_down(browser: Browser, belongings: Belongings) -> None:
    call = belongings.make("agent's call")
    said = {"transferred": True, "transfer_timestamp": "2026-11-22T20:00:00+00:00"}
    update = browser["agent"].table("call_records").update(said)
    (row,) = update.eq("call_id", call["call_id"]).execute().data
    assert said.items() <= row.items()


@pytest.mark.parametrize("role", ["supervisor", "gerente"])
def test_10_a_supervisor_sees_the_whole_centre(
    role: str, browser: Browser, people: People, belongings: Belongings
) -> None:
    client = browser[role]
    mine, other = belongings.make("agent's call"), belongings.make("other's call")
    nobodys = belongings.make("nobody's call", call_status="ringing")
    stats = client.table("call_center_stats").select("*").single().execute().data
    assert stats["calls_queued"] + stats["calls_active"] >= 3
    agents = client.table("call_center_agents").select("*").execute().data
    assert {row["id"] for row in agents} >= set(people.agent_ids.values())
    live = client.table("call_records").select("*")
    live = live.in_("call_status", ["active", "ringing", "queued"]).execute().data
    assert {row["id"] for row in live} >= {mine["id"], other["id"], nobodys["id"]}
    counted = client.table("call_records").select("call_status", count="exact").execute()
    assert counted.count is not None
    assert counted.count >= len(live)


def test_10_an_agent_counts_their_own(browser: Browser, belongings: Belongings) -> None:
    belongings.make("agent's call"), belongings.make("other's call")
    query = browser["agent"].table("call_records").select("call_status", count="exact")
    before = query.execute().count
    belongings.make("agent's call"), belongings.make("other's call")
    query = browser["agent"].table("call_records").select("call_status", count="exact")
    assert query.execute().count == (before or 0) + 1


@pytest.mark.parametrize("column", ["phone_number", "email", "first_name", "last_name"])
def test_11_contacts_are_found_by_any_part_of_a_name_or_number(
    column: str, browser: Browser, people: People, belongings: Belongings
) -> None:
    word = f"{unique() % 10**7:07d}"
    value = f"ana{word}@example.com" if column == "email" else f"+57310{word}"
    contact = belongings.make("contact", contact_type="client", **{column: value})
    pattern = ",".join(
        f"{name}.ilike.%{word}%" for name in ("phone_number", "email", "first_name", "last_name")
    )
    query = browser["agent"].table("crm_contacts").select("*").or_(pattern).limit(20)
    assert [row["id"] for row in query.execute().data] == [contact["id"]]
    query = browser["agent"].table("crm_contacts").select("*").or_(pattern).limit(20)
    assert query.eq("contact_type", "lead").execute().data == []


def test_12_scripts_are_listed_written_and_removed_by_supervisors(
    browser: Browser, people: People, belongings: Belongings
) -> None:
    _, script = belongings.values("active script")
    script["created_by"] = people.user_ids["supervisor"]
    client = browser["supervisor"]
    (row,) = client.table("ivr_scripts").insert(script).execute().data
    belongings.remember("ivr_scripts", row["id"])
    listed = client.table("ivr_scripts").select("*").order("created_at", desc=True).execute().data
    assert row["id"] in {script["id"] for script in listed}
    update = client.table("ivr_scripts").update({"active": False, "version": 2})
    assert update.eq("id", row["id"]).execute().data[0]["version"] == 2
    seen = browser["agent"].table("ivr_scripts").select("*").eq("id", row["id"]).execute().data
    assert seen == []
    client.table("ivr_scripts").delete().eq("id", row["id"]).execute()
    assert people.read("ivr_scripts", row["id"]) is None


def test_12_notes_are_read_by_call(browser: Browser, belongings: Belongings) -> None:
    note = belongings.make("other's note on agent's call")
    for role, expected in (("agent", [note["id"]]), ("other", []), ("gerente", [note["id"]])):
        query = browser[role].table("call_notes").select("*")
        rows = query.eq("call_record_id", note["call_record_id"]).order("created_at").execute().data
        assert [row["id"] for row in rows] == expected


def test_an_ended_call_is_not_revived_by_a_late_browser(
    browser: Browser, belongings: Belongings
) -> None:
    ended = datetime.fromtimestamp(time.time(), UTC)
    call = belongings.make("agent's call", call_status="completed", ended_at=ended)
    late = {"call_status": "ringing", "started_at": now(), "ended_at": None}
    update = browser["agent"].table("call_records").update(late)
    (row,) = update.eq("call_id", call["call_id"]).execute().data
    assert row["call_status"] == "completed"
    assert row["ended_at"] is not None
