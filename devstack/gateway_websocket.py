"""The gateway's websocket half: frames are passed both ways until either side closes."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import web

LARGEST_FRAME = 16 * 1024 * 1024


async def relay_websocket(
    session: aiohttp.ClientSession, request: web.BaseRequest, target: str
) -> web.WebSocketResponse:
    """Connect to the server behind first: if it is away, the client gets the error as HTTP."""
    async with session.ws_connect(target, max_msg_size=LARGEST_FRAME) as behind:
        client = web.WebSocketResponse(max_msg_size=LARGEST_FRAME)
        await client.prepare(request)
        pumps = {
            asyncio.create_task(_pump(client, behind)),
            asyncio.create_task(_pump(behind, client)),
        }
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await client.close(code=behind.close_code or 1000)
        return client


Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def _pump(source: Socket, sink: Socket) -> None:
    async for message in source:
        if message.type is aiohttp.WSMsgType.TEXT:
            await sink.send_str(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await sink.send_bytes(message.data)
