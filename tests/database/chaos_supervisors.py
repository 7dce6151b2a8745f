"""What supervisors do in the middle of it all: they delete, rename and flip things.

Each deed is one transaction as a signed-in supervisor with the time that the API allows. A refusal
that gives its reason is an answer like any other; a key, a check, a deadlock or a time-out is none.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

SUPERVISOR = "supervisora@demo.local"
# Keys and checks, deadlocks, time-outs, what Postgres calls internal.
NO_REASONS = ("23", "40", "57", "XX")
Rows = list[tuple[Any, ...]]


class Supervisor:
    """Deletes and flips on one connection; `hire` makes a new agent and returns their id."""

    def __init__(
        self,
        db: psycopg.Connection,
        chance: random.Random,
        agents: list[uuid.UUID],
        hire: Callable[[], uuid.UUID],
    ) -> None:
        self._db = db
        self._random = chance
        self._agents = agents
        self._hire = hire
        query = "select id from auth.users where email = %s"
        ((user_id,),) = db.execute(query, [SUPERVISOR]).fetchall()
        self._claims = json.dumps({"sub": str(user_id), "role": "authenticated"})
        self.deeds: list[tuple[Callable[[], None], int]] = [
            (self.flip_an_agent, 4),
            (self.delete_an_agent, 1),
            (self.delete_a_user, 1),
            (self.delete_a_queue, 1),
            (self.rename_a_queue, 1),
            (self.delete_a_contact, 2),
            (self.delete_a_call, 1),
            (self.change_a_script, 1),
        ]

    def flip_an_agent(self) -> None:
        status = self._random.choice(["available", "available", "break", "offline"])
        query = "update public.call_center_agents set agent_status = %s where id = %s returning id"
        self._as_supervisor(query, status, self._random.choice(self._agents))

    def delete_an_agent(self) -> None:
        agent = self._random.choice(self._agents)
        self._as_supervisor(
            "delete from public.call_center_agents where id = %s returning id", agent
        )
        # One with a past is archived, and seen no more.
        if not self._as_supervisor("select id from public.call_center_agents where id = %s", agent):
            self._replace([(agent,)])

    def delete_a_user(self) -> None:
        """As the auth server does for the dashboard."""
        agent = self._random.choice(self._agents)
        query = (
            "delete from auth.users where id ="
            " (select user_id from public.call_center_agents where id = %s) returning %s"
        )
        self._replace(self._refusable(query, agent, agent))

    def delete_a_queue(self) -> None:
        """And make it anew, with the same members."""
        found = "select agent_ids from public.call_queues where name = 'sales'"
        anew = (
            "insert into public.call_queues (name, agent_ids) values ('sales', %s)"
            " on conflict do nothing returning id"
        )
        for (members,) in self._as_supervisor(found):
            self._as_supervisor("delete from public.call_queues where name = 'sales' returning id")
            if not self._as_supervisor(found):
                self._as_supervisor(anew, members)

    def rename_a_queue(self) -> None:
        for old, new in (("hr", "people"), ("people", "hr")):
            query = "update public.call_queues set name = %s where name = %s returning id"
            self._as_supervisor(query, new, old)

    def delete_a_contact(self) -> None:
        query = (
            "delete from public.crm_contacts where id = (select contact_id"
            " from public.call_records where ended_at is null order by random() limit 1)"
            " returning id"
        )
        self._as_supervisor(query)

    def delete_a_call(self) -> None:
        query = (
            "delete from public.call_records where id = (select id"
            " from public.call_records where ended_at is null order by random() limit 1)"
            " returning id"
        )
        self._as_supervisor(query)

    def change_a_script(self) -> None:
        query = "update public.ivr_scripts set welcome_message = %s where active returning id"
        self._as_supervisor(query, f"Bienvenido {self._random.randrange(100)}.")

    def _replace(self, gone: Rows) -> None:
        for (agent,) in gone:
            with suppress(ValueError):  # somebody else may have deleted them too
                self._agents[self._agents.index(agent)] = self._hire()

    def _as_supervisor(self, query: str, *values: object) -> Rows:
        with self._db.transaction():
            self._db.execute("set local role authenticated")
            self._db.execute("select set_config('request.jwt.claims', %s, true)", [self._claims])
            return self._refusable(query, *values)

    def _refusable(self, query: str, *values: object) -> Rows:
        """The rows it returns; none where it was refused with a reason."""
        try:
            with self._db.transaction():
                return self._db.execute(query.encode(), values).fetchall()
        except psycopg.Error as error:
            if (error.sqlstate or "").startswith(NO_REASONS):
                raise
            return []
