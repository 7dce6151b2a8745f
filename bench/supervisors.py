"""Supervisors who delete and flip things in the middle of calls, through PostgREST as signed in.

A refusal that says why is fine. What is not: a deadlock, a time-out, an error of the database's own
words, and whatever the crowd finds wrong once everybody has hung up.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import psycopg

from bench.crowd import Crowd
from bench.measure import say
from devstack.twilio.client import Json

SUPERVISOR = "supervisora@demo.local"
# How PostgREST and the gateway say that somebody was just killed.
_AWAY = ("PGRST00", "08", "57P")
# Not sentences for a supervisor: keys, checks, and whatever the database calls internal.
_NO_REASONS = ("23", "40", "57014", "XX")


@dataclass
class Supervisors:
    """Meddles so many times within so many seconds; run() is for a thread of its own."""

    crowd: Crowd
    times: int
    over_seconds: float
    random: random.Random
    done: Counter[str] = field(default_factory=Counter)
    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    failed: BaseException | None = None

    def __post_init__(self) -> None:
        env = self.crowd.stack.env
        token = self.crowd.stack.access_token(SUPERVISOR)
        self._http = httpx.Client(
            base_url=f"{env['SUPABASE_URL']}/rest/v1/",
            headers={
                "apikey": env["SUPABASE_ANON_KEY"],
                "Authorization": f"Bearer {token}",
                "Prefer": "return=representation",
            },
            timeout=20,
        )
        self._deeds = {
            self._flip_an_agent: 8,
            self._delete_an_agent: 2,
            self._delete_a_user: 1,
            self._delete_a_queue: 1,
            self._rename_a_queue: 1,
            self._delete_a_contact: 2,
            self._change_scripts: 1,
            self._delete_a_call: 2,
        }

    def run(self) -> None:
        try:
            for _ in range(self.times):
                time.sleep(self.random.uniform(0.5, 1.5) * self.over_seconds / self.times)
                (deed,) = self.random.choices([*self._deeds], [*self._deeds.values()])
                deed()
        except BaseException as error:
            self.failed = error
            raise

    def _flip_an_agent(self) -> None:
        which = {"id": self._an_agent()}
        away = {"agent_status": self.random.choice(["break", "offline"])}
        self._ask("PATCH", "call_center_agents", which, away)
        time.sleep(self.random.uniform(0.1, 1.5))
        self._ask("PATCH", "call_center_agents", which, {"agent_status": "available"})

    def _delete_an_agent(self) -> None:
        agent = self._an_agent()
        if self._ask("DELETE", "call_center_agents", {"id": agent}) is not None:
            self.crowd.replace(agent)

    def _delete_a_user(self) -> None:
        """As in the dashboard, which asks the auth server, which asks the database."""
        agent = self._an_agent()
        calls = self.crowd.calls_of(agent)
        try:
            self.crowd.rows(_DELETE_USER, agent)
        except psycopg.ProgrammingError as error:  # PT409 is no state that psycopg knows
            self._note_refusal("DELETE auth.users", str(error))
        except psycopg.OperationalError:
            self.done["nobody there"] += 1
            self.crowd.nameless |= calls  # it may have been done
        else:
            self.done["DELETE auth.users"] += 1
            self.crowd.nameless |= calls
            self.crowd.replace(agent)

    def _delete_a_queue(self) -> None:
        if gone := self._ask("DELETE", "call_queues", {"name": "sales"}):
            again = {"name": "sales", "agent_ids": gone[0]["agent_ids"]}
            self._ask("POST", "call_queues", {}, again)

    def _rename_a_queue(self) -> None:
        self._ask("PATCH", "call_queues", {"name": "sales"}, {"name": "ventas"})
        time.sleep(self.random.uniform(0.1, 1.0))
        self._ask("PATCH", "call_queues", {"name": "ventas"}, {"name": "sales"})

    def _delete_a_contact(self) -> None:
        if calls := self.crowd.live_calls():
            self._ask("DELETE", "crm_contacts", {"id": self.random.choice(calls)["contact_id"]})

    def _change_scripts(self) -> None:
        draft = {"name": "borrador", "script_data": {"menus": []}, "active": False}
        if made := self._ask("POST", "ivr_scripts", {}, draft):
            self._ask("DELETE", "ivr_scripts", {"id": made[0]["id"]})
        words = {"welcome_message": f"Bienvenido {self.random.randrange(100)}."}
        self._ask("PATCH", "ivr_scripts", {"name": "IVR Principal"}, words)

    def _delete_a_call(self) -> None:
        if calls := self.crowd.live_calls():
            call = self.random.choice(calls)
            self.crowd.deleted[call["call_id"]] = str(call["id"])
            if self._ask("DELETE", "call_records", {"id": call["id"]}) is None:
                del self.crowd.deleted[call["call_id"]]

    def _an_agent(self) -> UUID:
        return self.random.choice([*self.crowd.staff])

    def _ask(
        self, verb: str, table: str, which: Json, values: Json | None = None
    ) -> list[Json] | None:
        """The rows that were changed, none where nobody heard the answer, None where refused."""
        what = f"{verb} {table}"
        where = {column: f"eq.{value}" for column, value in which.items()}
        try:
            answer = self._http.request(verb, table, params=where, json=values)
        except httpx.TransportError:
            self.done["nobody there"] += 1
            return []
        if answer.is_success:
            self.done[what] += 1
            return list(answer.json())
        return self._refused(what, answer)

    def _refused(self, what: str, answer: httpx.Response) -> list[Json] | None:
        is_json = "json" in answer.headers.get("content-type", "")
        said = answer.json() if is_json else {}
        code = str(said.get("code") or "")
        if answer.status_code in (502, 503, 504) or code.startswith(_AWAY):
            self.done["nobody there"] += 1
            return []
        if not code or code.startswith(_NO_REASONS):
            self.faults["supervisors refused without a reason"].append(f"{what}: {answer.text}")
        else:
            self._note_refusal(what, str(said.get("message")))
        return None

    def _note_refusal(self, what: str, why: str) -> None:
        self.done[f"{what} refused"] += 1
        say(f"refused: {what}: {why}")


_DELETE_USER = """
delete from auth.users where id = (select user_id from public.call_center_agents where id = %s)
"""
