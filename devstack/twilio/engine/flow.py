"""Runs a document and what it leads to, until the flow ends: fetch, parse, verb after verb."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from devstack.twilio.calls import Call
from devstack.twilio.params import voice_params
from devstack.twilio.twiml.parser import Node, TwimlError, parse
from devstack.twilio.webhooks import Endpoint, Params, Reply

if TYPE_CHECKING:
    from devstack.twilio.world import World

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."


class Outcome(Enum):
    """How a flow ended."""

    EXHAUSTED = "exhausted"
    HANGUP = "hangup"
    LEAVE = "leave"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Goto:
    """Continue with the document at an URL."""

    endpoint: Endpoint
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inline:
    """TwiML given in a REST request: it has no base for relative URLs."""

    twiml: str


Source = Goto | Inline
Step = Goto | Outcome | None


@dataclass(slots=True)
class Document:
    """``base`` is empty for inline TwiML; ``source`` is what fetches this document again."""

    base: str
    verbs: list[Node]
    source: Source


class Failure(Exception):
    """A document can't be had, parsed or executed."""

    def __init__(self, code: int, message: str, url: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.url = url


Verb = Callable[["Flow", Node, Document], Awaitable[Step]]


class Flow:
    def __init__(
        self,
        world: "World",
        call: Call,
        context: str = "call",
        extra: Callable[[], Params] | None = None,
    ) -> None:
        self.world = world
        self.call = call
        self.context = context
        self._extra = extra

    async def run(self, source: Source) -> Outcome:
        """Follows the documents to the end. In a call, failures end in Twilio's apology."""
        try:
            return await self._follow(source)
        except Failure as failure:
            self._record(failure)
            if self.context != "call":
                return Outcome.FAILED
            return await self._fall_back(failure)

    async def _follow(self, source: Source) -> Outcome:
        document = await self.load(source)
        while True:
            step = await self.play(document)
            if isinstance(step, Outcome):
                return step
            if step is None:
                return Outcome.EXHAUSTED
            document = await self.load(step)

    async def _fall_back(self, failure: Failure) -> Outcome:
        fallback = self.call.fallback
        if fallback is None:
            return await self._apologise()
        params = {"ErrorCode": str(failure.code), "ErrorUrl": failure.url}
        try:
            return await self._follow(Goto(fallback, params))
        except Failure as again:
            self._record(again)
            return await self._apologise()

    async def _apologise(self) -> Outcome:
        self.world.exchange.answer(self.call)
        self.call.hear("say", APPLICATION_ERROR, "en-US")
        await self.call.clock.sleep(4)
        return Outcome.FAILED

    def _record(self, failure: Failure) -> None:
        self.call.feed.error(self.call.sid, failure.code, failure.message, failure.url)

    async def play(self, document: Document) -> Step:
        """The verbs in order, until one leads elsewhere."""
        for node in document.verbs:
            self._answer_for(node)
            step = await self.world.verbs[node.tag](self, node, document)
            if step is not None:
                return step
        return None

    def _answer_for(self, node: Node) -> None:
        """Twilio picks up at the first verb that needs an answered call."""
        waits = node.tag in {"Reject", "Redirect", "Pause"}
        if not waits and not (node.tag == "Dial" and node.flag("answerOnBridge")):
            self.world.exchange.answer(self.call)

    # -- documents ----------------------------------------------------------------------------

    async def load(self, source: Source) -> Document:
        if isinstance(source, Inline):
            return Document("", self._parsed(source.twiml.encode(), ""), source)
        reply = await self.fetch(source)
        return Document(reply.url, self._verbs(reply), source)

    async def fetch(self, source: Goto) -> Reply:
        reply = await self.world.webhooks.document(
            self.call.sid, source.endpoint, self.params() | source.params
        )
        if not reply.ok:
            code = 11205 if reply.failure in {"ct", "rt"} else 11200
            raise Failure(code, f"document: {reply.message}", source.endpoint.url)
        return reply

    def params(self) -> Params:
        params = voice_params(self.call, self.world.config.account_sid)
        return params | self._extra() if self._extra else params

    def ask_in_vain(self, endpoint: Endpoint | None, params: Params) -> None:
        """An action Twilio still requests, whose document it then ignores."""
        if endpoint is not None:
            sent = self.params() | params
            self.world.tasks.spawn(self._ignored(endpoint, sent))

    async def _ignored(self, endpoint: Endpoint, params: Params) -> None:
        reply = await self.world.webhooks.document(self.call.sid, endpoint, params)
        if not reply.ok:
            self._record(Failure(11200, f"ignored document: {reply.message}", endpoint.url))

    def _verbs(self, reply: Reply) -> list[Node]:
        """TwiML is executed, audio played, plain text read aloud; no type at all is a 502."""
        kind = reply.content_type.partition(";")[0].strip().lower()
        if kind in {"text/xml", "application/xml", "text/html"}:
            return self._parsed(reply.body, reply.url)
        if kind.startswith("audio/"):
            return [Node("Play", {}, 0, parts=[reply.url])]
        if kind == "text/plain":
            message = "text/plain is read aloud, not executed"
            self._record(Failure(12300, message, reply.url))
            return [Node("Say", {}, 0, parts=[reply.body.decode("utf-8", "replace")])]
        if not kind:
            raise Failure(11200, "HTTP 502: a reply without Content-Type", reply.url)
        raise Failure(12300, f"invalid Content-Type {kind}", reply.url)

    def _parsed(self, body: bytes, url: str) -> list[Node]:
        try:
            return parse(body, self.context)
        except TwimlError as error:
            raise Failure(error.code, error.message, url) from None

    def endpoint(
        self, node: Node, document: Document, name: str, method: str = "method"
    ) -> Endpoint | None:
        """An URL attribute with its method, made absolute; None where it isn't given."""
        given = node.get(name)
        if not given:
            return None
        return Endpoint(self.absolute(given, document), node.get(method, "POST"))

    def absolute(self, url: str, document: Document) -> str:
        result = urljoin(document.base, url.strip())
        if urlsplit(result).scheme not in {"http", "https"}:
            raise Failure(11100, f"{url!r} is relative, and this TwiML has no base", document.base)
        return result
