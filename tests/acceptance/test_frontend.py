"""The existing frontend works a day as it is: what it does, in its order, through supabase-py."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.centre import HANGS_UP, JOINS, TALKS_AND_HANGS_UP, CallCentre
from tests.acceptance.screen import Screen

CUSTOMER_AS_TYPED, CUSTOMER = "300 999 0003", "+573009990003"
IN_THE_ROOM = [JOINS, {"wait": 600}]
pytestmark = pytest.mark.in_any_weather


@pytest.fixture
def screen(centre: CallCentre) -> Screen:
    centre.agent_ready("1001", IN_THE_ROOM)
    return Screen(centre.stack, "agente1@demo.local")


def starts_a_call(screen: Screen, number: str = CUSTOMER_AS_TYPED) -> tuple[str, str, str]:
    """What the page does when the agent presses "call", again where Twilio refuses: the row's id,
    its pending id, the SID."""
    for _ in range(4):
        call, pending = writes_a_row(screen, number)
        status(screen, screen.agent(), "busy")
        answer = screen.asks("POST", "twilio/initiate-call", toNumber=number, recordingEnabled=True)
        if answer.status_code != 502:
            break
    assert answer.json()["success"] is True, answer.text
    sid = answer.json()["callSid"]
    renamed = {"call_id": sid, "call_status": "ringing", "started_at": now()}
    rows = screen.table("call_records").update(renamed).eq("call_id", pending).execute().data
    assert [row["id"] for row in rows] == [call]
    return call, pending, sid


def writes_a_row(screen: Screen, number: str) -> tuple[str, str]:
    pending = f"pending-{time.time_ns() // 1_000_000}"
    row = {
        "call_id": pending,
        "agent_id": screen.agent()["id"],
        "caller_number": number,
        "call_status": "queued",
        "call_direction": "outbound",
        "duration_seconds": 0,
    }
    return screen.table("call_records").insert(row).execute().data[0]["id"], pending


def status(screen: Screen, agent: dict[str, Any], said: str) -> None:
    change = {"agent_status": said, "last_status_change": now()}
    rows = screen.table("call_center_agents").update(change).eq("id", agent["id"]).execute().data
    assert len(rows) == 1


def now() -> str:
    return datetime.now(UTC).isoformat()


def record(screen: Screen, call: str) -> dict[str, Any]:
    return dict(screen.table("call_records").select("*").eq("id", call).single().execute().data)


def test_a_call_that_an_agent_starts_reaches_the_customer_and_is_one_row(
    centre: CallCentre, screen: Screen
) -> None:
    centre.sim.person(CUSTOMER, list(TALKS_AND_HANGS_UP), {"answer_after": 2})
    call, _pending, sid = starts_a_call(screen)
    # With callbacks lost, the recording tells that they talked.
    centre.until(lambda: record(screen, call)["call_status"] == "completed", "they talked")
    row = record(screen, call)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    assert row["caller_number"] == CUSTOMER
    assert row["contact_id"]
    assert row["call_id"] == sid
    rows = screen.table("call_records").select("id").eq("contact_id", row["contact_id"])
    assert len(rows.execute().data) == 1
    centre.until(centre.nobody_is_busy, "everybody is free")
    contact = screen.table("crm_contacts").select("*").eq("phone_number", CUSTOMER)
    assert contact.single().execute().data["id"] == row["contact_id"]


def test_the_agent_ends_it_and_writes_what_was_said(centre: CallCentre, screen: Screen) -> None:
    centre.sim.person(CUSTOMER, list(IN_THE_ROOM), {"answer_after": 1})
    call, _pending, sid = starts_a_call(screen)
    centre.until(lambda: record(screen, call)["call_status"] == "active", "they talk")
    ended = {"call_status": "completed", "ended_at": now(), "duration_seconds": 7, "notes": "Bien"}
    update = screen.table("call_records").update(ended).eq("call_id", sid)
    assert len(update.execute().data) == 1
    note = {"call_record_id": call, "agent_id": screen.agent()["id"], "note_text": "Bien"}
    screen.table("call_notes").insert({**note, "note_type": "agent_note"}).execute()
    assert screen.does("twilio/hangup-call", callSid=sid) == {"success": True, "callSid": sid}
    status(screen, screen.agent(), "available")
    centre.until(lambda: record(screen, call)["ended_at"], "it is over")
    row = record(screen, call)
    assert (row["call_status"], row["ended_by"], row["notes"]) == ("completed", "agent", "Bien")
    centre.until(centre.nobody_is_busy, "everybody is free")
    centre.until(lambda: screen.agent()["agent_status"] == "available", "and available")


def test_a_screen_without_news_hangs_up_with_the_pending_id(
    centre: CallCentre, screen: Screen
) -> None:
    centre.sim.person(CUSTOMER, [], {"ignore": True})
    call, pending, _sid = starts_a_call(screen)
    screen.does("twilio/hangup-call", callSid=pending)
    centre.until(lambda: record(screen, call)["ended_at"], "it is over")
    assert record(screen, call)["disposition"] == "cancelled"
    centre.until(centre.nobody_is_busy, "nobody rings any more")


def test_a_call_from_a_queue_is_transferred_to_a_colleague(
    centre: CallCentre, screen: Screen
) -> None:
    sid = centre.caller_for_support(JOINS, {"talk": 600}, HANGS_UP)
    centre.until(lambda: centre.talking(sid), "they talk")
    centre.agent_ready("1002", IN_THE_ROOM)
    answer = screen.does("twilio/transfer-call", callSid=sid, transferToNumber="1002")
    assert answer == {"success": True, "callSid": sid, "transferredTo": "1002"}
    change = {"transferred": True, "transfer_timestamp": now()}
    screen.table("call_records").update(change).eq("call_id", sid).execute()
    colleague = str(centre.agent("1002")["id"])

    def has_it() -> bool:
        row = centre.call(sid)
        return (row["call_status"], str(row["agent_id"])) == ("active", colleague)

    centre.until(has_it, "the colleague has the customer")
    centre.sim.act(sid, [HANGS_UP])
    assert centre.settled(sid)["call_status"] == "completed"


def test_a_customer_who_is_busy_leaves_the_agent_free_and_told(
    centre: CallCentre, screen: Screen
) -> None:
    centre.sim.person(CUSTOMER, [], {"reject": "busy"})
    call, _pending, _sid = starts_a_call(screen)
    centre.until(lambda: record(screen, call)["ended_at"], "it is over")
    row = record(screen, call)
    assert (row["call_status"], row["disposition"]) == ("no_answer", "busy")
    centre.until(centre.nobody_is_busy, "the agent is free")
