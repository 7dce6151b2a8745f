"""``/sim``: people, calls and what they heard, for tests and demos. Loopback only, no auth."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from aiohttp import web

from devstack.twilio.clock import iso
from devstack.twilio.engine.flow import Goto
from devstack.twilio.people import person_from_json, steps_from_json
from devstack.twilio.rest.context import world_of
from devstack.twilio.webhooks import Endpoint
from devstack.twilio.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_POLL = 30.0


def sim_routes() -> list[web.RouteDef]:
    return [
        web.get("/sim/clock", clock),
        web.get("/sim/people", people),
        web.post("/sim/people", _valid(add_person)),
        web.get("/sim/calls", calls),
        web.post("/sim/calls", _valid(ring)),
        web.get("/sim/calls/{sid}", call),
        web.get("/sim/calls/{sid}/hearing", hearing),
        web.post("/sim/calls/{sid}/answer", answer),
        web.post("/sim/calls/{sid}/steps", _valid(act)),
        web.get("/sim/softphones", softphones),
        web.post("/sim/softphones", _valid(set_registered)),
        web.get("/sim/recordings", recordings),
        web.get("/sim/webhooks", webhooks),
        web.get("/sim/untold", untold),
        web.get("/sim/errors", errors),
        web.get("/sim/messages", messages),
        web.post("/sim/messages", _valid(write)),
        web.get("/sim/events", events),
        web.get("/sim/faults", faults),
        web.post("/sim/faults", _valid(set_faults)),
        web.post("/sim/account", _valid(set_account)),
        web.post("/sim/bins", _valid(add_bin)),
        web.post("/sim/reset", _valid(reset)),
    ]


def _valid(handler: Handler) -> Handler:
    """A malformed body is answered with 400 and the reason."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (ValueError, KeyError, TypeError, re.error) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return answered


async def _body(request: web.Request) -> dict[str, Any]:
    data = json.loads(await request.text() or "{}")
    if not isinstance(data, dict):
        raise TypeError("the body is not a JSON object")
    return data


async def clock(request: web.Request) -> web.Response:
    clock = world_of(request).clock
    now = {"now": iso(clock.time()), "speed": clock.speed, "since": clock.since.isoformat()}
    return web.json_response(now)


async def people(request: web.Request) -> web.Response:
    return web.json_response([asdict(person) for person in world_of(request).people.values()])


async def add_person(request: web.Request) -> web.Response:
    """Registers somebody, or replaces who had that address."""
    person = person_from_json(await _body(request))
    world_of(request).people[person.address] = person
    world_of(request).unregistered.discard(person.address)
    return web.json_response(asdict(person), status=201)


async def ring(request: web.Request) -> web.Response:
    """Somebody rings one of our numbers, or with ``url`` an application, whose status callback may
    be given too: a softphone that places a call asks its TwiML App's.
    """
    world = world_of(request)
    data = await _body(request)
    to, url = data["to"], data.get("url")
    script = steps_from_json(data.get("script", []))
    number = world.numbers.by_number.get(to)
    target = Endpoint(url or (number.leads_to if number else ""), _method(data, number))
    if not target.url:
        raise ValueError(f"{to} is not a number of this account that leads to its voice URL")
    params = {str(k): str(v) for k, v in data.get("params", {}).items()}
    call = world.exchange.incoming(
        data["from"],
        to,
        Goto(target, params),
        number.fallback if number else None,
        Endpoint(data["status_callback"], "POST")
        if "status_callback" in data
        else number.callback
        if number
        else None,
        script,
    )
    if "hangup_after" in data:
        world.tasks.spawn(_hang_up_after(world, call.sid, float(data["hangup_after"])))
    return web.json_response({"sid": call.sid}, status=201)


def _method(data: dict[str, Any], number: Any) -> str:
    return str(data.get("method") or (number.voice_method if number else "POST"))


async def _hang_up_after(world: World, sid: str, seconds: float) -> None:
    await world.clock.sleep(seconds)
    if sid in world.calls:
        world.exchange.hang_up(world.calls[sid])


async def calls(request: web.Request) -> web.Response:
    """``live=1`` leaves the ended out; ``heard`` is only in a single call."""
    live = request.query.get("live") in {"1", "true"}
    found = [c.as_sim() for c in world_of(request).calls.values() if not (live and c.over)]
    return web.json_response([{k: v for k, v in c.items() if k != "heard"} for c in found])


async def call(request: web.Request) -> web.Response:
    """``wait=seconds`` (real) holds the reply back until the call has ended."""
    found = world_of(request).calls.get(request.match_info["sid"])
    if found is None:
        return web.json_response({"error": "no such call"}, status=404)
    wait = min(LONGEST_POLL, float(request.query.get("wait", 0)))
    if wait:
        await found.signal.until(lambda: found.over, wait * found.clock.speed)
    return web.json_response(found.as_sim())


