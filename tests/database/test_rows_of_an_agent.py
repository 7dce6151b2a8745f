"""What a page hears that follows the rows of calls with its agent's id: the last of it is true."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.database.desk import Desk, call, talking
from tests.database.switchboard import Switchboard
from tests.database.test_control_consult import Consult
from tests.database.test_control_supervision import LEG, Supervisor

LISTENS = """
create table pg_temp.heard (place serial, agent_id uuid, call_status text);
create function pg_temp.hear() returns trigger language plpgsql as $$
begin
  insert into pg_temp.heard (agent_id, call_status) values (new.agent_id, new.call_status);
  return null;
end $$;
grant all on pg_temp.heard, pg_temp.heard_place_seq to public;
create trigger hear after update on public.call_records
  for each row execute function pg_temp.hear();
"""


@pytest.fixture
def listening(board: Switchboard) -> Switchboard:
    board.rows(LISTENS)
    return board


def heard(board: Switchboard, agent: str) -> list[str]:
    query = "select call_status from pg_temp.heard where agent_id = %s order by place"
    return [word for word, _ in groupby(row["call_status"] for row in board.rows(query, agent))]


def test_whom_a_colleague_takes_a_call_from_after_a_consult(listening: Switchboard) -> None:
    consult = Consult(listening).answered()
    consult.ask("complete_consult")
    assert heard(listening, consult.agent.id) == ["ringing", "active", "queued"]
    assert heard(listening, consult.colleague.id) == ["active"]


def test_whom_a_supervisor_takes_a_call_from(listening: Switchboard) -> None:
    agent, sid, _, _ = talking(listening)
    supervisor = Supervisor(listening, status="break")
    supervisor.hears(sid, "whisper", LEG)
    supervisor.asks("take_over_call", sid)
    assert heard(listening, agent.id) == ["ringing", "active", "queued"]
    assert heard(listening, supervisor.id) == ["active"]


def test_whose_call_rings_at_the_next(listening: Switchboard) -> None:
    first = Desk(listening, extension="a1")
    queue = listening.queue(first.id)
    sid = listening.caller(queue)
    second = Desk(listening, extension="a2")
    listening.rows(
        "update public.call_queues set agent_ids = agent_ids || %s::uuid where name = %s",
        second.id,
        queue,
    )
    listening.not_answered(sid)
    assert str(call(listening, sid)["agent_id"]) == second.id
    assert heard(listening, first.id) == ["ringing", "queued"]
    assert heard(listening, second.id) == ["ringing"]
