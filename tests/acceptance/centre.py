"""The words that the scenarios are written in."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from devstack.stack import Stack
from devstack.twilio.client import Json, Script, Sim

_numbers = itertools.count(int(time.time()) % 10_000_000)
_PARTS = ("postgres", "postgrest", "gateway", "twilio", "web", "worker")

# Twilio's worst: callbacks repeated, late and lost; requests refused, or done and never answered.
FAULTS = {
    "duplicate": 0.1,
    "delay": 0.1,
    "drop": 0.05,
    "rest_429": 0.05,
    "rest_timeout_after_acting": 0.02,
}

# How long people wait for what must come, before their script gives up.
PATIENCE = 900
JOINS: Json = {"until": "conference", "timeout": PATIENCE}
BRIDGED: Json = {"until": "bridged", "timeout": PATIENCE}
ENDS: Json = {"until": "ended", "timeout": PATIENCE}
HANGS_UP: Json = {"hangup": True}
TALKS_AND_HANGS_UP = (JOINS, {"talk": 5}, HANGS_UP)


def hears(words: str) -> Json:
    """Somebody listens until these words (a regular expression) were said."""
    return {"until_heard": words, "timeout": PATIENCE}


def menu(id_: str, message: str, *options: Json, **more: object) -> Json:
    """A menu of an IVR script."""
    return {"id": id_, "message": message, "options": list(options), **more}


class CallCentre:
    """Agents, callers and what the database knows of them. Times are virtual seconds."""

    def __init__(self, stack: Stack, sim: Sim, calm: bool = True) -> None:
        self.stack = stack
        self.sim = sim
        self.calm = calm
        self.number = stack.env["TWILIO_PHONE_NUMBER"]
        self._db: psycopg.Connection[dict[str, Any]] = psycopg.connect(
            stack.env["DATABASE_ADMIN_URL"], autocommit=True, row_factory=dict_row
        )

    def __enter__(self) -> Self:
        return self

    def whole_again(self) -> None:
        """Start whatever an earlier test left dead."""
        if not all(self.stack.pid(part) for part in _PARTS):
            self.stack.up()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def clear(self) -> None:
        """Nobody calls, nobody works, everybody answers as nobody.

        Only what scenarios touch: other tests, too, go on with the database as they find it.
        """
        self.sim.reset(people=True)
        self.sim.faults()
        self._queues_as_seeded()
        self.rows("delete from public.ivr_scripts where description = 'De prueba'")
        self.rows(f"update public.ivr_scripts set active = true where {_MAIN_SCRIPT}")
        self.rows("delete from public.voicemails")
        self.rows("delete from private.telephony_commands")
        self.rows("delete from private.text_messages")
        self.rows("delete from private.opt_outs")
        self.rows("delete from private.softphones")
        self.until(self._calls_are_forgotten, "the calls are gone")
        self.rows("delete from private.recording_deletions")
        self.rows("delete from private.recording_copies")
        self.rows("delete from private.settings")
        self.rows("insert into private.settings default values")
        self.rows(
            "update public.call_center_agents set agent_status = 'offline', phone_number = null"
            f" where {_OUR_AGENTS}"
        )
        self.rows(
            "update public.call_center_agents set agent_status = 'offline', wrap_up_until = null,"
            " total_calls_handled = 0, handling_seconds = 0, average_handling_time_seconds = 0"
            f" where {_OUR_AGENTS}"
        )

    def _queues_as_seeded(self) -> None:
        columns = ", ".join(f"{column['name']} = default" for column in self.rows(_OF_QUEUES))
        self.rows(
            f"update public.call_queues set {columns}"
            " where name in ('General', 'sales', 'support', 'hr')"
        )

    def _calls_are_forgotten(self) -> bool:
        """Legs and offers first: a call with live ones is not deleted. False where a webhook that
        was under way has brought one since.
        """
        calls = "in (select call_record_id from private.call_sessions)"
        self.rows(f"delete from private.call_legs where call_record_id {calls}")
        self.rows(f"delete from private.call_offers where call_record_id {calls}")
        try:
            self.rows(f"delete from public.call_records where id {calls}")
        except psycopg.ProgrammingError:
            return False
        return True

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a statement answers; begun again where Postgres broke it off for another's sake."""
        while True:
            try:
                cursor = self._db.execute(query, values)
                break
            except psycopg.errors.DeadlockDetected:
                continue
        return cursor.fetchall() if cursor.description else []

    def row(self, query: str, *values: object) -> dict[str, Any]:
        (row,) = self.rows(query, *values)
        return row

    def script(self, *menus: Json, language: str = "es", welcome: str | None = None) -> None:
        """An IVR script, the only one in force until the test is over."""
        self.no_script()
        self.rows(
            "insert into public.ivr_scripts"
            " (name, description, language, welcome_message, script_data)"
            " values ('IVR Principal', 'De prueba', %s, %s, %s)",
            language,
            welcome,
            Jsonb({"menus": menus}),
        )

    def no_script(self) -> None:
        """No IVR script in force until the test is over."""
        self.rows(f"update public.ivr_scripts set active = false where {_MAIN_SCRIPT}")

    def queue(self, name: str = "support", **columns: object) -> None:
        """A queue with other settings until the test is over."""
        for column, value in columns.items():
            given = Jsonb(value) if isinstance(value, dict) else value
            self.rows(f"update public.call_queues set {column} = %s where name = %s", given, name)

    def agent_ready(
        self,
        extension: str = "1001",
        script: Script | None = None,
        phone: str | None = None,
        **on_ring: object,
    ) -> None:
        """An agent who is available, on a softphone or their telephone; answers after 2 s unless
        told otherwise."""
        agent = self.row(
            "update public.call_center_agents set agent_status = 'available', phone_number = %s"
            " where extension = %s returning *",
            phone,
            extension,
        )
        self.sim.person(_address(agent), script or [], on_ring or {"answer_after": 2})

    def agent_on_break(self, extension: str = "1001") -> None:
        """An agent who is signed in, so that callers wait, and takes no call."""
        query = "update public.call_center_agents set agent_status = 'break' where extension = %s"
        self.rows(query, extension)

    def agent(self, extension: str = "1001") -> dict[str, Any]:
        return self.row("select * from public.call_center_agents where extension = %s", extension)

    def caller(self, *steps: dict[str, Any], from_: str | None = None) -> str:
        """Somebody rings the number and follows the steps; returns the call's SID."""
        return self.sim.ring(from_ or f"+57300{next(_numbers):07d}", self.number, list(steps))

    def caller_for_support(self, *steps: dict[str, Any], from_: str | None = None) -> str:
        """Somebody who chooses Soporte, then follows the steps."""
        return self.caller(hears("Soporte"), {"press": "2"}, *steps, from_=from_)

    def heard(self, sid: str) -> str:
        return "\n".join(self.sim.heard(sid))

    def agent_heard(self, extension: str = "1001") -> str:
        """What the agent heard on their last leg."""
        legs = self.agent_legs(extension)
        return "\n".join(self.sim.heard(legs[-1]["sid"])) if legs else ""

    def agent_legs(self, extension: str = "1001") -> list[Json]:
        """Every time that the agent was rung, as the simulated Twilio knows it."""
        address = _address(self.agent(extension))
        return [call for call in self.sim.calls() if call["to"] == address]

    def agent_rings(self, extension: str = "1001") -> bool:
        return any(leg["status"] == "ringing" for leg in self.agent_legs(extension))

    def languages_heard(self, sid: str) -> set[str]:
        """The languages in which something was said on a leg."""
        heard = self.sim.call(sid)["heard"]
        return {entry["language"] for entry in heard if entry["kind"] == "say"}

    def first_offers(self, sid: str) -> dict[str, str | None]:
        """What came of the first offer of a call to each agent, by extension."""
        offers = self.rows(
            "select a.extension, o.outcome from private.call_offers o"
            " join public.call_center_agents a on a.id = o.agent_id"
            " join public.call_records r on r.id = o.call_record_id"
            " where r.call_id = %s order by o.created_at desc",
            sid,
        )
        return {offer["extension"]: offer["outcome"] for offer in offers}

    def call(self, sid: str) -> dict[str, Any]:
        return self.row("select * from public.call_records where call_id = %s", sid)

    def held_seconds(self, sid: str) -> int:
        return int(self.call(sid)["hold_duration_seconds"])

    def talking(self, sid: str) -> bool:
        """Whether the caller has reached an agent."""
        query = "select 1 from public.call_records where call_id = %s and call_status = 'active'"
        return bool(self.rows(query, sid))

    def becomes(self, sid: str, **facts: object) -> None:
        """Wait until the call's record says so."""

        def so() -> bool:
            calls = self.rows("select * from public.call_records where call_id = %s", sid)
            return any(all(call[name] == value for name, value in facts.items()) for call in calls)

        self.until(so, f"{sid} is {facts}")

    def ended(self, sid: str) -> dict[str, Any]:
        """The call's record once it is over for Twilio and for us."""
        self.sim.wait_until_ended(sid, 30 if self.calm else 90)
        ended = "select 1 from public.call_records where call_id = %s and ended_at is not null"
        self.until(lambda: self.rows(ended, sid), f"{sid} ended")
        if not self.calm:
            self._until_it_changes_no_more(sid)
        return self.call(sid)

    def _until_it_changes_no_more(self, sid: str) -> None:
        """What Twilio tells late belongs to the truth as well."""
        before, after = None, self.call(sid)
        while after != before:
            self.until(lambda: not self.sim.untold(), "Twilio has told us everything")
            time.sleep(0.3)
            before, after = after, self.call(sid)

    def settled(self, sid: str) -> dict[str, Any]:
        """The call's record once everybody has hung up and nothing is left to be done."""
        self.ended(sid)
        self.until(self.nobody_is_busy, "everybody is free")
        return self.call(sid)

    def until(
        self,
        fact: Callable[[], object],
        what: str,
        real_seconds: float | None = None,
        instead: Callable[[], object] = lambda: "",
    ) -> None:
        """Wait for something; with faults on longer, since HTTP time-outs are real."""
        real_seconds = real_seconds or (30 if self.calm else 60)
        deadline = time.monotonic() + real_seconds
        while not fact():
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {real_seconds} s: {what} {instead()}")
            time.sleep(0.02)

    def nobody_is_busy(self) -> bool:
        """No live leg, no live offer, no agent in a call."""
        state = self.row(
            "select (select count(*) from private.call_legs where ended_at is null)"
            " + (select count(*) from private.call_offers where state <> 'ended')"
            " + (select sum(current_call_count) from public.call_center_agents) as busy"
        )
        return bool(state["busy"] == 0)


def _address(agent: Json) -> str:
    return str(agent["phone_number"] or f"client:agent_{agent['id'].hex}")


_OUR_AGENTS = "extension in ('1001', '1002', '1003')"
_MAIN_SCRIPT = "name = 'IVR Principal'"
# All of a queue that the seed does not say is what a new one has.
_OF_QUEUES = """
select quote_ident(attname) as name from pg_attribute
where attrelid = 'public.call_queues'::regclass and attnum > 0 and not attisdropped
  and attname not in ('id', 'name', 'description', 'routing_strategy', 'agent_ids', 'created_at')
"""
