"""In whose name a softphone signs in, and the calls that agents place from it."""

from __future__ import annotations

import itertools
from typing import Any

from tests.database.desk import Desk, call, commands, ends, ringing, room
from tests.database.switchboard import Switchboard

CUSTOMER = "+573004445566"
_legs = itertools.count(1)


def places(board: Switchboard, agent: Desk, number: str, leg: str | None = None) -> dict[str, Any]:
    """Their softphone rings a number; what Twilio is answered."""
    leg = leg or f"CA{next(_legs):032x}"
    said = {"call_sid": leg, "to": number, "role": "agent", "params": {"From": agent.client}}
    return board.rpc("receive_softphone_call", said)


def test_a_softphone_is_the_agents_or_the_supervisors_own(board: Switchboard) -> None:
    agent = Desk(board)
    assert f"client:{agent.asks('name_softphone')['identity']}" == agent.client
    user = board.row(
        "insert into auth.users (id, email) values (gen_random_uuid(), 's@x.invalid') returning id"
    )["id"]
    agent.user = str(user)
    assert agent.is_refused("name_softphone")["code"] == "not_an_agent"
    board.rows("insert into public.profiles (id, role) values (%s, 'supervisor')", user)
    assert agent.asks("name_softphone")["identity"] == f"supervisor_{user.hex}"


