"""One client's connection: frames to messages, messages to channels, and back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from devstack.realtime.channel import Channel, Config, Outlet, Services
from devstack.realtime.protocol import (
    Broadcast,
    MalformedError,
    Message,
    decode,
    encode,
    encode_broadcast,
)
from devstack.realtime.tokens import RealtimeError

# A client that reads so slowly is cut off, and comes again.
_MOST_UNSENT = 5000


class Socket:
    """Serves one websocket until either side ends it."""

    def __init__(
        self, websocket: web.WebSocketResponse, version: str, key: str, services: Services
    ) -> None:
        self._websocket = websocket
        self._version = version
        self._key = key
        self._services = services
        self._channels: dict[str, Channel] = {}
        self._unsent: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._outlet = Outlet(self._send, self._send_broadcast, self._forget)

    async def serve(self) -> None:
        sending = asyncio.create_task(self._send_all())
        try:
            async for frame in self._websocket:
                if frame.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._receive(decode(self._version, frame.data))
        except (MalformedError, TimeoutError):
            await self._websocket.close(code=WSCloseCode.POLICY_VIOLATION)
        finally:
            sending.cancel()
            for channel in list(self._channels.values()):
                channel.close()

    async def _send_all(self) -> None:
        with suppress(ConnectionError):
            while True:
                frame = await self._unsent.get()
                if isinstance(frame, bytes):
                    await self._websocket.send_bytes(frame)
                else:
                    await self._websocket.send_str(frame)
                if self._unsent.qsize() > _MOST_UNSENT:
                    await self._websocket.close(code=WSCloseCode.TRY_AGAIN_LATER)

    async def _receive(self, message: Message) -> None:
        channel = self._channels.get(message.topic)
        if message.topic == "phoenix":
            self._reply(message, "ok", {})
        elif message.event == "phx_join":
            if channel:
                channel.end()
            await self._join(message)
        elif channel is None:
            self._reply(message, "error", {"reason": "unmatched topic"})
        elif message.join_ref in (None, channel.join_ref):
            await channel.receive(message)

    async def _join(self, message: Message) -> None:
        try:
            prefix, _, name = message.topic.partition(":")
            if prefix != "realtime":
                raise RealtimeError("UnmatchedTopic", f"no topics begin with {prefix}")
            if not name:
                raise RealtimeError("TopicNameRequired", "You must provide a topic name")
            token = message.payload.get("access_token") or message.payload.get("user_token")
            if not token or token.startswith("sb_"):
                token = self._key
            identity = self._services.tokens.identify(token)
            config = Config.read(message.payload)
            # The reference of a channel is that of its join.
            channel = Channel(
                name,
                message.join_ref or message.ref,
                config,
                identity,
                self._services,
                self._outlet,
            )
            await channel.join(message.ref)
            self._channels[message.topic] = channel
        except RealtimeError as error:
            self._reply(message, "error", {"reason": str(error)})

    def _reply(self, message: Message, status: str, response: dict[str, str]) -> None:
        payload = {"status": status, "response": response}
        self._send(Message(message.topic, "phx_reply", payload, message.ref, message.join_ref))

    def _send(self, message: Message) -> None:
        self._unsent.put_nowait(encode(self._version, message))

    def _send_broadcast(self, topic: str, broadcast: Broadcast) -> None:
        frame = encode_broadcast(self._version, topic, broadcast)
        if frame is not None:
            self._unsent.put_nowait(frame)

    def _forget(self, channel: Channel) -> None:
        if self._channels.get(channel.full_name) is channel:
            del self._channels[channel.full_name]
