"""Queues and their members."""

from aiohttp import web

from devstack.twilio.engine.flow import Goto
from devstack.twilio.queues import DEFAULT_SIZE, Member, Queue
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import bad, not_found
from devstack.twilio.rest.forms import INT, METHOD, TEXT, URL, Form, posted, queried
from devstack.twilio.rest.paging import newest_first, page
from devstack.twilio.webhooks import Endpoint

LARGEST_QUEUE = 5000


def _queue(request: web.Request) -> Queue:
    queue = world_of(request).queues.by_sid.get(request.match_info["queue"])
    if queue is None:
        raise not_found(request)
    return queue


def _size(form: Form, default: int) -> int:
    size = form.number("MaxSize", default)
    if not 1 <= size <= LARGEST_QUEUE:
        raise bad(20001, f"MaxSize must be from 1 to {LARGEST_QUEUE}: {size}")
    return size


async def listing(request: web.Request) -> web.Response:
    world = world_of(request)
    queried(request, {})
    found = newest_first(world.queues.by_sid.values(), lambda q: q.created)
    return page(request, "queues", [q.as_rest(world.config.account_sid) for q in found])


async def create(request: web.Request) -> web.Response:
    world = world_of(request)
    form = await posted(request, {"FriendlyName": TEXT, "MaxSize": INT})
    name = form.text("FriendlyName")
    if not name:
        raise bad(22002, "A FriendlyName is required")
    if world.queues.exists(name):
        raise bad(22003, f"A queue named {name!r} exists already")
    queue = world.queues.create(name, _size(form, DEFAULT_SIZE))
    return web.json_response(queue.as_rest(world.config.account_sid), status=201)


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_queue(request).as_rest(world_of(request).config.account_sid))


async def update(request: web.Request) -> web.Response:
    queue = _queue(request)
    form = await posted(request, {"FriendlyName": TEXT, "MaxSize": INT})
    queue.name = form.text("FriendlyName", queue.name)
    queue.max_size = _size(form, queue.max_size)
    queue.updated = world_of(request).clock.time()
    return web.json_response(queue.as_rest(world_of(request).config.account_sid))


async def delete(request: web.Request) -> web.Response:
    queue = _queue(request)
    if queue.members:
        raise bad(22004, "A queue with members can't be deleted")
    del world_of(request).queues.by_sid[queue.sid]
    return web.Response(status=204)


# -- members --------------------------------------------------------------------------------------


def _member(request: web.Request) -> Member:
    """By the call's SID, or whoever is in ``Front``."""
    queue = _queue(request)
    wanted = request.match_info["sid"]
    if wanted == "Front" and queue.members:
        return queue.members[0]
    for member in queue.members:
        if member.call.sid == wanted:
            return member
    raise not_found(request)


async def members(request: web.Request) -> web.Response:
    account = world_of(request).config.account_sid
    queried(request, {})
    items = [member.as_rest(account) for member in _queue(request).members]
    return page(request, "queue_members", items, "call_sid")


async def member(request: web.Request) -> web.Response:
    return web.json_response(_member(request).as_rest(world_of(request).config.account_sid))


async def dequeue(request: web.Request) -> web.Response:
    """Takes a caller out of the queue, to the document at Url."""
    world = world_of(request)
    found = _member(request)
    form = await posted(request, {"Url": URL, "Method": METHOD})
    if not form.text("Url"):
        raise bad(21205, "Url parameter is required.")
    body = found.as_rest(world.config.account_sid)
    params = {"QueueSid": found.queue.sid, "QueueTime": str(found.waited)}
    target = Goto(Endpoint(form.text("Url"), form.text("Method", "POST")), params)
    found.queue.remove(found)
    await world.exchange.redirect(found.call, target)
    return web.json_response(body)
