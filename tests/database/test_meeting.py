"""The moment in which the caller is fetched for an agent: every order of what meets there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.switchboard import Switchboard


def taken(board: Switchboard) -> tuple[str, str, str]:
    """A caller whose agent has just taken the call: the caller's and the agent's leg, the offer."""
    sid = board.caller(board.queue(board.agent()))
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    return sid, leg, offer


def meet(board: Switchboard, sid: str, leg: str) -> None:
    for one in (leg, sid):
        board.joined(one, board.call(sid)["id"])


def plan(board: Switchboard, function: str, sid: str, **event: object) -> str:
    return str(board.rpc(function, {"call_sid": sid, **event})["plan"]["kind"])


def redirects(board: Switchboard, sid: str) -> list[dict[str, Any]]:
    """The redirects of a leg that are still to be carried out."""
    query = (
        "select * from private.telephony_commands where kind = 'redirect' and target = %s"
        " and state not in ('done', 'failed')"
    )
    return board.rows(query, sid)


def test_a_caller_who_is_being_fetched_stays_in_the_queue_until_they_are(
    board: Switchboard,
) -> None:
    sid, _leg, _offer = taken(board)
    assert plan(board, "receive_queue_wait", sid) == "wait"
    assert plan(board, "receive_caller_connect", sid) == "conference"
    assert redirects(board, sid) == []


def test_the_agent_hears_nothing_in_the_room_until_the_caller_who_is_fetched_comes(
    board: Switchboard,
) -> None:
    sid, leg, offer = taken(board)
    (redirect,) = redirects(board, sid)
    assert redirect["payload"] == {"path": "caller-connect"}
    again = {"call_sid": leg, "offer_id": offer, "to": "client:x"}
    assert board.rpc("receive_agent_answer", again)["plan"]["silent"]
    assert not board.rpc("receive_caller_connect", {"call_sid": sid})["plan"]["silent"]


def test_a_caller_whom_nobody_fetches_any_more_goes_to_the_agent_by_themselves(
    board: Switchboard,
) -> None:
    sid, _leg, _offer = taken(board)
    board.rows("update private.telephony_commands set state = 'failed', settled_at = now(),"
        " claimed_by = null, lease_until = null where kind = 'redirect'")  # fmt: skip
    assert plan(board, "receive_queue_wait", sid) == "leave"
    assert plan(board, "receive_queue_exit", sid, result="leave") == "conference"
    meet(board, sid, _leg)
    board.status(sid, "completed", 9)
    assert board.call(sid)["disposition"] == "completed"


def test_who_is_fetched_is_sent_to_the_room_by_either_of_twilios_two_questions(
    board: Switchboard,
) -> None:
    for first, second in (
        ("receive_queue_exit", "receive_caller_connect"),
        ("receive_caller_connect", "receive_queue_exit"),
    ):
        sid, leg, _offer = taken(board)
        for function in (first, second):
            assert plan(board, function, sid, result="redirected") == "conference"
        meet(board, sid, leg)
        board.status(sid, "completed", 9)
        assert board.call(sid)["disposition"] == "completed"


def test_whoever_left_the_queue_for_the_agent_is_fetched_no_more(board: Switchboard) -> None:
    sid, leg, offer = taken(board)
    assert plan(board, "receive_queue_exit", sid, result="leave") == "conference"
    assert redirects(board, sid) == []
    meet(board, sid, leg)
    board.status(leg, "completed", 3, offer_id=offer)
    board.status(sid, "completed", 9)
    assert board.call(sid)["call_status"] == "completed"


def test_being_fetched_out_of_the_queue_is_not_yet_meeting_the_agent(board: Switchboard) -> None:
    sid, leg, offer = taken(board)
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "redirected"})
    board.status(leg, "completed", 3, offer_id=offer)
    assert plan(board, "receive_caller_connect", sid) == "enqueue"


def test_the_same_document_asked_for_again_is_the_same_room(board: Switchboard) -> None:
    sid, _leg, _offer = taken(board)
    for _ in range(3):
        assert plan(board, "receive_caller_connect", sid) == "conference"


def test_a_redirect_that_did_its_work_is_not_repeated_when_its_process_dies(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent()))
    board.answered(sid)
    board.pass_time(40)
    board.db.execute("set local role service_role")
    claimed = board.row("select public.claim_commands('heir', 50) as commands")["commands"]
    board.db.execute("reset role")
    assert [c for c in claimed if c["kind"] == "redirect" and c["target"] == sid] == []


def test_a_customer_whose_agent_left_before_they_met_is_fetched_out_of_the_room_and_waits_on(
    board: Switchboard,
) -> None:
    sid, leg, offer = taken(board)
    assert plan(board, "receive_caller_connect", sid) == "conference"
    assert redirects(board, sid) == []
    board.status(leg, "completed", 3, offer_id=offer)
    assert len(redirects(board, sid)) == 1
    assert plan(board, "receive_caller_connect", sid) == "enqueue"
    assert plan(board, "receive_queue_wait", sid) == "wait"


def test_having_entered_the_room_of_an_agent_who_left_is_not_meeting_the_next(
    board: Switchboard,
) -> None:
    sid, leg, offer = taken(board)
    call = board.call(sid)["id"]
    assert plan(board, "receive_caller_connect", sid) == "conference"
    board.status(leg, "completed", 3, offer_id=offer)
    board.joined(sid, call)
    board.pass_time(60)
    board.sweep()
    second, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": second, "offer_id": offer, "to": "client:x"})
    board.joined(second, call)
    assert board.call(sid)["answered_at"] is None
    assert plan(board, "receive_caller_connect", sid) == "conference"
    board.rpc(
        "record_room_event",
        {"call_sid": sid, "event": "join", "conference_sid": "CF2", "call_record_id": str(call)},
    )
    assert board.call(sid)["call_status"] == "active"


@pytest.mark.parametrize("result", ["redirected", "leave"])
def test_whose_agent_leaves_while_they_are_fetched_out_of_the_queue_keeps_their_place(
    board: Switchboard, result: str
) -> None:
    sid, leg, offer = taken(board)
    board.status(leg, "completed", 3, offer_id=offer)
    assert plan(board, "receive_queue_exit", sid, result=result) == "enqueue"
    assert plan(board, "receive_queue_wait", sid) == "wait"


def test_an_error_of_the_queues_costs_no_place_until_it_is_the_third(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent("break")))
    plans = [plan(board, "receive_queue_exit", sid, result="error") for _ in range(4)]
    assert plans == ["enqueue"] * 3 + ["voicemail"]
