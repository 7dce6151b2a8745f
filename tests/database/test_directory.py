"""Whom a call may be transferred to, and that what screens are told is as OpenAPI describes it."""

from __future__ import annotations

import psycopg
import pytest
from pydantic import BaseModel

from tests.database.desk import Desk, talking
from tests.database.screens import Json, as_user, desk, supervisor, wallboard
from tests.database.switchboard import Switchboard
from webhooks.control import live


def directory(board: Switchboard, user: str) -> Json:
    (row,) = as_user(board, user, "select public.directory() as answer")
    return dict(row["answer"])


def test_an_agent_sees_what_colleagues_and_queues_do_and_nothing_of_their_calls(
    board: Switchboard,
) -> None:
    talks, _sid, _leg, queue = talking(board)
    asks = Desk(board)
    told = directory(board, asks.user)
    (colleague,) = [agent for agent in told["agents"] if agent["id"] == talks.id]
    assert colleague["state"] == "on_call"
    assert colleague.keys() == {
        "id", "extension", "name", "state", "since", "reason", "free", "rest_until",
    }  # fmt: skip
    assert (colleague["free"], colleague["rest_until"]) == (False, None)
    (row,) = [row for row in told["queues"] if row["name"] == queue]
    assert (row["active"], row["agents_available"]) == (True, 0)


def test_who_rests_after_an_offer_is_shown_to_rest_and_is_not_counted_as_free(
    board: Switchboard,
) -> None:
    rests, asks = Desk(board), Desk(board)
    queue = board.queue(rests.id)
    board.rows(
        "update public.call_center_agents set rest_until = private.clock() + interval '9 s'"
        " where id = %s",
        rests.id,
    )

    def shown() -> tuple[bool, bool, bool, int]:
        told = directory(board, asks.user)
        (colleague,) = [agent for agent in told["agents"] if agent["id"] == rests.id]
        (row,) = [row for row in told["queues"] if row["name"] == queue]
        mine = desk(board, rests)["agent"]["rest_until"]
        rest = colleague["rest_until"]
        return colleague["free"], rest is not None, mine is not None, row["agents_available"]

    assert shown() == (False, True, True, 0)
    board.pass_time(10)
    assert shown() == (True, False, False, 1)


def test_strangers_see_no_directory(board: Switchboard) -> None:
    (row,) = board.rows("insert into auth.users (email) values ('x@example.com') returning id")
    with pytest.raises(psycopg.Error) as refusal:
        directory(board, str(row["id"]))
    assert refusal.value.sqlstate == "PT403"


def test_what_screens_are_told_is_as_described(board: Switchboard) -> None:
    agent, _sid, _leg, queue = talking(board)
    board.caller(queue)
    board.commit()
    said: dict[type[BaseModel], Json] = {
        live.Desk: desk(board, agent),
        live.Wallboard: wallboard(board, supervisor(board)),
        live.Directory: directory(board, agent.user),
    }
    for model, document in said.items():
        complete = model.model_validate(document).model_dump(mode="json")
        assert names(document) == names(complete), model.__name__


def names(document: object) -> object:
    """What a document holds, without the values; of a list, all that any of its rows holds."""
    if isinstance(document, dict):
        return {name: names(value) for name, value in document.items()}
    if isinstance(document, list):
        return [names(document[0])] if document else []
    return None
