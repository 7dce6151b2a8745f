"""The desk in Chromium: every button of it, in an agent's hands, while everybody else is played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.acceptance.centre import ENDS, HANGS_UP, JOINS, CallCentre, hears
from tests.acceptance.room import MUSIC, leg_to, leg_to_desk, they_hear
from tests.acceptance.scenes import Scene
from tests.acceptance.test_live_pages import sign_up_stranger

pytestmark = pytest.mark.xdist_group("live_pages")
Play = Callable[[str], Scene]
CUSTOMER, FRIEND, VOICE = "+573009990003", "+573009990004", "+573017770003"
# Longer than any test, at the stack's speed.
STAYS = [JOINS, {"talk": 24 * 3600}]


def did(centre: CallCentre, sid: str) -> list[str]:
    """What was done with a call, in order."""
    query = "select action from private.call_actions where call_record_id = %s order by id"
    return [row["action"] for row in centre.rows(query, centre.call(sid)["id"])]


def newest_call(centre: CallCentre, number: str) -> dict[str, Any]:
    query = "select * from public.call_records where caller_number = %s"
    return centre.rows(f"{query} order by created_at desc limit 1", number)[0]


def test_an_agent_calls_rejects_consults_conferences_and_hands_over(
    centre: CallCentre, play: Play
) -> None:
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=300)
    centre.sim.person(CUSTOMER, STAYS)
    centre.sim.person(FRIEND, STAYS)
    scene = play("desk_calls.mjs")
    scene.until("dialled")
    me, customer = leg_to_desk(centre), leg_to(centre, CUSTOMER)
    they_hear(centre, {me: {customer}, customer: {me}})
    scene.goes_on()

    scene.until("available")
    sid = centre.caller_for_support(*STAYS)
    scene.until("rejected")
    centre.until(lambda: centre.first_offers(sid)["1001"], "the offer is over")
    assert centre.first_offers(sid)["1001"] == "rejected"
    scene.goes_on()
    scene.until("answered")
    centre.agent_ready("1002", STAYS)
    me = leg_to_desk(centre)
    they_hear(centre, {me: {sid}, sid: {me}})
    scene.goes_on()
    scene.until("consulting")
    colleague = leg_to_desk(centre, "1002")
    they_hear(centre, {me: {colleague}, colleague: {me}, sid: {MUSIC}})
    scene.goes_on()
    scene.until("swapped")
    they_hear(centre, {me: {sid}, sid: {me}, colleague: {MUSIC}})
    scene.goes_on()
    scene.until("merged")
    they_hear(centre, {me: {sid, colleague}, sid: {me, colleague}, colleague: {me, sid}})
    scene.goes_on()
    scene.until("alone")
    they_hear(centre, {me: {sid}, sid: {me}, colleague: set()})
    centre.agent_ready("1002", STAYS)
    scene.goes_on()
    scene.until("cancelled")
    they_hear(centre, {me: {sid}, sid: {me}})
    scene.goes_on()
    scene.until("added")
    friend = leg_to(centre, FRIEND)
    they_hear(centre, {me: {sid, friend}, sid: {me, friend}, friend: {me, sid}})
    scene.goes_on()
    assert centre.ended(sid)["ended_by"] == "agent"
    assert did(centre, sid) == [
        "consult", "swap_consult", "merge_consult", "remove_party", "consult", "cancel_consult",
        "add_party", "help", "end",
    ]  # fmt: skip
    scene.until("free")

    centre.agent_on_break("1002")
    sid = centre.caller_for_support(*STAYS)
    scene.until("answered")
    centre.agent_ready("1002", STAYS)
    scene.goes_on()
    scene.until("handed over")
    centre.until(
        lambda: centre.sim.hears(sid) == {leg_to_desk(centre, "1002")}, "the colleague has them"
    )
    assert centre.call(sid)["agent_id"] == centre.agent("1002")["id"]
    sid = centre.caller_for_support(*STAYS)
    scene.goes_on()
    scene.until("handed to a queue")
    centre.becomes(sid, queue_name="sales", transferred=True)
    scene.goes_on()
    scene.until("left")
    friend = leg_to(centre, FRIEND)
    they_hear(centre, {sid: {friend}, friend: {sid}})
    scene.goes_on()
    scene.ends()


@pytest.fixture
def past(centre: CallCentre) -> Iterator[None]:
    """Agent 1001 knows who will leave a message from some calls; of the first there is a note."""
    centre.rows("delete from public.crm_contacts where phone_number = %s", VOICE)
    centre.rows(
        "with known as (insert into public.crm_contacts (phone_number) values (%s) returning id)"
        " insert into public.call_records (call_id, caller_number, contact_id, agent_id,"
        " call_status, started_at, ended_at, notes)"
        " select 'CApast' || n, %s, known.id, %s, 'completed', d, d,"
        " case n when 22 then 'La primera vez' end"
        " from known, generate_series(1, 22) n, lateral (select now() - n * interval '1 day') t(d)",
        VOICE, VOICE, centre.agent()["id"],
    )  # fmt: skip
    yield
    centre.rows("delete from public.call_records where call_id like 'CApast%%'")


def test_an_agent_hears_messages_and_calls_back(centre: CallCentre, play: Play, past: None) -> None:
    missed, asked, voice = "+573017770001", "+573017770002", VOICE
    centre.rows("delete from public.crm_contacts where phone_number = %s", missed)
    words = {"talk": 6, "text": "Quiero cambiar mi cita"}
    ended = [centre.caller_for_support(hears("beep"), words, HANGS_UP, from_=voice)]
    centre.ended(ended[0])
    centre.agent_on_break()
    wish = ({"press": "1"}, hears("Le llamaremos al"), {"press": "1"}, ENDS)
    ended += [
        centre.caller_for_support(hears("en la fila"), HANGS_UP, from_=missed),
        centre.caller_for_support(hears("en la fila"), *wish, from_=asked),
    ]
    for sid in ended:
        centre.ended(sid)
    query = "select * from public.voicemails where caller_number = %s"
    centre.until(lambda: centre.rows(f"{query} and recording_url is not null", voice), "it is kept")
    named = "update public.crm_contacts set first_name = 'Luz', last_name = 'Mar'"
    centre.rows(f"{named} where phone_number = %s", voice)
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=300)
    for number in (missed, asked, voice):
        centre.sim.person(number, STAYS)

    scene = play("desk_lists.mjs")
    scene.until("heard")
    me = centre.agent()["id"]
    centre.until(lambda: centre.row(query, voice)["is_listened"], "it is marked")
    assert centre.row(query, voice)["listened_by_agent_id"] == me
    message = centre.row(query, voice)["recording_sid"]
    assert last_listened(centre)["recording_sid"] == message
    scene.goes_on()
    scene.until("answered")
    them, mine = leg_to(centre, voice), leg_to_desk(centre)
    they_hear(centre, {mine: {them}, them: {mine}})
    scene.goes_on()
    scene.until("called back")
    them, mine = leg_to(centre, missed), leg_to_desk(centre)
    they_hear(centre, {mine: {them}, them: {mine}})
    scene.goes_on()
    scene.until("edited")
    contact = centre.row("select * from public.crm_contacts where phone_number = %s", missed)
    assert (contact["first_name"], contact["email"]) == ("Rosa", "rosa@ejemplo.co")
    assert newest_call(centre, missed)["call_direction"] == "outbound"
    scene.goes_on()
    scene.until("taken")
    them, mine = leg_to(centre, asked), leg_to_desk(centre)
    they_hear(centre, {mine: {them}, them: {mine}})
    scene.goes_on()
    scene.until("promised")
    kept = "select recording_url from public.call_records where caller_number = %s"
    kept = f"{kept} and recording_url is not null"
    centre.until(lambda: centre.rows(kept, asked), "what was said is kept")
    scene.goes_on()
    scene.ends()
    recording = centre.row(kept, asked)["recording_url"]
    centre.until(
        lambda: last_listened(centre)["recording_sid"] in recording, "the recording is listened to"
    )
    promised = centre.row(
        "select e.not_before from private.queue_entries e join public.call_records r"
        " on r.id = e.call_record_id where r.caller_number = %s and e.left_at is null",
        asked,
    )
    assert promised["not_before"] > newest_call(centre, asked)["created_at"]


def last_listened(centre: CallCentre) -> dict[str, Any]:
    """What agent 1001 has listened to last, and when."""
    query = "select * from private.recording_listens where user_id = %s order by last_at desc"
    return centre.rows(query, centre.agent()["user_id"])[0]


def test_an_agent_loses_nothing_to_tabs_networks_and_reloads(
    centre: CallCentre, play: Play
) -> None:
    sign_up_stranger(centre.stack)
    centre.queue(wrap_up_seconds=0, ring_timeout_seconds=600)
    scene = play("desk_troubles.mjs")
    scene.until("available")
    sid = centre.caller_for_support(*STAYS)
    said = scene.until("answered")["said"]
    # It rang in the first tab until the second was the telephone.
    rings = "select outcome from private.call_offers where leg_sid = %s"
    left, *_, second = (leg["sid"] for leg in centre.agent_legs())
    assert centre.row(rings, left)["outcome"] == "lost"
    they_hear(centre, {second: {sid}, sid: {second}})
    assert {one["text"] for one in said} <= set(centre.sim.heard(second))
    assert {one["lang"] for one in said} == {"es-CO"}
    scene.goes_on()
    scene.until("taken back")
    first = goes_on_at_another_leg(centre, sid, second)
    scene.goes_on()
    scene.until("next")
    me = centre.agent()
    assert (me["next_status"], me["next_reason"]) == ("break", "Reunión")
    scene.goes_on()
    scene.until("loaded anew")
    goes_on_at_another_leg(centre, sid, first)
    call = centre.call(sid)
    assert (call["notes"], call["disposition"]) == ("Se fue la luz y volvió", "Se muda")
    assert did(centre, sid).count("digits") == 2
    scene.goes_on()
    scene.ends()
    assert centre.ended(sid)["ended_by"] == "agent"


def goes_on_at_another_leg(centre: CallCentre, sid: str, before: str) -> str:
    """A conversation that a page left goes on in another; the agent's leg there."""

    def talks_there() -> bool:
        leg = leg_to_desk(centre)
        ears = centre.sim.hears(leg), centre.sim.hears(sid)
        return leg != before and ears == ({sid}, {leg})

    centre.until(talks_there, "they talk at another leg")
    return leg_to_desk(centre)


