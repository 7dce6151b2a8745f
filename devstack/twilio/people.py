"""Virtual people: who can be rung, and the scripts they follow once a call is in progress."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devstack.twilio.calls import Call
from devstack.twilio.hearing import hears_somebody

if TYPE_CHECKING:
    from devstack.twilio.world import World

Step = dict[str, Any]

PATIENCE = 300.0
BETWEEN_KEYS = 0.25
WORDS_A_SECOND = 2.5
# press: keys; say: words; talk: seconds; lose: the line goes dead, and Twilio finds out in seconds;
# wait: seconds; until_heard: a pattern; until: a state of the call.
STEPS = frozenset({"wait", "press", "say", "talk", "hangup", "lose", "until_heard", "until"})
STATES: dict[str, Callable[[Call], bool]] = {
    "bridged": hears_somebody,
    "conference": lambda call: call.participant is not None,
    "queued": lambda call: call.member is not None,
    "ended": lambda call: call.over,
}
RINGS = frozenset({"answer_after", "reject", "ignore", "unreachable"})


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str = ""
    on_ring: dict[str, Any] = field(default_factory=lambda: {"answer_after": 1})
    script: tuple[Step, ...] = ()
    machine: bool = False
    # Leaves a softphone's rings to whoever has it open in a browser.
    steps_aside: bool = False


def person_from_json(data: dict[str, Any]) -> Person:
    """Raises ValueError naming what is wrong."""
    unknown = set(data) - {"address", "name", "on_ring", "script", "machine", "steps_aside"}
    if unknown or not isinstance(data.get("address"), str):
        raise ValueError(f"a person has an address; unknown: {sorted(unknown)}")
    on_ring = data.get("on_ring", {"answer_after": 1})
    if not isinstance(on_ring, dict) or len(on_ring) != 1 or not set(on_ring) <= RINGS:
        raise ValueError(f"on_ring holds one of {sorted(RINGS)}")
    if on_ring.get("reject") not in {None, "busy", "rejected", "no-answer"}:
        raise ValueError("reject is busy, rejected or no-answer")
    return Person(
        address=data["address"],
        name=str(data.get("name", "")),
        on_ring=on_ring,
        script=steps_from_json(data.get("script", [])),
        machine=bool(data.get("machine", False)),
        steps_aside=bool(data.get("steps_aside", False)),
    )


def steps_from_json(data: Any) -> tuple[Step, ...]:
    """Raises ValueError on a step nobody could follow."""
    if not isinstance(data, list):
        raise ValueError("a script is a list of steps")
    for step in data:
        verbs = set(step) & STEPS if isinstance(step, dict) else set()
        if len(verbs) != 1 or set(step) - STEPS - {"timeout", "text"}:
            raise ValueError(f"not a step: {step!r}")
        if "until" in step and step["until"] not in STATES:
            raise ValueError(f"until is one of {sorted(STATES)}")
        if "until_heard" in step:
            re.compile(step["until_heard"])
    return tuple(data)


class Actor:
    """Follows one script in one call."""

    def __init__(self, world: "World", call: Call, script: tuple[Step, ...]) -> None:
        self._world = world
        self._call = call
        self._script = script
        self._heard = 0

    async def run(self) -> None:
        """From the moment the call is in progress."""
        call = self._call
        await call.signal.until(lambda: call.live or call.over)
        for step in self._script:
            if self._call.over:
                return
            if not await self._do(step):
                await self._give_up(step)
                return

    async def _do(self, step: Step) -> bool:
        """False when what the step waits for did not come."""
        call = self._call
        if "wait" in step:
            await call.clock.sleep(float(step["wait"]))
        elif "press" in step:
            await self._press(str(step["press"]))
        elif "say" in step:
            text = str(step["say"])
            await self._speak(text, len(text.split()) / WORDS_A_SECOND)
            call.input("speech", text)
        elif "talk" in step:
            await self._speak(str(step.get("text", "")), float(step["talk"]))
        elif "hangup" in step:
            self._world.exchange.hang_up(call)
        elif "lose" in step:
            await self._world.exchange.lose(call, float(step["lose"]))
        elif "until" in step:
            return await self._until(step)
        else:
            return await self._until_heard(step)
        return True

    async def _press(self, keys: str) -> None:
        for index, key in enumerate(keys):
            if index:
                await self._call.clock.sleep(BETWEEN_KEYS)
            self._call.input("press", key)

    async def _speak(self, text: str, seconds: float) -> None:
        call = self._call
        call.feed.event(call.sid, "talks", text)
        call.said.append(text)
        self._world.conferences.carry_voice(call, text)
        call.speaking = True
        call.signal.fire()
        try:
            await call.clock.sleep(seconds)
        finally:
            call.speaking = False
            call.signal.fire()

    async def _until(self, step: Step) -> bool:
        reached = STATES[step["until"]]
        call = self._call
        timeout = float(step.get("timeout", PATIENCE))
        return await call.signal.until(lambda: reached(call) or call.over, timeout)

    async def _until_heard(self, step: Step) -> bool:
        """Looks at what was heard since the last such step; the end of the call ends it too."""
        wanted = re.compile(step["until_heard"], re.IGNORECASE)
        call = self._call

        def heard() -> bool:
            while self._heard < len(call.heard):
                entry = call.heard[self._heard]
                self._heard += 1
                if wanted.search(entry.text):
                    return True
            return call.over

        return await call.signal.until(heard, float(step.get("timeout", PATIENCE)))

    async def _give_up(self, step: Step) -> None:
        """A script that no longer fits the call must not go on as if it did."""
        self._call.feed.error(self._call.sid, 0, f"script: gave up waiting at {step!r}")
        self._world.exchange.hang_up(self._call)
