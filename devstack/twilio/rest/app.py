"""Routes of the REST API, and what applies to all of them: auth, faults, Twilio's errors."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from devstack.twilio.rest import (
    account,
    applications,
    calls,
    conferences,
    messages,
    numbers,
    queues,
    recordings,
    transcriptions,
)
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import RestError, error_response, not_found
from devstack.twilio.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Longer than any client's patience; closing the client's connection ends it sooner.
NEVER = 120.0

_CALL = "/Calls/{call}"
_ROOM = "/Conferences/{conference}"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/Calls.json", calls.listing),
    ("POST", "/Calls.json", calls.create),
    ("GET", "/Calls/{sid}.json", calls.fetch),
    ("POST", "/Calls/{sid}.json", calls.update),
    ("DELETE", "/Calls/{sid}.json", calls.delete),
    ("GET", f"{_CALL}/Recordings.json", recordings.listing),
    ("POST", f"{_CALL}/Recordings.json", recordings.start),
    ("GET", f"{_CALL}/Recordings/{{sid}}.json", recordings.fetch),
    ("POST", f"{_CALL}/Recordings/{{sid}}.json", recordings.change),
    ("DELETE", f"{_CALL}/Recordings/{{sid}}.json", recordings.delete),
    ("GET", "/Conferences.json", conferences.listing),
    ("GET", f"{_ROOM}.json", conferences.fetch),
    ("POST", f"{_ROOM}.json", conferences.update),
    ("GET", f"{_ROOM}/Participants.json", conferences.participants),
    ("POST", f"{_ROOM}/Participants.json", conferences.add),
    ("GET", f"{_ROOM}/Participants/{{sid}}.json", conferences.participant),
    ("POST", f"{_ROOM}/Participants/{{sid}}.json", conferences.change),
    ("DELETE", f"{_ROOM}/Participants/{{sid}}.json", conferences.remove),
    ("GET", f"{_ROOM}/Recordings.json", recordings.listing),
    ("GET", f"{_ROOM}/Recordings/{{sid}}.json", recordings.fetch),
    ("POST", f"{_ROOM}/Recordings/{{sid}}.json", recordings.change),
    ("DELETE", f"{_ROOM}/Recordings/{{sid}}.json", recordings.delete),
    ("GET", "/Queues.json", queues.listing),
    ("POST", "/Queues.json", queues.create),
    ("GET", "/Queues/{queue}.json", queues.fetch),
    ("POST", "/Queues/{queue}.json", queues.update),
    ("DELETE", "/Queues/{queue}.json", queues.delete),
    ("GET", "/Queues/{queue}/Members.json", queues.members),
    ("GET", "/Queues/{queue}/Members/{sid}.json", queues.member),
    ("POST", "/Queues/{queue}/Members/{sid}.json", queues.dequeue),
    ("GET", "/Recordings.json", recordings.listing),
    ("GET", "/Recordings/{sid}.json", recordings.fetch),
    ("DELETE", "/Recordings/{sid}.json", recordings.delete),
    ("GET", "/Recordings/{recording}/Transcriptions.json", recordings.transcriptions),
    ("GET", "/Recordings/{recording}/Transcriptions/{sid}.json", recordings.transcription),
    (
        "DELETE",
        "/Recordings/{recording}/Transcriptions/{sid}.json",
        recordings.delete_transcription,
    ),
    ("GET", "/Transcriptions.json", recordings.transcriptions),
    ("GET", "/Transcriptions/{sid}.json", recordings.transcription),
    ("DELETE", "/Transcriptions/{sid}.json", recordings.delete_transcription),
    ("GET", "/Messages.json", messages.listing),
    ("POST", "/Messages.json", messages.create),
    ("GET", "/Messages/{sid}.json", messages.fetch),
    ("GET", "/Applications.json", applications.listing),
    ("GET", "/Applications/{sid}.json", applications.fetch),
    ("POST", "/Applications/{sid}.json", applications.update),
    ("GET", "/OutgoingCallerIds.json", account.caller_ids),
    ("GET", "/IncomingPhoneNumbers.json", numbers.listing),
    ("GET", "/IncomingPhoneNumbers/{sid}.json", numbers.fetch),
    ("POST", "/IncomingPhoneNumbers/{sid}.json", numbers.update),
)
VOICE_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v2/Configurations/Transcription", transcriptions.create_configuration),
    ("GET", "/v2/Configurations/Transcription/{id}", transcriptions.fetch_configuration),
    ("PUT", "/v2/Configurations/Transcription/{id}", transcriptions.update_configuration),
    ("DELETE", "/v2/Configurations/Transcription/{id}", transcriptions.delete_configuration),
    ("POST", "/v3/Transcriptions", transcriptions.create),
    ("GET", "/v3/Transcriptions/{id}", transcriptions.fetch),
    ("GET", "/v1/DialingPermissions/Countries/{iso}", account.dialing_permission),
)
MEDIA = r"/Recordings/{sid:RE[0-9a-f]+}{suffix:(\.wav|\.mp3)?}"


def rest_routes() -> list[web.RouteDef]:
    """As at api.twilio.com, and again with the product's subdomain as a path prefix; other
    products only with theirs.
    """
    routes = []
    for prefix in ("/2010-04-01/Accounts", "/api/2010-04-01/Accounts"):
        routes.append(web.get(f"{prefix}/{{account}}.json", _guarded(account.fetch)))
        base = f"{prefix}/{{account}}"
        for method, path, handler in ROUTES:
            routes.append(web.route(method, base + path, _guarded(handler)))
        routes.append(web.get(base + MEDIA, _media))
    for method, path, handler in VOICE_ROUTES:
        routes.append(web.route(method, f"/voice{path}", _guarded(handler)))
    service = "/messaging/v1/Services/{sid}"
    routes.append(web.get(service, _guarded(account.messaging_service)))
    routes.append(web.post(service, _guarded(account.change_messaging_service)))
    return [*routes, _BIN]


async def _bin(request: web.Request) -> web.Response:
    """A TwiML Bin's document, for whoever asks: Twilio signs its own request like any other."""
    twiml = world_of(request).bins.find(request.match_info["sid"])
    if twiml is None:
        raise web.HTTPNotFound
    return web.Response(text=twiml, content_type="text/xml")


