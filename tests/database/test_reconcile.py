"""What Twilio knows and nobody told us: asked for, taken in once, and given up at last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

NUMBER = "+573015550001"


@pytest.fixture
def board(board: Switchboard) -> Switchboard:
    board.rows("delete from private.recording_checks")
    return board


def talked(board: Switchboard) -> str:
    """A caller who spoke with an agent; the call is over."""
    sid = board.caller(board.queue(board.agent()))
    board.answered(sid)
    board.status(sid, "completed", 9)
    return sid


def left_for_voicemail(board: Switchboard) -> str:
    """A caller who was asked for a message; the call is over."""
    sid = board.caller(board.queue())
    board.status(sid, "completed", 9)
    return sid


def asked_for(board: Switchboard, sid: str) -> dict[str, Any] | None:
    """What the sweep has asked about a call's recordings, if anything."""
    record_id = str(board.call(sid)["id"])
    calls = board.sweep()["unheard_recordings"]
    return next((call for call in calls if call["call_record_id"] == record_id), None)


def recording(board: Switchboard, sid: str, source: str, status: str = "completed") -> str:
    """Twilio says what became of a recording, by callback or asked; returns its SID."""
    event = {"call_sid": sid, "recording_sid": f"RE{sid}"}
    board.rpc(
        "record_recording_event", {**event, "status": status, "source": source, "duration": 7}
    )
    return f"RE{sid}"


@pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (1, 0), (2, 1)])
def test_who_hangs_up_at_the_tone_leaves_no_voicemail(
    board: Switchboard, seconds: int, kept: int
) -> None:
    sid = left_for_voicemail(board)
    recorded = {"call_sid": sid, "recording_sid": "RE1", "duration": seconds}
    board.rpc("receive_voicemail", recorded)
    told = {**recorded, "status": "completed", "source": "RecordVerb"}
    board.rpc("record_recording_event", told)
    board.status(sid, "completed", 9)
    assert len(voicemails(board, sid)) == kept
    call = (board.call(sid)["call_status"], board.call(sid)["disposition"])
    assert call == (("completed", "voicemail") if kept else ("missed", "abandoned"))
    checks = "select 1 from private.recording_checks c join public.call_records r"
    assert board.rows(f"{checks} on r.id = c.call_record_id where r.call_id = %s", sid) == []


def voicemails(board: Switchboard, sid: str) -> list[dict[str, Any]]:
    query = "select * from public.voicemails where call_record_id = %s"
    return board.rows(query, board.call(sid)["id"])


def test_a_conversation_whose_recording_is_not_told_is_asked_for_by_its_room(
    board: Switchboard,
) -> None:
    sid = talked(board)
    assert asked_for(board, sid) is None
    board.pass_time(31)
    wanted = asked_for(board, sid)
    assert wanted is not None
    assert (wanted["call_sid"], wanted["conference"]) == (sid, f"call-{board.call(sid)['id']}")


def test_a_message_whose_recording_is_not_told_is_asked_for_by_its_call(
    board: Switchboard,
) -> None:
    sid = left_for_voicemail(board)
    board.pass_time(31)
    wanted = asked_for(board, sid)
    assert wanted is not None
    assert (wanted["call_sid"], wanted["conference"]) == (sid, None)


def test_a_call_that_two_agents_took_is_asked_about_until_both_rooms_are_known(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent(), board.agent()))
    leg, offer = board.agent_leg(sid)
    board.rpc("receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"})
    board.status(leg, "completed", 3, offer_id=offer)  # gone before the two met
    board.commit()
    board.answered(sid)
    board.status(sid, "completed", 9)
    recording(board, sid, "Conference")
    board.pass_time(31)
    wanted = asked_for(board, sid)
    assert wanted is not None
    assert wanted["conference"] == f"call-{board.call(sid)['id']}"


def test_what_is_here_is_not_asked_for(board: Switchboard) -> None:
    conversation, message = talked(board), left_for_voicemail(board)
    recording(board, conversation, "Conference")
    recording(board, message, "RecordVerb")
    board.pass_time(31)
    assert asked_for(board, conversation) is None
    assert asked_for(board, message) is None


def test_a_recording_of_silence_is_asked_for_no_more(board: Switchboard) -> None:
    sid = left_for_voicemail(board)
    recording(board, sid, "RecordVerb", "absent")
    board.pass_time(31)
    assert asked_for(board, sid) is None
    assert voicemails(board, sid) == []


@pytest.mark.parametrize(("ended", "times"), [(talked, 6), (left_for_voicemail, 6)])
def test_asking_goes_on_ever_more_rarely_and_ends(
    board: Switchboard, ended: Any, times: int
) -> None:
    sid = ended(board)
    asked = 0
    for _ in range(200):
        board.pass_time(31)
        asked += asked_for(board, sid) is not None
    assert asked == times
    assert board.rows("select 1 from private.recording_checks") == []


