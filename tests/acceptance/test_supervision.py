"""Supervisors in an agent's call: who hears them, and what becomes of the call when they go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.acceptance.centre import CallCentre
from tests.acceptance.room import IN_THE_ROOM, LEAVES, Conversation
from tests.acceptance.screen import Json, Screen

SUPERVISOR = "supervisor@demo.local"


@pytest.fixture
def talk(centre: CallCentre) -> Conversation:
    return Conversation(centre)


class Supervisor:
    """On a softphone of their own, unless they are an agent, too."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        self.screen = Screen(talk.centre.stack, SUPERVISOR)
        self.address = f"client:supervisor_{self.screen.user_id.replace('-', '')}"
        talk.sim.person(self.address, IN_THE_ROOM, {"answer_after": 2})

    def supervises(self, mode: str) -> None:
        self.screen.does(f"calls/{self.talk.customer}/supervise", mode=mode)

    def leaves(self) -> None:
        answer = self.screen.asks("DELETE", f"calls/{self.talk.customer}/supervise")
        assert answer.status_code == 200, answer.text

    def is_there(self) -> bool:
        actions = self.screen.sees(self.talk.customer)["allowed_actions"]
        return "stop_supervising" in actions

    def leg(self) -> str:
        return self.talk.leg_to(self.address)


@pytest.fixture
def supervisor(talk: Conversation) -> Supervisor:
    return Supervisor(talk)


@contextmanager
def as_agent(centre: CallCentre, screen: Screen) -> Iterator[Json]:
    """Whoever is at a screen takes calls of Soporte, too, with extension 1009; now on break."""
    agent = centre.row(
        "insert into public.call_center_agents (user_id, extension, agent_status)"
        " values (%s, '1009', 'break') returning id",
        screen.user_id,
    )
    members = "update public.call_queues set agent_ids = {}(agent_ids, %s) where name = 'support'"
    centre.rows(members.format("array_append"), agent["id"])
    yield agent
    centre.sim.reset(people=True)
    centre.until(centre._calls_are_forgotten, "the calls are gone")
    centre.rows(members.format("array_remove"), agent["id"])
    centre.rows("delete from public.call_center_agents where extension = '1009'")


@pytest.fixture
def supervising_agent(talk: Conversation) -> Iterator[Supervisor]:
    """A supervisor who takes calls, too."""
    supervisor = Supervisor(talk)
    with as_agent(talk.centre, supervisor.screen) as agent:
        supervisor.address = f"client:agent_{agent['id'].hex}"
        talk.sim.person(supervisor.address, IN_THE_ROOM, {"answer_after": 2})
        yield supervisor


@pytest.mark.in_any_weather
def test_a_supervisor_listens_whispers_and_barges_in(
    talk: Conversation, supervisor: Supervisor
) -> None:
    customer, agent = talk.customer, talk.agent
    supervisor.supervises("listen")
    ear = supervisor.leg()
    talk.hear({customer: {agent}, agent: {customer}, ear: {customer, agent}})
    assert not talk.sim.hearing(customer, ear)
    assert not talk.sim.hearing(agent, ear)
    supervisor.supervises("whisper")
    talk.hear({customer: {agent}, agent: {customer, ear}, ear: {customer, agent}})
    assert not talk.sim.hearing(customer, ear), "the customer never heard a whisper"
    supervisor.supervises("barge")
    talk.hear({customer: {agent, ear}, agent: {customer, ear}, ear: {customer, agent}})
    supervisor.supervises("listen")
    talk.hear({customer: {agent}, agent: {customer}, ear: {customer, agent}})
    supervisor.leaves()
    talk.sim.wait_until_ended(ear, 30)
    talk.hear({customer: {agent}, agent: {customer}})
    talk.does("leave")
    row = talk.centre.settled(customer)
    assert (row["call_status"], row["ended_by"], row["transferred"]) == (
        "completed",
        "agent",
        False,
    )
    assert talk.seconds_of_silence() < 10


def test_a_supervisor_who_is_lost_changes_nothing_and_the_end_is_theirs_too(
    talk: Conversation, supervisor: Supervisor
) -> None:
    supervisor.supervises("barge")
    ear = supervisor.leg()
    talk.hear({talk.customer: {talk.agent, ear}})
    talk.sim.act(ear, LEAVES)
    talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer}})
    talk.centre.until(lambda: not supervisor.is_there(), "that is known")
    supervisor.supervises("whisper")
    talk.centre.until(lambda: supervisor.leg() != ear, "they are rung again")
    talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer, supervisor.leg()}})
    talk.sim.act(talk.customer, LEAVES)
    assert talk.centre.settled(talk.customer)["ended_by"] == "customer"
    assert not talk.sim.calls(live=True)


@pytest.mark.parametrize("listens", [True, False])
def test_a_supervisor_takes_over(
    talk: Conversation, supervising_agent: Supervisor, listens: bool
) -> None:
    if listens:
        supervising_agent.supervises("listen")
        talk.hear({supervising_agent.leg(): {talk.customer, talk.agent}})
    supervising_agent.screen.does(f"calls/{talk.customer}/take-over")
    boss = supervising_agent.leg()
    talk.hear({talk.customer: {boss}, boss: {talk.customer}})
    talk.sim.wait_until_ended(talk.agent, 10)
    assert talk.row()["agent_id"] == talk.centre.agent("1009")["id"]
    talk.sim.act(talk.customer, LEAVES)
    assert talk.centre.settled(talk.customer)["call_status"] == "completed"
    assert talk.seconds_of_silence() < 30


def test_another_agent_neither_supervises_nor_sees_the_call(talk: Conversation) -> None:
    another = Screen(talk.centre.stack, "agente3@demo.local")
    for method, path, body in (
        ("POST", "supervise", {"mode": "listen"}),
        ("POST", "take-over", {}),
        ("DELETE", "supervise", {}),
        ("POST", "end", {}),
    ):
        answer = another.asks(method, f"calls/{talk.customer}/{path}", **body)
        assert answer.status_code in {403, 404}, path
    assert another.asks("GET", f"calls/{talk.customer}").status_code == 404
    own = talk.screen.asks("POST", f"calls/{talk.customer}/supervise", mode="listen")
    assert own.status_code == 403
    talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer}})
