"""Who calls, as it is kept and said: withheld numbers, names that are none, numbers read out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.database.switchboard import Switchboard

CALLBACK = {"menus": [{"id": "main", "options": [{"digit": "1", "actionCallback": "General"}]}]}


def leads_to(action: str, queue: str) -> dict[str, Any]:
    return {"menus": [{"id": "main", "options": [{"digit": "1", action: queue}]}]}


def whispered(board: Switchboard, sid: str) -> str:
    board.commit()
    leg, offer = board.agent_leg(sid)
    answer = board.rpc(
        "receive_agent_answer", {"call_sid": leg, "offer_id": offer, "to": "client:x"}
    )
    return str(answer["plan"]["say"][0])


@pytest.mark.parametrize(
    ("number", "read_out"),
    [
        ("+573001234567", "3001234567"),
        ("+51999888777", "51999888777"),
        ("+34612345678", "34612345678"),
        ("+593991234567", "593991234567"),
        ("+50688887777", "50688887777"),
        ("+5712", "12"),
    ],
)
def test_a_number_is_read_out_whole(board: Switchboard, number: str, read_out: str) -> None:
    sid = board.in_menu(CALLBACK, number)
    answer = board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    digits = re.sub(r"\D", "", answer["plan"]["say"][0].split("Marque")[0])
    assert digits == read_out
    assert f" {' '.join(read_out)}." in answer["plan"]["say"][0]


def test_a_caller_of_the_centres_own_country_is_read_without_its_code(board: Switchboard) -> None:
    board.rows("update private.settings set default_region = 'ES'")
    sid = board.in_menu(CALLBACK, "+34612345678")
    answer = board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    assert "6 1 2 3 4 5 6 7 8" in answer["plan"]["say"][0]
    assert "3 4 6" not in answer["plan"]["say"][0]


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "Llamada de un número oculto, cola Ventas."),
     ("en", "Call from a withheld number, queue Ventas.")],
)  # fmt: skip
def test_an_agent_hears_of_a_withheld_caller_in_the_callers_language(
    board: Switchboard, language: str, words: str
) -> None:
    queue = board.queue(board.agent(), description="Ventas")
    sid = board.in_menu(leads_to("actionQueue", queue), None)
    board.rows("update private.call_sessions set language = %s", language)
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    assert whispered(board, sid) == words


def leave_message(board: Switchboard, sid: str, seconds: int) -> Any:
    recording = {"recording_sid": f"RE{sid[2:]}"}
    recording["duration"] = seconds  # type: ignore[assignment]
    plan = board.rpc("receive_voicemail", {"call_sid": sid, **recording})["plan"]
    told = {"call_sid": sid, **recording, "status": "completed", "source": "RecordVerb"}
    board.rpc("record_recording_event", told)
    board.status(sid, "completed", 9)
    return plan["say"]


def texts(board: Switchboard) -> list[str]:
    rows = board.rows(
        "select payload ->> 'text' as text from private.telephony_commands where kind = 'send_sms'"
    )
    return [row["text"] for row in rows]


def test_a_text_message_of_a_withheld_callers_voicemail_says_so(board: Switchboard) -> None:
    queue = board.queue(description="Ventas", voicemail_notify=["+573001230000"])
    sid = board.in_menu(leads_to("actionVoicemail", queue), None)
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    leave_message(board, sid, 9)
    assert texts(board) == ["Mensaje de voz de un número oculto para Ventas: 9 segundos."]


@pytest.mark.parametrize(
    ("seconds", "status", "voicemails"),
    [(0, "missed", 0), (1, "missed", 0), (2, "completed", 1), (8, "completed", 1)],
)
def test_a_recording_of_nothing_is_no_voicemail(
    board: Switchboard, seconds: int, status: str, voicemails: int
) -> None:
    queue = board.queue(board.agent("offline"), voicemail_notify=["+573001230000"])
    sid = board.caller(queue)
    said = leave_message(board, sid, seconds)
    thanks = board.row("select private.say('es', 'voicemail_thanks') w")["w"]
    assert said == (
        [thanks] if voicemails else [board.row("select private.say('es', 'goodbye') w")["w"]]
    )
    assert board.call(sid)["call_status"] == status
    assert len(texts(board)) == voicemails
    assert board.row("select count(*) n from public.voicemails where call_record_id = %s",
                     board.call(sid)["id"]) == {"n": voicemails}  # fmt: skip


@pytest.mark.parametrize("number", ["+266696687", "+7378742833", "+86282452253", "+7748283"])
def test_no_contact_is_made_of_what_a_carrier_shows_for_a_withheld_number(
    board: Switchboard, number: str
) -> None:
    assert board.row("select private.contact_of(%s, null) as id", number) == {"id": None}


@pytest.mark.parametrize(
    "name",
    [
        "UNAVAILABLE",
        "Unknown Caller",
        "Private Number",
        "+57 300 111 2233",
        "3001112233",
        "WIRELESS CALLER",
        "Número desconocido",
        "Llamada privada",
        "Out of area?",
        " ",
        "-",
        "V",
    ],
)
def test_a_name_that_is_none_is_not_kept(board: Switchboard, name: str) -> None:
    call = {"call_sid": "CA1", "from": "+573001112233", "to": "+576015550100", "caller_name": name}
    board.rpc("receive_incoming_call", call)
    assert board.call("CA1")["caller_name"] is None
    contact = "select first_name from public.crm_contacts where phone_number = '+573001112233'"
    assert board.row(contact) == {"first_name": None}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ANA  GOMEZ", "ANA GOMEZ"),
        ("Ñu", "Ñu"),
        ("Sin Nombre SAS", "Sin Nombre SAS"),
        ("王芳", "王芳"),
    ],
)
def test_a_name_is_kept(board: Switchboard, name: str, kept: str) -> None:
    call = {"call_sid": "CA1", "from": "+573001112233", "to": "+576015550100", "caller_name": name}
    board.rpc("receive_incoming_call", call)
    assert board.call("CA1")["caller_name"] == kept
