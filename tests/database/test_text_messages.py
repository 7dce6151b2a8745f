"""Text messages to customers: each event told once, and to nobody who opted out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.switchboard import Switchboard
from tests.database.test_callbacks import choice, chosen, wishes

CUSTOMER = "+573015557788"
STAFF = "+573001230000"
RULES = ["missed_call", "voicemail_received", "callback_promised", "callback_missed"]


Rules = list[str]


def queue(board: Switchboard, *agents: str, rules: Rules = RULES) -> str:
    """A queue that tells of these."""
    return board.queue(*agents, text_rules=rules, description="Ventas")


def texts(board: Switchboard, number: str = CUSTOMER) -> list[dict[str, Any]]:
    return board.rows(
        "select m.*, m.id::text as id from private.text_messages m where number = %s"
        " order by created_at, m.id",
        number,
    )


def told(board: Switchboard, number: str = CUSTOMER) -> list[tuple[str, str]]:
    return [(text["rule"], text["state"]) for text in texts(board, number)]


def claimed(board: Switchboard) -> list[dict[str, Any]]:
    """What a worker is given to send."""
    answer = board.row("select public.claim_commands('test', 100) as commands")["commands"]
    return [command for command in answer if command["kind"] == "send_sms"]


def settle(board: Switchboard, command: dict[str, Any], outcome: str, **result: object) -> None:
    settled = {"id": command["id"], "outcome": outcome, "result": result}
    board.rows("select public.settle_commands('test', %s)", Jsonb([settled]))


def status(board: Switchboard, text: str | None, said: str, **more: object) -> None:
    event = {"message_sid": "SM1", "message_id": text, "status": said, **more}
    board.rpc("record_message_status", event)


def write(board: Switchboard, words: str, sid: str = "SM9", **more: object) -> None:
    event = {"message_sid": sid, "number": CUSTOMER, "called": "+1555", "words": words, **more}
    board.rpc("receive_message", event)


def misses(board: Switchboard, rules: Rules = RULES) -> str:
    """A customer who waits a while and hangs up."""
    sid = board.caller(queue(board, rules=rules), CUSTOMER)
    board.pass_time(20)
    board.status(sid, "completed", 9)
    return sid


def leaves_message(board: Switchboard, rules: Rules = RULES) -> str:
    sid = board.caller(queue(board, rules=rules), CUSTOMER)
    event = {"call_sid": sid, "recording_sid": f"RE{sid[2:]}"}
    for _ in range(2):
        board.rpc("receive_voicemail", {**event, "duration": 9})
        kept = {"source": "RecordVerb", "status": "completed", "duration": 7}
        board.rpc("record_recording_event", {**event, **kept})
    board.status(sid, "completed", 9)
    return sid


def asks_for_callback(board: Switchboard, rules: Rules = RULES) -> str:
    sid = chosen(board, queue(board, board.agent("break"), rules=rules))
    choice(board, sid, digits="1")
    choice(board, sid, digits="1")
    board.status(sid, "completed", 9)
    board.commit()
    return sid


def is_not_called_back(board: Switchboard, rules: Rules = RULES) -> str:
    sid = asks_for_callback(board, rules)
    board.pass_time(14500)
    board.sweep()
    board.commit()
    return sid


EVENTS: dict[str, Callable[..., str]] = {
    "missed_call": misses,
    "voicemail_received": leaves_message,
    "callback_promised": asks_for_callback,
    "callback_missed": is_not_called_back,
}


def first(board: Switchboard) -> dict[str, Any]:
    """A missed call's message, in the hands of a process."""
    misses(board)
    board.pass_time(31)
    (command,) = claimed(board)
    return command


@pytest.mark.parametrize("rule", RULES)
def test_an_event_is_told_once_in_the_calls_language(board: Switchboard, rule: str) -> None:
    sid = EVENTS[rule](board)
    board.status(sid, "completed", 9)
    live = [text for text in texts(board) if text["state"] == "wanted"]
    assert [text["rule"] for text in live] == [rule]
    words = board.row(
        "select private.say('es', %s, '{\"queue\": \"Ventas\"}') as w", f"text_{rule}"
    )
    assert live[0]["words"] == words["w"]
    board.pass_time(31)
    (command,) = claimed(board)
    assert command["payload"]["text"] == words["w"]
    assert command["payload"]["message"] == live[0]["id"]
    board.pass_time(1)
    assert claimed(board) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_queue_that_does_not_tell_of_it_tells_nothing(board: Switchboard, rule: str) -> None:
    EVENTS[rule](board, [other for other in RULES if other != rule])
    assert rule not in [one for one, _ in told(board)]


