"""The caller waits: what they hear, what they may choose instead, and where else they go."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.acceptance.centre import HANGS_UP, TALKS_AND_HANGS_UP, CallCentre, hears
from tests.acceptance.screen import Screen

pytestmark = pytest.mark.in_any_weather

LEAVES_A_MESSAGE = (hears("beep"), {"talk": 4}, HANGS_UP)
CHOOSES_SALES = (hears("Ventas"), {"press": "1"})
ASKS_ANEW = {"press": "9"}  # a key that offers nothing: the announcement begins again
VOICEMAIL = ("completed", "voicemail")


def queue_id(centre: CallCentre, name: str) -> UUID:
    found: UUID = centre.row("select id from public.call_queues where name = %s", name)["id"]
    return found


def stays(centre: CallCentre, sid: str) -> list[tuple[str, str]]:
    """The queues that a call was in, and how it left each."""
    rows = centre.rows(
        "select q.name, e.outcome from private.queue_entries e"
        " join public.call_queues q on q.id = e.queue_id"
        " join public.call_records r on r.id = e.call_record_id"
        " where r.call_id = %s order by e.id",
        sid,
    )
    return [(row["name"], row["outcome"]) for row in rows]


def told(call: dict[str, object]) -> tuple[object, object]:
    return call["call_status"], call["disposition"]


def message_is_kept(centre: CallCentre, sid: str, queue: str = "support") -> None:
    """The call ended as a voicemail of the queue, with a recording to listen to."""
    centre.ended(sid)
    centre.becomes(sid, call_status="completed", disposition="voicemail")
    message = centre.row(
        "select v.* from public.voicemails v join public.call_records r on r.id = v.call_record_id"
        " where r.call_id = %s",
        sid,
    )
    assert (message["queue_id"], message["caller_number"]) == (
        queue_id(centre, queue),
        centre.call(sid)["caller_number"],
    )
    assert message["recording_url"]
    assert message["duration_seconds"] >= 3


def test_callers_are_told_their_place_and_move_up(centre: CallCentre) -> None:
    centre.agent_on_break()
    first = centre.caller_for_support(hears("Usted es el número 1 en la fila"))
    centre.becomes(first, call_status="queued")
    second = centre.caller_for_support(hears("Usted es el número 2 en la fila"))
    centre.until(lambda: "número 2" in centre.heard(second), "the second is told")
    centre.sim.act(first, [HANGS_UP])
    assert told(centre.ended(first)) == ("missed", "abandoned")
    centre.sim.act(second, [ASKS_ANEW, hears("Usted es el número 1 en la fila"), HANGS_UP])
    assert told(centre.settled(second)) == ("missed", "abandoned")
    assert stays(centre, first) == stays(centre, second) == [("support", "abandoned")]


def test_the_wait_is_announced_as_a_range_or_not_at_all(centre: CallCentre) -> None:
    centre.agent_ready(ignore=True)
    first = centre.caller_for_support(hears("número 1 en la fila"))
    centre.until(lambda: "número 1" in centre.heard(first), "the first is told")
    assert "tiempo de espera" not in centre.heard(first), "there is nothing to go by"
    centre.rows(
        "update public.call_center_agents set average_handling_time_seconds = 180"
        " where extension = '1001'"
    )
    second = centre.caller_for_support(
        hears("El tiempo de espera es de entre 4 y 8 minutos"), HANGS_UP
    )
    assert told(centre.ended(second)) == ("missed", "abandoned")


def test_the_music_is_the_queues_own_or_ours(centre: CallCentre) -> None:
    own = f"{centre.stack.env['PUBLIC_URL']}/static/hold-music.wav?of=support"
    centre.queue("support", wait_music_url=own)
    centre.agent_on_break()
    support = centre.caller_for_support(hears("of=support"), HANGS_UP)
    sales = centre.caller(*CHOOSES_SALES, hears("hold-music"), HANGS_UP)
    for sid in (support, sales):
        assert told(centre.settled(sid)) == ("missed", "abandoned")
    assert "of=support" not in centre.heard(sales)


def test_a_waiting_caller_presses_a_key_to_leave_a_message(centre: CallCentre) -> None:
    centre.agent_on_break()
    sid = centre.caller_for_support(
        hears("Si prefiere dejar un mensaje, marque 2"), {"press": "2"}, *LEAVES_A_MESSAGE
    )
    message_is_kept(centre, sid)
    assert stays(centre, sid) == [("support", "voicemail")]


def test_what_a_queue_does_not_offer_no_key_chooses(centre: CallCentre) -> None:
    centre.queue(offer_callback=False, offer_voicemail=False)
    centre.agent_on_break()
    place = hears("en la fila")
    sid = centre.caller_for_support(
        place, {"press": "1"}, place, {"press": "2"}, place, *TALKS_AND_HANGS_UP
    )
    centre.until(lambda: centre.heard(sid).count("en la fila") == 3, "both keys were pressed")
    centre.agent_ready("1002")
    assert told(centre.settled(sid)) == ("completed", "completed")
    waited = centre.heard(sid).partition("en la fila")[2]
    assert "marque" not in waited
    assert "mensaje" not in waited


def test_after_the_longest_wait_the_caller_is_asked_for_a_message(centre: CallCentre) -> None:
    centre.queue(max_wait_seconds=20)
    centre.agent_on_break()
    sid = centre.caller_for_support(hears("en la fila"), {"wait": 25}, ASKS_ANEW, *LEAVES_A_MESSAGE)
    message_is_kept(centre, sid)
    assert stays(centre, sid) == [("support", "voicemail")]


def test_with_nobody_signed_in_the_caller_is_asked_for_a_message_at_once(
    centre: CallCentre,
) -> None:
    sid = centre.caller_for_support(*LEAVES_A_MESSAGE)
    message_is_kept(centre, sid)
    assert "en la fila" not in centre.heard(sid)
    assert stays(centre, sid) == []


def test_out_of_hours_and_on_holidays_a_queue_has_its_own_message(centre: CallCentre) -> None:
    today = centre.row("select (private.clock() at time zone 'America/Bogota')::date as day")
    centre.queue("support", opening_hours={}, closed_message="Soporte está cerrado.")
    centre.queue("sales", holidays=[today["day"]], closed_message="Hoy es fiesta.")
    centre.queue("hr", opening_hours={})
    centre.agent_ready()
    support = centre.caller_for_support(*LEAVES_A_MESSAGE)
    sales = centre.caller(*CHOOSES_SALES, *LEAVES_A_MESSAGE)
    hr = centre.caller(hears("marque 3"), {"press": "3"}, *LEAVES_A_MESSAGE)
    message_is_kept(centre, support, "support")
    message_is_kept(centre, sales, "sales")
    message_is_kept(centre, hr, "hr")
    assert "Soporte está cerrado." in centre.heard(support)
    assert "Hoy es fiesta." in centre.heard(sales)
    assert "nadie puede atenderle" in centre.heard(hr)


def test_a_full_queue_sends_callers_on_or_asks_for_a_message(centre: CallCentre) -> None:
    centre.queue("support", max_waiting=1, overflow_queue_id=queue_id(centre, "sales"))
    centre.queue("sales", max_waiting=1)
    centre.agent_on_break()
    first = centre.caller_for_support(hears("en la fila"), *TALKS_AND_HANGS_UP)
    centre.becomes(first, call_status="queued")
    second = centre.caller_for_support(hears("comunicamos con Ventas"), *TALKS_AND_HANGS_UP)
    centre.becomes(second, queue_name="sales")
    third = centre.caller_for_support(*LEAVES_A_MESSAGE)
    message_is_kept(centre, third)
    centre.agent_ready("1002")
    centre.agent_ready("1003")
    for sid in (first, second):
        assert told(centre.settled(sid)) == ("completed", "completed")
    assert stays(centre, first) == [("support", "answered")]
    assert stays(centre, second) == [("sales", "answered")]


def test_who_waited_long_enough_goes_on_to_the_next_queue_and_keeps_their_time(
    centre: CallCentre,
) -> None:
    sales = queue_id(centre, "sales")
    centre.queue("support", overflow_queue_id=sales, overflow_after_seconds=10)
    centre.agent_on_break()
    sid = centre.caller_for_support(hears("en la fila"), *TALKS_AND_HANGS_UP)
    centre.becomes(sid, queue_name="sales")
    centre.agent_ready("1002")
    call = centre.settled(sid)
    assert (told(call), call["wait_seconds"] >= 10) == (("completed", "completed"), True)
    assert stays(centre, sid) == [("support", "overflowed"), ("sales", "answered")]
    joined = centre.rows(
        "select distinct joined_at from private.queue_entries where call_record_id = %s", call["id"]
    )
    assert joined == [{"joined_at": call["queued_at"]}]
    assert "cola Ventas" in centre.agent_heard("1002")


def test_a_supervisor_moves_a_caller_for_whom_somebody_is_rung(centre: CallCentre) -> None:
    centre.queue("support", ring_timeout_seconds=300, offer_voicemail=False)
    centre.agent_ready("1001", ignore=True)
    centre.agent_on_break("1002")
    sid = centre.caller_for_support(
        hears("en la fila"), hears("dejar un mensaje"), *TALKS_AND_HANGS_UP
    )
    centre.until(centre.agent_rings, "the agent of support is rung")
    Screen(centre.stack, "supervisor@demo.local").does(f"calls/{sid}/move", to="sales")
    centre.until(lambda: not centre.agent_rings(), "they are let go")
    centre.until(lambda: "dejar un mensaje" in centre.heard(sid), "the new queue is heard")
    centre.agent_ready("1002")
    assert told(centre.settled(sid)) == ("completed", "completed")
    assert stays(centre, sid) == [("support", "moved"), ("sales", "answered")]
    assert "cola Ventas" in centre.agent_heard("1002")
    # That they were let go is no miss of theirs.
    assert centre.first_offers(sid) == {"1001": "caller_left", "1002": "finished"}
