"""Who writes to customers, to whom, how often; and who sees what was sent."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard
from tests.database.test_text_messages import CUSTOMER, claimed, misses, settle, texts, write


def user_of(board: Switchboard, agent: str) -> str:
    query = "select user_id from public.call_center_agents where id = %s"
    return str(board.row(query, agent)["user_id"])


def send(board: Switchboard, user: str, **more: object) -> dict[str, Any]:
    whom = {} if more.keys() & {"call", "contact"} else {"to": "301 555 7788"}
    return board.rpc("send_text", {"user_id": user, "text": "Hola", **whom, **more})


@pytest.fixture
def agent(board: Switchboard) -> str:
    return user_of(board, board.agent("available"))


def refused(board: Switchboard, user: str, **more: object) -> str:
    """The status of what is refused; nothing is kept of it."""
    with pytest.raises(psycopg.DatabaseError) as error, board.db.transaction():
        send(board, user, **more)
    return str(error.value.sqlstate)


def test_an_agent_writes_to_a_number_as_it_is_written(board: Switchboard, agent: str) -> None:
    answer = send(board, agent)
    (command,) = answer["commands"]
    (text,) = texts(board)
    assert (text["state"], text["rule"], str(text["user_id"])) == ("wanted", "agent", agent)
    assert answer["message"]["id"] == text["id"]
    assert (command["payload"]["number"], command["payload"]["text"]) == (CUSTOMER, "Hola")
    assert command["call_record_id"] == answer["call"]["id"] is None


def test_a_contact_and_a_calls_customer_are_written_to(board: Switchboard) -> None:
    busy = board.agent("available")
    sid = board.caller(board.queue(busy), CUSTOMER)
    board.rung(sid)
    board.answered(sid)
    call = board.call(sid)
    user = user_of(board, busy)
    answer = send(board, user, call=sid)
    assert answer["call"] == {"id": str(call["id"])}
    send(board, user, contact=str(call["contact_id"]))
    contacts = [(text["call_record_id"], text["contact_id"]) for text in texts(board)]
    assert contacts == [(call["id"], call["contact_id"]), (None, call["contact_id"])]


def test_nobody_writes_to_a_colleagues_customer_or_to_nobody(
    board: Switchboard, agent: str
) -> None:
    sid = misses(board)
    assert refused(board, agent, call=sid) == "PT404"
    assert refused(board, agent, contact="00000000-0000-0000-0000-000000000001") == "PT404"
    assert refused(board, agent, to="mañana") == "PT400"
    assert refused(board, agent, to="601 555 0001") == "PT400"
    stranger = board.row("select gen_random_uuid()::text as id")["id"]
    assert refused(board, stranger) == "PT403"


def test_who_opted_out_is_not_written_to(board: Switchboard, agent: str) -> None:
    write(board, "BAJA")
    assert refused(board, agent) == "PT409"
    assert texts(board) == []


def test_so_many_a_minute_and_no_more(board: Switchboard, agent: str) -> None:
    board.rows("update private.settings set outgoing_texts_per_minute = 2")
    board.set_clock("2026-11-25T15:00:01Z")
    for words in ("Uno", "Dos"):
        send(board, agent, text=words)
    assert refused(board, agent, text="Tres") == "PT429"
    other = user_of(board, board.agent("available"))
    send(board, other)
    board.pass_time(60)
    send(board, agent, text="Tres")


def test_the_same_request_twice_is_one_message(board: Switchboard, agent: str) -> None:
    one = send(board, agent, idempotency_key="k")
    two = send(board, agent, idempotency_key="k")
    assert one["message"]["id"] == two["message"]["id"]
    assert (len(texts(board)), len(one["commands"]), two["commands"]) == (1, 1, [])
    assert refused(board, agent, text="Adiós", idempotency_key="k") == "PT422"


def seen_by(board: Switchboard, user: str) -> int:
    """How many messages a signed-in user sees."""
    board.rows("select set_config('request.jwt.claims', %s, true)", f'{{"sub": "{user}"}}')
    board.rows("set local role authenticated")
    count = board.row("select count(*) as n from public.text_messages")["n"]
    board.rows("reset role")
    return int(count)


def test_an_agent_sees_theirs_and_those_of_their_calls_and_a_supervisor_all(
    board: Switchboard,
) -> None:
    busy = board.agent("available")
    sid = board.caller(board.queue(busy), CUSTOMER)
    board.rung(sid)
    board.answered(sid)
    supervisor = user_of(board, board.agent("offline"))
    board.rows(
        "insert into public.profiles (id, role) values (%s, 'supervisor')"
        " on conflict (id) do update set role = 'supervisor'",
        supervisor,
    )
    other = user_of(board, board.agent("offline"))
    send(board, supervisor, call=sid)
    send(board, other)
    assert seen_by(board, user_of(board, busy)) == 1
    assert seen_by(board, other) == 1
    assert seen_by(board, supervisor) == 2
    assert seen_by(board, board.row("select gen_random_uuid()::text as id")["id"]) == 0


def test_an_event_that_is_learned_twice_is_one_message(board: Switchboard) -> None:
    sid = misses(board, rules=[])
    call = board.call(sid)["id"]
    board.rows("update public.call_queues set text_rules = '{missed_call}' where id ="
               " (select queue_id from public.call_records where id = %s)", call)  # fmt: skip
    tell = (
        "select private.text_of_event(id, queue_id, 'missed_call', caller_number, '0')"
        " from public.call_records where id = %s"
    )
    board.rows(tell, call)
    board.rows(tell, call)
    assert len(texts(board)) == len(claimed(board)) == 1


def test_a_message_that_an_opt_out_overtook_at_twilio_is_refused_for_good(
    board: Switchboard, agent: str
) -> None:
    (command,) = send(board, agent)["commands"]
    write(board, "STOP")
    assert texts(board)[0]["state"] == "wanted"  # somebody is sending it
    settle(board, command, "failed", code="21610", reason="unsubscribed")
    assert texts(board)[0]["state"] == "refused"
