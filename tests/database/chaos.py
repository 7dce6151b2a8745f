"""Everything at once: connections play Twilio, callers, agents and workers on one database.

Nothing here waits for anything else, so events meet in every order there is: repeated, late, for
calls that are over, for offers that lapsed; callers ask to be called (chaos_callbacks.py), people
at screens hold, consult, transfer and supervise (chaos_desks.py), and supervisors delete and flip
what they may (chaos_supervisors.py). By hand:
`python -m tests.database.chaos URL [seconds] [connections]`.
"""

from __future__ import annotations

import collections
import itertools
import random
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.database.chaos_callbacks import Callbacks
from tests.database.chaos_desks import Screens
from tests.database.chaos_supervisors import Supervisor
from tests.database.never import BROKEN, UNMATCHED

AGENTS = 12


@dataclass
class World:
    """What the players know of each other; lists are only appended to."""

    database_url: str
    callers: list[str] = field(default_factory=list)
    # SID, offer and role of who was rung for an offer.
    legs: list[tuple[str, str, str]] = field(default_factory=list)
    # SID, call and attempt of which customer was rung.
    customers: list[tuple[str, str, int]] = field(default_factory=list)
    # What the rooms have told, counted.
    told: itertools.count[int] = field(default_factory=itertools.count)
    done: collections.Counter[str] = field(default_factory=collections.Counter)
    errors: list[str] = field(default_factory=list)
    deadlocks: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    agents: list[uuid.UUID] = field(default_factory=list)
    # Whether they delete and flip things.
    supervisors: bool = True


