"""What screens are told live: one message a desk and transaction, numbered; figures once in a while."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.database.desk import CUSTOMER, Desk, ends, room, talking
from tests.database.switchboard import Switchboard

FIGURES = "select public.broadcast_figures() as messages"


@pytest.fixture
def screens(board: Switchboard) -> Screens:
    return Screens(board)


class Screens:
    """What is told from now on."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.forget()

    def forget(self) -> None:
        self.board.commit()
        self.board.rows("delete from private.live_changes")
        self.board.rows("delete from realtime.messages")

    def told(self, topic: str) -> list[dict[str, Any]]:
        """Once the transaction commits."""
        self.board.commit()
        return [
            row["payload"]
            for row in self.board.rows(
                "select payload from realtime.messages where topic = %s"
                " order by (payload ->> 'version')::bigint",
                topic,
            )
        ]

    def figures(self) -> int:
        """A second later."""
        self.board.commit()
        self.board.rows("update private.live_topics set told_at = '-infinity' where told_at is not null")
        return int(self.board.row(FIGURES)["messages"])


def desk_of(board: Switchboard, agent: Desk) -> dict[str, Any]:
    return dict(as_user(board, agent.user, "select public.desk() as answer"))


def as_user(board: Switchboard, user: str, query: str) -> Any:
    claims = json.dumps({"sub": user, "role": "authenticated"})
    board.rows("select set_config('request.jwt.claims', %s, true)", claims)
    board.db.execute("set local role authenticated")
    answer = board.row(query)["answer"]
    board.db.execute("reset role")
    return answer


def test_an_agent_is_told_of_an_offer_and_the_message_is_their_desk(
    board: Switchboard, screens: Screens
) -> None:
    agent = Desk(board)
    queue = board.queue(agent.id)
    screens.forget()
    board.caller(queue)
    (told,) = screens.told(f"agent:{agent.id}")
    assert told["kind"] == "desk"
    (call,) = told["calls"]
    assert call["status"] == "ringing"
    assert call["parties"][0]["state"] == "on_line"
    own = desk_of(board, agent)
    (queue_row,) = own.pop("queues")
    assert (queue_row["name"], queue_row["waiting"]) == (queue, 1)
    del told["kind"], told["id"]
    assert told == own
