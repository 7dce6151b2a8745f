"""Text messages."""

import re

from aiohttp import web

from devstack.twilio.messages import FIRST_CARRIER_CODE
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import bad, not_found
from devstack.twilio.rest.forms import BOOL, INT, LIST, TEXT, URL, Spec, posted, queried
from devstack.twilio.rest.paging import newest_first, page, within
from devstack.twilio.world import World

LONGEST = 1600
CREATE: Spec = {
    "To": TEXT, "From": TEXT, "Body": TEXT, "MessagingServiceSid": TEXT, "MediaUrl": LIST,
    "StatusCallback": URL, "ApplicationSid": TEXT, "MaxPrice": TEXT, "ProvideFeedback": BOOL,
    "Attempt": INT, "ValidityPeriod": INT, "ForceDelivery": BOOL,
    "ContentRetention": ("retain", "discard"), "AddressRetention": ("retain", "obfuscate"),
    "SmartEncoded": BOOL, "PersistentAction": LIST, "TrafficType": ("free",), "ShortenUrls": BOOL,
    "ScheduleType": ("fixed",), "SendAt": TEXT, "SendAsMms": BOOL, "ContentVariables": TEXT,
    "RiskCheck": ("enable", "disable"), "FallbackFrom": TEXT, "ContentSid": TEXT,
}  # fmt: skip
LIST_FILTERS: Spec = {
    "To": TEXT, "From": TEXT, "DateSent": TEXT, "DateSent<": TEXT, "DateSent>": TEXT,
}  # fmt: skip


async def create(request: web.Request) -> web.Response:
    world = world_of(request)
    form = await posted(request, CREATE)
    to, from_, body = form.text("To"), form.text("From"), form.text("Body")
    if not to:
        raise bad(21604, "A 'To' phone number is required.")
    if not re.fullmatch(r"(whatsapp:)?\+[1-9]\d{6,14}", to):
        raise bad(21211, f"Invalid 'To' Phone Number: {to}")
    service = form.text("MessagingServiceSid")
    if not from_ and not service:
        raise bad(21603, "A 'From' phone number is required.")
    if service and service not in world.account.messaging_services:
        raise bad(21705, f"The Messaging Service Sid {service} is invalid")
    if from_ and not service:
        _check_sender(world, from_)
    _check_receiver(world, service or from_, to)
    if not body and "MediaUrl" not in form and "ContentSid" not in form:
        raise bad(21602, "Message body is required.")
    if len(body) > LONGEST:
        raise bad(21617, "The concatenated message body exceeds the 1600 character limit")
    callback = form.endpoint("StatusCallback", "")
    message = world.messages.send(from_, to, body, callback, service)
    return web.json_response(message.as_rest(world.config.account_sid), status=201)


def _check_receiver(world: World, sender: str, to: str) -> None:
    """Somebody else, who wants it, and whom the account may write to."""
    code = world.account.texts.get(to, 0)
    if to == sender:
        raise bad(21266, "'To' and 'From' number cannot be the same")
    if world.messages.is_opted_out(sender, to):
        raise bad(21610, "Attempt to send to unsubscribed recipient")
    if world.account.trial and to not in world.account.caller_ids:
        raise bad(21608, f"The number {to} is unverified. Trial accounts cannot send to it")
    if 0 < code < FIRST_CARRIER_CODE:
        raise bad(code, f"The message to {to} was refused")


def _check_sender(world: World, from_: str) -> None:
    """A number of the account's that can send texts, or a name."""
    number = world.numbers.by_number.get(from_)
    named = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", from_)
    if number is None and not named:
        raise bad(21606, f"The 'From' number {from_} is no SMS-capable one of this account's")
    if number and not number.can_text:
        raise bad(21661, f"The 'From' number {from_} is not SMS-capable")


async def fetch(request: web.Request) -> web.Response:
    world = world_of(request)
    message = world.messages.by_sid.get(request.match_info["sid"])
    if message is None:
        raise not_found(request)
    return web.json_response(message.as_rest(world.config.account_sid))


async def listing(request: web.Request) -> web.Response:
    world = world_of(request)
    form = queried(request, LIST_FILTERS)
    found = [
        message.as_rest(world.config.account_sid)
        for message in newest_first(world.messages.by_sid.values(), lambda m: m.created)
        if form.text("To", message.to) == message.to
        and form.text("From", message.from_) == message.from_
        and within(form, "DateSent", message.updated)
    ]
    return page(request, "messages", found)
