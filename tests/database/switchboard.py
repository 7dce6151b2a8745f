"""A call centre in one transaction: what Twilio and browsers would do, said in words."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

_serial = itertools.count(1)
Event = dict[str, Any]


class Switchboard:
    """Runs the service's functions as the service role, and reads as the owner.

    Everything stands in the connection's transaction: roll it back and nothing happened.
    """

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        db.row_factory = dict_row
        self.db = db
        # Time stands still, but for pass_time and set_clock: rounding decides no test.
        self.rows(
            "select set_config('callcenter.clock_speed', '0', true),"
            " set_config('callcenter.clock_since', statement_timestamp()::text, true)"
        )
        self.rows("update public.call_center_agents set agent_status = 'offline'")

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        cursor = self.db.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    def row(self, query: str, *values: object) -> dict[str, Any]:
        (row,) = self.rows(query, *values)
        return row

    def rpc(self, function: str, event: Event) -> dict[str, Any]:
        self.pass_time(0.001)
        self.db.execute("set local role service_role")
        answer = self.row(
            f"select public.{function}(%s, 'test') as answer", Jsonb({"params": {}, **event})
        )
        self.db.execute("reset role")
        return dict(answer["answer"])

    def sweep(self) -> dict[str, Any]:
        """All parts: how much each did, and what Twilio is to be asked about."""
        self.db.execute("set local role service_role")
        swept = self.row("select public.sweep('test') as answer")["answer"]
        questions = self.row("select public.claim_questions() as answer")["answer"]
        self.db.execute("reset role")
        return {**swept["done"], **questions, "commands": swept["commands"]}

    def pass_time(self, seconds: float) -> None:
        """Move the clock on."""
        self.rows(
            "select set_config('callcenter.clock_offset', (coalesce(nullif("
            "current_setting('callcenter.clock_offset', true), ''), '0')::interval"
            " + make_interval(secs => %s))::text, true)",
            seconds,
        )

    def set_clock(self, moment: str) -> None:
        """Move the clock to a moment (ISO 8601)."""
        self.rows("select set_config('callcenter.clock_offset', '0', true)")
        self.rows(
            "select set_config('callcenter.clock_offset',"
            " (%s::timestamptz - private.clock())::text, true)",
            moment,
        )

    def be_noon(self) -> None:
        """Move the clock to the middle of the centre's day, which then ends in no test."""
        noon = self.row(
            "select ((private.clock() at time zone time_zone)::date + time '12:00')"
            " at time zone time_zone as at from private.settings"
        )
        self.set_clock(noon["at"].isoformat())

    def agent(self, status: str = "available", **columns: object) -> str:
        """A new agent; returns their id."""
        user = self.row(
            "insert into auth.users (id, email) values (gen_random_uuid(), %s) returning id",
            f"agent{next(_serial)}@switchboard.invalid",
        )["id"]
        values = {
            "user_id": user,
            "extension": f"s{next(_serial)}",
            "agent_status": status,
            **columns,
        }
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        return str(
            self.row(
                f"insert into public.call_center_agents ({names}) values ({marks}) returning id",
                *(Jsonb(v) if isinstance(v, dict) else v for v in values.values()),
            )["id"]
        )

    def set_status(self, agent: str, status: str) -> None:
        """An agent chooses another status."""
        self.rows(
            "update public.call_center_agents set agent_status = %s where id = %s", status, agent
        )

    def queue(self, *agents: str, **columns: object) -> str:
        """A new queue with these members; returns its name."""
        values = {"name": f"queue{next(_serial)}", **columns}
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.rows(
            f"insert into public.call_queues (agent_ids, {names}) values (%s::uuid[], {marks})",
            list(agents),
            *(Jsonb(v) if isinstance(v, dict) else v for v in values.values()),
        )
        return str(values["name"])

    def in_menu(self, script: dict[str, Any], number: str | None) -> str:
        """Somebody (None: withheld) who rings and hears a script's menu; their SID."""
        sid = f"CA{next(_serial):032d}"
        ringing = {"call_sid": sid, "from": number, "to": "+576015550100"}
        self.rpc("receive_incoming_call", ringing)
        self.rows(
            "update private.call_sessions set stage = 'menu', script = %s where call_record_id ="
            " (select id from public.call_records where call_id = %s)",
            Jsonb(script),
            sid,
        )
        return sid

    def caller(self, queue: str, number: str | None = None) -> str:
        """Somebody who rings and chooses a queue, a second later; returns their call SID."""
        self.pass_time(1)
        script = {"menus": [{"id": "main", "options": [{"digit": "1", "actionQueue": queue}]}]}
        sid = self.in_menu(script, number or f"+57301{next(_serial):07d}")
        self.rpc("receive_ivr_input", {"call_sid": sid, "attempt": 1, "digits": "1"})
        return sid

    def call(self, sid: str) -> dict[str, Any]:
        return self.row("select * from public.call_records where call_id = %s", sid)

    def commit(self) -> None:
        """Do what a commit would: run the deferred triggers, and among them the router.

        Twice: what the first leaves is what its triggers put off themselves, which a commit runs.
        """
        for _ in range(2):
            self.db.execute("set constraints all immediate")
            self.db.execute("set constraints all deferred")

    def rung(self, sid: str) -> str | None:
        """The agent being rung for a call."""
        self.commit()
        rows = self.rows(
            "select o.agent_id from private.call_offers o join public.call_records r"
            " on r.id = o.call_record_id where r.call_id = %s"
            " and o.state in ('reserved', 'ringing')",
            sid,
        )
        return str(rows[0]["agent_id"]) if rows else None

    def offer(self, sid: str) -> dict[str, Any]:
        """The newest offer of a call."""
        return self.rows(
            "select o.* from private.call_offers o join public.call_records r"
            " on r.id = o.call_record_id where r.call_id = %s order by o.created_at desc",
            sid,
        )[0]

    def status(self, sid: str, status: str, sequence: int = 0, **more: object) -> None:
        """Twilio says something of a leg."""
        event = {"source": "call-status", "call_sid": sid, "status": status, **more}
        self.rpc("record_call_event", {"sequence": sequence, **event})

    def agent_leg(self, sid: str) -> tuple[str, str]:
        """The SID and offer of the leg on which an agent is rung for a call, ringing."""
        offer = self.offer(sid)
        leg = offer["leg_sid"] or f"CA{next(_serial):032d}"
        self.status(leg, "ringing", 1, offer_id=str(offer["id"]), direction="outbound-api")
        return leg, str(offer["id"])

    def joined(self, sid: str, call_record_id: object) -> None:
        """Twilio says that a leg entered its call's room."""
        event = {"call_sid": sid, "event": "join", "call_record_id": str(call_record_id)}
        self.rpc("record_room_event", event)

    def answered(self, sid: str) -> tuple[str, str]:
        """The agent being rung for a call takes it on a telephone, and the caller joins them."""
        leg, offer = self.agent_leg(sid)
        call = self.call(sid)["id"]
        answer = {"call_sid": leg, "offer_id": offer, "to": "+576015550100", "digits": "1"}
        self.rpc("receive_agent_answer", answer)
        self.joined(leg, call)
        self.rpc("receive_caller_connect", {"call_sid": sid})
        self.joined(sid, call)
        return leg, offer

    def refuse(self, offer: str, code: int) -> None:
        """Twilio refuses to ring the agent of an offer, with an error code of its own."""
        command = self.row(
            "update private.telephony_commands set state = 'claimed', claimed_by = 'test',"
            " lease_until = 'infinity' where target = %s returning id",
            offer,
        )
        result = {"id": command["id"], "outcome": "failed", "result": {"code": code}}
        self.rows("select public.settle_commands('test', %s)", Jsonb([result]))

    def not_answered(self, sid: str, status: str = "no_answer", **more: object) -> None:
        """The leg on which an agent is rung for a call ends so, having rung for a while."""
        leg, offer = self.agent_leg(sid)
        self.pass_time(12 if status == "no_answer" else 0)
        self.status(leg, status, 2, offer_id=offer, **more)
