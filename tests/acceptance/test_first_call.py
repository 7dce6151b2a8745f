"""A customer rings, and everything that the first minutes of a call centre's life are made of."""

from __future__ import annotations

from acceptance.centre import TALKS_AND_HANGS_UP, CallCentre


def test_a_customer_reaches_an_agent_and_the_call_is_known(centre: CallCentre) -> None:
    centre.agent_ready("1001", [{"until": "conference"}, {"talk": 5}])
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP, from_="+573001112233")
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    assert call["agent_id"] == centre.agent("1001")["id"]
    assert call["queue_name"] == "support"
    assert call["ivr_path"]["steps"] == [{"menu": "main", "input": "2", "to": "support"}]
    assert call["started_at"] < call["queued_at"] < call["answered_at"] < call["ended_at"]
    assert 1 <= call["wait_seconds"] <= 15
    assert 8 <= call["talk_seconds"] <= 20
    contact = centre.row("select * from public.crm_contacts where phone_number = '+573001112233'")
    assert call["contact_id"] == contact["id"]
    assert call["id"] in contact["call_history_ids"]


def test_the_agent_hears_who_calls_and_from_which_queue(centre: CallCentre) -> None:
    centre.agent_ready()
    centre.rows(
        "insert into public.crm_contacts (phone_number, first_name, last_name)"
        " values ('+573009998877', 'María', 'Páez') on conflict do nothing"
    )
    centre.ended(centre.caller_for_support(*TALKS_AND_HANGS_UP, from_="+573009998877"))
    assert "Llamada de María Páez, cola Soporte" in centre.agent_heard()


def test_the_agent_wraps_up_and_is_free_again(centre: CallCentre) -> None:
    centre.agent_ready()
    centre.ended(centre.caller_for_support(*TALKS_AND_HANGS_UP))
    centre.until(centre.nobody_is_busy, "the agent's leg is over")
    assert centre.agent()["agent_status"] == "busy"  # wrapping up
    centre.until(lambda: centre.agent()["agent_status"] == "available", "wrap-up is over")


def test_when_the_agent_hangs_up_the_call_is_over(centre: CallCentre) -> None:
    centre.agent_ready("1001", [{"until": "conference"}, {"talk": 5}, {"hangup": True}])
    sid = centre.caller_for_support({"until": "conference", "timeout": 60}, {"talk": 300})
    call = centre.ended(sid)
    assert call["call_status"] == "completed"
    centre.until(centre.nobody_is_busy, "everybody is free")


def test_with_no_agent_free_a_caller_leaves_a_voicemail(centre: CallCentre) -> None:
    centre.agent_ready("1001")
    busy = centre.caller_for_support({"until": "conference", "timeout": 60}, {"talk": 900})
    centre.until(lambda: centre.talking(busy), "the agent is taken")
    sid = centre.caller_for_support(
        {"until_heard": "en la fila", "timeout": 60},
        {"press": "2"},
        {"until_heard": "beep", "timeout": 60},
        {"talk": 6},
        {"hangup": True},
    )
    centre.ended(sid)
    centre.until(lambda: centre.call(sid)["disposition"] == "voicemail", "the message is kept")
    call = centre.call(sid)
    assert call["call_status"] == "completed"
    message = centre.row("select * from public.voicemails where call_record_id = %s", call["id"])
    assert message["caller_number"] == call["caller_number"]
    assert message["duration_seconds"] >= 5
    assert message["recording_url"]


def test_with_nobody_signed_in_the_caller_is_asked_for_a_message_at_once(
    centre: CallCentre,
) -> None:
    sid = centre.caller_for_support(
        {"until_heard": "beep", "timeout": 60}, {"talk": 4}, {"hangup": True}
    )
    centre.ended(sid)
    centre.until(lambda: centre.call(sid)["disposition"] == "voicemail", "the message is kept")
    assert "en la fila" not in centre.heard(sid)


def test_a_caller_who_hangs_up_while_waiting_is_missed_and_the_ringing_stops(
    centre: CallCentre,
) -> None:
    centre.agent_ready("1001", answer_after=18)
    sid = centre.caller_for_support({"wait": 8}, {"hangup": True})
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("missed", "abandoned")
    centre.until(centre.nobody_is_busy, "the agent's phone stopped ringing")
    assert centre.agent()["agent_status"] == "available"


def test_an_agent_who_does_not_answer_is_passed_over_for_the_next(centre: CallCentre) -> None:
    centre.agent_ready("1001", ignore=True)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.until(lambda: centre.agent("1001")["current_call_count"] == 1, "the first one is rung")
    centre.agent_ready("1002")
    call = centre.ended(sid)
    assert call["agent_id"] == centre.agent("1002")["id"]
    assert centre.agent("1001")["missed_offers"] == 1


def test_a_telephone_must_be_confirmed_so_that_a_mobiles_voicemail_takes_no_customer(
    centre: CallCentre,
) -> None:
    centre.agent_ready("1001")
    phone = "+573112223344"
    centre.rows(
        "update public.call_center_agents set phone_number = %s where extension = '1001'", phone
    )
    centre.sim.person(phone, [{"wait": 30}], {"answer_after": 1}, machine=True)
    sid = centre.caller_for_support({"wait": 60}, {"hangup": True})
    assert centre.ended(sid)["call_status"] == "missed"
    centre.until(centre.nobody_is_busy, "the telephone is let go")
