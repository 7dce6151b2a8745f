"""A call centre whose clock is moved by hand: callers, agents and Twilio at the public functions.

What is due happens in the order of its time, one statement after another, each with a moment of its
own. Callers ring at random, wait, hang up at random or ask to be called back; agents answer, refuse
or let it ring, talk, wrap up and take breaks.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bench.editions import Database
from bench.line import Line
from bench.moved_clock import MovedClock

NUMBER = "+576015550100"
# Seconds.
TALK = 300.0
PATIENCE = 7200.0
BREAK, BREAK_AFTER = 300.0, 1500.0
RING = 20.0
# Shares of those who are rung, and of waiting callers whose patience ends.
NO_ANSWER, BUSY = 0.03, 0.02
CALLED_BACK = 0.2
WAIT_DOCUMENTS_A_SECOND = 2
# As the worker does (callcenter/worker.py): parts of the sweep that it asks for all the time, how
# often the others, and how often in a row it asks for one while there is more to do.
MATCHING = ("holds", "matches")
SWEEP_EVERY = 5
LONGEST_PART = 50
Json = dict[str, Any]


class Centre:
    """Plays it; every statement and what it cost is in `line.spent`.

    Its clock begins `since` seconds from now. `watch` is told the moment after each statement that
    may have matched agents, and looks at what it did before anything else happens.
    """

    def __init__(
        self,
        database: Database,
        chance: random.Random,
        watch: Callable[[datetime], object],
        since: float = 0.0,
    ) -> None:
        self.line = Line(database.url)
        self.chance = chance
        self.clock = MovedClock(self.line, since)
        self._watch = watch
        self._serial = itertools.count(1)
        self._waiting: list[str] = []
        self._fetched: set[str] = set()
        self._live: set[str] = set()
        self._hears_of_rooms = database.has("public.record_room_event")
        self._asks_apart = database.has("public.claim_questions")
        self._parts = sweep_parts(database)

    # What callers do.

    def ring(self, menu: str, digit: str) -> None:
        """Somebody new, who chooses a queue by its key in a menu."""
        sid = self._sid()
        self._tell("incoming-call", "receive_incoming_call", self._event(sid))
        choice = {"menu": menu, "attempt": 1, "digits": digit, "speech": None}
        self._tell("ivr-input", "receive_ivr_input", self._event(sid, **choice))
        self._waiting.append(sid)
        patience = self.chance.expovariate(1 / PATIENCE)
        wish = self._call_back if self.chance.random() < CALLED_BACK else self._hang_up_waiting
        self.clock.later(patience, partial(wish, sid))

    def hear_a_document(self) -> None:
        """One of those who wait asks what to hear."""
        self._waiting = [sid for sid in self._waiting if not self._is_done_waiting(sid)]
        if self._waiting:
            sid = self.chance.choice(self._waiting)
            plan = self._tell("queue-wait", "receive_queue_wait", self._event(sid))
            if plan["kind"] != "wait":
                raise RuntimeError(f"a caller was sent away: {plan}")

    def _is_done_waiting(self, sid: str) -> bool:
        return sid not in self._live or sid in self._fetched

    def _hang_up_waiting(self, sid: str) -> None:
        if not self._is_done_waiting(sid):
            self._end(sid)

    def _call_back(self, sid: str) -> None:
        if self._is_done_waiting(sid):
            return
        plan = self._tell("queue-key", "receive_queue_key", self._event(sid, digits="1"))
        if plan["kind"] == "leave":
            self._tell("queue-exit", "receive_queue_exit", self._event(sid, result="leave"))
            choice = self._event(sid, attempt=1, digits="1", number=None)
            self._tell("callback-choice", "receive_callback_choice", choice)
        self._end(sid)

    def _leave_the_queue(self, sid: str) -> None:
        """The caller is redirected out of the queue, to their agent."""
        if sid not in self._live:
            return
        self._tell("queue-exit", "receive_queue_exit", self._event(sid, result="redirected"))
        self._meet(sid, self._event(sid))

    def _meet(self, sid: str, event: Json) -> None:
        plan = self._tell("caller-connect", "receive_caller_connect", event)
        if plan["kind"] == "conference":
            self._fetched.add(sid)
            self._join(sid, plan["call_record_id"])
            self.clock.later(self.chance.expovariate(1 / TALK), partial(self._end, sid))
        elif plan["kind"] == "enqueue":
            self._fetched.discard(sid)
            self._waiting.append(sid)
        else:
            self._end(sid)

    def _join(self, sid: str, call_id: str) -> None:
        if self._hears_of_rooms:
            event = {"event": "join", "sequence": 0, "call_record_id": call_id}
            self._tell("room-status", "record_room_event", {**self._event(sid), **event})

    # What agents do.

    def come(self, agent: UUID, seconds: float) -> None:
        """From then on they are there, but for breaks at random."""
        self.clock.later(seconds, partial(self._be_available, agent))

    def _be_available(self, agent: UUID) -> None:
        self._set_status(agent, "available")
        self.clock.later(
            self.chance.expovariate(1 / BREAK_AFTER), partial(self._take_a_break, agent)
        )

    def _take_a_break(self, agent: UUID) -> None:
        self._set_status(agent, "break")
        self.come(agent, BREAK)

    def _set_status(self, agent: UUID, status: str) -> None:
        self.clock.run("agent's status", _STATUS, status, agent)
        self._watch(self.clock.now)

    def _agent_rings(self, sid: str, offer: str) -> None:
        self._say(sid, "ringing", 1, offer)
        what = self.chance.random()
        if what < NO_ANSWER:
            self.clock.later(RING, partial(self._end, sid, "no_answer", offer))
        elif what < NO_ANSWER + BUSY:
            self.clock.later(1, partial(self._end, sid, "busy", offer))
        else:
            self.clock.later(self.chance.uniform(1, 8), partial(self._agent_answers, sid, offer))

    def _agent_answers(self, sid: str, offer: str) -> None:
        if sid not in self._live:
            return
        self._say(sid, "in_progress", 2, offer)
        answer = {"offer_id": offer, "confirming": False, "digits": None, "to": "client:a"}
        plan = self._tell("agent-connect", "receive_agent_answer", self._event(sid, **answer))
        if plan["kind"] == "conference":
            self._join(sid, plan["call_record_id"])
        else:
            self._end(sid, "completed", offer)

    # What Twilio and the worker do.

    def work(self) -> None:
        """The worker looks for commands that nobody else has."""
        self._carry_out(self.clock.ask("claim-commands", "public.claim_commands('hour', 8)"))

    def sweep(self, second: int) -> None:
        """As the worker does: what matches every second, the rest every SWEEP_EVERY."""
        if not self._parts:
            if second % SWEEP_EVERY == 0:
                self._follow_up(self._sweep_part(None))
            return
        for part in self._parts:
            if part in MATCHING or second % SWEEP_EVERY == 0:
                self._sweep_to_the_end(part)
        if self._asks_apart and second % SWEEP_EVERY == 0:
            self._follow_up(self.clock.ask("claim_questions", "public.claim_questions()"))

    def _sweep_to_the_end(self, part: str) -> None:
        for _ in range(LONGEST_PART):
            if not self._sweep_part(part)["more"]:
                return

    def _sweep_part(self, part: str | None) -> Json:
        if part:
            swept = self.clock.ask(f"sweep {part}", "public.sweep('hour', %s)", part)
        else:
            swept = self.clock.ask("sweep", "public.sweep('hour')")
        self._carry_out(swept["commands"])
        return dict(swept)

    def _follow_up(self, questions: Json) -> None:
        """All calls are listed, if that is asked; single ones are not answered for."""
        if questions["list_live_calls"]:
            live = "public.receive_live_calls(%s)::text"
            self.clock.ask("live calls", live, list(self._live))

    def vital_signs(self) -> None:
        self.clock.ask("vital_signs", "public.vital_signs()")

    def _carry_out(self, commands: Sequence[Json]) -> None:
        if any(command["kind"] == "ring_agent" for command in commands):
            self._watch(self.clock.now)
        for command in commands:
            kind, target = command["kind"], command["target"]
            if kind in ("ring_agent", "ring_customer"):
                sid = self._sid()
                self._settle(command, {"sid": sid})
                if kind == "ring_agent":
                    self.clock.later(1, partial(self._agent_rings, sid, target))
                else:
                    call_id = command["payload"]["call_record_id"]
                    event = self._event(sid, call_record_id=call_id, role="customer")
                    self.clock.later(4, partial(self._meet, sid, event))
            else:
                self._settle(command, {"live": True})
                if kind == "redirect":
                    self._fetched.add(target)  # Twilio asks for no more documents of the queue
                    self.clock.later(1, partial(self._leave_the_queue, target))
                elif kind == "hang_up":
                    self.clock.later(1, partial(self._end, target))

    def _settle(self, command: Json, result: Json) -> None:
        settled = [{"id": command["id"], "outcome": "done", "result": result, "retry_seconds": 0}]
        query = "public.settle_commands('hour', %s)"
        self._carry_out(self.clock.ask("settle-commands", query, Jsonb(settled))["commands"])

    def _end(self, sid: str, status: str = "completed", offer: str | None = None) -> None:
        if sid in self._live:
            self._live.remove(sid)
            self._say(sid, status, 3, offer)

    def _say(self, sid: str, status: str, sequence: int, offer: str | None) -> None:
        event = {
            "source": "call-status", "status": status, "sequence": sequence, "duration": None,
            "occurred_at": self.clock.now.isoformat(), "sip_code": None, "parent_call_sid": None,
            "direction": "outbound-api" if offer else "inbound", "offer_id": offer,
            "call_record_id": None, **({"role": "agent"} if offer else {}),
        }  # fmt: skip
        self._tell(f"call-status {status}", "record_call_event", self._event(sid, **event))

    def _tell(self, step: str, function: str, event: Json) -> Json:
        query = f"public.{function}(%s, 'hour')"
        answer: Json = self.clock.ask(step, query, Jsonb(event))
        if step == "queue-wait" and answer["commands"]:
            # Whoever finds a free agent does what every match costs, and the document comes last.
            self.line.rename_last(step, "match in a queue-wait")
        self._carry_out(answer["commands"])
        return answer.get("plan") or {}

    def _sid(self) -> str:
        sid = f"CA{next(self._serial):032d}"
        self._live.add(sid)
        return sid

    def _event(self, sid: str, **fields: object) -> Json:
        number = f"+57{3_000_000_000 + int(sid[2:])}"
        call = {"call_sid": sid, "from": number, "to": NUMBER, "caller_name": None}
        return {**call, **fields, "params": {"CallSid": sid, "From": number}}


def sweep_parts(database: Database) -> list[str]:
    """The parts of the sweep by name; none of migrations whose sweep is one."""
    if not database.has("private.sweep_parts"):
        return []
    with database.connect() as owner:
        return [row[0] for row in owner.execute("select unnest(private.sweep_parts())")]


_STATUS = (
    "update public.call_center_agents set agent_status = %s from clock where id = %s returning id"
)
