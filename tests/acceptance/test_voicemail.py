"""A caller leaves a message: what they hear, who is told of it, and that it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acceptance.centre import CallCentre

STAFF = "+573154440001"
SAYS = "Quiero cambiar mi cita del martes"


@pytest.fixture(autouse=True)
def plain_queue(centre: CallCentre) -> Iterator[None]:
    """The support queue as the seed makes it, before and after."""
    yield
    centre.rows(
        "update public.call_queues set voicemail_greeting = null, voicemail_greeting_url = null,"
        " voicemail_notify = '{}' where name = 'support'"
    )


def leaves_a_message(centre: CallCentre, text: str = SAYS) -> str:
    """Somebody who finds nobody signed in, speaks after the tone and hangs up."""
    return centre.caller_for_support(
        {"until_heard": "beep", "timeout": 60}, {"talk": 6, "text": text}, {"hangup": True}
    )


def voicemail_of(centre: CallCentre, sid: str) -> dict[str, Any]:
    """The voicemail of a call, once it is kept."""
    query = (
        "select v.* from public.voicemails v join public.call_records r on r.id = v.call_record_id"
        " where r.call_id = %s"
    )
    centre.until(lambda: centre.rows(query, sid), "the voicemail is kept")
    return centre.row(query, sid)


def times_told(centre: CallCentre, webhook: str) -> int:
    """How often a webhook of ours has taken something in."""
    return len([h for h in centre.sim.webhooks() if webhook in h["url"] and h["status"] == 204])


def commands_are_done(centre: CallCentre) -> bool:
    return not centre.rows(
        "select 1 from private.telephony_commands where state not in ('done', 'failed')"
    )


def test_the_queues_own_greeting_is_said(centre: CallCentre) -> None:
    centre.rows(
        "update public.call_queues set voicemail_greeting = 'Soporte vuelve mañana a las ocho.'"
        " where name = 'support'"
    )
    sid = leaves_a_message(centre)
    centre.ended(sid)
    assert "Soporte vuelve mañana a las ocho." in centre.heard(sid)
    assert "nadie puede atenderle" not in centre.heard(sid)


def test_the_queues_own_recording_is_played_instead(centre: CallCentre) -> None:
    url = f"{centre.stack.env['PUBLIC_URL']}/static/hold-music.wav"
    centre.rows(
        "update public.call_queues set voicemail_greeting = 'No se oye.',"
        " voicemail_greeting_url = %s where name = 'support'",
        url,
    )
    sid = leaves_a_message(centre)
    centre.ended(sid)
    assert url in centre.heard(sid)
    assert "No se oye." not in centre.heard(sid)


def test_each_number_of_the_queue_gets_one_message_even_if_twilio_repeats_itself(
    centre: CallCentre,
) -> None:
    others = "+573154440002"
    centre.rows(
        "update public.call_queues set voicemail_notify = %s where name = 'support'",
        [STAFF, others, STAFF],
    )
    centre.sim.faults(duplicate=1.0)
    sid = leaves_a_message(centre)
    call = centre.ended(sid)
    centre.until(lambda: len(centre.sim.messages()) == 2, "both were told")
    centre.until(lambda: times_told(centre, "recording-status") >= 2, "Twilio repeated itself")
    centre.until(lambda: commands_are_done(centre), "nothing more is to be done")
    assert sorted(message["to"] for message in centre.sim.messages()) == [STAFF, others]
    text = centre.sim.messages()[0]["body"]
    assert call["caller_number"] in text
    assert "Soporte" in text
    assert "http" not in text


def test_hanging_up_without_a_word_leaves_no_voicemail_and_tells_nobody(
    centre: CallCentre,
) -> None:
    centre.rows(
        "update public.call_queues set voicemail_notify = %s where name = 'support'", [STAFF]
    )
    sid = centre.caller_for_support({"until_heard": "beep", "timeout": 60}, {"hangup": True})
    centre.ended(sid)
    absent = "absent"
    centre.until(
        lambda: [h for h in centre.sim.webhooks() if h["params"].get("RecordingStatus") == absent],
        "Twilio said that there is no recording",
    )
    assert centre.rows("select 1 from public.voicemails") == []
    assert centre.sim.messages() == []
