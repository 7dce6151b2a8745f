"""The simulator as one aiohttp application."""

from collections.abc import AsyncIterator

from aiohttp import web

from devstack.twilio.config import Config
from devstack.twilio.rest.app import Handler, rest_routes
from devstack.twilio.rest.context import WORLD
from devstack.twilio.rest.errors import error_response, not_found
from devstack.twilio.sim_api import sim_routes
from devstack.twilio.world import World


def create_app(config: Config) -> web.Application:
    app = web.Application(middlewares=[_unknown_path])
    world = World(config)
    app[WORLD] = world

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        await world.open()
        yield
        await world.close()

    app.cleanup_ctx.append(lifetime)
    app.add_routes([*rest_routes(), *sim_routes()])
    return app


@web.middleware
async def _unknown_path(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Twilio's 404 for a path that is none, not aiohttp's."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return error_response(not_found(request))
