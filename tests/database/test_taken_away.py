"""Queues and calls that are deleted while callers are in them: nobody is left in silence."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard


def plan(board: Switchboard, function: str, sid: str, **event: object) -> dict[str, Any]:
    return dict(board.rpc(function, {"call_sid": sid, **event})["plan"])


def delete_queues(board: Switchboard) -> None:
    board.rows("update public.ivr_scripts set active = false")  # none that a script names goes
    board.rows("delete from public.call_queues")


def assert_leads_to_a_message(board: Switchboard, sid: str) -> None:
    """With the next document that the waiting caller asks for."""
    assert plan(board, "receive_queue_wait", sid)["kind"] == "leave"
    assert plan(board, "receive_queue_exit", sid, result="leave")["kind"] == "voicemail"


def test_a_caller_waiting_in_a_deleted_queue_is_asked_for_a_message(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent("break")))
    delete_queues(board)
    assert_leads_to_a_message(board, sid)


def test_a_document_asked_for_again_after_the_queue_is_gone_is_still_a_document(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent("break")))
    delete_queues(board)
    assert plan(board, "receive_incoming_call", sid)["kind"] == "enqueue"
    assert_leads_to_a_message(board, sid)


def test_choosing_a_deleted_queue_with_no_other_leads_to_voicemail(board: Switchboard) -> None:
    sid = "CA_menu"
    board.rpc("receive_incoming_call", {"call_sid": sid, "from": "+573010000001"})
    delete_queues(board)
    chosen = plan(board, "receive_ivr_input", sid, attempt=1, digits="2")
    assert chosen["kind"] == "voicemail"


@pytest.mark.parametrize("status", ["no_answer", "busy", "failed"])
def test_an_agent_who_does_not_answer_for_a_deleted_queue_leaves_the_caller_a_message(
    board: Switchboard, status: str
) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.agent_leg(sid)
    delete_queues(board)
    board.not_answered(sid, status)
    assert_leads_to_a_message(board, sid)


def test_an_agent_gone_before_the_two_met_sends_the_caller_to_no_empty_room(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    delete_queues(board)
    board.status(leg, "completed", 3, offer_id=offer)
    assert plan(board, "receive_caller_connect", sid)["kind"] == "enqueue"
    assert_leads_to_a_message(board, sid)


def test_an_agent_may_still_take_a_call_of_a_deleted_queue(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, offer = board.agent_leg(sid)
    delete_queues(board)
    answer = {"call_sid": leg, "offer_id": offer, "to": "client:x"}
    assert board.rpc("receive_agent_answer", answer)["plan"]["kind"] == "conference"
    assert plan(board, "receive_caller_connect", sid)["kind"] == "conference"
    for one in (leg, sid):
        board.joined(one, board.call(sid)["id"])
    board.status(sid, "completed", 9)
    assert board.call(sid)["call_status"] == "completed"


@pytest.mark.parametrize("status", ["initiated", "ringing", "in_progress"])
def test_the_legs_of_a_call_that_was_deleted_are_hung_up_and_open_no_other(
    board: Switchboard, status: str
) -> None:
    sid = board.caller(board.queue(board.agent()))
    offer = str(board.offer(sid)["id"])
    record = str(board.call(sid)["id"])
    board.status(sid, "completed", 9)
    board.rows("delete from public.call_records where call_id = %s", sid)
    before = board.row("select count(*) from public.call_records")
    said = {"source": "call-status", "status": status, "direction": "outbound-api"}
    parties = {"from": "client:agent_1", "to": "+573010000001", "sequence": 2}
    for leg, named in (
        ("CA_agent", {"offer_id": offer}),
        ("CA_customer", {"call_record_id": record}),
    ):
        event = {**said, **parties, **named, "call_sid": leg}
        commands = board.rpc("record_call_event", event)["commands"]
        assert [(c["kind"], c["target"]) for c in commands] == [("hang_up", leg)]
        ended = {**event, "status": "completed", "sequence": 3}
        assert board.rpc("record_call_event", ended)["commands"] == []
    assert board.row("select count(*) from public.call_records") == before


def refused(board: Switchboard, statement: str, *values: object) -> str:
    """The reason with which the database refuses a deletion."""
    with pytest.raises(psycopg.Error) as error, board.db.transaction():
        board.rows(statement, *values)
    assert error.value.sqlstate == "PT409"
    return error.value.diag.message_primary or ""


@pytest.mark.parametrize("when", ["waiting", "ringing", "talking"])
def test_a_live_call_is_not_deleted(board: Switchboard, when: str) -> None:
    sid = board.caller(board.queue(board.agent("break" if when == "waiting" else "available")))
    if when == "ringing":
        board.agent_leg(sid)
    elif when == "talking":
        board.answered(sid)
    said = refused(board, "delete from public.call_records where call_id = %s", sid)
    assert said == f"call {sid} is live"
    board.status(sid, "completed", 9)


def test_a_call_is_deleted_once_all_its_legs_have_ended(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, _ = board.answered(sid)
    board.status(sid, "completed", 8)
    refused(board, "delete from public.call_records where call_id = %s", sid)
    board.status(leg, "completed", 9)
    board.rows("delete from public.call_records where call_id = %s", sid)
    agents = "select current_call_count, seats_taken from public.call_center_agents"
    assert {tuple(row.values()) for row in board.rows(agents)} == {(0, 0)}


def test_a_contact_is_deleted_in_the_middle_of_a_conversation(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()), "+573015557788")
    leg, _ = board.answered(sid)
    board.rows("delete from public.crm_contacts where phone_number = '+573015557788'")
    board.status(sid, "completed", 8)
    board.status(leg, "completed", 9)
    call = board.call(sid)
    assert (call["call_status"], call["contact_id"]) == ("completed", None)
