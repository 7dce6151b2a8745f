"""What a handler needs: the world behind an application, and lookups that answer 404."""

from aiohttp import web

from devstack.twilio.calls import Call
from devstack.twilio.rest.errors import not_found
from devstack.twilio.world import World

WORLD = web.AppKey("world", World)


def world_of(request: web.Request) -> World:
    return request.config_dict[WORLD]


def find_call(request: web.Request, sid: str) -> Call:
    call = world_of(request).calls.get(sid)
    if call is None:
        raise not_found(request)
    return call