def test_a_caller_who_only_heard_the_menu_is_asked_about_twice(board: Switchboard) -> None:
    board.rpc("receive_incoming_call", {"call_sid": "CA1menu", "from": NUMBER})
    board.status("CA1menu", "completed", 9)
    asked = 0
    for _ in range(40):
        board.pass_time(31)
        asked += asked_for(board, "CA1menu") is not None
    assert asked == 2


def test_an_offline_voicemail_of_a_call_nobody_announced_becomes_one_of_its_caller(
    board: Switchboard,
) -> None:
    recording(board, "CA1unknown", "RecordVerb")
    assert board.call("CA1unknown")["caller_number"] == "anonymous"
    said: dict[str, Any] = {"from": NUMBER, "to": "+576015550100", "duration": 20}
    board.status("CA1unknown", "completed", **said)
    call = board.call("CA1unknown")
    (message,) = voicemails(board, "CA1unknown")
    assert (call["call_status"], call["disposition"]) == ("completed", "voicemail")
    assert (call["caller_number"], message["caller_number"]) == (NUMBER, NUMBER)
    assert message["queue_id"] is None
    assert call["contact_id"] is not None


def test_an_offline_voicemail_of_a_known_call_is_of_the_queue_it_was_in(
    board: Switchboard,
) -> None:
    sid = board.caller(board.queue(board.agent("break")))
    board.status(sid, "completed", 9)
    recording(board, sid, "RecordVerb")
    (message,) = voicemails(board, sid)
    assert message["queue_id"] == board.call(sid)["queue_id"]
    assert board.call(sid)["disposition"] == "voicemail"


def test_of_two_recordings_both_are_kept_and_the_call_shows_the_longer(
    board: Switchboard,
) -> None:
    sid = talked(board)
    for serial, seconds in (("RE1", 4), ("RE2", 90), ("RE3", 2)):
        event = {"call_sid": sid, "recording_sid": serial}
        for status in ("completed", "in_progress"):
            board.rpc(
                "record_recording_event",
                {**event, "status": status, "source": "Conference", "duration": seconds},
            )
    call = board.call(sid)
    assert (call["recording_sid"], call["recording_status"]) == ("RE2", "completed")
    kept = "select recording_sid from private.call_recordings where call_record_id = %s"
    assert len(board.rows(kept, call["id"])) == 3


def test_a_late_beginning_does_not_unsay_a_recordings_end(board: Switchboard) -> None:
    sid = talked(board)
    recording(board, sid, "Conference", "absent")
    recording(board, sid, "Conference", "in_progress")
    assert board.call(sid)["recording_status"] == "absent"
    recording(board, sid, "Conference", "completed")
    assert board.call(sid)["recording_status"] == "completed"


def take_in(board: Switchboard, *calls: dict[str, object]) -> None:
    board.db.execute("set local role service_role")
    board.rows(
        "select public.receive_listed_calls(%s, private_clock.now, 'test')"
        " from (select now()) as private_clock (now)",
        psycopg.types.json.Jsonb([{"source": "reconcile", "params": {}, **call} for call in calls]),
    )
    board.db.execute("reset role")


def test_a_call_that_only_twilio_knew_is_in_the_tables_when_its_list_was_read(
    board: Switchboard,
) -> None:
    ended = "2026-11-23T12:00:30+00:00"
    missed = {"call_sid": "CA1missed", "status": "completed", "from": NUMBER, "duration": 30}
    take_in(board, {**missed, "occurred_at": ended, "direction": "inbound"})
    call = board.call("CA1missed")
    assert (call["caller_number"], call["call_status"]) == (NUMBER, "missed")
    assert (call["ended_at"] - call["started_at"]).total_seconds() == 30
    board.pass_time(31)
    assert asked_for(board, "CA1missed") is not None


def test_a_call_that_the_fallback_number_took_is_not_a_missed_one(board: Switchboard) -> None:
    ended = {"status": "completed", "from": NUMBER, "direction": "inbound", "duration": 600}
    told_first = {"call_sid": "CA1told", **ended}
    board.rpc("record_call_event", {"source": "call-status", **told_first})
    take_in(
        board,
        {**told_first, "reached_fallback": True},
        {"call_sid": "CA1listed", **ended, "reached_fallback": True},
        {"call_sid": "CA1unanswered", **ended, "reached_fallback": False},
    )
    facts = [
        (board.call(sid)["call_status"], board.call(sid)["disposition"])
        for sid in ("CA1told", "CA1listed", "CA1unanswered")
    ]
    assert facts == [("completed", "transferred")] * 2 + [("missed", "abandoned")]