_BIN = web.route("*", "/twiml/{sid}", _bin)


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        world = world_of(request)
        try:
            _authenticate(world, request)
            _refuse_at_random(world)
            response = await handler(request)
        except RestError as error:
            return error_response(error)
        if world.faults.strikes("rest_timeout_after_acting"):
            await asyncio.sleep(NEVER)
        return response

    return guarded


async def _media(request: web.Request) -> web.StreamResponse:
    try:
        if world_of(request).config.media_auth:
            _authenticate(world_of(request), request)
        _refuse_at_random(world_of(request))
        return await recordings.media(request)
    except RestError as error:
        return error_response(error)


def _refuse_at_random(world: World) -> None:
    if world.faults.strikes("rest_429"):
        raise RestError(429, 20429, "Too Many Requests")
    if world.faults.strikes("rest_5xx"):
        raise RestError(503, 20503, "Service unavailable")


def _authenticate(world: World, request: web.Request) -> None:
    """Basic auth by account SID and token, or by an API key of the account."""
    given = _credentials(request.headers.get("Authorization", ""))
    config = world.config
    accepted = [(config.account_sid, config.auth_token)]
    if config.api_key:
        accepted.append(config.api_key)
    if not any(_same(given, pair) for pair in accepted):
        raise RestError(401, 20003, "Authenticate")
    if request.match_info.get("account", config.account_sid) != config.account_sid:
        raise not_found(request)


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _same(given: tuple[str, str], pair: tuple[str, str]) -> bool:
    return hmac.compare_digest(":".join(given).encode(), ":".join(pair).encode())
