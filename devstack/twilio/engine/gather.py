"""`<Gather>`: prompts that any input interrupts, then a wait for keys or speech."""

import asyncio
from collections import deque
from dataclasses import dataclass, replace

from devstack.twilio.calls import Call, Input
from devstack.twilio.engine.flow import Document, Flow, Goto, Step
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Endpoint

RECOGNITION_SECONDS = 0.5
CONFIDENCE = "0.9213"


@dataclass(slots=True)
class Heard:
    digits: str = ""
    finished_on: str = ""
    speech: str = ""

    @property
    def empty(self) -> bool:
        return not self.digits and not self.speech


@dataclass(frozen=True, slots=True)
class Settings:
    keys: bool
    speech: bool
    timeout: float
    most_digits: int
    finish_keys: str
    barge_in: bool
    speech_timeout: float


def _settings(node: Node) -> Settings:
    kinds = node.get("input", "dtmf").split()
    timeout = node.number("timeout", 5)
    pause = node.get("speechTimeout", str(timeout))
    return Settings(
        keys="dtmf" in kinds,
        speech="speech" in kinds,
        timeout=timeout,
        most_digits=node.number("numDigits", 0),
        finish_keys=node.get("finishOnKey", "#"),
        barge_in=node.flag("bargeIn", True),
        speech_timeout=1.0 if pause == "auto" else float(pause),
    )


async def gather(flow: Flow, node: Node, document: Document) -> Step:
    """Without input nothing is requested: the document goes on (unless actionOnEmptyResult)."""
    action = flow.endpoint(node, document, "action")
    heard = await _listen(flow, node, document)
    if heard.empty and not node.flag("actionOnEmptyResult"):
        return None
    params = {"msg": "Gather End"}
    if heard.speech:
        params |= {"SpeechResult": heard.speech, "Confidence": CONFIDENCE}
        params["Language"] = node.get("language", "en-US")
    else:
        params |= {"Digits": heard.digits, "FinishedOnKey": heard.finished_on}
    if action is None:
        return _same_document(document, params)
    return Goto(action, params)


def _same_document(document: Document, params: dict[str, str]) -> Step:
    """Without an action the input goes to the document's own URL."""
    if not isinstance(document.source, Goto):
        return None
    method = document.source.endpoint.method
    return Goto(Endpoint(document.base, method), params)


async def _listen(flow: Flow, node: Node, document: Document) -> Heard:
    call = flow.call
    inputs: deque[Input] = deque()
    call.inputs = inputs
    try:
        settings = _settings(node)
        prompt = Document(document.base, node.children, document.source)
        await _prompt(flow, prompt, settings, inputs)
        return await _collect(call, settings, inputs)
    finally:
        call.inputs = None


async def _prompt(flow: Flow, prompt: Document, settings: Settings, inputs: deque[Input]) -> None:
    """Plays the prompt; the first input that counts stops it, where barging in is allowed."""
    playing = asyncio.ensure_future(flow.play(prompt))
    playing.add_done_callback(lambda _: flow.call.signal.fire())

    def interrupted() -> bool:
        while inputs and not (settings.barge_in and _counts(inputs[0], settings)):
            inputs.popleft()
        return bool(inputs)

    try:
        await flow.call.signal.until(lambda: interrupted() or playing.done())
        if playing.done():
            playing.result()
    finally:
        playing.cancel()


def _counts(entry: Input, settings: Settings) -> bool:
    return settings.keys if entry.kind == "press" else settings.speech


async def _collect(call: Call, settings: Settings, inputs: deque[Input]) -> Heard:
    """The first input wins: after a key, words are not heard, nor keys once somebody speaks. Each
    key starts the time-out anew.
    """
    heard = Heard()
    while True:
        entry = await _next(call, settings, inputs)
        if entry is None:
            return heard
        if entry.kind == "press" and entry.while_speaking and settings.speech:
            continue
        if entry.kind == "speech":
            await call.clock.sleep(settings.speech_timeout + RECOGNITION_SECONDS)
            return Heard(speech=entry.value)
        if entry.value in settings.finish_keys:
            heard.finished_on = entry.value
            return heard
        heard.digits += entry.value
        settings = replace(settings, speech=False)
        if len(heard.digits) == settings.most_digits:
            return heard


async def _next(call: Call, settings: Settings, inputs: deque[Input]) -> Input | None:
    """The next input that counts; None once ``timeout`` passed in silence."""
    while True:
        came = await call.signal.until(lambda: bool(inputs), settings.timeout)
        if came:
            entry = inputs.popleft()
            if _counts(entry, settings):
                return entry
        elif not (call.speaking and settings.speech):
            return None
