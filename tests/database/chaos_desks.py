"""What people do at their screens in the middle of it all: they ask for what a call may allow.

Whoever has a part in a call asks for anything at any moment; most of it is refused with a reason,
which is an answer like any other. No reason is a key, a check, a deadlock or a time-out.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from typing import Any

import psycopg

from tests.database.chaos_supervisors import NO_REASONS, SUPERVISOR

OUTSIDE = "+576015550199"
# What is asked for, with what, and how often compared with the others.
ASKED: tuple[tuple[str, dict[str, object], int], ...] = (
    ("read_my_state", {}, 2),
    ("hold_party", {"on": True}, 3),
    ("hold_party", {"on": False}, 4),
    ("mute_party", {"on": True}, 1),
    ("mute_party", {"on": False}, 1),
    ("start_consult", {"to": "somebody"}, 8),
    ("cancel_consult", {}, 2),
    ("swap_consult", {}, 4),
    ("merge_consult", {}, 3),
    ("complete_consult", {}, 5),
    ("add_party", {"to": "somebody"}, 3),
    ("transfer_call", {"to": "somebody"}, 4),
    ("ask_for_help", {}, 1),
    ("leave_call", {}, 2),
    ("end_call_for_all", {}, 1),
)
SUPERVISED: tuple[tuple[str, dict[str, object], int], ...] = (
    ("supervise_call", {"mode": "listen"}, 2),
    ("supervise_call", {"mode": "whisper"}, 3),
    ("supervise_call", {"mode": "barge"}, 1),
    ("stop_supervising", {}, 2),
    ("take_over_call", {}, 2),
)


class Screens:
    """Asks on one connection; `rpc` sends it, and has done at Twilio what comes of it."""

    def __init__(
        self,
        db: psycopg.Connection,
        chance: random.Random,
        agents: list[uuid.UUID],
        rpc: Callable[[str, dict[str, object]], object],
    ) -> None:
        self._db = db
        self._random = chance
        self._agents = agents
        self._rpc = rpc
        ((self._supervisor,),) = db.execute(
            "select id from auth.users where email = %s", [SUPERVISOR]
        ).fetchall()
        self.deeds: list[tuple[Callable[[], None], int]] = [
            (self.somebody_in_a_call_asks, 24),
            (self.a_supervisor_asks, 6),
            (self.a_supervisor_moves_somebody, 6),
        ]

    def somebody_in_a_call_asks(self) -> None:
        if part := self._a_part():
            user, call = part
            self._ask(ASKED, user, call)

    def a_supervisor_asks(self) -> None:
        if part := self._a_part():
            self._ask(SUPERVISED, self._supervisor, part[1])

    def a_supervisor_moves_somebody(self) -> None:
        """Who waits, perhaps no longer, perhaps while somebody is rung for them."""
        if row := self._db.execute(_SOMEBODY_WHO_WAITS).fetchone():
            self._ask((("move_call", {"to": row[1]}, 1),), self._supervisor, row[0])

    def _a_part(self) -> tuple[Any, ...] | None:
        return self._db.execute(_SOMEBODY).fetchone()

    def _ask(
        self, what: tuple[tuple[str, dict[str, object], int], ...], user: object, call: object
    ) -> None:
        (function, more, _) = self._random.choices(what, [weight for _, _, weight in what])[0]
        if more.get("to") == "somebody":
            more = {"to": self._somebody()}
        try:
            self._rpc(function, {"user_id": str(user), "call": str(call), **more})
        except psycopg.Error as error:
            if (error.sqlstate or "").startswith(NO_REASONS):
                raise

    def _somebody(self) -> str:
        """A colleague, who may be oneself or gone, a queue or a number outside."""
        query = "select extension from public.call_center_agents where id = %s"
        row = self._db.execute(query, [self._random.choice(self._agents)]).fetchone()
        return str(self._random.choice([row[0] if row else "x0", "support", OUTSIDE]))


_SOMEBODY = """
select a.user_id, o.call_record_id from private.call_offers o
join public.call_center_agents a on a.id = o.agent_id
where o.state = 'connected' order by random() limit 1
"""
_SOMEBODY_WHO_WAITS = """
select e.call_record_id, q.name from private.queue_entries e cross join public.call_queues q
where e.left_at is null order by random() limit 1
"""
