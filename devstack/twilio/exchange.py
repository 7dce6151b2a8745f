"""The telephone exchange: legs are set up, rung, answered, redirected and ended here."""

import asyncio
from typing import TYPE_CHECKING

from devstack.twilio.calls import Call
from devstack.twilio.engine.flow import Flow, Goto, Source
from devstack.twilio.hearing import renew_around
from devstack.twilio.params import progress_params
from devstack.twilio.people import Actor, Person, Step
from devstack.twilio.webhooks import Endpoint, Subscription

if TYPE_CHECKING:
    from devstack.twilio.world import World

RING_BUFFER = 5
SETUP_SECONDS = 0.5
DETECTION_SECONDS = 3.0
# How long a machine goes on talking after it was known for one.
GREETING_SECONDS = 8.0
LONGEST_CALL = 4 * 3600

# What a softphone that declines looks like is not documented: scripts can play each.
REFUSALS = {"busy": ("busy", 486), "rejected": ("busy", 603), "no-answer": ("no-answer", 480)}


class Exchange:
    def __init__(self, world: "World") -> None:
        self._world = world
        self._last_start = 0.0

    # -- legs begin ---------------------------------------------------------------------------

    def incoming(
        self, from_: str, to: str, document: Goto, fallback: Endpoint | None,
        callback: Endpoint | None, script: tuple[Step, ...],
    ) -> Call:  # fmt: skip
        """Somebody rings one of our numbers; the document decides whether it is answered."""
        call = self._new(from_, to, "inbound", None)
        call.fallback = fallback
        if callback:
            call.subscription = Subscription(callback, frozenset({"completed"}))
        call.begun = True
        call.set_status("ringing")
        call.hear("ringing")
        self.limit(call, LONGEST_CALL)
        self.start_script(call, script)
        call.program = self._world.tasks.spawn(self.run_document(call, document))
        return call

    def outgoing(
        self, from_: str, to: str, direction: str, parent: Call | None,
        subscription: Subscription | None,
    ) -> Call:  # fmt: skip
        call = self._new(from_, to, direction, parent)
        call.subscription = subscription
        return call

    def _new(self, from_: str, to: str, direction: str, parent: Call | None) -> Call:
        call = self._world.new_call(from_, to, direction, parent)
        call.feed.event(call.sid, "call", f"{direction} {from_} → {to}")
        return call

    async def turn(self) -> None:
        """Calls by REST start one after the other, at the account's rate; the rest queue."""
        clock = self._world.clock
        now = clock.time()
        start = max(now, self._last_start + 1 / self._world.account.calls_per_second)
        self._last_start = start
        if start > now:
            await clock.sleep(start - now)

    def forget_queue(self) -> None:
        self._last_start = 0.0

    # -- ringing ------------------------------------------------------------------------------

    async def ring(self, call: Call, timeout: float) -> bool:
        """Rings whoever has the address; False when the leg ended without an answer.

        Twilio adds five seconds to every time-out.
        """
        if call.over:
            return False
        call.begun = True
        self.progress(call, "initiated", "initiated")
        await self._world.clock.sleep(SETUP_SECONDS)
        if call.over:
            return False
        person = self._world.person(call.to)
        if "unreachable" in person.on_ring:
            # A softphone that nobody opened does not answer; only a telephone can't be found.
            softphone = call.to.startswith("client:")
            self.end(call, *(("no-answer", 480) if softphone else ("failed", 404)))
            return False
        call.set_status("ringing")
        self.progress(call, "ringing", "ringing")
        return await self._await_answer(call, person, timeout + RING_BUFFER)

    async def _await_answer(self, call: Call, person: Person, timeout: float) -> bool:
        """A person follows their script; whoever sits at a softphone of this address is invited,
        too, and the first to answer or to reject decides.
        """
        reaction = person.on_ring
        delay = float(reaction.get("answer_after", 1.0))
        answers = "answer_after" in reaction and delay < timeout
        patience = delay if answers or "reject" in reaction else timeout
        self._world.softphones.invite(call)
        if await call.signal.until(lambda: call.live or call.over, patience):
            return call.live
        if answers:
            self.answer(call)
            self.start_script(call, person.script)
            return True
        if "reject" in reaction:
            status, code = REFUSALS[reaction["reject"]]
            self.end(call, status, sip_code=code)
        else:
            self.end(call, "no-answer", sip_code=487)
        return False

    def answer(self, call: Call) -> None:
        if call.answered is not None or call.over:
            return
        call.answered = call.clock.time()
        call.set_status("in-progress")
        self.progress(call, "answered", "in-progress")

    def start_script(self, call: Call, script: tuple[Step, ...]) -> None:
        if script:
            call.script = self._world.tasks.spawn(Actor(self._world, call, script).run())

    async def detect_machine(self, call: Call, mode: str) -> None:
        """A mode of DetectMessageEnd waits for a machine's beep."""
        await self._world.clock.sleep(DETECTION_SECONDS)
        if not self._world.person(call.to).machine:
            call.answered_by = "human"
        elif mode == "Enable":
            call.answered_by = "machine_start"
        else:
            await self._world.clock.sleep(GREETING_SECONDS)
            call.answered_by = "machine_end_beep"

    # -- what a leg executes ------------------------------------------------------------------

    async def run_document(self, call: Call, source: Source) -> None:
        """Runs TwiML on an answered leg and hangs up at its end."""
        await Flow(self._world, call).run(source)
        self.end(call)

    async def redirect(self, call: Call, source: Source) -> None:
        """Interrupts whatever the leg does: verbs clean up, a bridge or a room is left."""
        await self._interrupt(call, "redirected")
        call.part()
        source, call.instead = call.instead or source, None
        if not call.over:
            call.program = self._world.tasks.spawn(self.run_document(call, source))
            call.signal.fire()

    async def _interrupt(self, call: Call, why: str) -> None:
        program, call.program = call.program, None
        if program is None or program.done():
            return
        call.leaving = why
        program.cancel()
        await asyncio.wait({program})
        call.leaving = ""

    # -- legs end -----------------------------------------------------------------------------

    def hang_up(self, call: Call) -> None:
        """The person puts the phone down."""
        if call.status == "ringing":
            self.end(call, "no-answer" if call.direction == "inbound" else "canceled", 487)
        else:
            self.end(call)

    async def lose(self, call: Call, seconds: float) -> None:
        """A line goes dead without a word, and Twilio ends the leg when it has missed it for so
        long. A softphone can't be rung before it is registered again.
        """
        call.lost = True
        address = call.from_ if call.direction == "inbound" else call.to
        if address.startswith("client:"):
            self._world.unregistered.add(address)
        call.feed.event(call.sid, "lost", address)
        renew_around(call)
        await call.clock.sleep(seconds)
        self.end(call)

    def end(self, call: Call, status: str = "completed", sip_code: int = 200) -> None:
        """Ends a leg once; ending it again changes nothing. Of a leg that was still queued and is
        not wanted any more nothing is told.
        """
        if call.over:
            return
        call.ended = call.clock.time()
        call.sip_code = sip_code
        call.leaving = "hangup"
        call.set_status(status)
        if call.timer:
            call.timer.cancel()
        for task in (call.program, call.script):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        renew_around(call)
        self._world.recordings.call_ended(call)
        if call.begun or status == "failed":
            self.progress(call, "completed", status)

    async def settled(self, call: Call) -> None:
        """Waits until the leg's verbs have cleaned up after its end."""
        if call.program is not None and call.program is not asyncio.current_task():
            await asyncio.wait({call.program}, timeout=1)

    def limit(self, call: Call, seconds: float) -> None:
        if call.timer:
            call.timer.cancel()
        loop = asyncio.get_running_loop()
        call.timer = loop.call_later(call.clock.real(seconds), self.end, call)

    def progress(self, call: Call, event: str, status: str) -> None:
        wanted = call.subscription
        if wanted is None or event not in wanted.events:
            return
        account = self._world.config.account_sid
        params = progress_params(call, account, status, call.clock.time())
        self._world.webhooks.notify("call-status", call.sid, wanted.endpoint, params)
