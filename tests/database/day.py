"""A day of a call centre, as dice have it: callers, agents and what comes of them."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.database.switchboard import Switchboard

_serial = itertools.count(1)
Live = dict[str, Any]

# What is live, a row a call: where it is in its flow, who is on the line, who is rung.
_LIVE = """
select r.call_id, r.id, s.stage, e.on_line, e.not_before, o.id as offer_id, o.state, o.leg_sid
from public.call_records r join private.call_sessions s on s.call_record_id = r.id
left join private.queue_entries e on e.call_record_id = r.id and e.left_at is null
left join private.call_offers o on o.call_record_id = r.id and o.state <> 'ended'
where r.ended_at is null and r.started_at >= %s order by r.started_at
"""


class Day:
    """Plays on a switchboard, and keeps a diary of what agents chose and when they wrapped up."""

    def __init__(self, board: Switchboard, seed: int) -> None:
        self.board, self.dice = board, random.Random(seed)
        # The morning of tomorrow in Bogotá, some minutes before a quarter of an hour ends.
        board.rows("set local time zone 'UTC'")
        morning = board.row("select date_trunc('day', now()) + interval '37 h 8 min' as at")["at"]
        board.set_clock(morning.isoformat())
        self.begin = self.now()
        self.agents = [board.agent(max_concurrent_calls=1 + n // 3) for n in range(5)]
        general = board.queue(*self.agents, wrap_up_seconds=15, max_wait_seconds=150)
        (general_id,) = [q["id"] for q in self.queues() if q["name"] == general]
        sales = board.queue(
            *self.agents[:2], wrap_up_seconds=40, priority=2,
            overflow_queue_id=general_id, overflow_after_seconds=30,
        )  # fmt: skip
        self.names = [general, sales, board.queue(*self.agents[2:4], wrap_up_seconds=0)]
        # Of each agent: what they chose from when on, and from when to when they wrapped up or were
        # about to place a call.
        self.choices: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self.wrap_ups: dict[str, list[list[datetime]]] = defaultdict(list)
        self.announced: dict[str, list[list[datetime]]] = defaultdict(list)
        self.unwanted: set[str] = set()
        self.conversations: set[str] = set()
        self.observe()

    def now(self) -> datetime:
        now: datetime = self.board.row("select private.clock() as at")["at"]
        return now

    def queues(self) -> list[dict[str, Any]]:
        return self.board.rows("select * from public.call_queues")

    def play(self, steps: int) -> None:
        for _ in range(steps):
            self.board.pass_time(round(self.dice.choice((0.4, 2, 7, 19)) * self.dice.random(), 3))
            live = self.board.rows(_LIVE, self.begin)
            if len(live) < 3 or self.dice.random() < 0.25:
                self.begins()
            elif self.dice.random() < 0.7:
                rung = [call for call in live if call["on_line"] is False and call["state"]]
                self.goes_on(self.dice.choice(rung or live))
            else:
                self.dice.choice((self.agent_chooses, self.agent_chooses, self.sweep, self.fold))()
            self.board.commit()
            self.observe()

    def begins(self) -> None:
        """Somebody rings; some hang up at once, in the menu even."""
        if self.dice.random() < 0.1:
            self.board.rpc(
                "receive_incoming_call", {"call_sid": (sid := new_sid()), "from": "+573"}
            )
        else:
            sid = self.board.caller(self.dice.choice(self.names))
        if self.dice.random() < 0.15:
            self.board.pass_time(self.dice.choice((1, 3.7, 4.6, 6)))
            self.board.status(sid, "completed", 9)

    def goes_on(self, call: Live) -> None:
        """Something of what may happen to a call where it is."""
        deeds: list[Callable[[Live], None]] = [self.hangs_up]
        if call["on_line"] is False:
            deeds = [self.callback_rings] if call["state"] else []
        elif call["state"] in ("reserved", "ringing"):
            deeds += [self.meets] * 4
            deeds += [self.meets_unheard, self.agent_declines, self.no_answer]
        elif call["stage"] == "waiting":
            deeds += [self.waits, self.asks]
        elif call["stage"] == "connecting":
            deeds = [self.agent_leaves]
        elif call["stage"] == "connected":
            deeds = [self.ends]
        if deeds:
            self.dice.choice(deeds)(call)

    def waits(self, call: Live) -> None:
        plan = self.board.rpc("receive_queue_wait", {"call_sid": call["call_id"]})["plan"]
        if plan["kind"] == "leave":
            self.board.rpc("receive_queue_exit", {"call_sid": call["call_id"], "result": "leave"})

    def asks(self, call: Live) -> None:
        """For a callback, or to leave a message."""
        sid, digit = call["call_id"], self.dice.choice("12")
        self.board.rpc("receive_queue_key", {"call_sid": sid, "digits": digit})
        self.board.rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
        if digit == "1" and self.dice.random() < 0.7:
            self.board.rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
        self.board.status(sid, "completed", 9)

    def hangs_up(self, call: Live) -> None:
        leg = call["leg_sid"] or (call["state"] and self.board.agent_leg(call["call_id"])[0])
        self.board.status(call["call_id"], "completed", 9)
        if leg:
            self.board.pass_time(0.3)
            self.board.status(leg, "canceled", 3, offer_id=str(call["offer_id"]))

    def meets(self, call: Live) -> None:
        self.board.answered(call["call_id"])

    def meets_unheard(self, call: Live) -> None:
        """They talk and part, and that they had met is told afterwards."""
        sid, record = call["call_id"], str(call["id"])
        leg = self.agent_takes(call)
        self.board.rpc("receive_caller_connect", {"call_sid": sid})
        met = self.now() + timedelta(seconds=1)
        self.board.pass_time(self.dice.choice((3, 11)))
        self.board.status(sid, "completed", 9)
        self.board.status(leg, "completed", 9, offer_id=str(call["offer_id"]))
        for one in (sid, leg):
            event = {"call_sid": one, "event": "join", "call_record_id": record}
            self.board.rpc("record_room_event", {**event, "occurred_at": met.isoformat()})

    def agent_takes(self, call: Live) -> str:
        leg, offer = self.board.agent_leg(call["call_id"])
        event = {"call_sid": leg, "offer_id": offer, "to": "client:x"}
        self.board.rpc("receive_agent_answer", event)
        return leg

    def agent_declines(self, call: Live) -> None:
        """The agent takes the call, and is gone before the caller comes."""
        leg = self.agent_takes(call)
        self.board.pass_time(1)
        self.board.status(leg, "completed", 9, offer_id=str(call["offer_id"]))

    def agent_leaves(self, call: Live) -> None:
        self.board.status(call["leg_sid"], "completed", 9, offer_id=str(call["offer_id"]))

    def no_answer(self, call: Live) -> None:
        status, code = self.dice.choice(
            (
                ("no_answer", None),
                ("no_answer", None),
                ("busy", 486),
                ("busy", 603),
                ("failed", 404),
            )
        )
        self.board.not_answered(call["call_id"], status, sip_code=code)

    def ends(self, call: Live) -> None:
        """The conversation, by one of the two."""
        legs = [call["call_id"], call["leg_sid"]]
        for leg in self.dice.sample(legs, 2):
            self.board.status(leg, "completed", 9, offer_id=str(call["offer_id"]))
            self.board.pass_time(0.2)

    def callback_rings(self, call: Live) -> None:
        """The agent takes it and the customer is rung, who answers or not."""
        leg, record = self.agent_takes(call), str(call["id"])
        attempt = self.board.row(
            "select attempts from private.callbacks where call_record_id = %s", record
        )["attempts"]
        customer = {"call_record_id": record, "attempt": attempt}
        sid = new_sid()
        self.board.status(sid, "ringing", 1, direction="outbound-api", **customer)
        self.board.pass_time(self.dice.choice((4, 30)))
        if self.dice.random() < 0.5:
            self.board.status(sid, "no_answer", 2, **customer)
            self.board.status(leg, "completed", 9, offer_id=str(call["offer_id"]))
            return
        self.board.status(sid, "in_progress", 2, **customer)
        self.board.rpc("receive_caller_connect", {"call_sid": sid, **customer})
        for one in (leg, sid):
            self.board.joined(one, record)

    def agent_chooses(self) -> None:
        agent = self.dice.choice(self.agents)
        status = self.dice.choice(
            ("available", "available", "available", "break", "offline", "busy")
        )
        row = self.agent_row(agent)
        if status == row["agent_status"]:
            return
        now = self.now()
        self.board.set_status(agent, status)
        if status == "busy":  # about to place a call, which does not come
            self.announced[agent].append([now, now + timedelta(minutes=1)])
            return
        for hold in self.wrap_ups[agent] + self.announced[agent]:
            hold[-1] = min(hold[-1], now)
        self.unwanted.discard(agent)
        if status == "available" and row["current_call_count"]:
            self.unwanted.add(agent)

    def sweep(self) -> None:
        self.board.sweep()

    def fold(self) -> None:
        self.board.rows("select private.fold_stats()")

    def agent_row(self, agent: str) -> dict[str, Any]:
        return self.board.row("select * from public.call_center_agents where id = %s", agent)

    def observe(self) -> None:
        """Write down what agents want now, and the wrap-ups that began."""
        now = self.now()
        for row in self.board.rows(
            "select id::text, chosen_status from public.call_center_agents"
            " where id = any (%s::uuid[])",
            self.agents,
        ):
            choices, chosen = self.choices[row["id"]], row["chosen_status"]
            if not choices or choices[-1][1] != chosen:
                choices.append((now, chosen))
        for talk in self.board.rows(
            "select o.id, o.agent_id, o.ended_at, q.wrap_up_seconds from private.call_offers o"
            " join public.call_queues q on q.id = o.queue_id"
            " where o.met_at is not null and o.ended_at is not null order by o.ended_at"
        ):
            if talk["id"] not in self.conversations:
                self.conversations.add(talk["id"])
                self.wrap_up(str(talk["agent_id"]), talk["ended_at"], talk["wrap_up_seconds"])

    def wrap_up(self, agent: str, since: datetime, seconds: int) -> None:
        if seconds and agent not in self.unwanted:
            until = since + timedelta(seconds=seconds)
            self.wrap_ups[agent].append([since, until])
        self.unwanted.discard(agent)


def new_sid() -> str:
    return f"CAday{next(_serial):029d}"
