"""A customer and an agent in conversation, and who hears whom there by the simulator's word."""

from __future__ import annotations

from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre
from tests.acceptance.screen import Json, Screen

# Stays in the room until they are let go, or told what to do.
IN_THE_ROOM = [JOINS, {"wait": 900}]
LEAVES = [HANGS_UP]
MUSIC = "music"


def they_hear(centre: CallCentre, ears: dict[str, set[str]]) -> None:
    """Wait until each leg hears this and nothing else, all at the same time."""

    def so() -> bool:
        return all(centre.sim.hears(leg) == sources for leg, sources in ears.items())

    centre.until(so, f"they hear {ears}")


def leg_to(centre: CallCentre, address: str) -> str:
    """The newest leg to somebody's address, once they are rung."""

    def legs() -> list[Json]:
        return [call for call in centre.sim.calls() if call["to"] == address]

    centre.until(legs, f"{address} is rung")
    return str(legs()[-1]["sid"])


def leg_to_desk(centre: CallCentre, extension: str = "1001") -> str:
    """The newest leg of an agent's softphone: of one that was rung, or that placed a call."""
    address = f"client:agent_{centre.agent(extension)['id'].hex}"
    legs = [call for call in centre.sim.calls() if address in (call["to"], call["from"])]
    return str(legs[-1]["sid"])


class Conversation:
    """Agent 1001, from their screen, in a call with a customer of the queue Soporte."""

    def __init__(self, centre: CallCentre) -> None:
        self.centre = centre
        self.sim = centre.sim
        centre.agent_ready("1001", IN_THE_ROOM)
        self.screen = Screen(centre.stack, "agente1@demo.local")
        self.customer = centre.caller_for_support(JOINS, {"talk": 900}, HANGS_UP)
        centre.until(lambda: centre.talking(self.customer), "they talk")
        self.agent = self.leg_of("1001")
        self.hear({self.customer: {self.agent}, self.agent: {self.customer}})

    def does(self, operation: str, **body: object) -> Json:
        """An operation of the agent's; the call afterwards."""
        return dict(self.screen.does(f"calls/{self.customer}/{operation}", **body)["call"])

    def seen(self) -> Json:
        return self.screen.sees(self.customer)

    def leg_of(self, extension: str) -> str:
        """The leg of the last time that an agent was rung, who now is."""
        self.centre.until(lambda: self.centre.agent_legs(extension), f"{extension} is rung")
        return str(self.centre.agent_legs(extension)[-1]["sid"])

    def leg_to(self, address: str) -> str:
        """The leg to somebody else's address."""
        return leg_to(self.centre, address)

    def hear(self, ears: dict[str, set[str]]) -> None:
        they_hear(self.centre, ears)

    def heard_each_other(self, one: str, other: str) -> bool:
        return bool(self.sim.hearing(one, other) or self.sim.hearing(other, one))

    def row(self) -> Json:
        return self.centre.call(self.customer)

    def seconds_of_silence(self) -> float:
        """The longest time in which the customer, once put through, heard neither music nor
        anybody. Requests take real time, in which virtual time passes.
        """
        people = [s["begin"] for s in self.sim.hearing(self.customer) if s["source"][:2] == "CA"]
        gaps = self.sim.silences(self.customer, 0.0)
        return max([end - begin for begin, end in gaps if begin >= people[0]], default=0.0)
