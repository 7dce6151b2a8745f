"""`<Dial>`: joins a room, takes a caller from a queue, or rings phones and bridges one."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from devstack.twilio.calls import Call, Input
from devstack.twilio.engine.flow import Document, Flow, Goto, Outcome, Step
from devstack.twilio.engine.subscribe import (
    call_callback,
    conference_callback,
    recording_callback,
)
from devstack.twilio.hearing import renew
from devstack.twilio.recordings import Running
from devstack.twilio.rooms import Entry
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Endpoint, Params

DEFAULT_TIMEOUT = 30
LONGEST_BRIDGE = 4 * 3600
RANK = ("completed", "busy", "no-answer", "canceled", "failed")


async def dial(flow: Flow, node: Node, document: Document) -> Step:
    """With an action, what stands after `<Dial>` is never reached."""
    action = flow.endpoint(node, document, "action")
    noun = node.children[0] if node.children else Node("Number", {}, node.line, parts=node.parts)
    if noun.tag == "Conference":
        return await _conference(flow, node, noun, document, action)
    if noun.tag == "Queue":
        return await _queue(flow, node, noun, document, action)
    return await _phones(flow, node, document, action)


def _next(action: Endpoint | None, params: Params) -> Step:
    return Goto(action, params) if action else None


# -- conference -----------------------------------------------------------------------------------


async def _conference(
    flow: Flow, node: Node, noun: Node, document: Document, action: Endpoint | None
) -> Step:
    """The action says `answered`, and neither a SID nor a duration; who is not let in for their
    label goes on with the next verb.
    """
    params = {"DialCallStatus": "answered"}
    entry = conference_entry(flow, node, noun, document)
    star = asyncio.ensure_future(_star(flow.call)) if node.flag("hangupOnStar") else None
    try:
        outcome = await flow.world.conferences.attend(flow.call, entry)
    except asyncio.CancelledError:
        flow.ask_in_vain(action, params)
        raise
    finally:
        if star:
            star.cancel()
    return None if outcome == "refused" else _next(action, params)


def conference_entry(flow: Flow, node: Node, noun: Node, document: Document) -> Entry:
    return Entry(
        name=noun.text,
        label=noun.get("participantLabel"),
        muted=noun.flag("muted"),
        start_on_enter=noun.flag("startConferenceOnEnter", True),
        end_on_exit=noun.flag("endConferenceOnExit"),
        coach=noun.get("coach"),
        beep=noun.get("beep", "true"),
        wait=flow.endpoint(noun, document, "waitUrl", "waitMethod"),
        silent_wait=noun.attributes.get("waitUrl") == "",
        most=noun.number("maxParticipants", 250),
        record=noun.get("record") in {"true", "record-from-start"},
        callback=conference_callback(flow, noun, document),
        recording_callback=recording_callback(flow, noun, document)
        or recording_callback(flow, node, document),
    )


async def _star(call: Call) -> None:
    """hangupOnStar in a room: the star key leaves it."""
    inputs: deque[Input] = deque()
    call.inputs = inputs
    try:
        await call.signal.until(lambda: any(entry.value == "*" for entry in inputs))
        if call.participant:
            call.participant.let_go("star")
    finally:
        call.inputs = None


# -- queue ----------------------------------------------------------------------------------------


async def _queue(
    flow: Flow, node: Node, noun: Node, document: Document, action: Endpoint | None
) -> Step:
    """Bridges whoever waits in front; with nobody there, waits for a caller until time out."""
    queue = flow.world.queues.named(noun.text)
    reserved = flow.endpoint(noun, document, "url")
    timeout = node.number("timeout", DEFAULT_TIMEOUT) + 5
    if not await queue.changed.until(lambda: bool(queue.members), timeout):
        return _next(action, {"DialCallStatus": "no-answer"})
    member = queue.members[0]
    other = member.call
    member.release("bridging", flow.call)
    if reserved is not None:
        params = {"QueueSid": queue.sid, "QueueTime": str(member.waited)}
        params["DequeingCallSid"] = flow.call.sid
        await Flow(flow.world, other, "whisper").run(Goto(reserved, params))
    bridge = _Bridge(flow, node, document, other, release=lambda: member.release("bridged"))
    return await bridge.hold(action)


# -- phones ---------------------------------------------------------------------------------------


async def _phones(flow: Flow, node: Node, document: Document, action: Endpoint | None) -> Step:
    """Rings all nouns at once; the first who answers and accepts is bridged."""
    legs = [_leg(flow, node, noun, document) for noun in _nouns(node)]
    flow.call.hear("ringing")
    tasks = [asyncio.ensure_future(_reach(flow, node, leg)) for leg in legs]
    try:
        winner = await _first(tasks, legs)
    except asyncio.CancelledError:
        flow.ask_in_vain(action, {"DialCallStatus": "canceled"})
        raise
    finally:
        for task in tasks:
            task.cancel()
        for leg in legs:
            if not leg.accepted:
                flow.world.exchange.end(leg.call, "canceled", 487)
    if winner is None:
        return _next(action, _nobody(legs))
    bridge = _Bridge(flow, node, document, winner.call)
    return await bridge.hold(action)


def _nouns(node: Node) -> list[Node]:
    return node.children or [Node("Number", {}, node.line, parts=node.parts)]


@dataclass(eq=False, slots=True)
class _Leg:
    call: Call
    whisper: Endpoint | None
    params: Params = field(default_factory=dict)
    accepted: bool = False


def _leg(flow: Flow, node: Node, noun: Node, document: Document) -> _Leg:
    address, params = _address(noun)
    call = flow.world.exchange.outgoing(
        node.get("callerId") or flow.call.from_,
        address,
        "outbound-dial",
        flow.call,
        call_callback(flow, noun, document),
    )
    call.parameters = urlencode(params)
    return _Leg(call, flow.endpoint(noun, document, "url"), params)


def _address(noun: Node) -> tuple[str, Params]:
    if noun.tag != "Client":
        return noun.text, {}
    identity = noun.text
    params: Params = {}
    for child in noun.children:
        if child.tag == "Identity":
            identity = child.text
        else:
            params[child.get("name")] = child.get("value")
    return f"client:{identity}", params


async def _reach(flow: Flow, node: Node, leg: _Leg) -> bool:
    """Rings, then lets the callee's own document run: whoever hangs up in it declines."""
    timeout = node.number("timeout", DEFAULT_TIMEOUT)
    if not _may_show(flow, leg.call):
        message = f"callerId is none of the account's, or no number: {leg.call.from_}"
        flow.call.feed.error(flow.call.sid, 13214, message)
        flow.world.exchange.end(leg.call, "failed", 403)
        return False
    if not await flow.world.exchange.ring(leg.call, timeout):
        return False
    if leg.whisper is not None:
        whisper = Flow(flow.world, leg.call, "whisper")
        outcome = await whisper.run(Goto(leg.whisper, leg.params))
        if outcome is not Outcome.EXHAUSTED:
            flow.world.exchange.end(leg.call)
            return False
    return leg.call.live