def test_a_queue_tells_of_nothing_by_itself(board: Switchboard) -> None:
    sid = board.caller(board.queue(), CUSTOMER)
    board.pass_time(20)
    board.status(sid, "completed", 9)
    assert texts(board) == []


def test_a_queue_tells_only_of_what_there_is(board: Switchboard) -> None:
    for rules in (["nothing"], [None]):
        with pytest.raises(psycopg.errors.CheckViolation), board.db.transaction():
            board.queue(text_rules=rules)


def test_a_missed_call_that_left_a_message_after_all_is_told_of_as_a_message(
    board: Switchboard,
) -> None:
    sid = misses(board)
    told_late = {"call_sid": sid, "recording_sid": f"RE{sid[2:]}", "duration": 7}
    board.rpc(
        "record_recording_event", {**told_late, "source": "RecordVerb", "status": "completed"}
    )
    assert sorted(told(board)) == [("missed_call", "withdrawn"), ("voicemail_received", "wanted")]
    silent = {**told_late, "source": "RecordVerb", "status": "absent", "duration": 0}
    board.rpc("record_recording_event", silent)
    assert sorted(told(board)) == [
        ("missed_call", "wanted"),
        ("missed_call", "withdrawn"),
        ("voicemail_received", "withdrawn"),
    ]
    board.pass_time(31)
    assert len(claimed(board)) == 1


def test_a_callback_to_another_number_is_told_to_that_one(board: Switchboard) -> None:
    other = "+573015557799"
    sid = chosen(board, queue(board, board.agent("break")))
    board.status(sid, "completed", 9)
    board.commit()
    board.pass_time(31)
    board.rows("update private.callbacks set number = %s where number = %s", other, CUSTOMER)
    board.commit()
    assert wishes(board, other)
    assert told(board) == [("callback_promised", "withdrawn")]
    assert told(board, other) == [("callback_promised", "wanted")]


def test_a_call_whose_end_is_learned_long_after_is_not_apologised_for(board: Switchboard) -> None:
    sid = board.caller(queue(board), CUSTOMER)
    ended = board.row("select private.clock() as now")["now"]
    board.pass_time(7200)
    board.status(sid, "completed", 9, occurred_at=ended.isoformat())
    assert texts(board) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, []),
        ("+576015550001", [("missed_call", "refused", "cannot_be_texted")]),
        ("+12015550123", [("missed_call", "wanted", None)]),
    ],
)
def test_only_mobiles_are_written_to(
    board: Switchboard, number: str | None, expected: list[tuple[str, str, str | None]]
) -> None:
    name = queue(board)
    script = {"menus": [{"id": "main", "options": [{"digit": "1", "actionQueue": name}]}]}
    sid = board.in_menu(script, number)
    board.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
    board.pass_time(20)
    board.status(sid, "completed", 9)
    found = board.rows("select rule, state, error_code from private.text_messages")
    assert [tuple(row.values()) for row in found] == expected
    board.pass_time(31)
    assert len(claimed(board)) == sum(row["state"] == "wanted" for row in found)


def test_a_message_is_sent_and_delivered(board: Switchboard) -> None:
    command = first(board)
    settle(board, command, "done", sid="SM1")
    assert told(board) == [("missed_call", "sent")]
    status(board, command["payload"]["message"], "sent")
    status(board, None, "delivered")
    (text,) = texts(board)
    assert (text["state"], text["sid"], text["ended_at"] is not None) == ("delivered", "SM1", True)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("late", ["queued", "sent", "delivered", "failed"])
def test_what_is_told_late_or_before_twilios_answer_changes_nothing(
    board: Switchboard, late: str, before: bool
) -> None:
    command = first(board)
    text = command["payload"]["message"]
    if not before:
        settle(board, command, "done", sid="SM1")
    status(board, text, "delivered")
    status(board, text, late)
    if before:
        settle(board, command, "done", sid="SM1")
    (row,) = texts(board)
    assert (row["state"], row["sid"], row["error_code"]) == ("delivered", "SM1", None)


def test_what_the_carrier_did_not_deliver_says_why(board: Switchboard) -> None:
    command = first(board)
    settle(board, command, "done", sid="SM1")
    status(board, command["payload"]["message"], "undelivered", error_code="30003")
    (text,) = texts(board)
    assert (text["state"], text["error_code"]) == ("undelivered", "30003")
    assert text["error"] == "The telephone is off or out of reach"


def test_a_word_of_twilios_that_nobody_knows_changes_nothing(board: Switchboard) -> None:
    command = first(board)
    status(board, command["payload"]["message"], "pondered")
    assert told(board) == [("missed_call", "wanted")]


