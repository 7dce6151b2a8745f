"""Callbacks come late, twice and in any order; what is known in the end is the same.

A history is what really happens in a call: documents that Twilio asks for while it happens, and
callbacks, which may arrive any time after what they tell of. Every history is played in its true
order and in a shuffled one with repeats, and both must end in the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database.switchboard import Switchboard

START = "2026-11-23T15:00:00+00:00"


@dataclass(frozen=True)
class Step:
    """One thing Twilio sends, `at` seconds after the call began; a callback may come later."""

    at: int
    function: str
    event: tuple[tuple[str, Any], ...]
    is_callback: bool


def document(at: int, function: str, **event: object) -> Step:
    return Step(at, function, tuple(event.items()), is_callback=False)


def callback(at: int, leg: str, status: str, sequence: int, **more: object) -> Step:
    event = {"source": "call-status", "leg": leg, "status": status, "sequence": sequence, **more}
    return Step(at, "record_call_event", tuple(event.items()), is_callback=True)


def room(at: int, leg: str) -> Step:
    """A leg enters the call's room, as Twilio tells it."""
    return Step(at, "record_room_event", (("leg", leg), ("event", "join")), is_callback=True)


def message(at: int, length: int, heard: int) -> list[Step]:
    """<Record> tells a message with the silence at its end, the recording without."""
    recorded = {"leg": "caller", "recording_sid": "RE1"}
    told = {**recorded, "source": "RecordVerb", "status": "completed", "duration": heard}
    return [
        Step(at, "receive_voicemail", (*recorded.items(), ("duration", length)), is_callback=True),
        Step(at + 2, "record_recording_event", tuple(told.items()), is_callback=True),
    ]


def entrance() -> list[Step]:
    return [
        document(0, "receive_incoming_call", leg="caller"),
        document(12, "receive_ivr_input", leg="caller", attempt=1, digits="1"),
    ]


