"""Who is recorded is told so before; in a queue that records nothing, nobody is told anything."""

from __future__ import annotations

import pytest

from tests.acceptance.centre import TALKS_AND_HANGS_UP, CallCentre

pytestmark = pytest.mark.in_any_weather

NOTICE = "puede ser grabada"


def times_told_before_joining(centre: CallCentre, sid: str) -> int:
    before, joined, _ = centre.heard(sid).partition("joined call-")
    assert joined, "the caller met nobody"
    return before.count(NOTICE)


def recordings(centre: CallCentre, sid: str) -> list[dict[str, object]]:
    return centre.rows(
        "select * from private.call_recordings where call_record_id = %s", centre.call(sid)["id"]
    )


def test_a_recorded_conversation_is_announced_once_and_its_recording_kept(
    centre: CallCentre,
) -> None:
    centre.agent_ready(answer_after=15)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.becomes(sid, recording_status="completed")
    call = centre.settled(sid)
    assert times_told_before_joining(centre, sid) == 1
    assert call["recording_url"].endswith(call["recording_sid"])
    assert NOTICE not in centre.agent_heard()


def test_who_meets_an_agent_before_the_announcement_was_over_hears_it_whole(
    centre: CallCentre,
) -> None:
    centre.agent_ready(answer_after=0)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    assert centre.settled(sid)["disposition"] == "completed"
    assert times_told_before_joining(centre, sid) == 2


def test_where_a_queue_records_nothing_nothing_is_announced_or_recorded(
    centre: CallCentre,
) -> None:
    centre.queue("support", record_calls=False)
    centre.agent_ready()
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert call["disposition"] == "completed"
    assert times_told_before_joining(centre, sid) == 0
    assert (call["recording_sid"], recordings(centre, sid)) == (None, [])


def test_who_overflows_into_a_queue_that_records_is_told(centre: CallCentre) -> None:
    (sales,) = centre.rows("select id from public.call_queues where name = 'sales'")
    centre.queue(record_calls=False, overflow_queue_id=sales["id"], overflow_after_seconds=10)
    centre.agent_on_break()
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.becomes(sid, queue_name="sales")
    centre.agent_ready("1002")
    assert centre.settled(sid)["disposition"] == "completed"
    assert times_told_before_joining(centre, sid) == 1
