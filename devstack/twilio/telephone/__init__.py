"""The telephone in a browser: its modules, for pages of any origin, and its socket."""

from pathlib import Path

from aiohttp import web

from devstack.twilio.rest.context import world_of

MODULES = Path(__file__).parent
FOR_ANY_PAGE = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}


def telephone_routes() -> list[web.RouteDef]:
    return [web.get(r"/{name:telephone\w*\.js}", module), web.get("/signal", signalling)]


async def module(request: web.Request) -> web.StreamResponse:
    headers = FOR_ANY_PAGE | {"Content-Type": "text/javascript; charset=utf-8"}
    path = MODULES / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers=headers)


async def signalling(request: web.Request) -> web.WebSocketResponse:
    """Whoever has a token that Twilio would accept."""
    socket = web.WebSocketResponse(heartbeat=10, max_msg_size=64 * 1024)
    await socket.prepare(request)
    await world_of(request).softphones.serve(socket)
    return socket
