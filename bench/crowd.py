"""A crowd of callers and agents of every kind, and whether the tables say what happened to them.

What happened is what the simulated Twilio says: what each caller heard, and what was recorded.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import httpx
import psycopg
from psycopg.rows import dict_row

from devstack.stack import Stack
from devstack.twilio.client import Json, Script, Sim

_numbers = itertools.count(int(time.time()) % 10_000_000)
_PATIENCE = 1200
# The menu, or the apology of a service without its database.
_MENU = {"until_heard": "Soporte|tono|atendemos", "timeout": _PATIENCE}
_TALK: Script = [
    _MENU,
    {"press": "2"},
    {"until": "bridged", "timeout": _PATIENCE},
    {"talk": 12},
    {"hangup": True},
]
_MESSAGE: Script = [
    _MENU,
    {"press": "3"},
    {"until_heard": "beep", "timeout": _PATIENCE},
    {"talk": 6},
    {"hangup": True},
]
_LEAVES_THE_QUEUE: Script = [_MENU, {"press": "2"}, {"wait": 5}, {"hangup": True}]
_LEAVES_THE_MENU: Script = [{"wait": 3}, {"hangup": True}]
_TALK_TO_SALES: Script = [_MENU, {"press": "1"}, *_TALK[2:]]
# Long enough to be held and handed on.
_TALKS_LONG: Script = [*_TALK[:3], {"talk": 160}, {"hangup": True}]
_CALLERS = (_TALK, _TALK_TO_SALES, _TALKS_LONG, _MESSAGE, _LEAVES_THE_QUEUE, _LEAVES_THE_MENU)
_WEIGHTS = (35, 10, 15, 20, 12, 8)
# Virtual seconds in which a customer who was put through may hear nothing; what requests take is
# among them, and a lost agent's line.
_ALONE = 90.0
# How long a request is waited for that was under way when something died (the service's HTTP
# time-out), in real seconds: whoever waits does nothing else meanwhile.
_GIVEN_UP = 5.0

_ANSWERS = {"answer_after": 2}
_HANGS_UP_FIRST: Script = [
    {"until": "bridged", "timeout": _PATIENCE},
    {"talk": 8},
    {"hangup": True},
]
_CONFIRMS: Script = [{"until_heard": "Marque 1", "timeout": _PATIENCE}, {"press": "1"}]
_PHONE = "+573154440099"
# (how they are rung, what they do on the line, their telephone)
_AGENTS: tuple[tuple[Json, Script, str | None], ...] = (
    (_ANSWERS, [], None),
    (_ANSWERS, [], None),
    (_ANSWERS, [], None),
    ({"answer_after": 4}, _HANGS_UP_FIRST, None),
    ({"ignore": True}, [], None),
    ({"reject": "rejected"}, [], None),
    (_ANSWERS, _CONFIRMS, _PHONE),
)


@dataclass
class Crowd:
    """Everybody who rang, on one stack."""

    stack: Stack
    sim: Sim
    random: random.Random
    callers: list[str] = field(default_factory=list)
    # Calls that a supervisor deleted, SID to id; what Twilio says later may open them again.
    deleted: dict[str, str] = field(default_factory=dict)
    # Calls of agents whose user a supervisor deleted, by SID: they name nobody from then on.
    nameless: set[str] = field(default_factory=set)
    # Agents' ids, and which of the kinds each is.
    staff: dict[UUID, int] = field(default_factory=dict)
    # From when to when something was away, in virtual seconds since 1970.
    outages: list[tuple[float, float]] = field(default_factory=list)
    _hired: Iterator[int] = field(default_factory=itertools.count)

    def hire(self, kind: int) -> None:
        """One more agent, in both queues."""
        on_ring, script, phone = _AGENTS[kind]
        name = f"k{next(self._hired)}"
        (agent,) = self.rows(_HIRE, f"{name}@crowd.invalid", name, phone)
        self.sim.person(phone or f"client:agent_{agent['id'].hex}", script, on_ring)
        self.staff[agent["id"]] = kind
        self.rows(_TOGETHER, [*self.staff])

    def replace(self, agent: UUID) -> None:
        """Another of their kind for one who is gone."""
        self.hire(self.staff.pop(agent))

    def calls_of(self, agent: UUID) -> set[str]:
        """SIDs of the calls that name an agent."""
        query = "select call_id from public.call_records where agent_id = %s"
        return {row["call_id"] for row in self.rows(query, agent)}

    def live_calls(self) -> list[Json]:
        """Calls of these callers."""
        query = "select * from public.call_records where ended_at is null and call_id = any (%s)"
        return self.rows(query, self.callers)

    def ring(self) -> None:
        """One more caller, of a random kind."""
        (script,) = self.random.choices(_CALLERS, _WEIGHTS)
        number = f"+57302{next(_numbers):07d}"
        self.callers.append(self.sim.ring(number, self.stack.env["TWILIO_PHONE_NUMBER"], script))

    def rows(self, query: str, *values: object) -> list[Json]:
        """The database as it is now, over a connection of its own: it may have been killed."""
        with self._connection() as db:
            cursor = db.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def _connection(self) -> psycopg.Connection[Json]:
        """As soon as there is a database."""
        url = self.stack.env["DATABASE_ADMIN_URL"]
        deadline = time.monotonic() + 20
        while True:
            try:
                return psycopg.connect(url, autocommit=True, row_factory=dict_row)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def faults_left(self) -> dict[str, list[str]]:
        """What the tables say wrongly, by kind; nothing once everything is reconciled."""
        calls = {row["call_id"]: row for row in self.rows("select * from public.call_records")}
        kept_calls = [sid for sid in self.callers if sid not in self.deleted]
        rooms = {
            room["sid"]
            for room in self._at_twilio("Conferences")
            if room["friendly_name"].removeprefix("call-") not in self.deleted.values()
        }
        recordings = [
            recording
            for recording in self._at_twilio("Recordings")  # they outlive the runs that made them
            if recording["status"] == "completed"
            # A second of silence, of who hung up at the tone, is no message.
            and not (recording["source"] == "RecordVerb" and int(recording["duration"]) < 2)
            and (recording["conference_sid"] in rooms or recording["call_sid"] in kept_calls)
        ]
        kept = {row["recording_sid"] for row in self.rows(_KEPT)}
        taped = {r["call_sid"] for r in recordings if r["source"] == "RecordVerb"}
        found = {
            "calls unknown": [sid for sid in kept_calls if sid not in calls],
            "calls live": [row["call_id"] for row in self.rows(_LIVE)],
            "agents stuck": [row["extension"] for row in self.rows(_STUCK)],
            "recordings not kept": [r["sid"] for r in recordings if r["sid"] not in kept],
            "agents rung twice for an offer": self._rung_twice(),
            "calls told wrongly": [
                f"{sid}: {wrong}"
                for sid in kept_calls
                if (row := calls.get(sid)) and (wrong := self._untrue(row, taped))
            ],
            "calls with another length": self._other_lengths(calls),
            "customers left alone": [
                f"{sid} for {seconds:.0f} s"
                for sid in kept_calls
                if (seconds := self._alone(sid)) > _ALONE
            ],
        }
        return {what: items for what, items in found.items() if items}

    def _untrue(self, row: Json, taped: set[str]) -> str:
        """What is wrong with a call's row, given whom the caller heard and who left a message."""
        told, sid = (row["call_status"], row["disposition"]), row["call_id"]
        if _people(self.sim.hearing(sid)):
            named = row["agent_id"] is not None or sid in self.nameless
            right = told == ("completed", "completed") and named
            return "" if right else f"met an agent, and is {told}, agent {row['agent_id']}"
        if sid in taped:
            return "" if told == ("completed", "voicemail") else f"left a message, and is {told}"
        if row["answered_at"] is not None:  # left while the agent was told who calls
            return "" if told == ("completed", "completed") else f"was answered, and is {told}"
        return "" if told == ("missed", "abandoned") else f"reached nobody, and is {told}"

    def _alone(self, sid: str) -> float:
        """The longest time that a caller, once put through, heard nothing at all while nothing was
        away; until they hung up at the latest.
        """
        hearing = self.sim.hearing(sid)
        people = _people(hearing)
        ended = self.sim.call(sid)["ended"]
        if not people or not ended:
            return 0.0
        last = max(stretch["end"] for stretch in hearing)
        gaps = [*self.sim.silences(sid), (last, datetime.fromisoformat(ended).timestamp())]
        return max(self._undisturbed(*gap) for gap in gaps if gap[0] >= people[0]["begin"])

    def _undisturbed(self, begin: float, end: float) -> float:
        """Seconds of a time in which nothing was away, nor anybody waited for what was; outages are
        in order, and don't overlap.
        """
        away = [min(end, until) - max(begin, since) for since, until in self.outages]
        disturbed = [seconds for seconds in away if seconds > 0]
        waiting = _GIVEN_UP * float(self.sim.clock()["speed"]) if disturbed else 0.0
        return end - begin - sum(disturbed) - waiting

    def _other_lengths(self, calls: dict[str, Json]) -> list[str]:
        lengths = {call["sid"]: call["duration"] for call in self.sim.calls()}
        return [
            f"{sid}: {calls[sid]['duration_seconds']} s, not {lengths[sid]}"
            for sid in self.callers
            if sid in calls
            and sid in lengths
            and sid not in self.deleted
            and abs(calls[sid]["duration_seconds"] - lengths[sid]) > 2
        ]

    def _rung_twice(self) -> list[str]:
        legs: dict[str, set[str]] = {}
        for delivery in self.sim.webhooks():
            offer = delivery["url"].partition("offer=")[2].partition("&")[0].partition("#")[0]
            if offer:
                legs.setdefault(offer, set()).add(delivery["sid"])
        return [offer for offer, sids in legs.items() if len(sids) > 1]

    def _at_twilio(self, things: str) -> list[Json]:
        path: str | None = f"/2010-04-01/Accounts/{self._login[0]}/{things}.json?PageSize=1000"
        found: list[Json] = []
        while path:
            body = self._ask(path)
            found += body[things.lower()]
            path = body["next_page_uri"]
        return found

    def _ask(self, path: str) -> Json:
        """Until Twilio answers: its faults are for us too."""
        while True:
            with suppress(httpx.TimeoutException):
                answer = httpx.get(self.sim.base_url + path, auth=self._login, timeout=3)
                if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    return dict(answer.raise_for_status().json())

    @property
    def _login(self) -> tuple[str, str]:
        return self.stack.env["TWILIO_ACCOUNT_SID"], self.stack.env["TWILIO_AUTH_TOKEN"]


