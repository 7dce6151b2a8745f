"""Deletions and callbacks that meet other transactions: each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from devstack.stack import Stack
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard


@pytest.fixture(scope="module")
def scratch(stack: Stack, seeded_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, seeded_template) as database:
        yield database


@pytest.fixture
def other(scratch: Scratch) -> Iterator[psycopg.Connection]:
    with psycopg.connect(scratch.url(), autocommit=True) as db:
        db.execute("set statement_timeout = '5s'")
        yield db


@pytest.fixture
def board(scratch: Scratch) -> Iterator[Switchboard]:
    with psycopg.connect(scratch.url()) as db:
        yield Switchboard(db)


def meanwhile(act: Callable[[], object], board: Switchboard) -> None:
    """What somebody else does while the board's transaction is open, which then commits."""
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        wait([acting], 0.5)
        board.db.commit()
        acting.result()


def asked_for_number(board: Switchboard, queue: str, number: str) -> str:
    sid = board.caller(queue, number)
    board.rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
    board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
    return sid


def rpc(db: psycopg.Connection, function: str, **event: object) -> dict[str, Any]:
    query = f"select public.{function}(%s, 'other')"
    row = db.execute(query.encode(), [Jsonb({"params": {}, **event})]).fetchone()
    assert row
    return dict(row[0])


def test_two_calls_of_one_number_that_ask_at_once_have_one_callback(
    board: Switchboard, other: psycopg.Connection
) -> None:
    queue = board.queue(board.agent("break"))
    first, second = (asked_for_number(board, queue, "+573015550001") for _ in range(2))
    board.db.commit()
    board.rpc("receive_callback_choice", {"call_sid": first, "digits": "1"})
    said: list[dict[str, Any]] = []
    meanwhile(
        lambda: said.append(rpc(other, "receive_callback_choice", call_sid=second, digits="1")),
        board,
    )
    assert said[0]["plan"]["say"] == [
        "Ya tenemos una solicitud para ese número y le llamaremos. Hasta luego."
    ]
    query = "select count(*) as n from private.callbacks where number = '+573015550001'"
    assert board.row(query)["n"] == 1


def test_a_new_call_of_a_contact_who_is_being_deleted_has_a_contact(
    board: Switchboard, other: psycopg.Connection
) -> None:
    number = "+573015550002"
    board.rows("insert into public.crm_contacts (phone_number) values (%s)", number)
    board.db.commit()
    board.rows("delete from public.crm_contacts where phone_number = %s", number)
    event = {"call_sid": "CAnew", "from": number, "to": "+576015550100"}
    meanwhile(lambda: rpc(other, "receive_incoming_call", **event), board)
    assert board.call("CAnew")["contact_id"] is not None


@pytest.mark.parametrize("what", ["user", "contact"])
def test_a_deletion_waits_for_no_call_that_is_changing_and_says_so(
    board: Switchboard, other: psycopg.Connection, what: str
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    board.db.commit()
    statement = {
        "user": "delete from auth.users where id = (select a.user_id from"
        " public.call_center_agents a join public.call_records r on r.agent_id = a.id"
        " where r.call_id = %s)",
        "contact": "delete from public.crm_contacts where id ="
        " (select contact_id from public.call_records where call_id = %s)",
    }[what]
    board.rows("select 1 from public.call_records where call_id = %s for no key update", sid)
    with pytest.raises(psycopg.Error, match="has a call that is changing at this moment") as error:
        other.execute(statement.encode(), [sid])
    assert error.value.sqlstate == "PT409"
    board.db.commit()
    other.execute(statement.encode(), [sid])
    board.status(sid, "completed", 9)
    board.db.commit()


def test_an_agent_is_deleted_without_waiting_for_the_call_that_rings_them(
    board: Switchboard, other: psycopg.Connection
) -> None:
    agent, spare = board.agent(), board.agent("break")
    queue = board.queue(agent, spare)
    sid = board.caller(queue)
    assert board.rung(sid) == agent
    board.db.commit()
    board.rows("select 1 from public.call_records where call_id = %s for no key update", sid)
    other.execute("delete from public.call_center_agents where id = %s", [agent])
    board.db.commit()
    board.set_status(spare, "available")
    other.execute("select public.sweep('other')")
    board.db.commit()
    other.execute("select public.sweep('other')")
    assert board.rung(sid) == spare
    board.status(sid, "completed", 9)
    board.db.commit()


def test_an_agent_who_answers_while_they_are_deleted_takes_no_call(
    board: Switchboard, other: psycopg.Connection
) -> None:
    agent = board.agent()
    sid = board.caller(board.queue(agent))
    assert board.rung(sid) == agent
    leg, offer = board.agent_leg(sid)
    board.db.commit()
    board.rows("delete from public.call_center_agents where id = %s", agent)
    answer = {"call_sid": leg, "offer_id": offer, "to": "client:x"}
    said: list[dict[str, Any]] = []
    meanwhile(lambda: said.append(rpc(other, "receive_agent_answer", **answer)), board)
    assert said[0]["plan"]["kind"] == "hang_up"
    query = "select 1 from private.call_offers where id = %s and state = 'connected'"
    assert board.rows(query, offer) == []
    board.status(sid, "completed", 9)
    board.db.commit()
