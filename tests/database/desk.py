"""People at their screens in a switchboard: what they ask for, and what Twilio does then."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

JOIN = "join"
ROOM = f"CF{'0' * 32}"
CUSTOMER = "+573004445566"


class Desk:
    """An agent at a screen, on a softphone, or on their telephone (phone_number)."""

    def __init__(self, board: Switchboard, **columns: Any) -> None:
        self.board = board
        self.id = board.agent(**columns)
        self.user = str(
            board.row("select user_id from public.call_center_agents where id = %s", self.id)[
                "user_id"
            ]
        )
        softphone = f"client:agent_{self.id.replace('-', '')}"
        self.client = str(columns.get("phone_number") or softphone)

    def asks(self, function: str, call: str | None = None, **more: object) -> dict[str, Any]:
        request = {"user_id": self.user, "call": call, **more}
        self.board.pass_time(0.001)
        self.board.db.execute("set local role service_role")
        answer = self.board.row(
            f"select public.{function}(%s, 'test') as answer", json.dumps(request)
        )["answer"]
        self.board.db.execute("reset role")
        return dict(answer)

    def is_refused(self, function: str, call: str | None = None, **more: object) -> dict[str, Any]:
        """The status and details of the refusal."""
        with pytest.raises(psycopg.Error) as refusal, self.board.db.transaction():
            self.asks(function, call, **more)
        state = str(refusal.value.sqlstate)
        return {"status": state, **json.loads(refusal.value.diag.message_detail or "{}")}

    def takes(self, sid: str, leg: str | None = None) -> str:
        """Answers the telephone that rings for a call, and enters the room; the leg's SID."""
        offer = ringing(self.board, sid)
        assert str(offer["agent_id"]) == self.id
        leg = leg or f"CA{offer['id'].hex}"
        self.board.status(leg, "ringing", 1, offer_id=str(offer["id"]), to=self.client)
        event: dict[str, Any] = {"call_sid": leg, "offer_id": str(offer["id"]), "to": self.client}
        if self.client.startswith("+"):
            event |= {"confirming": True, "digits": "1"}
        self.board.rpc("receive_agent_answer", event)
        room(self.board, sid, leg, JOIN)
        return leg


def ringing(board: Switchboard, sid: str) -> dict[str, Any]:
    return board.row(
        "select o.* from private.call_offers o join public.call_records r"
        " on r.id = o.call_record_id where r.id = private.call_named(%s)"
        " and o.state in ('reserved', 'ringing')",
        sid,
    )


def room(board: Switchboard, sid: str, leg: str, event: str, **more: object) -> None:
    call = board.row("select private.call_named(%s) as id", sid)["id"]
    number = board.row("select count(*) as n from private.call_events where source = 'room'")["n"]
    about = {"call_sid": leg, "conference_sid": ROOM, "event": event, "sequence": number}
    board.rpc("record_room_event", {"call_record_id": str(call), **about, **more})


def call(board: Switchboard, sid: str) -> dict[str, Any]:
    return board.row(
        "select r.*, s.stage from public.call_records r left join private.call_sessions s"
        " on s.call_record_id = r.id where r.id = private.call_named(%s)",
        sid,
    )


def commands(board: Switchboard, kind: str) -> list[dict[str, Any]]:
    return board.rows("select * from private.telephony_commands where kind = %s order by id", kind)


def settle(board: Switchboard, kind: str, **result: object) -> None:
    """Twilio does what is asked for of a kind."""
    for command in commands(board, kind):
        if command["state"] in ("done", "failed"):
            continue
        board.rows(
            "update private.telephony_commands set state = 'claimed', claimed_by = 'test',"
            " lease_until = private.clock() + interval '1 minute' where id = %s",
            command["id"],
        )
        outcome = [{"id": command["id"], "outcome": "done", "result": result}]
        board.rows("select public.settle_commands('test', %s)", json.dumps(outcome))


def talking(
    board: Switchboard, phone_number: str | None = None, **queue: object
) -> tuple[Desk, str, str, str]:
    """An agent (on a softphone, or on a telephone) who talks with a caller: agent, call, leg,
    queue's name.
    """
    agent = Desk(board, phone_number=phone_number)
    name = board.queue(agent.id, **queue)
    sid = board.caller(name, CUSTOMER)
    leg = agent.takes(sid)
    board.rpc("receive_caller_connect", {"call_sid": sid})
    room(board, sid, sid, JOIN)
    assert call(board, sid)["call_status"] == "active"
    return agent, sid, leg, name


def ends(board: Switchboard, leg: str) -> None:
    board.status(leg, "completed", 9, to="client:x")


def answers(board: Switchboard, sid: str, leg: str = f"CA{'5' * 32}") -> str:
    """Whoever is no agent and is rung for a call answers and enters the room; the leg's SID."""
    offer = ringing(board, sid)
    assert offer["agent_id"] is None
    about = {"offer_id": str(offer["id"]), "to": offer["address"]}
    role = "supervisor" if offer["purpose"] == "supervise" else "consult"
    board.status(leg, "ringing", 1, direction="outbound-api", role=role, **about)
    board.rpc("receive_agent_answer", {"call_sid": leg, **about})
    room(board, sid, leg, JOIN)
    return leg


def held(board: Switchboard, leg: str) -> bool:
    """Whether Twilio was told last that a leg is held, once it did all that it was asked for."""
    for kind in ("set_participant", "hang_up", "set_participant"):
        settle(board, kind)
    told = [
        c["payload"]["changes"] for c in commands(board, "set_participant") if c["target"] == leg
    ]
    return bool(told and told[-1]["hold"])


def hung_up(board: Switchboard) -> set[str]:
    return {c["target"] for c in commands(board, "hang_up")}


def seats(board: Switchboard, agent: Desk) -> int:
    """How many seats of an agent's are taken."""
    query = "select seats_taken from public.call_center_agents where id = %s"
    return int(board.row(query, agent.id)["seats_taken"])
