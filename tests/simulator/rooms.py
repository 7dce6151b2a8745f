"""People in a room called sala, for tests of what happens there."""

from __future__ import annotations

from typing import Any

from twilio.rest import Client

from devstack.twilio.client import Script, Sim
from tests.simulator.conftest import NUMBER
from tests.simulator.service import Params, Service
from tests.simulator.waiting import wait_heard

CUSTOMER = "+573001112233"
AGENT = "client:agent_1"
BOSS = "client:boss"
EVENTS = "start end join leave mute hold modify"


def room(attributes: str = "", name: str = "sala") -> str:
    return f"<Dial><Conference {attributes}>{name}</Conference></Dial>"


def customer_in(
    sim: Sim, service: Service, attributes: str = "", script: Script | None = None
) -> str:
    service.on("/voice", room(attributes))
    sid = sim.ring(CUSTOMER, NUMBER, script)
    wait_heard(sim, sid, "joined sala")
    return sid


def agent_in(
    sim: Sim, service: Service, twilio: Client, script: Script | None = None, **options: Any
) -> str:
    sim.person(AGENT, script)
    return joins(sim, twilio, AGENT, **options)


def joins(sim: Sim, twilio: Client, address: str, **options: Any) -> str:
    """Somebody who is registered is rung into the room; returns their leg's SID."""
    added = twilio.conferences("sala").participants.create(to=address, from_=NUMBER, **options)
    wait_heard(sim, added.call_sid, "joined sala")
    return str(added.call_sid)


def participant(twilio: Client, sid: str) -> Any:
    """Somebody in the room, by their leg's SID or their label."""
    (conference,) = twilio.conferences.list(friendly_name="sala", status="in-progress")
    return twilio.conferences(str(conference.sid)).participants(sid)


def in_order(service: Service, path: str, count: int) -> list[Params]:
    told = service.wait_for(path, count)
    return sorted(told, key=lambda p: int(p["SequenceNumber"]))
