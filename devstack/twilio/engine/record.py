"""`<Record>`: a beep, then sound until silence, a key, the longest length or the hang-up."""

import asyncio
from collections import deque

from devstack.twilio.calls import Call, Input
from devstack.twilio.engine.flow import Document, Flow, Goto, Step
from devstack.twilio.engine.subscribe import recording_callback
from devstack.twilio.recordings import Running
from devstack.twilio.twiml.parser import Node
from devstack.twilio.webhooks import Endpoint, Params

LONGEST = 3600
LONGEST_TRANSCRIBED = 120
LEFT_OF_SILENCE = 1.0


async def record(flow: Flow, node: Node, document: Document) -> Step:
    """Silence is kept, unless the account deletes it: an empty recording requests nothing and goes
    on. No action asks for the document again. The action tells the length with the silence at its
    end, which is cut off only when the recording is processed.
    """
    call = flow.call
    action = flow.endpoint(node, document, "action") or _same_document(document)
    running = _start(flow, node, document)
    ear = _Ear(call, flow.world.account.saves_silence)
    inputs: deque[Input] = deque()
    call.inputs = inputs
    try:
        key = await _until_done(call, node, running, ear, inputs)
    except asyncio.CancelledError:
        _stop(flow, node, running, ear)
        if ear.heard:
            digits = "hangup" if call.leaving == "hangup" else ""
            flow.ask_in_vain(action, _params(flow, running, digits))
        raise
    finally:
        call.inputs = None
    _stop(flow, node, running, ear)
    return Goto(action, _params(flow, running, key)) if ear.heard and action else None


def _start(flow: Flow, node: Node, document: Document) -> Running:
    callback = recording_callback(flow, node, document)
    transcribe = flow.endpoint(node, document, "transcribeCallback")
    if node.flag("playBeep", True):
        flow.call.hear("beep")
    running = flow.world.recordings.start(flow.call, "RecordVerb", callback)
    running.transcribe = transcribe
    running.wants_text = transcribe is not None or node.flag("transcribe")
    running.longest = node.number("maxLength", LONGEST)
    if running.wants_text:
        running.longest = min(running.longest, LONGEST_TRANSCRIBED)
    return running


def _stop(flow: Flow, node: Node, running: Running, ear: "_Ear") -> None:
    trailing = 0.0 if node.get("trim") == "do-not-trim" else ear.trailing()
    flow.world.recordings.stop(running, absent=not ear.heard, trailing=trailing)


class _Ear:
    """Whether there was any sound, and since when there is none."""

    def __init__(self, call: Call, saves_silence: bool) -> None:
        self._saves_silence = saves_silence
        self._call = call
        self._speaking = False
        self._silent_since = call.clock.time()
        self._ever = False

    @property
    def heard(self) -> bool:
        """Whether there is anything to keep."""
        return self._ever or self._saves_silence

    def changed(self) -> bool:
        return self._speaking != self._call.speaking

    def listen(self) -> None:
        if self._speaking or self._call.speaking:
            self._ever = True
            self._silent_since = self._call.clock.time()
        self._speaking = self._call.speaking

    def silence(self) -> float:
        return 0.0 if self._speaking else self._call.clock.time() - self._silent_since

    def trailing(self) -> float:
        """The silence that is cut off; of nothing else some is left."""
        return self.silence() if self._ever else max(0.0, self.silence() - LEFT_OF_SILENCE)


async def _until_done(
    call: Call, node: Node, running: Running, ear: _Ear, inputs: deque[Input]
) -> str:
    """The key that ended it, if one did."""
    finish_keys = node.get("finishOnKey", "1234567890*#")
    quiet = node.number("timeout", 5)
    end = call.clock.time() + running.longest
    while True:
        ear.listen()
        while inputs:
            entry = inputs.popleft()
            if entry.kind == "press" and entry.value in finish_keys:
                return entry.value
        left = end - call.clock.time()
        if not call.speaking:
            left = min(left, quiet - ear.silence())
        if left <= 0:
            return ""
        await call.signal.until(lambda: bool(inputs) or ear.changed(), left)


def _params(flow: Flow, running: Running, digits: str) -> Params:
    recording = running.recording
    return {
        "RecordingSid": recording.sid,
        "RecordingUrl": flow.world.recordings.url(recording),
        "RecordingDuration": str(running.length),
        "Digits": digits,
    }


def _same_document(document: Document) -> Endpoint | None:
    source = document.source
    return Endpoint(document.base, source.endpoint.method) if isinstance(source, Goto) else None
