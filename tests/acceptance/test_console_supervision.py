"""The supervisor's wall in Chromium: every button by which somebody comes into others' calls, ends
them, or says what an agent does; to the rows, and to what each party hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.centre import CallCentre
from tests.acceptance.room import leg_to, they_hear
from tests.acceptance.scenes import Scene
from tests.acceptance.screen import Screen
from tests.acceptance.test_desk_page import STAYS
from tests.acceptance.test_supervision import SUPERVISOR, as_agent

pytestmark = pytest.mark.xdist_group("live_pages")
FIRST, OTHER, NEXT = "+573105550043", "+573105550044", "+573105550045"


@pytest.fixture
def boss(centre: CallCentre) -> Iterator[str]:
    """The softphone of a supervisor who takes calls of the queue Soporte, too."""
    with as_agent(centre, Screen(centre.stack, SUPERVISOR)) as agent:
        yield f"client:agent_{agent['id'].hex}"


def ears(customer: str, agent: str, boss: str, mode: str) -> dict[str, set[str]]:
    """Who hears whom while a supervisor is in a call."""
    to_customer = {boss} if mode == "Intervenir" else set[str]()
    to_agent = set[str]() if mode == "Escuchar" else {boss}
    return {
        customer: {agent} | to_customer,
        agent: {customer} | to_agent,
        boss: {customer, agent},
    }


def talks(centre: CallCentre, extension: str, number: str) -> tuple[str, str]:
    """An agent in a call with a customer of Soporte: the customer's leg, and the agent's."""
    centre.agent_ready(extension, STAYS)
    sid = centre.caller_for_support(*STAYS, from_=number)
    centre.becomes(sid, call_status="active")
    return sid, str(centre.agent_legs(extension)[-1]["sid"])


def test_a_supervisor_comes_takes_over_and_ends_what_others_do(
    centre: CallCentre, boss: str, play: Callable[[str], Scene]
) -> None:
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=300)
    sid, agent = talks(centre, "1001", FIRST)
    other, _ = talks(centre, "1002", OTHER)
    asker = Screen(centre.stack, "agente1@demo.local")
    asker.does(f"calls/{sid}/help", reason="Pide un descuento")
    scene = play("console_supervision.mjs")
    for mode in ("Susurrar", "Intervenir", "Escuchar"):
        scene.until(mode)
        they_hear(centre, ears(sid, agent, leg_to(centre, boss), mode))
        scene.goes_on()
    helped = centre.row("select * from public.help_requests where answered_at is not null")
    assert str(helped["answered_by"]) == Screen(centre.stack, SUPERVISOR).user_id
    scene.until("took over")
    is_with(centre, sid, boss)
    assert centre.sim.call(agent)["status"] == "completed"
    assert centre.agent()["wrap_up_until"]
    scene.goes_on()
    scene.until("ended")
    assert centre.ended(other)["ended_by"] == "supervisor"
    scene.until("wrap-up ended")
    centre.until(lambda: not centre.agent()["wrap_up_until"], "the agent is done")
    scene.goes_on()
    for status in ("offline", "available"):
        scene.until(status)
        becomes(centre, status)
        scene.goes_on()
    scene.until("next")
    assert centre.ended(sid)["ended_by"] == "agent"

    sid = centre.caller_for_support(*STAYS, from_=NEXT)
    scene.until("Intervenir")
    agent = str(centre.agent_legs()[-1]["sid"])
    they_hear(centre, ears(sid, agent, leg_to(centre, boss), "Intervenir"))
    scene.goes_on()
    scene.until("left")
    they_hear(centre, {sid: {agent}, agent: {sid}})
    scene.goes_on()
    scene.until("took over")
    is_with(centre, sid, boss)
    scene.goes_on()
    scene.until("waits for a call")
    sid = centre.caller_for_support(*STAYS)
    scene.until("answered")
    is_with(centre, sid, boss)
    scene.goes_on()
    scene.ends()


def becomes(centre: CallCentre, status: str) -> None:
    """Wait until the first agent has this status."""
    centre.until(lambda: centre.agent()["agent_status"] == status, status)


def is_with(centre: CallCentre, sid: str, boss: str) -> None:
    """A customer has the supervisor, and nobody else."""
    leg = leg_to(centre, boss)
    they_hear(centre, {sid: {leg}, leg: {sid}})
    assert centre.call(sid)["agent_id"] == centre.agent("1009")["id"]
