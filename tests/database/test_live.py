"""What agents' screens are told live: once a transaction, numbered, and never at a call's cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.desk import CUSTOMER, JOIN, Desk, call, ends, room, talking
from tests.database.scratch import Scratch
from tests.database.screens import Json, Screens, as_user, desk
from tests.database.switchboard import Switchboard


@pytest.fixture
def screens(board: Switchboard) -> Screens:
    return Screens(board)


def states(messages: list[Json]) -> list[list[str]]:
    """Of the calls on a desk, message by message."""
    return [[one["status"] for one in message["calls"]] for message in messages]


def test_an_agent_is_told_of_an_offer_and_the_message_is_their_desk(
    board: Switchboard, screens: Screens
) -> None:
    agent = Desk(board)
    queue = board.queue(agent.id)
    screens.forget()
    board.caller(queue, CUSTOMER)
    (told,) = screens.desk(agent)
    (call_told,) = told["calls"]
    assert (call_told["status"], call_told["customer"]["number"]) == ("ringing", CUSTOMER)
    snapshot = desk(board, agent)
    assert snapshot.pop("at")
    assert snapshot.pop("time_zone")
    (queue_row,) = snapshot.pop("queues")
    assert (queue_row["name"], queue_row["waiting"]) == (queue, 1)
    assert (told.pop("kind"), told.pop("id")) == ("desk", agent.id)
    assert told == snapshot


def test_a_desk_is_told_once_a_transaction_and_numbers_leave_nothing_out(
    board: Switchboard, screens: Screens
) -> None:
    agent = Desk(board)
    queue = board.queue(agent.id)
    screens.forget()
    before = desk(board, agent)["version"]
    sid = board.caller(queue)
    leg = agent.takes(sid)
    board.commit()
    board.rpc("receive_caller_connect", {"call_sid": sid})
    board.commit()
    room(board, sid, sid, JOIN)
    board.commit()
    board.status(sid, "completed", 9)
    board.commit()
    ends(board, leg)
    told = screens.desk(agent)
    versions = [message["version"] for message in told]
    assert versions == list(range(before + 1, before + 1 + len(told)))
    assert len(told) <= 6
    assert states(told)[0] == ["ringing"]
    assert ["active"] in states(told)
    assert told[-1]["wrap_up"]["call_record_id"] == str(call(board, sid)["id"])


def test_the_last_that_is_heard_of_a_call_that_went_to_a_colleague_is_that_it_is_gone(
    board: Switchboard, screens: Screens
) -> None:
    agent = Desk(board)
    colleague = Desk(board, agent_status="break")
    queue = board.queue(agent.id, colleague.id)
    sid = board.caller(queue)
    board.commit()
    board.set_status(colleague.id, "available")
    board.commit()
    screens.forget()
    board.set_status(agent.id, "break")
    assert board.rung(sid) == colleague.id
    assert states(screens.desk(agent))[-1] == []
    assert states(screens.desk(colleague))[-1] == ["ringing"]


def test_a_page_that_follows_its_calls_still_sees_one_that_went_on(board: Switchboard) -> None:
    agent, colleague = Desk(board), Desk(board, agent_status="break")
    stranger = Desk(board, agent_status="offline")
    sid = board.caller(board.queue(agent.id, colleague.id))
    board.commit()
    board.set_status(colleague.id, "available")
    board.set_status(agent.id, "break")
    assert board.rung(sid) == colleague.id
    seen = "select agent_id from public.call_records where call_id = %s"
    assert len(as_user(board, agent.user, seen, sid)) == 1
    assert as_user(board, stranger.user, seen, sid) == []
    board.pass_time(400)
    assert as_user(board, agent.user, seen, sid) == []


def test_everybody_in_a_call_is_told_when_somebody_joins_it(
    board: Switchboard, screens: Screens
) -> None:
    agent, sid, _leg, _queue = talking(board)
    colleague = Desk(board)
    board.commit()
    extension = board.row(
        "select extension from public.call_center_agents where id = %s", colleague.id
    )["extension"]
    screens.forget()
    agent.asks("start_consult", sid, to=extension)
    (told,) = screens.desk(agent)
    assert told["calls"][0]["consult"]["state"] == "initiated"
    (told,) = screens.desk(colleague)
    assert told["calls"][0]["status"] == "active"
    screens.forget()
    colleague.takes(sid)
    assert screens.desk(agent)[-1]["calls"][0]["consult"]["state"] == "answered"


def test_what_changes_nothing_on_a_desk_is_not_told(board: Switchboard, screens: Screens) -> None:
    agent, sid, leg, _queue = talking(board)
    screens.forget()
    board.status(leg, "in_progress", 3, to=agent.client)
    board.rows("update public.call_records set notes = 'x' where call_id = %s", sid)
    board.rows(
        "update public.call_center_agents set last_status_change = now() where id = %s", agent.id
    )
    assert screens.desk(agent) == []


def test_of_many_desks_that_change_at_once_the_first_are_told_whole(
    board: Switchboard, screens: Screens
) -> None:
    agents = [Desk(board) for _ in range(20)]
    screens.forget()
    board.rows(
        "update public.call_center_agents set agent_status = 'break' where id = any (%s::uuid[])",
        [agent.id for agent in agents],
    )
    told = [message for agent in agents for message in screens.desk(agent)]
    assert len(told) == 20
    whole = [message for message in told if "agent" in message]
    assert len(whole) == 16
    assert all(message["agent"]["state"] == "break" for message in whole)
    assert all({"kind", "id", "version"} <= message.keys() for message in told)


def test_bulk_work_tells_every_desk_to_look(board: Switchboard, screens: Screens) -> None:
    agents = [Desk(board) for _ in range(3)]
    screens.forget()
    board.rows(
        "insert into public.call_records (call_id, caller_number, call_status, started_at)"
        " select 'CAbulk' || n, '+573001112233', 'queued', now() from generate_series(1, 600) n"
    )
    assert [len(screens.desk(agent)) for agent in agents] == [1, 1, 1]
    assert board.row("select count(*) as n from private.live_changes")["n"] < 600


def test_no_agent_makes_everybody_look(board: Switchboard, screens: Screens) -> None:
    agent, other = Desk(board), Desk(board)
    screens.forget()
    insert = (
        "insert into public.call_records (call_id, agent_id, caller_number, started_at)"
        " select 'pending-' || n, %s, '+573001112233', now() from generate_series(1, %s) n"
    )
    with pytest.raises(psycopg.Error) as refusal, board.db.transaction():
        as_user(board, agent.user, insert, agent.id, 500)
    assert refusal.value.sqlstate == "PT409"
    as_user(board, agent.user, insert + " returning id", agent.id, 20)
    assert [len(message["calls"]) for message in screens.desk(agent)] == [20]
    assert screens.desk(other) == []


def test_history_that_is_brought_in_tells_nobody(board: Switchboard, screens: Screens) -> None:
    agent = Desk(board)
    screens.forget()
    board.rows(
        "insert into public.call_records"
        " (call_id, agent_id, caller_number, call_status, started_at, ended_at)"
        " select 'CAold' || n, %s, '+573001112233', 'completed', now(), now()"
        " from generate_series(1, 10) n",
        agent.id,
    )
    assert screens.desk(agent) == []
    assert board.rows("select * from private.live_changes") == []


def test_work_on_many_past_calls_tells_nobody(board: Switchboard, screens: Screens) -> None:
    agent = Desk(board)
    board.rows(
        "insert into public.call_records"
        " (call_id, agent_id, caller_number, call_status, started_at, ended_at)"
        " select 'CAold' || n, %s, '+573001112233', 'completed', now(), now()"
        " from generate_series(1, 600) n",
        agent.id,
    )
    screens.forget()
    board.rows("update public.call_records set disposition = 'x' where agent_id = %s", agent.id)
    assert screens.desk(agent) == []
    assert board.rows("select * from private.live_changes") == []


def test_a_customers_and_a_queues_other_name_is_told(board: Switchboard, screens: Screens) -> None:
    agent, sid, _leg, queue = talking(board)
    board.rows(
        "with c as (insert into public.crm_contacts (phone_number) values (%s)"
        " on conflict (phone_number) do update set notes = 'x' returning id)"
        " update public.call_records set contact_id = c.id from c where call_id = %s",
        CUSTOMER,
        sid,
    )
    screens.forget()
    named = "update public.crm_contacts set first_name = 'Ana' where phone_number = %s"
    board.rows(named, CUSTOMER)
    (told,) = screens.desk(agent)
    assert told["calls"][0]["customer"]["name"] == "Ana"
    board.rows("update public.call_queues set name = 'Renamed' where name = %s", queue)
    assert [one["name"] for one in screens.desk(agent)[-1]["agent"]["queues"]] == ["Renamed"]


def test_a_party_is_there_until_its_telephone_is_hung_up(
    board: Switchboard, screens: Screens
) -> None:
    colleague, agent = Desk(board), Desk(board, agent_status="break")
    sid = board.caller(board.queue(colleague.id, agent.id))
    assert board.rung(sid) == colleague.id
    late_leg, _offer = board.agent_leg(sid)
    board.set_status(agent.id, "available")
    board.commit()
    board.set_status(colleague.id, "break")
    assert board.rung(sid) == agent.id
    agent.takes(sid)
    screens.forget()
    board.status(late_leg, "canceled", 9, to=colleague.client)
    told = screens.desk(agent)[-1]
    assert late_leg not in [one["party"] for one in told["calls"][0]["parties"]]


@pytest.fixture
def superuser(stack: Stack, own_database: str) -> Iterator[Switchboard]:
    """As who may break what screens are told with; rolled back."""
    name = own_database.rpartition("/")[2]
    url = stack.env["DATABASE_ADMIN_URL"].rpartition("/")[0]
    with psycopg.connect(f"{url}/{name}") as connection:
        yield Switchboard(connection)
        connection.rollback()


def test_nobody_waits_for_who_has_the_messages_locked(
    stack: Stack, own_database: str, board: Switchboard
) -> None:
    """As Realtime does with a partition, for as long as a dump reads the table."""
    name = own_database.rpartition("/")[2]
    url = stack.env["DATABASE_ADMIN_URL"].rpartition("/")[0]
    with psycopg.connect(f"{url}/{name}") as keeper:
        keeper.execute("lock table realtime.messages in access exclusive mode")
        board.rows("select set_config('statement_timeout', '5s', true)")
        agents = [Desk(board) for _ in range(60)]
        board.commit()
        agent, _sid, _leg, _queue = talking(board)
        board.commit()
        keeper.rollback()
    assert desk(board, agent)["calls"][0]["status"] == "active"
    assert desk(board, agents[0])["version"] == 1


@pytest.mark.parametrize(
    "broken",
    [
        "drop schema realtime cascade",
        "drop table realtime.messages cascade",
        "drop function private.state_document(uuid, private.asker) cascade",
        "drop table private.live_topics cascade",
    ],
)
def test_a_call_goes_on_whatever_is_wrong_with_what_screens_are_told(
    broken: str, superuser: Switchboard
) -> None:
    superuser.rows(broken)
    agent, sid, leg, _queue = talking(superuser)
    superuser.commit()
    superuser.status(sid, "completed", 9)
    ends(superuser, leg)
    superuser.commit()
    row = call(superuser, sid)
    assert (row["call_status"], str(row["agent_id"])) == ("completed", agent.id)


def test_all_else_works_in_a_database_without_realtime(stack: Stack) -> None:
    with Scratch(stack) as scratch:
        with psycopg.connect(scratch.url("DATABASE_ADMIN_URL")) as admin:
            admin.execute("drop publication if exists supabase_realtime")
            admin.execute("drop publication if exists supabase_realtime_messages_publication")
            admin.execute("drop schema realtime cascade")
        scratch.push()
        with psycopg.connect(scratch.url()) as connection:
            board = Switchboard(connection)
            agent, sid, leg, _queue = talking(board)
            board.commit()
            assert desk(board, agent)["calls"][0]["status"] == "active"
            board.status(sid, "completed", 9)
            ends(board, leg)
            board.commit()
            assert call(board, sid)["call_status"] == "completed"


TOPICS = ("supervisors", "agent:{agent}", "agent:{other}", "queue:{own}", "queue:{others}")
NONE = ("callcenter:commands", "", "room", "supervisors:x")


@pytest.mark.parametrize(
    ("role", "hears"),
    [
        ("agent", {"agent:{agent}", "queue:{own}"}),
        ("supervisor", set(TOPICS)),
        ("gerente", set(TOPICS)),
        ("empleado", set()),
    ],
)
def test_topics_are_heard_by_whom_they_are_for(
    role: str, hears: set[str], board: Switchboard
) -> None:
    agent, other = Desk(board), Desk(board)
    queues = [
        board.row("select id from public.call_queues where name = %s", board.queue(member.id))["id"]
        for member in (agent, other)
    ]
    names: dict[str, Any] = {
        "agent": agent.id,
        "other": other.id,
        "own": queues[0],
        "others": queues[1],
    }
    user = agent.user
    if role != "agent":
        user = str(
            board.row("insert into auth.users (id) values (gen_random_uuid()) returning id")["id"]
        )
        board.rows(
            "insert into public.profiles (id, role) values (%s, %s)"
            " on conflict (id) do update set role = excluded.role",
            user,
            role,
        )
    heard = set()
    for topic in (*TOPICS, *NONE):
        name = topic.format(**names)
        board.rows("select realtime.send('{}', 'x', %s)", name)
        board.rows("select set_config('realtime.topic', %s, true)", name)
        query = "select 1 from realtime.messages where topic = realtime.topic() limit 1"
        if as_user(board, user, query):
            heard.add(topic)
    assert heard == hears
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_user(
            board,
            user,
            "insert into realtime.messages (topic, extension, event, private)"
            " values ('supervisors', 'broadcast', 'x', true)",
        )