async def hearing(request: web.Request) -> web.Response:
    """All that reached a leg's ear, in order: the stretches in which it could hear another leg
    (``source`` is its SID), music or an announcement.
    """
    found = world_of(request).calls.get(request.match_info["sid"])
    if found is None:
        return web.json_response({"error": "no such call"}, status=404)
    return web.json_response([asdict(stretch) for stretch in found.hearing])


async def softphones(request: web.Request) -> web.Response:
    """The addresses of those that are open in browsers."""
    return web.json_response(world_of(request).softphones.addresses())


async def set_registered(request: web.Request) -> web.Response:
    """Whether somebody has the softphone of an address open; one that is not does not answer."""
    data = await _body(request)
    address, registered = str(data["address"]), bool(data["registered"])
    if not address.startswith("client:"):
        raise ValueError(f"{address} is no softphone")
    unregistered = world_of(request).unregistered
    (unregistered.discard if registered else unregistered.add)(address)
    return web.json_response({"address": address, "registered": registered})


async def recordings(request: web.Request) -> web.Response:
    """With ``text``: the words that are in them, once they have ended."""
    found = world_of(request).recordings.by_sid.values()
    return web.json_response([asdict(recording) for recording in found])


async def answer(request: web.Request) -> web.Response:
    """Has the person of a leg that rings answer it, now, whatever they do by themselves."""
    world = world_of(request)
    found = world.calls.get(request.match_info["sid"])
    if found is None or found.status != "ringing":
        return web.json_response({"error": "no such leg that rings"}, status=404)
    world.exchange.answer(found)
    return web.json_response({"sid": found.sid}, status=202)


async def act(request: web.Request) -> web.Response:
    """Has the person of a running call follow further steps, now."""
    world = world_of(request)
    found = world.calls.get(request.match_info["sid"])
    if found is None or found.over:
        return web.json_response({"error": "no such running call"}, status=404)
    script = steps_from_json((await _body(request)).get("script"))
    world.exchange.start_script(found, script)
    return web.json_response({"sid": found.sid}, status=202)


async def webhooks(request: web.Request) -> web.Response:
    since = int(request.query.get("since", 0))
    return web.json_response(world_of(request).webhooks.deliveries_since(since))


async def untold(request: web.Request) -> web.Response:
    return web.json_response(world_of(request).tasks.untold)


async def errors(request: web.Request) -> web.Response:
    return web.json_response([asdict(error) for error in world_of(request).feed.errors])


async def messages(request: web.Request) -> web.Response:
    world = world_of(request)
    sent = [m.as_rest(world.config.account_sid) for m in world.messages.by_sid.values()]
    return web.json_response(sent)


async def write(request: web.Request) -> web.Response:
    """Somebody writes to a number of ours, or of a messaging ``service`` that we send from."""
    data = await _body(request)
    service = str(data.get("service", ""))
    sid = world_of(request).messages.receive(data["from"], data["to"], data["body"], service)
    return web.json_response({"sid": sid}, status=201)


async def faults(request: web.Request) -> web.Response:
    return web.json_response(world_of(request).faults.as_dict())


async def set_faults(request: web.Request) -> web.Response:
    world = world_of(request)
    world.faults.configure(await _body(request))
    return web.json_response(world.faults.as_dict())


async def set_account(request: web.Request) -> web.Response:
    account = world_of(request).account
    account.change(await _body(request))
    return web.json_response(asdict(account))


async def add_bin(request: web.Request) -> web.Response:
    """A TwiML Bin: a document at an address that does not depend on the service."""
    url = world_of(request).bins.add(str((await _body(request))["twiml"]))
    return web.json_response({"url": url}, status=201)


async def reset(request: web.Request) -> web.Response:
    data = await _body(request)
    await world_of(request).reset(bool(data.get("people")), bool(data.get("numbers")))
    return web.json_response({})


# -- events ---------------------------------------------------------------------------------------


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events where the client accepts them, else a long poll (``wait`` seconds)."""
    since = int(request.query.get("since", 0))
    if "text/event-stream" in request.headers.get("Accept", ""):
        return await _stream(request, since)
    feed = world_of(request).feed
    wait = min(LONGEST_POLL, float(request.query.get("wait", 0)))
    if wait:
        speed = world_of(request).clock.speed
        await feed.changed.until(partial(feed.has_since, since), wait * speed)
    return web.json_response(feed.events_since(since))


async def _stream(request: web.Request, since: int) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    async for event in _follow(world_of(request), since):
        text = f"id: {event['id']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
        await response.write(text.encode())
    return response


async def _follow(world: World, since: int) -> AsyncIterator[dict[str, Any]]:
    last = since
    while True:
        for event in world.feed.events_since(last):
            last = event["id"]
            yield event
        await world.feed.changed.until(partial(world.feed.has_since, last))
