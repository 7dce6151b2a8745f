"""The simulator as one aiohttp application."""

from collections.abc import AsyncIterator
from ipaddress import ip_address

from aiohttp import web

from devstack.twilio.config import Config
from devstack.twilio.rest.app import Handler, rest_routes
from devstack.twilio.rest.context import WORLD
from devstack.twilio.rest.errors import error_response, not_found
from devstack.twilio.sim_api import sim_routes
from devstack.twilio.telephone import telephone_routes
from devstack.twilio.world import World


def create_app(config: Config) -> web.Application:
    app = web.Application(middlewares=[_unknown_path, _sim_is_local])
    world = World(config)
    app[WORLD] = world

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        await world.open()
        yield
        await world.close()

    app.cleanup_ctx.append(lifetime)
    app.add_routes([*rest_routes(), *sim_routes(), *telephone_routes()])
    return app


@web.middleware
async def _unknown_path(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Twilio's 404 for a path that is none, not aiohttp's."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return error_response(not_found(request))


@web.middleware
async def _sim_is_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever plays people needs no password, so it must be somebody on this machine."""
    remote = request.remote or ""
    if request.path.startswith("/sim/") and not ip_address(remote).is_loopback:
        return web.json_response({"error": "/sim is for this machine only"}, status=403)
    return await handler(request)
