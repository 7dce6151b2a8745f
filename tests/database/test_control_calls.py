"""Agents place, hold, transfer, leave and end calls: what the database decides."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.desk import (
    CUSTOMER,
    JOIN,
    ROOM,
    Desk,
    call,
    commands,
    ends,
    held,
    ringing,
    room,
    settle,
    talking,
)
from tests.database.switchboard import Switchboard


def placed(board: Switchboard, agent: Desk, **more: Any) -> str:
    return str(agent.asks("place_call", number="300 444 5566", **more)["call"]["id"])


def test_a_placed_call_rings_the_agent_then_the_customer_into_one_room(board: Switchboard) -> None:
    agent = Desk(board)
    sid = placed(board, agent)
    assert commands(board, "ring_customer") == []
    leg = agent.takes(sid)
    (ring,) = commands(board, "ring_customer")
    assert ring["payload"]["number"] == CUSTOMER
    customer = f"CA{'7' * 32}"
    about = {"call_record_id": sid, "role": "customer", "attempt": 1}
    board.status(customer, "in_progress", 1, **about)
    answer = board.rpc("receive_caller_connect", {"call_sid": customer, **about})
    assert answer["plan"]["kind"] == "conference"
    assert call(board, sid)["answered_at"] is None
    room(board, sid, customer, JOIN)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", agent.id)
    board.status(customer, "completed", 2, **about)
    ends(board, leg)
    row = call(board, sid)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    assert (
        board.row(
            "select count(*) as n from public.call_records where caller_number = %s", CUSTOMER
        )["n"]
        == 1
    )


@pytest.mark.parametrize(
    ("says", "ends_as", "because"),
    [
        ("busy", "no_answer", "busy"),
        ("no_answer", "no_answer", "no_answer"),
        ("failed", "failed", "failed"),
    ],
)
def test_a_customer_who_is_not_reached_ends_the_call_and_frees_the_agent(
    board: Switchboard, says: str, ends_as: str, because: str
) -> None:
    agent = Desk(board)
    sid = placed(board, agent)
    leg = agent.takes(sid)
    customer = f"CA{'8' * 32}"
    board.status(customer, says, 2, call_record_id=sid, role="customer", attempt=1)
    row = call(board, sid)
    assert (row["call_status"], row["disposition"]) == (ends_as, because)
    assert [c["target"] for c in commands(board, "hang_up")] == [leg]
    ends(board, leg)
    assert (
        board.row("select seats_taken from public.call_center_agents where id = %s", agent.id)[
            "seats_taken"
        ]
        == 0
    )


def test_a_conversation_that_only_the_recording_tells_of_ended_as_one(board: Switchboard) -> None:
    agent = Desk(board)
    sid = placed(board, agent)
    leg = agent.takes(sid)
    about = {"call_record_id": sid, "role": "customer", "attempt": 1}
    customer = f"CA{'8' * 32}"
    board.status(customer, "in_progress", 1, **about)
    board.pass_time(5)
    ends(board, leg)
    row = call(board, sid)
    assert (row["disposition"], row["ended_by"]) == ("cancelled", "agent"), "for all that is known"
    settle(board, "hang_up", live=False)
    board.status(customer, "completed", 2, **about)
    told = {"recording_sid": f"RE{'8' * 32}", "status": "completed", "duration": 4}
    board.rpc("record_recording_event", {**told, "call_sid": leg, "call_record_id": sid})
    row = call(board, sid)
    assert (row["call_status"], row["disposition"]) == ("completed", "completed")
    assert row["ended_by"] == "customer"


@pytest.mark.parametrize(
    ("says", "because"), [("no_answer", "agent_no_answer"), ("busy", "agent_no_answer")]
)
def test_an_agent_who_does_not_take_their_own_call_ends_it_and_no_customer_is_rung(
    board: Switchboard, says: str, because: str
) -> None:
    agent = Desk(board)
    sid = placed(board, agent)
    offer = ringing(board, sid)
    board.status(f"CA{'4' * 32}", "ringing", 1, offer_id=str(offer["id"]), to=agent.client)
    board.pass_time(20)
    board.status(f"CA{'4' * 32}", says, 2, offer_id=str(offer["id"]), to=agent.client)
    row = call(board, sid)
    assert (row["disposition"], row["ended_by"]) == (because, "system")
    assert commands(board, "ring_customer") == []


def test_what_a_browser_wrote_before_and_the_call_are_one_row(board: Switchboard) -> None:
    agent = Desk(board)
    board.rows(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values ('pending-7', %s, '+573004445566', 'queued',"
        " 'outbound', private.clock())",
        agent.id,
    )
    sid = placed(board, agent)
    row = call(board, sid)
    assert row["call_id"] == "pending-7"
    assert row["contact_id"] is not None
    settle(board, "ring_agent", sid=f"CA{'3' * 32}")
    board.rows(
        "update public.call_records set call_id = %s where call_id = 'pending-7'", f"CA{'3' * 32}"
    )
    assert call(board, "pending-7")["id"] == row["id"]
    agent.takes(sid, f"CA{'3' * 32}")
    board.status(f"CA{'3' * 32}", "completed", 9, to=agent.client)
    assert call(board, "pending-7")["disposition"] == "cancelled"


def test_the_same_wish_twice_is_one_call(board: Switchboard) -> None:
    agent = Desk(board, max_concurrent_calls=3)
    assert placed(board, agent) == placed(board, agent)
    other = agent.asks("place_call", number="+573009990000", idempotency_key="k")["call"]["id"]
    assert (
        agent.asks("place_call", number="+573009990000", idempotency_key="k")["call"]["id"] == other
    )
    assert len(commands(board, "ring_agent")) == 2


def test_five_calls_a_minute_are_enough(board: Switchboard) -> None:
    agent = Desk(board, max_concurrent_calls=9)
    board.set_clock("2026-11-25T15:00:10Z")
    for last in range(5):
        agent.asks("place_call", number=f"+57300999000{last}")
    refusal = agent.is_refused("place_call", number="+573009990009")
    assert refusal["status"] == "PT429"
    assert 1 <= refusal["retry_after"] <= 60


def test_who_asked_not_to_be_called_is_not(board: Switchboard) -> None:
    board.rows(
        "insert into public.crm_contacts (phone_number, do_not_call) values (%s, true)", CUSTOMER
    )
    assert Desk(board).is_refused("place_call", number="3004445566")["code"] == "do_not_call"


def test_a_machine_is_not_put_through(board: Switchboard) -> None:
    agent = Desk(board)
    sid = placed(board, agent, detect_machine=True)
    agent.takes(sid)
    about = {"call_record_id": sid, "role": "customer", "attempt": 1}
    answer = board.rpc(
        "receive_caller_connect",
        {"call_sid": f"CA{'6' * 32}", "answered_by": "machine_start", **about},
    )
    assert answer["plan"]["kind"] == "hang_up"
    assert call(board, sid)["disposition"] == "machine"


def test_a_lost_softphone_is_rung_again_and_the_customer_hears_music(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    ends(board, leg)
    board.pass_time(2.1)
    board.sweep()
    offer = ringing(board, sid)
    assert (offer["purpose"], str(offer["agent_id"])) == ("return", agent.id)
    assert agent.asks("read_call", sid)["call"]["purpose"] == "return", "their page answers itself"
    (hold,) = commands(board, "set_participant")
    assert (hold["target"], hold["payload"]["changes"]["hold"]) == (sid, True)
    settle(board, "set_participant")
    agent.takes(sid)
    assert commands(board, "set_participant")[-1]["payload"]["changes"]["hold"] is False
    assert call(board, sid)["call_status"] == "active"


def test_who_does_not_come_back_loses_the_customer_to_the_queue_at_their_old_time(
    board: Switchboard,
) -> None:
    _agent, sid, leg, _ = talking(board)
    joined = call(board, sid)["queued_at"]
    board.pass_time(60)
    ends(board, leg)
    board.pass_time(2.1)
    board.sweep()
    offer = ringing(board, sid)
    board.pass_time(25)
    board.status(f"CA{offer['id'].hex}", "no_answer", 2, offer_id=str(offer["id"]))
    entry = board.row(
        "select e.joined_at, e.left_at from private.queue_entries e join public.call_records r"
        " on r.id = e.call_record_id where r.call_id = %s order by e.id desc limit 1",
        sid,
    )
    assert entry == {"joined_at": joined, "left_at": None}
    assert commands(board, "redirect")[-1]["target"] == sid


def test_who_loads_their_page_anew_is_rung_until_their_softphone_is_there(
    board: Switchboard,
) -> None:
    agent, sid, leg, _ = talking(board)
    ends(board, leg)
    for _ in range(3):
        board.pass_time(2.1)
        board.sweep()
        offer = ringing(board, sid)
        assert (offer["purpose"], str(offer["agent_id"])) == ("return", agent.id)
        board.pass_time(0.5)
        board.status(f"CA{offer['id'].hex}", "no_answer", 1, offer_id=str(offer["id"]))
        assert board.offer(sid)["outcome"] == "unreachable"
        board.sweep()
        assert board.offer(sid)["state"] == "ended", "not at once"
    board.pass_time(2.1)
    board.sweep()
    agent.takes(sid)
    assert call(board, sid)["call_status"] == "active"
    query = "select unreached_offers from public.call_center_agents where id = %s"
    assert board.row(query, agent.id) == {"unreached_offers": 0}


def test_whose_softphone_is_not_there_in_twenty_seconds_loses_the_customer_to_the_queue(
    board: Switchboard,
) -> None:
    _agent, sid, leg, _ = talking(board)
    ends(board, leg)
    board.pass_time(19)
    board.sweep()
    offer = ringing(board, sid)
    board.pass_time(2)
    board.status(f"CA{offer['id'].hex}", "no_answer", 1, offer_id=str(offer["id"]))
    assert commands(board, "redirect")[-1]["target"] == sid


def test_a_customer_who_hung_up_first_is_not_rung_back_for_whoever_tells_it_first(
    board: Switchboard,
) -> None:
    _, sid, leg, _ = talking(board)
    ends(board, leg)
    board.pass_time(1)
    board.status(sid, "completed", 9)
    board.pass_time(2)
    board.sweep()
    row = call(board, sid)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    assert len(commands(board, "ring_agent")) == 1


def test_nobody_is_rung_back_for_a_customer_who_has_left_the_room(board: Switchboard) -> None:
    _, sid, leg, _ = talking(board)
    room(board, sid, sid, "leave")
    ends(board, leg)
    for _ in range(4):
        board.pass_time(2.1)
        board.sweep()
    assert len(commands(board, "ring_agent")) == 1
    board.status(sid, "completed", 9)
    assert call(board, sid)["ended_by"] == "customer"


@pytest.mark.parametrize(
    ("tells", "who"),
    [
        ([], "agent"),
        ([("customer", "leave", "participant_hung_up")], "customer"),
        ([("agent", "leave", "moderator_ended_conference")], "customer"),
        ([("agent", "leave", "participant_hung_up")], "agent"),
    ],
)
def test_whoever_left_first_ended_it_though_the_customers_end_is_told_late(
    board: Switchboard, tells: list[tuple[str, str, str]], who: str
) -> None:
    agent, sid, leg, _ = talking(board, phone_number="+573001112222")
    legs = {"agent": leg, "customer": sid}
    for party, event, reason in tells:
        room(board, sid, legs[party], event, params={"ReasonParticipantLeft": reason})
    board.status(leg, "completed", 9, to=agent.client)
    settle(board, "hang_up", live=who == "agent")
    board.pass_time(40)
    board.status(sid, "completed", 9)
    assert call(board, sid)["ended_by"] == who


def test_an_agent_who_leaves_lets_the_customer_go(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("leave_call", sid)
    assert {c["target"] for c in commands(board, "hang_up")} == {sid, leg}
    ends(board, leg)
    board.status(sid, "completed", 9)
    assert call(board, sid)["ended_by"] == "agent"


def test_ending_twice_and_after_the_end_is_no_error(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    agent.asks("end_call_for_all", sid)
    agent.asks("end_call_for_all", sid)
    board.status(sid, "completed", 9)
    assert agent.asks("end_call_for_all", leg)["call"]["status"] == "completed"


def test_the_last_wish_wins_however_slow_twilio_is(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("hold_party", sid, on=True)
    agent.asks("hold_party", sid, on=False)
    agent.asks("hold_party", sid, on=True)
    agent.asks("hold_party", sid, on=False)
    assert len(commands(board, "set_participant")) == 1
    settle(board, "set_participant")
    last = commands(board, "set_participant")[-1]
    assert (last["state"], last["payload"]["changes"]["hold"]) != ("done", True)
    assert last["payload"]["changes"]["hold"] is False


def test_time_on_hold_is_counted_from_what_twilio_tells_in_any_order(board: Switchboard) -> None:
    _, sid, _, _ = talking(board)
    start = board.row("select private.clock() as now")["now"]
    call_id = str(call(board, sid)["id"])
    board.pass_time(100)
    for event, number, at in (("unhold", 90, 40), ("hold", 80, 10), ("hold", 80, 10)):
        about = {"call_sid": sid, "conference_sid": ROOM, "call_record_id": call_id}
        moment = board.row("select %s + make_interval(secs => %s) as at", start, at)["at"]
        board.rpc(
            "record_room_event",
            {
                **about,
                "event": event,
                "sequence": number,
                "held": event == "hold",
                "occurred_at": moment.isoformat(),
            },
        )
    board.status(sid, "completed", 9)
    assert call(board, sid)["hold_duration_seconds"] == 30


def test_a_blind_transfer_frees_the_agent_at_once_and_rings_the_colleague(
    board: Switchboard,
) -> None:
    agent, sid, leg, _ = talking(board)
    colleague = Desk(board, extension="7001")
    agent.asks("transfer_call", sid, to="7001")
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("ringing", colleague.id)
    assert row["transferred"]
    assert str(row["transferred_to_agent_id"]) == colleague.id
    ends(board, leg)
    settle(board, "set_participant")
    colleague.takes(sid)
    row = call(board, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("active", colleague.id)
    assert commands(board, "set_participant")[-1]["payload"]["changes"]["hold"] is False
    assert sid not in {c["target"] for c in commands(board, "hang_up")}


def test_a_transfer_that_nobody_takes_goes_back_to_the_queue_with_its_time(
    board: Switchboard,
) -> None:
    agent, sid, _, name = talking(board)
    joined = call(board, sid)["queued_at"]
    Desk(board, extension="7002")
    agent.asks("transfer_call", sid, to="7002")
    offer = ringing(board, sid)
    board.status(f"CA{offer['id'].hex}", "no_answer", 2, offer_id=str(offer["id"]))
    row = call(board, sid)
    assert (row["call_status"], row["queue_name"], row["stage"]) == ("queued", name, "waiting")
    assert (
        board.row("select joined_at from private.queue_entries where left_at is null")["joined_at"]
        == joined
    )


def test_a_transfer_to_a_queue_keeps_the_place_by_time(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    colleague = board.agent()
    other = board.queue(colleague)
    agent.asks("transfer_call", sid, to=other.upper())
    board.commit()
    row = call(board, sid)
    assert row["queue_name"] == other
    assert board.rung(sid) == colleague
    assert agent.asks("read_call", sid)["call"]["purpose"] is None


def test_a_transfer_to_a_number_outside_holds_the_customer_until_it_answers(
    board: Switchboard,
) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("transfer_call", sid, to="601 555 0199")
    (ring,) = commands(board, "ring_party")
    assert ring["payload"]["phone"] == "+576015550199"
    settle(board, "set_participant")
    offer = ringing(board, sid)
    out = f"CA{'5' * 32}"
    about = {"offer_id": str(offer["id"]), "to": "+576015550199", "role": "consult"}
    board.status(out, "ringing", 1, **about)
    answer = board.rpc("receive_agent_answer", {"call_sid": out, **about})
    assert (answer["plan"]["kind"], answer["plan"]["say"]) == ("conference", [])
    room(board, sid, out, JOIN)
    assert not held(board, sid)
    board.status(out, "completed", 5, **about)
    assert sid in {c["target"] for c in commands(board, "hang_up")}


def test_another_agents_call_is_as_if_it_were_not_there(board: Switchboard) -> None:
    _, sid, _, _ = talking(board)
    stranger = Desk(board)
    for function in ("read_call", "end_call_for_all", "leave_call", "hold_party", "transfer_call"):
        assert stranger.is_refused(function, sid, on=True, to="x")["status"] == "PT404"
        assert stranger.is_refused(function, "CAnone", on=True, to="x")["status"] == "PT404"


def test_a_conflict_says_how_the_call_is_and_what_is_possible(board: Switchboard) -> None:
    agent, sid, _, _ = talking(board)
    agent.asks("end_call_for_all", sid)
    board.status(sid, "completed", 9)
    refusal = agent.is_refused("transfer_call", sid, to="7001")
    assert refusal["status"] == "PT409"
    assert refusal["state"] == "completed"
    assert "transfer" not in refusal["allowed_actions"]


def test_a_supervisor_holds_and_transfers_an_agents_call(board: Switchboard) -> None:
    agent, sid, leg, _ = talking(board)
    supervisor = Desk(board)
    assert supervisor.is_refused("hold_party", sid, on=True)["status"] == "PT404"
    board.rows(
        "insert into public.profiles (id, role) values (%s, 'supervisor')"
        " on conflict (id) do update set role = excluded.role",
        supervisor.user,
    )
    assert "resume" in supervisor.asks("hold_party", sid, on=True)["call"]["allowed_actions"]
    colleague = Desk(board, extension="7003")
    supervisor.asks("transfer_call", sid, to="7003")
    ends(board, leg)
    board.sweep()
    offer = ringing(board, sid)
    assert (offer["purpose"], str(offer["agent_id"])) == ("transfer", colleague.id)
    assert board.row(
        "select seats_taken from public.call_center_agents where id = %s", agent.id
    ) == {"seats_taken": 0}


def test_an_extension_is_found_as_it_was_written_or_nearly_so(board: Switchboard) -> None:
    written = {extension: board.agent(extension=extension) for extension in ("T1", "t1", " t2")}
    for typed, meant in (("t1", "t1"), ("T1 ", "T1"), ("T2", " t2")):
        found = board.row("select (private.destination_of(%s)).agent_id", typed)
        assert str(found["agent_id"]) == written[meant]