def test_a_message_that_nobody_knows_of_is_given_up_and_told_of_all_the_same(
    board: Switchboard,
) -> None:
    command = first(board)
    settle(board, command, "failed", uncertain=True, reason="no answer")
    assert told(board) == [("missed_call", "failed")]
    board.pass_time(600)
    assert claimed(board) == []
    status(board, command["payload"]["message"], "delivered")
    assert told(board) == [("missed_call", "delivered")]


def test_a_message_that_twilio_refuses_says_why_and_is_not_sent_again(board: Switchboard) -> None:
    command = first(board)
    settle(board, command, "failed", code="21606", reason="HTTP 400 …")
    (text,) = texts(board)
    assert (text["state"], text["error"]) == ("failed", "The sender can not send text messages")
    status(board, text["id"], "delivered")
    assert told(board) == [("missed_call", "failed")]
    board.pass_time(600)
    assert claimed(board) == []


@pytest.mark.parametrize("words", ["BAJA", "¡Cancelar!"])
def test_who_writes_a_word_is_sent_nothing_until_they_write_another(
    board: Switchboard, words: str
) -> None:
    misses(board)
    write(board, words, "SM1")
    assert told(board) == [("missed_call", "refused")]
    board.pass_time(31)
    assert claimed(board) == []
    misses(board)
    assert [text["error_code"] for text in texts(board)] == ["opted_out", "opted_out"]
    write(board, "Alta", "SM2")
    write(board, words, "SM1")
    misses(board)
    assert told(board)[-1] == ("missed_call", "wanted")


def wants_out(board: Switchboard, words: str) -> bool | None:
    wants: bool | None = board.row("select private.wants_out(%s) as wants", words)["wants"]
    return wants


def test_a_word_counts_however_it_is_written(board: Switchboard) -> None:
    words = [" stop ", "No más", "Alto.", "PARAR", "unsubscribe", "Opt-Out", "'STOP'", "STOP 🛑"]
    words += [
        "(baja)",
        "S\u200bTOP",
        "\u00a0Stop\n",
        "\uff33\uff34\uff2f\uff30",
        "ARRÊT",
        "Stop-All",
    ]
    words += ["Sair", "pare", "Baja, por favor", "please stop", "STOP. Gracias", "thank you, stop"]
    assert [word for word in words if wants_out(board, word) is not True] == []
    assert wants_out(board, "¡Alta, por favor!") is False


def test_other_words_change_nothing(board: Switchboard) -> None:
    words = ["Quiero cancelar mi cita", "", "Gracias", "nostop", "non stop", "¿?", "🛑"]
    assert [word for word in [*words, "por favor"] if wants_out(board, word) is not None] == []
    misses(board)
    write(board, words[0])
    assert told(board) == [("missed_call", "wanted")]


def test_what_twilio_did_by_itself_counts_whatever_the_words(board: Switchboard) -> None:
    write(board, "ARRET", "SM1", opt_out_type="STOP")
    misses(board)
    write(board, "RECOMMENCER", "SM2", opt_out_type="START")
    misses(board)
    assert told(board) == [("missed_call", "refused"), ("missed_call", "wanted")]


def test_who_opted_out_at_twilio_is_known_from_its_refusal(board: Switchboard) -> None:
    command = first(board)
    settle(board, command, "failed", code="21610", reason="unsubscribed")
    misses(board)
    assert told(board) == [("missed_call", "refused"), ("missed_call", "refused")]


def test_a_refusal_of_before_they_came_back_does_not_opt_them_out_again(
    board: Switchboard,
) -> None:
    write(board, "STOP", "SM1")
    write(board, "START", "SM2")
    command = first(board)
    board.pass_time(1)
    write(board, "STOP", "SM3")
    write(board, "START", "SM4")
    settle(board, command, "failed", code="21610", reason="unsubscribed")
    misses(board)
    assert told(board)[-1] == ("missed_call", "wanted")


def test_staff_who_opted_out_are_not_told_of_voicemails(board: Switchboard) -> None:
    name = board.queue(voicemail_notify=[STAFF, CUSTOMER])
    write(board, "STOP")
    sid = board.caller(name, "+573015550009")
    left = {"call_sid": sid, "recording_sid": f"RE{sid[2:]}", "duration": 9}
    board.rpc("receive_voicemail", left)
    board.pass_time(31)
    (command,) = claimed(board)
    assert command["payload"]["number"] == STAFF
    settle(board, command, "failed", code="21610", reason="unsubscribed")
    assert board.row("select private.is_opted_out(%s) as out", STAFF)["out"]
