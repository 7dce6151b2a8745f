"""Verbs that take no part of the call elsewhere: Say, Play, Pause, Redirect, Hangup, Reject."""

import itertools

from devstack.twilio.calls import Call
from devstack.twilio.engine.flow import Document, Flow, Goto, Outcome, Step
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Endpoint

CHARACTERS_A_SECOND = 15
TONE_SECONDS = 0.25


async def say(flow: Flow, node: Node, _: Document) -> Step:
    seconds = max(1.0, len(node.text) / CHARACTERS_A_SECOND)
    await _repeat(flow.call, node, "say", node.text, seconds)
    return None


async def play(flow: Flow, node: Node, document: Document) -> Step:
    if tones := node.get("digits"):
        await _repeat(flow.call, node, "tones", tones, TONE_SECONDS * len(tones))
    if node.text:
        url = flow.absolute(node.text, document)
        await _repeat(flow.call, node, "play", url, flow.world.config.play_seconds)
    return None


async def _repeat(call: Call, node: Node, kind: str, text: str, seconds: float) -> None:
    """``loop="0"`` goes on until something interrupts it."""
    times = node.number("loop", 1)
    for _ in itertools.count() if times == 0 else range(times):
        call.hear(kind, text, node.get("language"))
        await call.clock.sleep(seconds)


async def pause(flow: Flow, node: Node, _: Document) -> Step:
    flow.call.hear("silence")
    await flow.call.clock.sleep(node.number("length", 1))
    return None


async def redirect(flow: Flow, node: Node, document: Document) -> Step:
    return Goto(Endpoint(flow.absolute(node.text, document), node.get("method", "POST")))


async def hangup(_: Flow, __: Node, ___: Document) -> Step:
    return Outcome.HANGUP


async def leave(flow: Flow, _: Node, __: Document) -> Step:
    """Outside a queue there is nothing to leave, and the flow goes on."""
    return Outcome.LEAVE if flow.context == "queue-wait" else None


async def reject(flow: Flow, node: Node, _: Document) -> Step:
    """Only an unanswered call can be rejected; an answered one hangs up."""
    reason = node.get("reason", "rejected")
    if flow.call.answered is None:
        flow.call.hear("busy_tone" if reason == "busy" else "rejected")
        flow.world.exchange.end(flow.call, "busy", 486 if reason == "busy" else 603)
    return Outcome.HANGUP
