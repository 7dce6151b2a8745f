"""`<Enqueue>`: a caller waits, hearing the wait document over and over, until taken out."""

import asyncio

from devstack.twilio.calls import Call
from devstack.twilio.engine.flow import Document, Flow, Goto, Outcome, Step
from devstack.twilio.hearing import MUSIC, Sound
from devstack.twilio.queues import Member
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Endpoint, Params

SHORTEST_ROUND = 1.0


async def enqueue(flow: Flow, node: Node, document: Document) -> Step:
    action = flow.endpoint(node, document, "action")
    wait = flow.endpoint(node, document, "waitUrl", "waitUrlMethod")
    queue = flow.world.queues.named(node.text or "default")
    if queue.full:
        return _next(action, {"QueueResult": "queue-full"})
    member = queue.add(flow.call)
    flow.call.member = member
    flow.call.feed.event(flow.call.sid, "queued", queue.name)
    flow.call.signal.fire()
    try:
        result = await _wait(flow, member, wait)
    except asyncio.CancelledError:
        result = _cut_short(member)
        if result == "redirected" and action and flow.world.account.runs_redirected_action:
            flow.call.instead = Goto(action, flow.params() | _outcome(member, result))
        else:
            flow.ask_in_vain(action, _outcome(member, result))
        raise
    finally:
        queue.remove(member)
        flow.call.member = None
    if result == "hangup":
        flow.ask_in_vain(action, _outcome(member, result))
        return Outcome.HANGUP
    return _next(action, _outcome(member, result))


def _cut_short(member: Member) -> str:
    """The result for a caller who was redirected by REST, or hung up."""
    bridged = member.result == "bridging"
    if member.call.leaving == "redirected":
        return "redirected-from-bridged" if bridged else "redirected"
    return "bridged" if bridged else "hangup"


def _next(action: Endpoint | None, params: Params) -> Step:
    return Goto(action, params) if action else None


def _outcome(member: Member, result: str) -> Params:
    params = {
        "QueueResult": result,
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.waited),
    }
    if member.dequeued_by:
        params["DequeingCallSid"] = member.dequeued_by.sid
    return params


async def _wait(flow: Flow, member: Member, wait: Endpoint | None) -> str:
    """Why the caller left. A dequeue by Dial interrupts the music, then lasts as the bridge."""
    call = flow.call
    music = flow.world.tasks.spawn(_heard_music(flow, member, wait))
    music.add_done_callback(lambda _: call.signal.fire())
    try:
        await call.signal.until(lambda: bool(member.result) or music.done())
    finally:
        music.cancel()
    if not member.result:
        return music.result()
    await call.signal.until(lambda: member.result != "bridging")
    return member.result


async def _heard_music(flow: Flow, member: Member, wait: Endpoint | None) -> str:
    with Sound(flow.call, MUSIC):
        return await _music(flow, member, wait)


async def _music(flow: Flow, member: Member, wait: Endpoint | None) -> str:
    """The wait document, again and again; returns how it took the caller out."""
    call = flow.call
    if wait is None:
        call.hear("music")
        await call.signal.until(lambda: call.over)
        return "hangup"

    def about_the_queue() -> Params:
        return {
            "QueueSid": member.queue.sid,
            "QueuePosition": str(member.queue.position(member)),
            "QueueTime": str(member.waited),
            "AvgQueueTime": str(member.queue.average_wait),
            "CurrentQueueSize": str(len(member.queue.members)),
        }

    inner = Flow(flow.world, call, "queue-wait", about_the_queue)
    while True:
        outcome = await _paced(call, inner, Goto(wait))
        if outcome is not Outcome.EXHAUSTED:
            return {Outcome.LEAVE: "leave", Outcome.HANGUP: "hangup"}.get(outcome, "error")


async def _paced(call: Call, inner: Flow, source: Goto) -> Outcome:
    """An empty wait document must not become a flood of requests."""
    started = call.clock.time()
    outcome = await inner.run(source)
    if outcome is Outcome.EXHAUSTED:
        await call.clock.sleep(SHORTEST_ROUND - (call.clock.time() - started))
    return outcome
