"""One call's whole life through the functions that the service calls, counted step by step.

The centre is one queue, `support`, whose agents all talk but for one. A life: somebody new rings,
chooses the queue and waits, with nobody free; then that one agent ends their wrap-up, and whoever
is first in line is rung, met, recorded and hangs up. So as many wait after a life as before, and
with nobody else waiting the two callers are the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

from psycopg.types.json import Jsonb

from bench.editions import Database
from bench.line import Line, Spent

NUMBER = "+576015550100"
CHOOSING = "receive_ivr_input"
TALKING = 20
# Calls' SIDs are numbers; bench/simulated.py, in the same database, begins with 1.
FIRST_SERIAL = 1_000_000
Json = dict[str, Any]
_PLACES = {
    f"{who}{what}": value
    for who in ("Caller", "Called", "From", "To")
    for what, value in (("City", "BOGOTÁ"), ("State", "DC"), ("Zip", "110111"), ("Country", "CO"))
}


class Centre:
    """A database with the queue `support` and its agents; plays Twilio and the service."""

    def __init__(
        self, database: Database, agents: Sequence[object], serial: itertools.count[int]
    ) -> None:
        self.label = database.label
        self._database = database
        self._agents = agents
        self._serial = serial
        self._connect()
        self._hears_of_rooms = database.has("public.record_room_event")

    @classmethod
    def staffed(cls, database: Database) -> Self:
        """With all agents but one on a call, and nobody waiting."""
        with database.connect() as owner:
            agents = [row[0] for row in owner.execute(_PEOPLE.encode(), [TALKING + 1]).fetchall()]
            owner.execute(_MEMBERS, [agents])
        centre = cls(database, agents, itertools.count(FIRST_SERIAL))
        for agent in agents[1:]:
            centre.enter()
            centre._meet(agent)
        return centre

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody is connected, so that the database can be copied."""
        self._disconnect()
        yield
        self._connect()

    def moved_to(self, copy: Database) -> Centre:
        """Another like it, in a copy of its database."""
        return Centre(copy, self._agents, self._serial)

    def settle_down(self) -> None:
        """Have everything counted as it is now, and planned anew."""
        self.owner.execute("vacuum (analyze)")
        self._disconnect()
        self._connect()

    def new_line(self) -> Line:
        """One more connection."""
        return Line(self._database.url)

    def _connect(self) -> None:
        self.line = self.new_line()
        self.owner = self._database.connect()

    def _disconnect(self) -> None:
        self.line.close()
        self.owner.close()

    def live(self) -> Spent:
        """A life, as above; what it cost."""
        self.line.take_spent()
        newcomer = self.enter()
        for _ in range(2):
            self._tell("queue-wait", "receive_queue_wait", self._event(newcomer))
        caller, leg, room = self._meet(self._agents[0])
        self._record(room, "in_progress")
        self._end(caller, "completed, the caller's", sequence=3)
        self._end(leg, "completed, the agent's", sequence=4)
        self._record(room, "completed")
        return self.line.take_spent()

    def enter(self) -> str:
        """Somebody rings and chooses the queue; their call's SID."""
        sid = self.ring()
        self._tell("ivr-input", CHOOSING, self.choice(sid))
        return sid

    def ring(self) -> str:
        """Somebody rings and hears the menu; their call's SID."""
        sid = f"CA{next(self._serial):032d}"
        self._tell("incoming-call", "receive_incoming_call", self._event(sid))
        return sid

    def choice(self, sid: str) -> Json:
        """The event of their choosing the queue, for the function CHOOSING."""
        return self._event(sid, menu="main", attempt=1, digits="2", speech=None)

    def waiting(self) -> int:
        """How many wait."""
        query = "select count(*) from public.call_records where call_status = 'queued'"
        (count,) = self.owner.execute(query).fetchone() or (0,)
        return int(count)

    def _meet(self, agent: object) -> tuple[str, str, Json]:
        """An agent becomes free, takes the first in line, and the two talk: caller's SID, agent's
        leg's SID, and what their conference's callbacks name."""
        free = "update public.call_center_agents set agent_status = 'available' where id = %s"
        self.line.ask("agent's status", f"{free} returning 1", agent)
        claimed = self.line.ask("claim-commands", "select public.claim_commands('bench', 10)")
        (offer,) = [c["payload"]["offer_id"] for c in claimed if c["kind"] == "ring_agent"]
        (leg,) = filter(None, [self._settle(command) for command in claimed])
        call_id, caller = self._offered_to(agent)
        of_the_leg = {"direction": "outbound-api", "offer_id": offer, "role": "agent"}
        for sequence, status in enumerate(("initiated", "ringing")):
            self._status(leg, f"call-status {status}", status, sequence, **of_the_leg)
        answer = self._event(leg, offer_id=offer, confirming=False, digits=None, to="client:a")
        self._tell("agent-connect", "receive_agent_answer", answer)
        self._status(leg, "call-status in-progress", "in_progress", 2, **of_the_leg)
        self._tell("queue-exit", "receive_queue_exit", self._event(caller, result="redirected"))
        self._tell("caller-connect", "receive_caller_connect", self._event(caller))
        for sequence, sid in enumerate((leg, caller)):
            self._join(sid, str(call_id), sequence)
        return caller, leg, {"call_sid": None, "call_record_id": str(call_id)}

    def _join(self, sid: str, call_id: str, sequence: int) -> None:
        """Twilio says that somebody is in the room, to those who ask it."""
        if self._hears_of_rooms:
            event = {"event": "join", "sequence": sequence, "call_record_id": call_id}
            self._tell("room-status", "record_room_event", {**self._event(sid), **event})

    def _offered_to(self, agent: object) -> tuple[object, str]:
        query = (
            "select id, call_id from public.call_records"
            " where agent_id = %s and call_status = 'ringing'"
        )
        row = self.owner.execute(query, [agent]).fetchone()
        if row is None:
            raise RuntimeError("an agent is free and callers wait, but nobody is rung")
        return row[0], row[1]

    def _end(self, sid: str, what: str, sequence: int) -> None:
        self._status(sid, f"call-status {what}", "completed", sequence, duration=3)

    def _status(self, sid: str, step: str, status: str, sequence: int, **more: object) -> None:
        event: Json = {
            "source": "call-status", "status": status, "sequence": sequence,
            "occurred_at": datetime.now(UTC).isoformat(), "duration": None, "sip_code": None,
            "direction": "inbound", "parent_call_sid": None, "offer_id": None,
            "call_record_id": None, **more,
        }  # fmt: skip
        self._tell(step, "record_call_event", self._event(sid, **event))

    def _record(self, room: Json, status: str) -> None:
        sid = f"RE{room['call_record_id'].replace('-', '')}"
        event = {
            **room, "status": status, "source": "Conference", "recording_sid": sid,
            "duration": 3, "params": _params(sid),
        }  # fmt: skip
        self._tell("recording-status", "record_recording_event", event)

    def _tell(self, step: str, function: str, event: Json) -> None:
        """A webhook's call of its function, and the commands it brought carried out."""
        self._settle_all(self.line.tell(step, function, event)["commands"])

    def _settle_all(self, commands: Iterable[Json]) -> None:
        for command in commands:
            self._settle(command)

    def _settle(self, command: Json) -> str | None:
        """Twilio did it; the SID of the leg that it rings."""
        sid = f"CA{next(self._serial):032d}" if command["kind"].startswith("ring_") else None
        result = {"sid": sid} if sid else {"live": True}
        settled = [{"id": command["id"], "outcome": "done", "result": result, "retry_seconds": 0}]
        query = "select public.settle_commands('bench', %s)"
        self._settle_all(self.line.ask("settle-commands", query, Jsonb(settled))["commands"])
        return sid

    def _event(self, sid: str, **fields: object) -> Json:
        number = f"+57{3_000_000_000 + int(sid[2:])}"
        call = {"call_sid": sid, "from": number, "to": NUMBER, "caller_name": None}
        return {**call, **fields, "params": _params(sid) | {"From": number, "To": NUMBER}}


def _params(sid: str) -> Json:
    """What Twilio sends with everything."""
    return {"AccountSid": f"AC{1:032x}", "ApiVersion": "2010-04-01", "CallSid": sid, **_PLACES}


_PEOPLE = """
with users as (
  insert into auth.users (id) select gen_random_uuid() from generate_series(1, %s) returning id)
insert into public.call_center_agents (user_id, extension, agent_status)
select id, 'b' || row_number() over (), 'break' from users returning id
"""
_MEMBERS = """
update public.call_queues
set agent_ids = %s, max_waiting = 10000, max_wait_seconds = 1000000, wrap_up_seconds = 3600
where name = 'support'
"""
