"""The account's TwiML Apps."""

from aiohttp import web

from devstack.twilio.applications import Application
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import not_found
from devstack.twilio.rest.forms import METHOD, TEXT, URL, Spec, posted, queried, snake
from devstack.twilio.rest.paging import newest_first, page

UPDATE: Spec = {
    "FriendlyName": TEXT, "VoiceUrl": URL, "VoiceMethod": METHOD, "VoiceFallbackUrl": URL,
    "VoiceFallbackMethod": METHOD, "StatusCallback": URL, "StatusCallbackMethod": METHOD,
}  # fmt: skip
LIST_FILTERS: Spec = {"FriendlyName": TEXT}


def _application(request: web.Request) -> Application:
    application = world_of(request).applications.by_sid.get(request.match_info["sid"])
    if application is None:
        raise not_found(request)
    return application


async def listing(request: web.Request) -> web.Response:
    world = world_of(request)
    form = queried(request, LIST_FILTERS)
    found = [
        application.as_rest(world.config.account_sid)
        for application in newest_first(world.applications.by_sid.values(), lambda a: a.created)
        if form.text("FriendlyName", application.friendly_name) == application.friendly_name
    ]
    return page(request, "applications", found)


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_application(request).as_rest(world_of(request).config.account_sid))


async def update(request: web.Request) -> web.Response:
    world = world_of(request)
    application = _application(request)
    form = await posted(request, UPDATE)
    given = {snake(name): form.text(name) for name in UPDATE if name in form}
    world.applications.update(application, given)
    return web.json_response(application.as_rest(world.config.account_sid))
