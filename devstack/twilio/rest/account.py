"""The account: what credential checks fetch, and what says whom it may ring and send from."""

from typing import Any

from aiohttp import web

from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import not_found
from devstack.twilio.rest.forms import BOOL, METHOD, TEXT, URL, Spec, posted, queried, snake
from devstack.twilio.rest.paging import page

_SERVICE: Spec = {
    "FriendlyName": TEXT, "InboundRequestUrl": URL, "InboundMethod": METHOD,
    "UseInboundWebhookOnNumber": BOOL,
}  # fmt: skip
_BEGINNING = "Thu, 01 Jan 2015 00:00:00 +0000"


async def fetch(request: web.Request) -> web.Response:
    world = world_of(request)
    sid = world.config.account_sid
    base = f"/2010-04-01/Accounts/{sid}"
    parts = ("Calls", "Conferences", "IncomingPhoneNumbers", "Messages", "Queues", "Recordings")
    body: dict[str, Any] = {
        "auth_token": None,
        "date_created": _BEGINNING,
        "date_updated": _BEGINNING,
        "friendly_name": "Simulated account",
        "owner_account_sid": sid,
        "sid": sid,
        "status": "active",
        "subresource_uris": {part.lower(): f"{base}/{part}.json" for part in parts},
        "type": "Trial" if world.account.trial else "Full",
        "uri": f"{base}.json",
    }
    return web.json_response(body)


async def caller_ids(request: web.Request) -> web.Response:
    """Numbers of others that the account has verified."""
    world = world_of(request)
    wanted = queried(request, {"PhoneNumber": TEXT, "FriendlyName": TEXT}).text("PhoneNumber")
    account = world.config.account_sid
    found = [
        {
            "account_sid": account,
            "date_created": _BEGINNING,
            "date_updated": _BEGINNING,
            "friendly_name": number,
            "phone_number": number,
            "sid": (sid := f"PN{int(number.lstrip('+')):032x}"),
            "uri": f"/2010-04-01/Accounts/{account}/OutgoingCallerIds/{sid}.json",
        }
        for number in world.account.caller_ids
        if number == (wanted or number)
    ]
    return page(request, "outgoing_caller_ids", found)


async def dialing_permission(request: web.Request) -> web.Response:
    """Whether a country may be rung; of others than those people simulate, Twilio's default."""
    iso = request.match_info["iso"]
    url = f"https://voice.twilio.com/v1/DialingPermissions/Countries/{iso}"
    return web.json_response(
        {
            "iso_code": iso,
            "name": iso,
            "continent": None,
            "country_codes": [],
            "low_risk_numbers_enabled": world_of(request).account.may_ring(iso),
            "high_risk_special_numbers_enabled": False,
            "high_risk_tollfraud_numbers_enabled": False,
            "url": url,
            "links": {"highrisk_special_prefixes": f"{url}/HighRiskSpecialPrefixes"},
        }
    )


async def messaging_service(request: web.Request) -> web.Response:
    world = world_of(request)
    sid = request.match_info["sid"]
    if sid not in world.account.messaging_services:
        raise not_found(request)
    name = {"sid": sid, "friendly_name": "Simulated messaging service"}
    return web.json_response(name | world.messaging_services.of(sid))


async def change_messaging_service(request: web.Request) -> web.Response:
    world = world_of(request)
    form = await posted(request, _SERVICE)
    given = {
        "inbound_request_url": form.text("InboundRequestUrl"),
        "inbound_method": form.text("InboundMethod"),
        "use_inbound_webhook_on_number": form.flag("UseInboundWebhookOnNumber", False),
    }
    named = {snake(name) for name in _SERVICE if name in form}
    changes = {name: value for name, value in given.items() if name in named}
    world.messaging_services.update(request.match_info["sid"], changes)
    return await messaging_service(request)