def test_an_agent_has_a_telephone_on_the_desk(centre: CallCentre, play: Play) -> None:
    telephone = "+576015550178"
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=600)
    query = "update public.call_center_agents set phone_number = %s where extension = '1002'"
    centre.rows(query, telephone)
    centre.sim.person(telephone, on_ring={"ignore": True})
    centre.sim.person(CUSTOMER, STAYS)
    scene = play("desk_telephone.mjs")
    scene.until("available")
    sid = centre.caller_for_support(*STAYS)
    scene.until("rings")
    me = leg_to(centre, telephone)
    centre.sim.answer(me)
    centre.sim.act(me, [hears("marque 1"), {"press": "1"}, *STAYS])
    they_hear(centre, {me: {sid}, sid: {me}})
    scene.goes_on()
    scene.until("muted")
    they_hear(centre, {me: {sid}, sid: set()})
    scene.goes_on()
    scene.until("held")
    they_hear(centre, {me: set(), sid: {MUSIC}})
    centre.sim.person(telephone, STAYS)
    scene.goes_on()
    scene.until("placed")
    assert did(centre, sid) == ["mute", "unmute", "hold", "resume", "end", "finish_wrap_up"]
    me, customer = leg_to(centre, telephone), leg_to(centre, CUSTOMER)
    they_hear(centre, {me: {customer}, customer: {me}})
    scene.goes_on()
    scene.until("slow")
    centre.until(centre.nobody_is_busy, "everybody has hung up")
    # The next leg waits for its turn at Twilio for longer than the test takes.
    centre.sim.account(calls_per_second=0.0001)
    centre.rows("update private.settings set offer_start_seconds = 86400")
    scene.goes_on()
    scene.ends()
    centre.until(lambda: newest_call(centre, CUSTOMER)["ended_at"], "the call is over")
    assert newest_call(centre, CUSTOMER)["answered_at"] is None
    assert leg_to(centre, CUSTOMER) == customer, "they are not rung"
    assert centre.agent("1002")["agent_status"] == "offline"
