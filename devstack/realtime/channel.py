"""One topic that one socket has joined: what it says, what it hears, and how long it may."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import psycopg

from devstack.realtime.authorisation import EVERYTHING, Authoriser, Permissions
from devstack.realtime.changes import Changes, Subscriber, Wish, wish_id
from devstack.realtime.filters import FilterError
from devstack.realtime.hub import Hub, Member, Topic
from devstack.realtime.protocol import JSON, Broadcast, Message
from devstack.realtime.tokens import Identity, RealtimeError, Tokens

log = logging.getLogger(__name__)
_TOKEN_CHECKED_EVERY_SECONDS = 300.0
_SUBSCRIBED_AGAIN_AFTER_SECONDS = (5.0, 10.0)


class Streaming:
    """Whether changes arrive from Postgres."""

    def __init__(self) -> None:
        self.started, self.ended = asyncio.Event(), asyncio.Event()

    def set(self, running: bool) -> None:
        now, past = (self.started, self.ended) if running else (self.ended, self.started)
        now.set()
        past.clear()


@dataclass(frozen=True, slots=True)
class Services:
    """What channels share."""

    tokens: Tokens
    authoriser: Authoriser
    hub: Hub
    changes: Changes
    streaming: Streaming


@dataclass(frozen=True, slots=True)
class Config:
    """How a client wants its channel."""

    private: bool
    acknowledges: bool
    hears_itself: bool
    presence_enabled: bool
    presence_key: str
    changes: tuple[JSON, ...]

    @classmethod
    def read(cls, payload: JSON) -> Config:
        config = payload.get("config") or {}
        broadcast, presence = config.get("broadcast") or {}, config.get("presence") or {}
        return cls(
            bool(config.get("private")),
            bool(broadcast.get("ack")),
            bool(broadcast.get("self")),
            bool(presence.get("enabled", True)),
            presence.get("key") or str(uuid.uuid1()),
            tuple(config.get("postgres_changes") or ()),
        )


@dataclass(frozen=True, slots=True)
class Outlet:
    """The socket, as its channels see it."""

    send: Callable[[Message], None]
    send_broadcast: Callable[[str, Broadcast], None]
    forget: Callable[[Channel], None]


@dataclass(eq=False)
class Channel:
    """Made for a phx_join; `join` answers it."""

    name: str
    join_ref: str | None
    config: Config
    identity: Identity
    services: Services
    outlet: Outlet
    permissions: Permissions = EVERYTHING
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _subscriber: Subscriber | None = None

    def __post_init__(self) -> None:
        self.topic = Topic(self.name, self.config.private)
        self.full_name = f"realtime:{self.name}"
        self._member = Member(self._hear, self._hear_presence)

    async def join(self, ref: str | None) -> None:
        """Raises RealtimeError where it may not."""
        await self._authorise()
        self.services.hub.join(self.topic, self._member)
        asked = [{**wish, "id": wish_id(wish)} for wish in self.config.changes]
        self._reply(ref, "ok", {"postgres_changes": asked})
        if self.config.presence_enabled and "presence" in self.permissions.reads:
            self._push("presence_state", self.services.hub.presence_state(self.topic))
        self._keep_doing(self._watch_token())
        if asked:
            self._keep_doing(self._follow_changes())

    def close(self) -> None:
        """Leave without a word."""
        for task in self._tasks:
            task.cancel()
        if self._subscriber:
            self.services.changes.remove(self._subscriber)
        self.services.hub.leave(self.topic, self._member)
        self.outlet.forget(self)

    async def receive(self, message: Message) -> None:
        """Do what the client asks; what nobody knows is passed over, as the real one does."""
        match message.event:
            case "phx_leave":
                self._reply(message.ref, "ok", {})
                self.end()
            case "access_token":
                await self._take_token(message.payload.get("access_token"))
            case "broadcast":
                self._broadcast(message)
            case "presence":
                self._track(message)

    def end(self) -> None:
        """Close, and say so."""
        self.close()
        self.outlet.send(
            Message(self.full_name, "phx_close", {}, self.join_ref, self.join_ref),
        )

    async def _authorise(self) -> None:
        if self.config.private:
            authoriser = self.services.authoriser
            self.permissions = await authoriser.permissions(self.identity, self.name)

    async def _take_token(self, token: str | None) -> None:
        # Keys that are no tokens say nothing new.
        if not token or token.startswith("sb_") or token == self.identity.token:
            return
        try:
            self.identity = self.services.tokens.identify(token)
            await self._authorise()
        except RealtimeError as error:
            self._shut_down(error.message)
            return
        if self._subscriber:
            self._subscriber.identity = self.identity

    def _shut_down(self, reason: str) -> None:
        self._system("system", "error", reason)
        self.end()

    async def _watch_token(self) -> None:
        while True:
            await asyncio.sleep(min(_TOKEN_CHECKED_EVERY_SECONDS, self.identity.seconds_left))
            try:
                self.identity = self.services.tokens.identify(self.identity.token)
                await self._authorise()
            except RealtimeError as error:
                self._shut_down(error.message)
                return

    async def _follow_changes(self) -> None:
        """Subscribe, and again whenever the stream of changes had been interrupted."""
        while True:
            await self.services.streaming.started.wait()
            try:
                wishes = tuple(map(Wish.read, self.config.changes))
                self._subscriber = Subscriber(wishes, self.identity, self._hear_change)
                await self.services.changes.add(self._subscriber)
            except (FilterError, psycopg.Error) as error:
                self._system("postgres_changes", "error", str(error))
                await asyncio.sleep(random.uniform(*_SUBSCRIBED_AGAIN_AFTER_SECONDS))
                continue
            self._system("postgres_changes", "ok", "Subscribed to PostgreSQL")
            await self.services.streaming.ended.wait()
            self.services.changes.remove(self._subscriber)

    def _broadcast(self, message: Message) -> None:
        if "broadcast" not in self.permissions.writes:
            return
        without = None if self.config.hears_itself else self._member
        self.services.hub.publish(self.topic, message.payload, without)
        if self.config.acknowledges:
            self._reply(message.ref, "ok", {})

    def _track(self, message: Message) -> None:
        if "presence" not in self.permissions.writes:
            self._reply(message.ref, "error", {"reason": "unauthorized"})
            return
        if str(message.payload.get("event")).lower() == "track":
            payload = message.payload.get("payload") or {}
            self.services.hub.track(self.topic, self._member, self.config.presence_key, payload)
        else:
            self.services.hub.untrack(self.topic, self._member)
        self._reply(message.ref, "ok", {})

    def _hear(self, broadcast: Broadcast) -> None:
        self.outlet.send_broadcast(self.full_name, broadcast)

    def _hear_presence(self, event: str, payload: JSON) -> None:
        if self.config.presence_enabled and "presence" in self.permissions.reads:
            self._push(event, payload)

    def _hear_change(self, payload: JSON) -> None:
        self._push("postgres_changes", payload)

    def _system(self, extension: str, status: str, text: str) -> None:
        payload = {"extension": extension, "status": status, "message": text, "channel": self.name}
        self._push("system", payload)

    def _reply(self, ref: str | None, status: str, response: JSON) -> None:
        payload = {"status": status, "response": response}
        self.outlet.send(Message(self.full_name, "phx_reply", payload, ref, self.join_ref))

    def _push(self, event: str, payload: Any) -> None:
        self.outlet.send(Message(self.full_name, event, payload, None, self.join_ref))

    def _keep_doing(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