def test_a_conversation_that_is_not_recorded_is_not_asked_about(board: Switchboard) -> None:
    sid = board.caller(board.queue(board.agent(), record_calls=False))
    board.answered(sid)
    board.status(sid, "completed", 9)
    board.pass_time(31)
    assert asked_for(board, sid) is None


def test_a_caller_who_rings_too_often_is_rejected_and_costs_one_row(board: Switchboard) -> None:
    board.rows("update private.settings set incoming_calls_per_minute = 1")
    ring = {"from": NUMBER, "to": "+576015550100"}
    plans = [
        board.rpc("receive_incoming_call", {**ring, "call_sid": sid})["plan"]["kind"]
        for sid in ("CA1first", "CA1second", "CA1second", "CA1first")
    ]
    assert plans[1:3] == ["reject", "reject"]
    assert "reject" not in (plans[0], plans[3])
    board.status("CA1second", "busy", 1)
    call = board.call("CA1second")
    assert (call["call_status"], call["disposition"]) == ("missed", "rejected")
    board.pass_time(31)
    assert asked_for(board, "CA1second") is None


def test_a_call_that_is_over_keeps_no_copy_of_its_script(board: Switchboard) -> None:
    sid = left_for_voicemail(board)
    query = "select script from private.call_sessions where call_record_id = %s"
    assert board.row(query, board.call(sid)["id"])["script"] == {}


def test_the_list_ends_calls_whose_end_was_not_told_and_revives_none(board: Switchboard) -> None:
    live, over = board.caller(board.queue()), left_for_voicemail(board)
    take_in(
        board,
        {"call_sid": live, "status": "completed", "direction": "inbound"},
        {"call_sid": over, "status": "in_progress", "direction": "inbound"},
    )
    assert board.call(live)["ended_at"] is not None
    assert board.call(over)["ended_at"] is not None


def test_the_list_is_asked_for_once_a_minute_from_where_it_was_last_read(
    board: Switchboard,
) -> None:
    board.pass_time(61)
    first = board.sweep()["calls_to_list"]
    assert board.sweep()["calls_to_list"] is None
    board.pass_time(61)
    second = board.sweep()["calls_to_list"]
    assert second["since"] == first["since"], "nobody said that it was read"
    assert first["since"] < first["until"] < second["until"]


def test_the_list_begins_with_the_first_sweep_and_goes_a_day_back_at_most(
    board: Switchboard,
) -> None:
    now = datetime.fromisoformat("2026-12-24T12:00:00+00:00")
    board.set_clock(now.isoformat())
    board.rows("update private.calls_listing set complete_until = null, due_at = '-infinity'")
    first = board.sweep()["calls_to_list"]
    assert datetime.fromisoformat(first["since"]) == now - timedelta(minutes=15)
    board.set_clock((now + timedelta(days=3)).isoformat())
    late = board.sweep()["calls_to_list"]
    assert datetime.fromisoformat(late["since"]) == now + timedelta(days=2)


def test_offers_that_nobody_told_us_the_end_of_are_not_held_against_the_agent(
    board: Switchboard,
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    for _ in range(4):
        assert board.rung(sid) == agent
        board.pass_time(40)
        board.sweep()
        board.pass_time(20)
        board.sweep()
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert (row["chosen_status"], row["missed_offers"]) == ("available", 0)


def rings_in_vain_untold(board: Switchboard, sid: str) -> None:
    """An agent lets an offer ring out, it lapses, and only then is its end told."""
    leg, offer = board.agent_leg(sid)
    board.pass_time(25)
    ended = board.row("select private.clock() as at")["at"].isoformat()
    board.pass_time(15)
    board.sweep()
    board.status(leg, "no_answer", 2, offer_id=offer, occurred_at=ended)
    board.pass_time(20)
    board.sweep()


def test_when_the_call_is_over_what_was_learnt_of_its_offers_counts(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    rings_in_vain_untold(board, sid)
    rings_in_vain_untold(board, sid)
    board.status(sid, "completed", 9)
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert (board.offer(sid)["outcome"], row["missed_offers"]) == ("caller_left", 2)


def test_an_offer_missed_before_a_conversation_does_not_count_after_it(board: Switchboard) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    rings_in_vain_untold(board, sid)
    board.answered(sid)
    board.status(sid, "completed", 9)
    outcomes = board.rows("select outcome from private.call_offers order by created_at")
    assert [row["outcome"] for row in outcomes][:1] == ["no_answer"]
    row = board.row("select * from public.call_center_agents where id = %s", agent)
    assert row["missed_offers"] == 0
