"""One connection of a softphone: the messages of the Voice SDK's signalling, as far as they matter.

From the softphone: listen {token}, register {media: {audio}}, invite {callsid, params} or
{callsid, reconnect}, answer, reject, hangup {callsid}, dtmf {callsid, dtmf}. To it: connected
{token: {identity, ttl}}, ready, offline, error {error: {code, message}}, invite {callsid,
parameters, reconnect}, ringing, answer {callsid, temporary, reconnect}, cancel, hangup {callsid,
error?}. Twilio has no mute {callsid, muted}, for the sound stays away, and no caption {callsid, at,
kind, text}, for it comes.
"""

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from devstack.twilio.access_tokens import EXPIRED, INVALID, Grant, TokenRefused, read_token
from devstack.twilio.lines import Lines
from devstack.twilio.tasks import Tasks

if TYPE_CHECKING:
    from devstack.twilio.world import World

Payload = dict[str, Any]
MALFORMED, NOT_AUTHORISED = 31100, 31201


class Device:
    def __init__(self, world: "World", socket: web.WebSocketResponse, tasks: Tasks) -> None:
        self._world = world
        self._tasks = tasks
        self._registered = False
        self._expiry: asyncio.TimerHandle | None = None
        self.socket = socket
        self.grant: Grant | None = None
        self.lines = Lines(world, self, tasks)
        self._handlers = {
            "listen": self._sign_in,
            "register": self._register,
            "invite": self.lines.place,
            "answer": self.lines.answer,
            "reject": self.lines.reject,
            "hangup": self.lines.hang_up,
            "dtmf": self.lines.press,
            "mute": self.lines.mute,
        }

    def takes_calls_to(self, address: str) -> bool:
        return self._registered and self.grant is not None and self.grant.address == address

    async def listen(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                try:
                    said = json.loads(message.data)
                    await self._handlers[said["type"]](said.get("payload") or {})
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    await self.refuse(MALFORMED, f"malformed message: {error!r}")

    def gone(self) -> None:
        """The connection is lost."""
        self._registered = False
        if self._expiry:
            self._expiry.cancel()
        self.lines.lose()

    async def _sign_in(self, payload: Payload) -> None:
        """Anew, too, with a later token."""
        try:
            self.grant = read_token(self._world.config, payload.get("token"))
        except TokenRefused as refusal:
            await self.refuse(refusal.code, refusal.message)
            return
        left = self.grant.expires - time.time()
        if self._expiry:
            self._expiry.cancel()
        self._expiry = asyncio.get_running_loop().call_later(left, self._expire)
        token = {"identity": self.grant.identity, "ttl": int(left)}
        await self.send("connected", {"token": token})

    async def _register(self, payload: Payload) -> None:
        if self.grant is None:
            await self.refuse(INVALID, "no token was accepted")
        elif not payload["media"]["audio"]:
            await self._take_off()
        elif not self.grant.incoming:
            await self.refuse(NOT_AUTHORISED, "the token does not allow incoming calls")
        elif not self._registered:
            self._registered = True
            self._world.feed.event("", "registered", self.grant.address)
            await self.send("ready", {})

    def _expire(self) -> None:
        self._tasks.spawn(self._sign_out())

    async def _sign_out(self) -> None:
        """A call goes on; there are no new ones."""
        self.grant = None
        await self.refuse(EXPIRED, "the token has expired")
        await self._take_off()

    async def _take_off(self) -> None:
        self._registered = False
        await self.send("offline", {})

    async def refuse(self, code: int, message: str) -> None:
        await self.send("error", {"error": {"code": code, "message": message}})

    async def send(self, kind: str, payload: Payload) -> None:
        """To one that is gone, nothing."""
        with suppress(ConnectionError):
            await self.socket.send_json({"type": kind, "payload": payload})
