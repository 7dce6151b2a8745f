"""The account's phone numbers."""

from aiohttp import web

from devstack.twilio.numbers import Number
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import not_found
from devstack.twilio.rest.forms import BOOL, METHOD, TEXT, URL, Spec, posted, queried, snake
from devstack.twilio.rest.paging import newest_first, page

UPDATE: Spec = {
    "FriendlyName": TEXT, "VoiceUrl": URL, "VoiceMethod": METHOD, "VoiceFallbackUrl": URL,
    "VoiceFallbackMethod": METHOD, "StatusCallback": URL, "StatusCallbackMethod": METHOD,
    "SmsUrl": URL, "SmsMethod": METHOD, "SmsFallbackUrl": URL, "SmsFallbackMethod": METHOD,
    "VoiceApplicationSid": TEXT, "TrunkSid": TEXT,
}  # fmt: skip
LIST_FILTERS: Spec = {"Beta": BOOL, "FriendlyName": TEXT, "PhoneNumber": TEXT, "Origin": TEXT}


def _number(request: web.Request) -> Number:
    number = world_of(request).numbers.by_sid(request.match_info["sid"])
    if number is None:
        raise not_found(request)
    return number


async def listing(request: web.Request) -> web.Response:
    """The PhoneNumber filter matches parts of numbers, as at Twilio."""
    world = world_of(request)
    form = queried(request, LIST_FILTERS)
    part = form.text("PhoneNumber").replace("*", "")
    found = [
        number.as_rest(world.config.account_sid)
        for number in newest_first(world.numbers.by_number.values(), lambda n: n.created)
        if part in number.phone_number
        and form.text("FriendlyName", number.friendly_name) == number.friendly_name
    ]
    return page(request, "incoming_phone_numbers", found)


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_number(request).as_rest(world_of(request).config.account_sid))


async def update(request: web.Request) -> web.Response:
    world = world_of(request)
    number = _number(request)
    form = await posted(request, UPDATE)
    given = {snake(name): form.text(name) for name in UPDATE if name in form}
    world.numbers.update(number, given)
    return web.json_response(number.as_rest(world.config.account_sid))