def ringing(answer_at: int) -> list[Step]:
    return [
        callback(13, "agent", "initiated", 0),
        callback(14, "agent", "ringing", 1),
        callback(answer_at, "agent", "in_progress", 2),
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    kind = draw(st.sampled_from(["talks", "agent hangs up", "leaves", "voicemail"]))
    wait = draw(st.integers(3, 18))
    talk = draw(st.integers(1, 300))
    met = 14 + wait
    end = met + talk
    if kind == "leaves":
        return [
            *entrance(),
            *ringing(met)[:2],
            callback(met, "caller", "completed", 0, duration=met),
            callback(met + draw(st.integers(-1, 1)), "agent", "no_answer", 2),
        ]
    if kind == "voicemail":
        return [
            *entrance(),
            document(met, "receive_queue_key", leg="caller", digits="2"),
            document(met, "receive_queue_exit", leg="caller", result="leave"),
            *message(end, talk, draw(st.integers(0, talk))),
            callback(end, "caller", "completed", 0, duration=end),
        ]
    meeting = [
        *entrance(),
        *ringing(met),
        document(met, "receive_agent_answer", leg="agent", to="client:x"),
        room(met, "agent"),
        document(met + 1, "receive_caller_connect", leg="caller"),
        room(met + 1, "caller"),
    ]
    first, second = ("caller", "agent") if kind == "talks" else ("agent", "caller")
    last = {"caller": 0, "agent": 3}
    return [
        *meeting,
        callback(end, first, "completed", last[first], duration=end),
        callback(end + 1, second, "completed", last[second], duration=end + 1),
    ]


@st.composite
def shuffles(draw: st.DrawFn) -> tuple[list[Step], list[Step]]:
    """A history in true order, and the same with callbacks late, out of order and repeated."""
    true = draw(histories())
    delayed = [
        (place + draw(st.integers(0, len(true))) if step.is_callback else place, step)
        for place, step in enumerate(true)
    ]
    repeats = [
        (place + draw(st.integers(0, 5)), step)
        for place, step in delayed
        if step.is_callback and draw(st.booleans())
    ]
    return true, [step for _, step in sorted(delayed + repeats, key=lambda pair: pair[0])]


def play(board: Switchboard, steps: list[Step], waits_alone: bool) -> dict[str, Any]:
    """Play steps for a fresh agent and caller, undo everything, and return what was known."""
    with board.db.transaction(force_rollback=True):
        board.set_clock(START)
        agent = board.agent(*(["break"] if waits_alone else []), phone_number=None)
        queue = board.queue(agent, description="Pruebas", voicemail_notify=["+573001230000"])
        sids = {"caller": "CA" + "0" * 32, "agent": "CA" + "1" * 32}
        numbers = {"from": "+573017654321", "to": "+576015550100"}
        for step in steps:
            deliver(board, step, sids, numbers, queue)
        return known(board, sids["caller"], agent)


def deliver(
    board: Switchboard, step: Step, sids: dict[str, str], numbers: dict[str, str], queue: str
) -> None:
    event = {**numbers, **dict(step.event)}
    event["call_sid"] = sids[event.pop("leg")]
    moment = f"'{START}'::timestamptz + interval '{step.at} seconds'"
    if step.is_callback:
        at = board.row(f"select {moment} as at")["at"]
        event["occurred_at"] = at.isoformat()
    else:
        at = board.row(f"select ({moment})::text as at")["at"]
        board.set_clock(at)
    if event["call_sid"] == sids["agent"]:
        offers = board.rows("select id from private.call_offers")
        event |= {"offer_id": str(offers[0]["id"]), "direction": "outbound-api"}
    if step.function == "record_room_event":
        calls = board.rows("select call_record_id from private.call_legs limit 1")
        event |= {"call_record_id": str(calls[0]["call_record_id"])}
    board.rpc(step.function, event)
    if step.function == "receive_incoming_call":
        board.rows(
            "update private.call_sessions set script = jsonb_build_object('menus',"
            " jsonb_build_array(jsonb_build_object('id', 'main', 'options', jsonb_build_array("
            " jsonb_build_object('digit', '1', 'actionQueue', %s::text)))))",
            queue,
        )


def known(board: Switchboard, sid: str, agent: str) -> dict[str, Any]:
    seconds = "extract(epoch from {} - %s::timestamptz)::integer as {}"
    times = ["started_at", "queued_at", "answered_at", "ended_at"]
    return {
        "call": board.row(
            "select call_status, disposition, duration_seconds, wait_seconds, talk_seconds,"
            " agent_id is not null as has_agent, ivr_path->'steps'->0->>'input' as input, "
            + ", ".join(seconds.format(name, name) for name in times)
            + " from public.call_records where call_id = %s",
            *[START] * 4,
            sid,
        ),
        "legs": board.rows(
            "select role, status, duration_seconds, "
            + ", ".join(
                seconds.format(name, name) for name in ("started_at", "answered_at", "ended_at")
            )
            + " from private.call_legs order by role",
            *[START] * 3,
        ),
        "offers": board.rows("select state, outcome from private.call_offers"),
        "agent": board.row(
            "select current_call_count, total_calls_handled, handling_seconds,"
            " average_handling_time_seconds, missed_offers"
            " from public.call_center_agents where id = %s",
            agent,
        ),
        "contact": board.row(
            "select total_call_count, last_call_duration_seconds from public.crm_contacts"
            " where phone_number = '+573017654321'"
        ),
        "voicemails": board.rows("select duration_seconds from public.voicemails"),
        "texts": board.rows(
            "select state, payload ->> 'text' as text from private.telephony_commands"
            " where kind = 'send_sms' and state <> 'failed'"
        ),
        "statistics": board.row(
            "select sum(calls) as calls, sum(completed) as completed, sum(missed) as missed,"
            " sum(duration_seconds) as seconds, sum(offered) as offered, sum(answered) as answered,"
            " sum(abandoned) as abandoned, sum(wait_seconds) as wait from private.stat_deltas"
        ),
    }


@pytest.fixture
def board(board: Switchboard) -> Switchboard:
    for table in ("public.voicemails", "public.call_records", "private.stat_deltas"):
        board.rows(f"delete from {table}")
    return board


@settings(
    max_examples=35,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(shuffles())
def test_every_order_and_any_repeats_end_in_the_same_rows(
    board: Switchboard, pair: tuple[list[Step], list[Step]]
) -> None:
    true, shuffled = pair
    alone = any(step.function == "receive_queue_key" for step in true)
    assert play(board, shuffled, alone) == play(board, true, alone)


def test_a_late_event_revives_nothing(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent()))
    leg, offer = board.answered(sid)
    board.status(sid, "completed", 3)
    ended = board.call(sid)
    for status in ("ringing", "in_progress", "queued"):
        board.status(sid, status, 1)
        board.status(leg, status, 1, offer_id=offer)
    board.rpc("receive_queue_wait", {"call_sid": sid})
    board.rpc("receive_caller_connect", {"call_sid": sid})
    assert {**board.call(sid), "updated_at": 0} == {**ended, "updated_at": 0}


def test_an_event_for_an_unknown_call_creates_it_ended_and_for_good(board: Switchboard) -> None:
    sid = "CA" + "9" * 32
    board.status(sid, "completed", 2, **{"from": "+573011111111", "to": "+576015550100"})
    assert board.call(sid)["call_status"] == "missed"
    answer = board.rpc(
        "receive_incoming_call", {"call_sid": sid, "from": "+573011111111", "to": "+576015550100"}
    )
    assert answer["plan"]["kind"] == "hang_up"
    assert board.call(sid)["ended_at"] is not None


def test_withheld_callers_are_not_merged_into_one_contact(board: Switchboard) -> None:
    sids = [f"CA{n:032d}" for n in (71, 72)]
    for sid in sids:
        board.rpc("receive_incoming_call", {"call_sid": sid, "from": None, "to": "+576015550100"})
    assert [board.call(sid)["contact_id"] for sid in sids] == [None, None]
    assert board.call(sids[0])["caller_number"] == "anonymous"


def test_an_agents_leg_for_a_caller_who_left_is_hung_up_when_twilio_first_speaks_of_it(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent()))
    offer = str(board.offer(sid)["id"])
    board.status(sid, "completed", 3)
    leg = "CA" + "8" * 32
    event = {"source": "call-status", "call_sid": leg, "status": "initiated", "sequence": 0}
    answer = board.rpc("record_call_event", {**event, "offer_id": offer})
    assert [(c["kind"], c["target"]) for c in answer["commands"]] == [("hang_up", leg)]
