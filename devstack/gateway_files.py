"""Files on their way through the gateway: passed on as they come, and broken off where they do."""

from __future__ import annotations

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

# Which the gateway's own server says itself.
_OWN = frozenset(("connection", "keep-alive", "transfer-encoding", "date", "server"))


async def relay_file(
    session: aiohttp.ClientSession,
    request: web.BaseRequest,
    target: str,
    headers: CIMultiDict[str],
) -> web.StreamResponse:
    """Send a request on with its body, and what is answered back, a piece at a time."""
    async with session.request(
        request.method,
        URL(target, encoded=True),
        headers=headers,
        data=request.content if request.body_exists else None,
        allow_redirects=False,
    ) as answer:
        kept = CIMultiDict((k, v) for k, v in answer.headers.items() if k.lower() not in _OWN)
        response = web.StreamResponse(status=answer.status, headers=kept)
        await response.prepare(request)
        async for piece in answer.content.iter_any():
            await response.write(piece)
        await response.write_eof()
        return response