def _may_show(flow: Flow, leg: Call) -> bool:
    """A telephone is shown a number of the account's, or the caller's own where there is one."""
    shown = leg.from_
    if not leg.to.startswith("+"):
        return True
    parties = {flow.call.from_, flow.call.to}
    return shown.startswith("+") and (shown in parties or flow.world.is_caller_id(shown))


async def _first(tasks: "list[asyncio.Task[bool]]", legs: list[_Leg]) -> _Leg | None:
    waiting = set(tasks)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task, leg in zip(tasks, legs, strict=True):
            if task in done and task.result():
                leg.accepted = True
                return leg
    return None


def _nobody(legs: list[_Leg]) -> Params:
    """The best of what became of them, as several may have been rung."""
    best = min((leg.call for leg in legs), key=lambda call: RANK.index(call.status))
    params = {"DialCallStatus": best.status, "DialBridged": "false"}
    return params | {"DialCallSid": best.sid, "DialCallDuration": "0"}


@dataclass(eq=False, slots=True)
class _Bridge:
    """Two legs that talk, until one of them leaves."""

    flow: Flow
    node: Node
    document: Document
    other: Call
    release: Callable[[], None] | None = None
    started: float = 0.0
    recording: Running | None = None

    async def hold(self, action: Endpoint | None) -> Step:
        """Redirecting either leg by REST ends the bridge; the caller's redirect drops the other."""
        self._open()
        try:
            await self._until_parted()
        except asyncio.CancelledError:
            self._close()
            self.flow.ask_in_vain(action, self._params())
            raise
        self._close()
        return _next(action, self._params())

    def _open(self) -> None:
        call, other = self.flow.call, self.other
        self.started = call.clock.time()
        self.flow.world.exchange.answer(call)
        call.bridged_with, other.bridged_with = other, call
        renew(call, other)
        for leg, peer in ((call, other), (other, call)):
            leg.hear("bridged", f"bridged with {peer.to if peer is other else peer.from_}")
        if self.node.get("record", "do-not-record") not in {"do-not-record", "false"}:
            callback = recording_callback(self.flow, self.node, self.document)
            channels = 2 if self.node.get("record").endswith("dual") else 1
            recordings = self.flow.world.recordings
            self.recording = recordings.start(call, "DialVerb", callback, channels)

    async def _until_parted(self) -> None:
        call, other = self.flow.call, self.other
        keys: deque[Input] = deque()
        call.inputs = keys
        star = self.node.flag("hangupOnStar")

        def parted() -> bool:
            wants_out = star and any(entry.value == "*" for entry in keys)
            return wants_out or not other.live or other.bridged_with is not call

        try:
            await call.signal.until(parted, self.node.number("timeLimit", LONGEST_BRIDGE))
        finally:
            call.inputs = None

    def _close(self) -> None:
        """A dialled leg goes with its bridge; a queued caller goes on with its own document."""
        call, other = self.flow.call, self.other
        if self.recording:
            self.flow.world.recordings.stop(self.recording)
        redirected_away = other.bridged_with is not call
        call.bridged_with = None
        if not redirected_away:
            other.bridged_with = None
        renew(call, other)
        if self.release:
            self.release()
        elif not redirected_away:
            self.flow.world.exchange.end(other)

    def _params(self) -> Params:
        end = self.other.ended or self.flow.call.clock.time()
        params = {
            "DialCallStatus": "completed",
            "DialCallSid": self.other.sid,
            "DialCallDuration": str(round(end - self.started)),
            "DialBridged": "true",
        }
        if self.recording:
            recording = self.recording.recording
            params["RecordingUrl"] = self.flow.world.recordings.url(recording)
            params["RecordingSid"] = recording.sid
            params["RecordingDuration"] = str(recording.duration)
        return params