def _people(hearing: list[Json]) -> list[Json]:
    """Of what reached a leg's ear what came from other legs."""
    return [stretch for stretch in hearing if stretch["source"].startswith("CA")]


_KEPT = (
    "select recording_sid from private.call_recordings where status = 'completed'"
    " union select recording_sid from public.voicemails"
)
_LIVE = (
    "select call_id from public.call_records where ended_at is null"
    " union select call_sid from private.call_legs where ended_at is null"
)
_STUCK = (
    "select extension from public.call_center_agents a where current_call_count > 0"
    " or exists (select 1 from private.call_offers where agent_id = a.id and state <> 'ended')"
    " or (agent_status = 'busy' and coalesce(wrap_up_until < private.clock(), true))"
)


@contextmanager
def gathered(stack: Stack, sim: Sim, seed: int) -> Iterator[Crowd]:
    """The crowd's agents, alone in `support` and `sales`, nobody in `hr`; gone afterwards."""
    crowd = Crowd(stack, sim, random.Random(seed))
    members = {row["name"]: row["agent_ids"] for row in crowd.rows(_MEMBERS)}
    for kind in range(len(_AGENTS)):
        crowd.hire(kind)
    crowd.rows("update public.call_queues set agent_ids = '{}' where name = 'hr'")
    try:
        yield crowd
    finally:
        for name, agents in members.items():
            query = "update public.call_queues set agent_ids = %s where name = %s"
            crowd.rows(query, agents, name)
        crowd.rows("delete from auth.users where email like '%%@crowd.invalid'")


_MEMBERS = "select name, agent_ids from public.call_queues where name in ('support', 'sales', 'hr')"
_HIRE = (
    "with person as (insert into auth.users (id, email) values (gen_random_uuid(), %s)"
    " returning id) insert into public.call_center_agents"
    " (user_id, extension, phone_number, agent_status)"
    " select id, %s, %s, 'available' from person returning id"
)
_TOGETHER = "update public.call_queues set agent_ids = %s where name in ('support', 'sales')"