class Player:
    """One connection that does one random thing after another."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.db = psycopg.connect(world.database_url, autocommit=True)
        self.db.execute("set statement_timeout = '8s'")  # as for whoever asks through the API
        self.name = f"player-{seed}"
        self.deeds = [
            (self.ring_the_number, 6),
            (self.twilio_reports_a_caller, 4),
            (self.twilio_reports_an_agent, 12),
            (self.an_agent_answers, 10),
            (self.an_agent_changes_status, 4),
            (self.two_begin_to_talk, 8),
            (self.a_caller_waits, 6),
            (self.a_caller_leaves_for_voicemail, 1),
            (self.somebody_joins_a_room, 8),
            (self.work, 6),
            (self.sweep, 2),
        ]
        self.deeds += Screens(self.db, self.random, world.agents, self.rpc).deeds
        self.deeds += Callbacks(self.random, world.callers, world.customers, self.rpc).deeds
        if world.supervisors:
            self.deeds += Supervisor(self.db, self.random, world.agents, self.hire).deeds

    def play(self) -> None:
        deeds, weights = zip(*self.deeds, strict=True)
        while not self.world.stopping.is_set():
            (deed,) = self.random.choices(deeds, weights)
            try:
                deed()
                self.world.done[deed.__name__] += 1
            except psycopg.Error as error:
                self.world.errors.append(f"{deed.__name__}: {error.sqlstate} {error}")
        self.db.close()

    def value(self, query: str, *values: object) -> Any:
        """What a request comes to. One that Postgres ended to break a deadlock is made again a few
        times, as the service does."""
        attempts = itertools.count(1)
        while True:
            try:
                (row,) = self.db.execute(query.encode(), values).fetchall()
            except psycopg.errors.DeadlockDetected:
                self.world.deadlocks += 1
                if next(attempts) == 4:
                    raise
            else:
                return row[0]

    def rpc(self, function: str, event: dict[str, object]) -> dict[str, object]:
        event = {"params": {}, **event}
        answer: dict[str, Any] = self.value(
            f"select public.{function}(%s, %s)", Jsonb(event), self.name
        )
        self.carry_out(answer["commands"])
        return answer

    def carry_out(self, commands: list[dict[str, Any]]) -> None:
        """As Twilio would: a leg for each ringing, sometimes without telling us so."""
        for command in commands:
            result: dict[str, object] = {"live": True}
            if command["kind"] in ("ring_agent", "ring_party"):
                sid = f"CA{uuid.uuid4().hex}"
                role = str(command["payload"]["role"])
                self.world.legs.append((sid, str(command["target"]), role))
                result = {"sid": sid}
            elif command["kind"] == "ring_customer":
                about = command["payload"]
                sid = f"CA{uuid.uuid4().hex}"
                self.world.customers.append((sid, about["call_record_id"], about["attempt"]))
                result = {"sid": sid}
            elif command["kind"] == "set_participant":
                self.a_room_tells(command)
            if self.random.random() < 0.9:  # otherwise the process died before it could say so
                self.settle(command["id"], result)

    def a_room_tells(self, command: dict[str, Any]) -> None:
        """Somebody is held or muted, or is so no more; sometimes nobody tells us."""
        how, call = command["payload"]["changes"], command.get("call_record_id")
        if call and self.random.random() < 0.8:  # of what a worker claims, it is not said
            event = "hold" if how["hold"] else "unhold"
            more = {"held": how["hold"], "muted": how["muted"]}
            self.tell_of_room(command["target"], call, event, **more)

    def tell_of_room(self, sid: object, call: object, event: str, **more: object) -> None:
        about = {"call_sid": sid, "call_record_id": str(call), "event": event}
        room = f"CF{uuid.UUID(str(call)).hex}"
        number = next(self.world.told)
        told = {**about, "conference_sid": room, "sequence": number, **more}
        self.rpc("record_room_event", told)

    def settle(self, command_id: object, result: dict[str, object]) -> None:
        outcome = self.random.choices(["done", "retry", "failed"], [20, 1, 1])[0]
        settled = {"id": command_id, "outcome": outcome, "result": result}
        query = "select public.settle_commands(%s, %s)"
        self.carry_out(self.value(query, self.name, Jsonb([settled]))["commands"])

    def ring_the_number(self) -> None:
        sid = f"CA{uuid.uuid4().hex}"
        number = f"+57300{self.random.randrange(10_000_000):07d}"
        self.rpc("receive_incoming_call", {"call_sid": sid, "from": number, "to": "+576015550100"})
        self.world.callers.append(sid)
        queue = self.random.choice("1234")
        self.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": queue})

    def twilio_reports_a_caller(self) -> None:
        if self.world.callers:
            sid = self.random.choice(self.world.callers[-80:])
            for _ in range(self.random.choice([1, 1, 2])):
                self.report(sid, self.random.choice(["completed", "in_progress"]), 3)

    def twilio_reports_an_agent(self) -> None:
        if self.world.legs:
            leg = self.random.choice(self.world.legs[-60:])
            ends = ["completed", "no_answer", "busy", "failed", "canceled"]
            status = self.random.choice(["initiated", "ringing", "in_progress", *ends])
            for _ in range(self.random.choice([1, 1, 2])):
                self.report(leg[0], status, 1, *leg[1:])

    def report(
        self,
        sid: str,
        status: str,
        sequence: int,
        offer: str | None = None,
        role: str | None = None,
    ) -> None:
        event = {
            "source": "call-status",
            "call_sid": sid,
            "status": status,
            "sequence": sequence,
            "offer_id": offer,
            "role": role,
            "direction": "outbound-api" if offer else "inbound",
        }
        self.rpc("record_call_event", event)

    def an_agent_answers(self) -> None:
        if self.world.legs:
            sid, offer, _ = self.random.choice(self.world.legs[-40:])
            self.rpc("receive_agent_answer", {"call_sid": sid, "offer_id": offer, "to": "client:x"})

    def two_begin_to_talk(self) -> None:
        """Somebody who was just rung answers, and both are in the room."""
        if self.world.legs:
            sid, offer, role = self.random.choice(self.world.legs[-10:])
            self.report(sid, "in_progress", 1, offer, role)
            self.rpc("receive_agent_answer", {"call_sid": sid, "offer_id": offer, "to": "client:x"})
            self._both_join(sid, offer)

    def somebody_joins_a_room(self) -> None:
        if self.world.legs:
            sid, offer, _ = self.random.choice(self.world.legs[-40:])
            self._both_join(sid, offer)

    def _both_join(self, sid: str, offer: str) -> None:
        call = self.db.execute(_CALL_OF_OFFER, [offer]).fetchone()
        if call:
            for who in (sid, call[1]):
                self.tell_of_room(who, call[0], "join")

    def an_agent_changes_status(self) -> None:
        status = self.random.choices(["available", "break", "offline", "busy"], [8, 1, 1, 1])[0]
        # Where a deadlock refuses it, their user presses once more.
        self.value(
            "with changed as (update public.call_center_agents set agent_status = %s where id = %s"
            " returning 1) select count(*) from changed",
            status, self.random.choice(self.world.agents),
        )  # fmt: skip

    def a_caller_waits(self) -> None:
        if self.world.callers:
            sid = self.random.choice(self.world.callers[-80:])
            deed = self.random.choice(["receive_queue_wait", "receive_caller_connect"])
            self.rpc(deed, {"call_sid": sid})

    def a_caller_leaves_for_voicemail(self) -> None:
        if self.world.callers:
            sid = self.random.choice(self.world.callers[-80:])
            self.rpc("receive_queue_key", {"call_sid": sid, "digits": "2"})
            self.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
            recording = {"recording_sid": f"RE{uuid.uuid4().hex}", "duration": 5}
            self.rpc("receive_voicemail", {"call_sid": sid, **recording})

    def work(self) -> None:
        self.carry_out(self.value("select public.claim_commands(%s, 5)", self.name))

    def sweep(self) -> None:
        part = self.random.choice(self.value("select private.sweep_parts()"))
        self.carry_out(self.value("select public.sweep(%s, %s)", self.name, part)["commands"])

    def hire(self) -> uuid.UUID:
        """One more agent, in every queue of the seed."""
        return hire(self.db, f"x{uuid.uuid4().hex[:8]}", self.random.choice([1, 1, 2, 10]))


_CALL_OF_OFFER = """
select r.id, r.call_id from private.call_offers o
join public.call_records r on r.id = o.call_record_id where o.id = %s
"""


def hire(db: psycopg.Connection, extension: str, calls: int) -> uuid.UUID:
    """An agent who takes so many calls at once, in every queue of the seed."""
    user = uuid.uuid4()
    with db.transaction():
        db.execute(
            "insert into auth.users (id, email) values (%s, %s)", [user, f"{user}@chaos.invalid"]
        )
        ((agent,),) = db.execute(
            "insert into public.call_center_agents (user_id, extension, max_concurrent_calls)"
            " values (%s, %s, %s) returning id",
            [user, extension, calls],
        ).fetchall()
    db.execute(
        "update public.call_queues set agent_ids = agent_ids || %s where id in (select id"
        " from public.call_queues where name in ('General', 'sales', 'support', 'hr', 'people')"
        " order by id for no key update)",
        [[agent]],
    )
    return uuid.UUID(str(agent))


def clear(db: psycopg.Connection) -> None:
    with db.transaction():
        # Some are live, and would be refused.
        db.execute("alter table public.call_records disable trigger call_records_delete")
        db.execute("delete from public.call_records")
        db.execute("alter table public.call_records enable trigger call_records_delete")
    db.execute(
        "delete from auth.users where id in (select user_id from public.call_center_agents"
        " where extension like 'x%')"
    )


def run(
    database_url: str, seconds: float, connections: int, supervisors: bool = True, seed: int = 1
) -> World:
    """Play, look for what must never be, and return what happened."""
    world = World(database_url, supervisors=supervisors)
    with psycopg.connect(database_url, autocommit=True) as db:
        world.agents = [hire(db, f"x{n}", (1, 1, 2, 10)[n % 4]) for n in range(AGENTS)]
        players = [Player(world, seed * 1000 + n) for n in range(connections)]
        threads = [threading.Thread(target=player.play, daemon=True) for player in players]
        for thread in threads:
            thread.start()
        try:
            watch(db, world, seconds, len(players[0].deeds))
        finally:
            world.stopping.set()
            for thread in threads:
                thread.join(timeout=30)
        look(db, world)
        clear(db)
    return world


def watch(db: psycopg.Connection, world: World, seconds: float, kinds: int) -> None:
    """For so long, and on a slow machine four times that, until all kinds of deeds were done."""
    began = time.monotonic()
    unmatched_since: dict[uuid.UUID, float] = {}
    while (passed := time.monotonic() - began) < seconds or (
        passed < 4 * seconds and len(world.done) < kinds
    ):
        time.sleep(0.5)
        look(db, world)
        now = time.monotonic()
        free = {row[0] for row in db.execute(UNMATCHED)}
        unmatched_since = {agent: unmatched_since.get(agent, now) for agent in free}
        for agent, since in unmatched_since.items():
            if now - since > 5:
                world.errors.append(f"{agent} was free for {now - since:.0f} s while callers wait")


def look(db: psycopg.Connection, world: World) -> None:
    for what, query in BROKEN.items():
        rows = db.execute(query).fetchall()
        if rows:
            world.errors.append(f"{what}: {rows[:3]}")


if __name__ == "__main__":
    arguments = sys.argv[2:]
    happened = run(
        sys.argv[1],
        float(arguments[0]) if arguments else 60,
        int(arguments[1]) if len(arguments) > 1 else 64,
    )
    print(dict(happened.done), sum(happened.done.values()), "deeds")
    print(collections.Counter(error[:90] for error in happened.errors).most_common(20))
    sys.exit(1 if happened.errors else 0)
