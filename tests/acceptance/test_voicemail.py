"""A caller leaves a message: what they hear, who is told of it, and that it can be read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.centre import ENDS, HANGS_UP, CallCentre, hears, menu

STAFF = "+573154440001"
SAYS = "Quiero cambiar mi cita del martes"
VOICEMAIL = (
    "select v.* from public.voicemails v join public.call_records r on r.id = v.call_record_id"
    " where r.call_id = %s"
)


def leaves_a_message(centre: CallCentre, text: str = SAYS) -> str:
    """Somebody who finds nobody signed in, speaks after the tone and hangs up."""
    return centre.caller_for_support(hears("beep"), {"talk": 6, "text": text}, HANGS_UP)


def voicemail_of(centre: CallCentre, sid: str) -> dict[str, Any]:
    """The voicemail of a call, once it is kept."""
    centre.until(lambda: centre.rows(VOICEMAIL, sid), "the voicemail is kept")
    return centre.row(VOICEMAIL, sid)


def times_told(centre: CallCentre, webhook: str) -> int:
    """How often a webhook of ours has taken something in."""
    hooks = centre.sim.webhooks()
    return len([h for h in hooks if webhook in h["url"] and h["status"] in {200, 204}])


def commands_are_done(centre: CallCentre) -> bool:
    return not centre.rows(
        "select 1 from private.telephony_commands where state not in ('done', 'failed')"
    )


@pytest.mark.in_any_weather
def test_the_queues_own_greeting_is_said(centre: CallCentre) -> None:
    centre.queue(voicemail_greeting="Soporte vuelve mañana a las ocho.")
    sid = leaves_a_message(centre)
    centre.ended(sid)
    assert "Soporte vuelve mañana a las ocho." in centre.heard(sid)
    assert "nadie puede atenderle" not in centre.heard(sid)


@pytest.mark.in_any_weather
def test_the_queues_own_recording_is_played_instead(centre: CallCentre) -> None:
    url = f"{centre.stack.env['PUBLIC_URL']}/static/hold-music.wav"
    centre.queue(voicemail_greeting="No se oye.", voicemail_greeting_url=url)
    sid = leaves_a_message(centre)
    centre.ended(sid)
    assert url in centre.heard(sid)
    assert "No se oye." not in centre.heard(sid)


def test_each_number_of_the_queue_gets_one_message_even_if_twilio_repeats_itself(
    centre: CallCentre,
) -> None:
    others = "+573154440002"
    centre.queue(voicemail_notify=[STAFF, others, STAFF])
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


@pytest.mark.in_any_weather
def test_a_message_left_from_the_menu_and_ended_with_a_key_is_kept_and_thanked_for(
    centre: CallCentre,
) -> None:
    message = {"digit": "4", "description": "Buzón", "actionVoicemail": "hr"}
    centre.script(menu("main", "Para dejar un mensaje marque 4.", message))
    centre.agent_ready()
    sid = centre.caller(
        hears("marque 4"), {"press": "4"}, hears("beep"), {"talk": 5}, {"press": "#"}, ENDS
    )
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "voicemail")
    assert "Gracias por su mensaje" in centre.heard(sid)
    (hr,) = centre.rows("select id from public.call_queues where name = 'hr'")
    assert voicemail_of(centre, sid)["queue_id"] == hr["id"]


@pytest.mark.in_any_weather
def test_hanging_up_without_a_word_leaves_no_voicemail_and_tells_nobody(
    centre: CallCentre,
) -> None:
    centre.queue(voicemail_notify=[STAFF])
    sid = centre.caller_for_support(hears("beep"), {"wait": 4}, HANGS_UP)
    centre.ended(sid)
    told = (
        "select received_at from private.call_events"
        " where source = 'recording-status' and event = 'completed' and call_record_id = %s"
    )
    call = centre.call(sid)
    centre.until(lambda: centre.rows(told, call["id"]), "Twilio told of the silence", 60)
    centre.until(lambda: times_told(centre, "voicemail"), "and asked what follows")
    call = centre.call(sid)
    assert (call["call_status"], call["disposition"]) == ("missed", "abandoned")
    assert centre.rows(VOICEMAIL, sid) == []
    centre.until(lambda: commands_are_done(centre), "nothing is left to be sent")
    # Staff whom Twilio lets wait too long for the length is told of a message all the same.
    too_late = (
        "select 1 from private.telephony_commands"
        f" where kind = 'send_sms' and created_at <= any ({told})"
    )
    assert centre.sim.messages() == [] or centre.rows(too_late, call["id"])


def transcribed(centre: CallCentre, sid: str, status: str = "completed") -> dict[str, Any]:
    """The voicemail of a call once its transcription has come to an end."""
    centre.until(
        lambda: voicemail_of(centre, sid)["transcription_status"] == status, status, real_seconds=30
    )
    return voicemail_of(centre, sid)


def asked_of_twilio(centre: CallCentre) -> int:
    """How many batch transcriptions Twilio was asked for."""
    query = "select count(*) as n from private.telephony_commands where kind = 'transcribe'"
    return int(centre.row(query)["n"])


def times_dropped(centre: CallCentre) -> int:
    return len(
        [
            hook
            for hook in centre.sim.webhooks()
            if hook["kind"] == "transcription" and hook["error"] == "dropped"
        ]
    )


def test_a_message_in_spanish_can_be_read(centre: CallCentre) -> None:
    sid = leaves_a_message(centre)
    assert transcribed(centre, sid)["transcription"] == f"{SAYS}."
    assert asked_of_twilio(centre) == 1


def test_a_message_in_english_is_transcribed_while_it_is_recorded(centre: CallCentre) -> None:
    support = {"digit": "2", "description": "Support", "actionQueue": "support"}
    centre.script(menu("main", "For Support press 2.", support), language="en")
    sid = centre.caller(
        hears("Support"),
        {"press": "2"},
        hears("beep"),
        {"talk": 6, "text": "I would like to move my appointment"},
        HANGS_UP,
    )
    message = transcribed(centre, sid)
    assert message["transcription"] == "I would like to move my appointment"
    assert asked_of_twilio(centre) == 0


def test_a_transcription_that_failed_twice_is_tried_again(centre: CallCentre) -> None:
    centre.rows("update private.settings set transcription_spacing_seconds = 5")
    centre.sim.faults(transcription_fail=1.0)
    sid = leaves_a_message(centre)
    centre.until(lambda: asked_of_twilio(centre) == 3, "two attempts have failed", 30)
    centre.sim.faults()
    assert transcribed(centre, sid)["transcription"] == f"{SAYS}."
    assert asked_of_twilio(centre) == 3


def test_a_transcription_that_never_succeeds_is_shown_as_failed(centre: CallCentre) -> None:
    centre.rows(
        "update private.settings set transcription_spacing_seconds = 5, transcription_retries = 1"
    )
    centre.sim.faults(transcription_fail=1.0)
    sid = leaves_a_message(centre)
    assert transcribed(centre, sid, "failed")["transcription"] is None
    assert asked_of_twilio(centre) == 2


def test_a_lost_callback_is_not_waited_for_for_ever(centre: CallCentre) -> None:
    centre.rows("update private.settings set transcription_patience_seconds = 60")
    sid = leaves_a_message(centre)
    centre.until(lambda: asked_of_twilio(centre) == 1, "Twilio is asked")
    centre.sim.faults(drop=1.0)
    centre.until(lambda: times_dropped(centre) == 1, "the words are lost")
    centre.sim.faults()
    assert transcribed(centre, sid)["transcription"] == f"{SAYS}."
    assert asked_of_twilio(centre) == 2


def test_where_it_is_switched_off_nothing_is_transcribed(centre: CallCentre) -> None:
    centre.rows("update private.settings set transcribe = false")
    sid = leaves_a_message(centre)
    assert voicemail_of(centre, sid)["transcription_status"] == "none"
    centre.until(lambda: times_told(centre, "recording-status"), "the recording is ready")
    assert asked_of_twilio(centre) == 0
