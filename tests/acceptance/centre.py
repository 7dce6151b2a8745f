"""The words that the scenarios are written in."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row

from devstack.stack import Stack
from devstack.twilio.client import Script, Sim

_numbers = itertools.count(int(time.time()) % 10_000_000)


class CallCentre:
    """Agents, callers and what the database knows of them. Times are virtual seconds."""

    def __init__(self, stack: Stack, sim: Sim) -> None:
        self.stack = stack
        self.sim = sim
        self.number = stack.env["TWILIO_PHONE_NUMBER"]
        self._db: psycopg.Connection[dict[str, Any]] = psycopg.connect(
            stack.env["DATABASE_ADMIN_URL"], autocommit=True, row_factory=dict_row
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def clear(self) -> None:
        """Nobody calls, nobody works, everybody answers as nobody."""
        self.sim.reset(people=True)
        self.sim.faults()
        self.rows("delete from public.voicemails")
        self.rows("delete from public.call_records")
        self.rows("delete from private.telephony_commands")
        self.rows("delete from private.settings")
        self.rows("insert into private.settings default values")
        self.rows(
            "update public.call_center_agents set agent_status = 'offline', phone_number = null"
        )
        self.rows(
            "update public.call_center_agents set agent_status = 'offline', wrap_up_until = null"
        )

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        cursor = self._db.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    def row(self, query: str, *values: object) -> dict[str, Any]:
        (row,) = self.rows(query, *values)
        return row

    def agent_ready(
        self, extension: str = "1001", script: Script | None = None, **on_ring: object
    ) -> None:
        """An agent on a softphone who is available; answers after 2 s unless told otherwise."""
        agent = self.row(
            "update public.call_center_agents set agent_status = 'available'"
            " where extension = %s returning id",
            extension,
        )
        address = f"client:agent_{agent['id'].hex}"
        self.sim.person(address, script or [], on_ring or {"answer_after": 2})

    def agent(self, extension: str = "1001") -> dict[str, Any]:
        return self.row("select * from public.call_center_agents where extension = %s", extension)

    def caller(self, *steps: dict[str, Any], from_: str | None = None) -> str:
        """Somebody rings the number and follows the steps; returns the call's SID."""
        return self.sim.ring(from_ or f"+57300{next(_numbers):07d}", self.number, list(steps))

    def caller_for_support(self, *steps: dict[str, Any], from_: str | None = None) -> str:
        """Somebody who chooses Soporte, then follows the steps."""
        chooses = ({"until_heard": "Soporte", "timeout": 60}, {"press": "2"})
        return self.caller(*chooses, *steps, from_=from_)

    def heard(self, sid: str) -> str:
        return "\n".join(self.sim.heard(sid))

    def agent_heard(self, extension: str = "1001") -> str:
        """What the agent heard on their last leg."""
        address = f"client:agent_{self.agent(extension)['id'].hex}"
        legs = [call for call in self.sim.calls() if call["to"] == address]
        return "\n".join(self.sim.heard(legs[-1]["sid"])) if legs else ""

    def call(self, sid: str) -> dict[str, Any]:
        return self.row("select * from public.call_records where call_id = %s", sid)

    def talking(self, sid: str) -> bool:
        """Whether the caller has reached an agent."""
        query = "select 1 from public.call_records where call_id = %s and call_status = 'active'"
        return bool(self.rows(query, sid))

    def ended(self, sid: str, real_seconds: float = 30) -> dict[str, Any]:
        """The call's record once it is over for Twilio and for us."""
        self.sim.wait_until_ended(sid, real_seconds)
        ended = "select 1 from public.call_records where call_id = %s and ended_at is not null"
        self.until(lambda: self.rows(ended, sid), f"{sid} ended")
        return self.call(sid)

    def until(self, fact: Callable[[], object], what: str, real_seconds: float = 15) -> None:
        deadline = time.monotonic() + real_seconds
        while not fact():
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {real_seconds} s: {what}")
            time.sleep(0.02)

    def nobody_is_busy(self) -> bool:
        """No live leg, no live offer, no agent in a call."""
        state = self.row(
            "select (select count(*) from private.call_legs where ended_at is null)"
            " + (select count(*) from private.call_offers where state <> 'ended')"
            " + (select sum(current_call_count) from public.call_center_agents) as busy"
        )
        return bool(state["busy"] == 0)