def test_a_call_from_the_softphone_is_the_same_as_one_from_the_screen(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    answer = places(board, agent, "300 444 5566", leg)
    assert answer["plan"]["kind"] == "conference"
    assert [c["kind"] for c in answer["commands"]] == ["ring_customer"]
    assert answer["commands"][0]["payload"]["number"] == CUSTOMER
    assert {c["state"] for c in commands(board, "ring_agent")} == {"failed"}
    row = call(board, leg)
    assert (row["call_direction"], row["caller_number"], str(row["agent_id"])) == (
        "outbound", CUSTOMER, agent.id,
    )  # fmt: skip
    assert board.rows("select 1 from private.call_actions where action = 'place'")
    customer = f"CA{'c' * 32}"
    about = {"call_record_id": str(row["id"]), "attempt": 1, "role": "customer"}
    board.status(customer, "ringing", 1, direction="outbound-api", **about)
    room(board, leg, leg, "join")
    board.rpc("receive_caller_connect", {"call_sid": customer, "to": CUSTOMER, **about})
    room(board, leg, customer, "join")
    assert call(board, leg)["call_status"] == "active"
    ends(board, customer)
    ends(board, leg)
    assert call(board, leg)["call_status"] == "completed"


def test_twilio_may_ask_twice(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    first, again = (places(board, agent, CUSTOMER, leg) for _ in range(2))
    assert again["plan"] == first["plan"]
    assert len(commands(board, "ring_customer")) == 1


def test_the_row_that_the_page_wrote_is_the_calls(board: Switchboard) -> None:
    agent = Desk(board)
    row = board.row(
        "insert into public.call_records (call_id, agent_id, caller_number, call_status,"
        " call_direction, started_at) values ('pending-1', %s, %s, 'queued', 'outbound',"
        " private.clock()) returning id",
        agent.id,
        CUSTOMER,
    )
    places(board, agent, CUSTOMER, f"CA{'a' * 32}")
    assert call(board, f"CA{'a' * 32}")["id"] == row["id"]


def test_what_is_refused_at_the_screen_is_refused_here_in_words(board: Switchboard) -> None:
    agent = Desk(board)
    board.rows(
        "insert into public.crm_contacts (phone_number, do_not_call) values ('+573001110000', true)"
    )
    for number in ("no number", "300 111 0000"):
        plan = places(board, agent, number)["plan"]
        assert (plan["kind"], plan["say"]) == ("hang_up", ["La llamada no se puede hacer."])
    assert board.rows("select 1 from private.placed_calls") == []
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "conference"
    assert places(board, agent, "+573007778899")["plan"]["kind"] == "hang_up"


def test_what_was_refused_is_no_call_that_somebody_missed(board: Switchboard) -> None:
    agent, leg = Desk(board), f"CA{'a' * 32}"
    places(board, agent, "no number", leg)
    board.status(leg, "completed", 9, direction="inbound", params={"From": agent.client})
    assert board.rows("select 1 from public.call_records") == []
    places(board, agent, CUSTOMER, leg)
    board.status(leg, "completed", 9, direction="inbound", params={"From": agent.client})
    assert call(board, leg)["ended_at"]


def test_a_softphone_of_nobody_places_nothing(board: Switchboard) -> None:
    agent = Desk(board)
    agent.client = "client:agent_1"
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "hang_up"


def test_a_wish_that_rings_the_agent_already_is_not_taken_by_another_leg(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    agent.asks("place_call", number=CUSTOMER)
    board.rows("update private.call_offers set leg_sid = %s", f"CA{'b' * 32}")
    assert places(board, agent, CUSTOMER)["plan"]["kind"] == "hang_up"
    assert commands(board, "ring_customer") == []


def rings_out(board: Switchboard, agent: Desk, sid: str, seconds: float = 25) -> dict[str, Any]:
    """The softphone rings so long, and nobody answers; the offer."""
    leg, offer = rings(board, agent, sid)
    board.pass_time(seconds)
    board.status(leg, "no_answer", 2, offer_id=offer)
    return board.row("select * from private.call_offers where id = %s", offer)


def rings(board: Switchboard, agent: Desk, sid: str) -> tuple[str, str]:
    board.commit()
    leg, offer = f"CA{next(_legs):032x}", str(ringing(board, sid)["id"])
    board.status(leg, "ringing", 1, offer_id=offer, to=agent.client)
    return leg, offer


def agent_row(board: Switchboard, agent: Desk) -> dict[str, Any]:
    return board.row("select * from public.call_center_agents where id = %s", agent.id)


def test_a_newer_page_takes_the_softphone_over_and_the_older_one_is_refused(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    older = agent.asks("take_softphone", device="page-older")["softphone"]
    board.pass_time(5)
    assert agent.asks("keep_softphone", device="page-older")["softphone"] == older
    newer = agent.asks("take_softphone", device="page-newer")["softphone"]
    assert (newer["device"], newer["heartbeat_seconds"]) == ("page-newer", 10)
    assert newer["since"] > older["since"]
    assert agent.is_refused("keep_softphone", device="page-older") == {
        "status": "PT409",
        "code": "taken_over",
    }
    assert agent.asks("keep_softphone", device="page-newer")["softphone"] == newer
    assert agent.asks("read_my_state")["softphone"] == newer
    other = Desk(board)
    assert other.asks("read_my_state")["softphone"] is None
    assert other.asks("keep_softphone", device="page-older")["softphone"]["device"] == "page-older"
    assert agent.asks("read_my_state")["softphone"] == newer


def test_what_rings_at_a_page_that_is_left_rings_again_at_the_newer_one(board: Switchboard) -> None:
    agent = Desk(board)
    agent.asks("take_softphone", device="page-older")
    sid = board.caller(board.queue(agent.id))
    leg, offer = rings(board, agent, sid)
    idle_since = agent_row(board, agent)["idle_since"]
    answer = agent.asks("take_softphone", device="page-newer")
    assert [(c["kind"], c["target"]) for c in answer["commands"]] == [("hang_up", leg)]
    assert board.rung(sid) is None
    board.status(leg, "canceled", 2, offer_id=offer)
    assert board.rung(sid) == agent.id
    assert board.row("select outcome from private.call_offers where id = %s", offer) == {
        "outcome": "lost"
    }
    row = agent_row(board, agent)
    assert (row["idle_since"], row["missed_offers"], row["unreached_offers"]) == (idle_since, 0, 0)


def test_a_caller_who_rings_at_a_page_that_is_left_is_whose_turn_it_is(board: Switchboard) -> None:
    agent, other = Desk(board), Desk(board, agent_status="break")
    agent.asks("take_softphone", device="page-older")
    sid = board.caller(board.queue(agent.id, other.id))
    rings(board, agent, sid)
    board.set_status(other.id, "available")
    answer = agent.asks("take_softphone", device="page-newer")
    assert sorted(c["kind"] for c in answer["commands"]) == ["hang_up", "ring_agent"]
    assert board.rung(sid) == other.id


def test_a_newer_page_leaves_a_telephone_and_who_talks_alone(board: Switchboard) -> None:
    agent, outside = Desk(board), Desk(board, phone_number="+573001234567")
    first = board.caller(board.queue(agent.id))
    agent.asks("take_softphone", device="page-older")
    board.commit()
    agent.takes(first)
    second = board.caller(board.queue(outside.id))
    rings(board, outside, second)
    for desk in (agent, outside):
        desk.asks("take_softphone", device="page-newer")
    assert board.offer(first)["state"] == "connected"
    assert board.rung(second) == outside.id


def test_who_loads_their_page_anew_does_not_rest_from_what_the_old_one_did(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id))
    agent.asks("take_softphone", device="page-older")
    leg, offer = rings(board, agent, sid)
    # As the Voice SDK does while its page goes.
    board.status(leg, "busy", 2, offer_id=offer, sip_code=603)
    assert board.offer(sid)["outcome"] == "rejected"
    assert board.rung(sid) is None
    agent.asks("take_softphone", device="page-newer")
    assert board.rung(sid) == agent.id


def test_a_desk_is_told_which_page_is_the_softphone_and_of_no_heartbeat(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    board.commit()
    told = "select count(*) as n from private.live_changes where row_id = %s"

    def news(function: str, device: str) -> int:
        before = board.row(told, agent.id)["n"]
        board.rows("select set_config('callcenter.noted', '', true)")
        agent.asks(function, device=device)
        return int(board.row(told, agent.id)["n"]) - int(before)

    assert news("take_softphone", "page-older") == 1
    assert news("keep_softphone", "page-older") == 0
    assert news("take_softphone", "page-older") == 0
    assert news("take_softphone", "page-newer") == 1


def test_a_supervisor_without_an_agent_has_one_softphone_too(board: Switchboard) -> None:
    agent = Desk(board)
    user = board.row(
        "insert into auth.users (id, email) values (gen_random_uuid(), 's@x.invalid') returning id"
    )["id"]
    agent.user = str(user)
    assert agent.is_refused("take_softphone", device="page-older")["code"] == "not_an_agent"
    board.rows("insert into public.profiles (id, role) values (%s, 'supervisor')", user)
    taken = agent.asks("take_softphone", device="page-older")["softphone"]
    assert agent.asks("read_my_state") | {"version": 0} == {
        "agent": None, "calls": [], "wrap_up": None, "softphone": taken, "version": 0,
        "commands": [],
    }  # fmt: skip


def test_a_dead_softphone_is_unreachable_and_an_agent_who_ignores_it_misses(
    board: Switchboard,
) -> None:
    alive, dead = Desk(board), Desk(board, agent_status="break")
    sid = board.caller(board.queue(alive.id, dead.id))
    alive.asks("take_softphone", device="page-alive")
    dead.asks("take_softphone", device="page-dead-1")
    assert board.rung(sid) == alive.id
    board.pass_time(15)
    alive.asks("keep_softphone", device="page-alive")
    assert rings_out(board, alive, sid, 15)["outcome"] == "no_answer"
    board.set_status(alive.id, "break")
    board.set_status(dead.id, "available")
    assert board.rung(sid) == dead.id
    assert rings_out(board, dead, sid)["outcome"] == "unreachable"
    row = agent_row(board, dead)
    assert (row["missed_offers"], row["unreached_offers"]) == (0, 1)
    assert board.call(sid)["call_status"] == "queued"


def test_a_dead_softphone_that_is_called_busy_is_unreachable_too(board: Switchboard) -> None:
    alive, dead = Desk(board), Desk(board, agent_status="break")
    sid = board.caller(board.queue(alive.id, dead.id))
    alive.asks("take_softphone", device="page-alive")
    leg, offer = rings(board, alive, sid)
    board.status(leg, "busy", 2, offer_id=offer)
    assert board.offer(sid)["outcome"] == "busy"
    dead.asks("take_softphone", device="page-dead-1")
    board.pass_time(21)
    board.set_status(alive.id, "break")
    board.set_status(dead.id, "available")
    assert board.rung(sid) == dead.id
    leg, offer = rings(board, dead, sid)
    board.status(leg, "busy", 2, offer_id=offer)
    assert board.offer(sid)["outcome"] == "unreachable"


def test_who_has_a_page_that_lives_is_rung_before_one_whose_page_died(board: Switchboard) -> None:
    dead, outside = Desk(board), Desk(board, phone_number="+573001234567")
    alive, never = Desk(board), Desk(board)
    agents = (dead, outside, alive, never)
    for page in (dead, outside, alive):
        page.asks("take_softphone", device="page-older")
    board.pass_time(21)
    alive.asks("keep_softphone", device="page-older")
    queue = board.queue(*(agent.id for agent in agents), routing_strategy="longest_idle")
    rung = [board.rung(board.caller(queue)) for _ in agents]
    # Longest idle first.
    assert rung == [outside.id, alive.id, never.id, dead.id]


def test_what_never_said_that_it_lives_or_not_for_a_day_is_not_dead(board: Switchboard) -> None:
    never, long_ago = Desk(board), Desk(board)
    sid = board.caller(board.queue(never.id))
    assert rings_out(board, never, sid)["outcome"] == "no_answer"
    long_ago.asks("take_softphone", device="page-older")
    board.pass_time(86400)
    sid = board.caller(board.queue(long_ago.id))
    assert rings_out(board, long_ago, sid)["outcome"] == "no_answer"


def test_a_telephone_that_rings_out_has_no_heartbeat(board: Switchboard) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id))
    agent.asks("take_softphone", device="page-older")
    agent.client = "+573001234567"
    assert rings_out(board, agent, sid)["outcome"] == "no_answer"


def test_an_agent_whom_three_offers_do_not_reach_is_set_on_break_for_that(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id))
    agent.asks("take_softphone", device="page-older")
    for _ in range(3):
        assert board.rung(sid) == agent.id
        rings_out(board, agent, sid)
        board.pass_time(61)
        board.sweep()
    row = agent_row(board, agent)
    assert (row["agent_status"], row["aside_reason"], row["missed_offers"]) == (
        "break", "unreachable", 0,
    )  # fmt: skip
    board.set_status(agent.id, "available")
    assert agent_row(board, agent)["unreached_offers"] == 0
    assert board.rung(sid) == agent.id


def test_what_is_learnt_late_of_an_offer_that_did_not_reach_corrects_the_count(
    board: Switchboard,
) -> None:
    agent = Desk(board)
    sid = board.caller(board.queue(agent.id))
    agent.asks("take_softphone", device="page-older")
    leg, offer = rings(board, agent, sid)
    board.pass_time(25)
    ended = board.row("select private.clock() as at")["at"].isoformat()
    board.pass_time(15)
    board.sweep()
    assert board.offer(sid)["outcome"] == "lapsed"
    board.status(leg, "no_answer", 2, offer_id=offer, occurred_at=ended)
    assert agent_row(board, agent)["unreached_offers"] == 0
    board.status(sid, "completed", 9)
    row = agent_row(board, agent)
    assert (row["missed_offers"], row["unreached_offers"]) == (0, 1)
