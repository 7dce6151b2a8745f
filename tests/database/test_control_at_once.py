"""Two people ask for two things of one call at once, each on a connection of their own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.desk import Desk, talking
from tests.database.scratch import Scratch
from tests.database.switchboard import Switchboard
from tests.database.test_control_supervision import Supervisor


@pytest.fixture
def scratch(stack: Stack, migrated_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, migrated_template) as database:
        yield database


@pytest.fixture
def board(scratch: Scratch) -> Iterator[Switchboard]:
    with psycopg.connect(scratch.url()) as db:
        yield Switchboard(db)


class Wish:
    """Something that somebody asks for on a connection of their own."""

    def __init__(
        self, scratch: Scratch, who: Desk, function: str, sid: str, **more: object
    ) -> None:
        self.request = json.dumps({"user_id": who.user, "call": sid, **more})
        self.function = function
        self.url = scratch.url()
        self.status = 0
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as db:
            try:
                db.execute(f"select public.{self.function}(%s, 'test')", [self.request])
                self.status = 200
            except psycopg.Error as error:
                self.status = int(str(error.sqlstate).removeprefix("PT"))


def all_at_once(board: Switchboard, sid: str, *wishes: Wish) -> list[int]:
    """All wait for the call's row, and are let go together; their statuses."""
    # What was played was of a clock that ran ahead; from here on it is the wall's.
    board.rows(
        "update private.call_offers set connected_at = connected_at - interval '1 hour',"
        " met_at = met_at - interval '1 hour'"
    )
    board.db.commit()
    board.rows("select 1 from public.call_records where call_id = %s for update", sid)
    return let_wait(board, *wishes)


def let_wait(board: Switchboard, *wishes: Wish) -> list[int]:
    """All wait for the board's transaction, and are let go with its end; their statuses."""
    for wish in wishes:
        wish.thread.start()
    waiting = (
        "select count(*) from pg_stat_activity"
        " where wait_event_type = 'Lock' and datname = current_database()"
    )
    deadline = time.monotonic() + 60
    with psycopg.connect(wishes[0].url, autocommit=True) as db:
        while db.execute(waiting).fetchone()[0] < len(wishes):  # type: ignore[index]
            assert time.monotonic() < deadline, "they do not wait"
            time.sleep(0.01)
    board.db.commit()
    for wish in wishes:
        wish.thread.join(60)
    return sorted(wish.status for wish in wishes)


def is_sound(board: Switchboard, sid: str) -> dict[str, Any]:
    """The call, of which one at most has the customer, whose seats are counted rightly."""
    assert (
        board.rows(
            "select 1 from public.call_center_agents a where seats_taken <> (select count(*)"
            " from private.call_offers o where o.agent_id = a.id and o.state <> 'ended')"
        )
        == []
    )
    row = board.row(
        "select r.*, (select count(*) from private.call_offers o where o.call_record_id = r.id"
        " and o.state <> 'ended' and private.has_customer(o.purpose)) as has_it"
        " from public.call_records r where r.call_id = %s",
        sid,
    )
    assert row["has_it"] <= 1
    return row


def test_hanging_up_and_transferring(board: Switchboard, scratch: Scratch) -> None:
    agent, sid, _, _ = talking(board)
    Desk(board, extension="o1")
    statuses = all_at_once(
        board,
        sid,
        Wish(scratch, agent, "leave_call", sid),
        Wish(scratch, agent, "transfer_call", sid, to="o1"),
    )
    assert statuses in ([200, 200], [200, 409])
    row = is_sound(board, sid)
    assert row["has_it"] == int(row["transferred"])


def test_two_transfers(board: Switchboard, scratch: Scratch) -> None:
    agent, sid, _, _ = talking(board)
    Desk(board, extension="o2")
    Desk(board, extension="o3")
    wishes = [Wish(scratch, agent, "transfer_call", sid, to=to) for to in ("o2", "o3")]
    assert all_at_once(board, sid, *wishes) == [200, 409]
    assert is_sound(board, sid)["has_it"] == 1


def test_cancelling_and_completing_a_consult(board: Switchboard, scratch: Scratch) -> None:
    agent, sid, _, _ = talking(board)
    colleague = Desk(board, extension="o4")
    agent.asks("start_consult", sid, to="o4")
    colleague.takes(sid)
    wishes = [Wish(scratch, agent, f, sid) for f in ("cancel_consult", "complete_consult")]
    assert all_at_once(board, sid, *wishes) == [200, 409]
    row = is_sound(board, sid)
    assert (row["call_status"], row["has_it"]) == ("active", 1)


def test_two_supervisors_who_take_over(board: Switchboard, scratch: Scratch) -> None:
    _agent, sid, _, _ = talking(board)
    one, two = Supervisor(board), Supervisor(board)
    one.hears(sid)
    two.hears(sid, leg=f"CA{'4' * 32}")
    wishes = [Wish(scratch, who, "take_over_call", sid) for who in (one, two)]
    assert all_at_once(board, sid, *wishes) == [200, 200]
    assert is_sound(board, sid)["call_status"] == "active"
