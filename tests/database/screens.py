"""Screens in a switchboard: what they are told, and what they would show."""

from __future__ import annotations

import json
from typing import Any

from tests.database.desk import Desk
from tests.database.switchboard import Switchboard

Json = dict[str, Any]
SUPERVISOR = "supervisor@screens.invalid"


class Screens:
    """What is told on Realtime from now on."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.forget()

    def forget(self) -> None:
        """What was told until now was heard."""
        self.board.commit()
        self.board.rows("delete from private.live_changes")
        self.board.rows("delete from realtime.messages")

    def told(self, topic: str) -> list[Json]:
        """Every message on a topic so far, by its number."""
        self.board.commit()
        query = (
            "select payload from realtime.messages where topic = %s and private"
            " order by (payload ->> 'version')::bigint"
        )
        return [row["payload"] for row in self.board.rows(query, topic)]

    def desk(self, agent: Desk) -> list[Json]:
        """What an agent was told."""
        return self.told(f"agent:{agent.id}")

    def a_second_later(self) -> int:
        """The worker has the figures told; how many messages that made."""
        self.board.commit()
        self.board.rows(
            "update private.live_topics set told_at = '-infinity' where told_at is not null"
        )
        return self.figures_at_once()

    def figures_at_once(self) -> int:
        """Some worker asks again for the figures to be told."""
        self.board.db.execute("set local role service_role")
        messages = self.board.row("select public.broadcast_figures() as messages")["messages"]
        self.board.db.execute("reset role")
        return int(messages)


def as_user(board: Switchboard, user: str, query: str, *values: object) -> list[Json]:
    """What a signed-in user is answered."""
    claims = json.dumps({"sub": user, "role": "authenticated"})
    board.rows("select set_config('request.jwt.claims', %s, true)", claims)
    board.db.execute("set local role authenticated")
    try:
        return board.rows(query, *values)
    finally:
        if board.db.info.transaction_status.name != "INERROR":
            board.db.execute("reset role")
            board.rows("select set_config('request.jwt.claims', '', true)")


def desk(board: Switchboard, agent: Desk) -> Json:
    (row,) = as_user(board, agent.user, "select public.desk() as answer")
    return dict(row["answer"])


def wallboard(board: Switchboard, user: str) -> Json:
    (row,) = as_user(board, user, "select public.wallboard() as answer")
    return dict(row["answer"])


def supervisor(board: Switchboard) -> str:
    """A supervisor who takes no calls; their user's id."""
    user = board.row(
        "insert into auth.users (id, email) values (gen_random_uuid(), %s) returning id", SUPERVISOR
    )["id"]
    board.rows(
        "insert into public.profiles (id, role) values (%s, 'supervisor')"
        " on conflict (id) do update set role = excluded.role",
        user,
    )
    return str(user)
