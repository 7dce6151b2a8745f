"""Calls: create, fetch, list, update."""

import re

from aiohttp import web

from devstack.twilio.calls import TERMINAL, Call
from devstack.twilio.engine.flow import Goto, Inline, Source
from devstack.twilio.params import country_of, voice_params
from devstack.twilio.recordings import DEFAULT_EVENTS
from devstack.twilio.rest.context import find_call, world_of
from devstack.twilio.rest.errors import RestError, bad
from devstack.twilio.rest.forms import (
    BOOL,
    INT,
    LIST,
    METHOD,
    TEXT,
    URL,
    Form,
    Spec,
    posted,
    queried,
)
from devstack.twilio.rest.paging import newest_first, page, within
from devstack.twilio.webhooks import Endpoint
from devstack.twilio.world import World

MOST_TWIML = 4000
DEFAULT_TIMEOUT = 60
STATUSES = ("queued", "ringing", "in-progress", *sorted(TERMINAL))

CREATE: Spec = {
    "To": TEXT, "From": TEXT, "Url": URL, "Twiml": TEXT, "ApplicationSid": TEXT, "Method": METHOD,
    "FallbackUrl": URL, "FallbackMethod": METHOD, "StatusCallback": URL,
    "StatusCallbackEvent": LIST, "StatusCallbackMethod": METHOD, "SendDigits": TEXT,
    "Timeout": INT, "Record": BOOL, "RecordingChannels": ("mono", "dual"),
    "RecordingStatusCallback": URL, "RecordingStatusCallbackMethod": METHOD,
    "RecordingStatusCallbackEvent": LIST, "RecordingTrack": ("inbound", "outbound", "both"),
    "Trim": ("trim-silence", "do-not-trim"), "CallerId": TEXT, "CallReason": TEXT,
    "CallToken": TEXT, "TimeLimit": INT, "Byoc": TEXT, "ClientNotificationUrl": URL,
    "SipAuthUsername": TEXT, "SipAuthPassword": TEXT,
    "MachineDetection": ("Enable", "DetectMessageEnd"), "MachineDetectionTimeout": INT,
    "MachineDetectionSpeechThreshold": INT, "MachineDetectionSpeechEndThreshold": INT,
    "MachineDetectionSilenceTimeout": INT, "AsyncAmd": BOOL, "AsyncAmdStatusCallback": URL,
    "AsyncAmdStatusCallbackMethod": METHOD,
}  # fmt: skip
UPDATE: Spec = {
    "Url": URL, "Twiml": TEXT, "Method": METHOD, "Status": ("canceled", "completed"),
    "FallbackUrl": URL, "FallbackMethod": METHOD, "StatusCallback": URL,
    "StatusCallbackMethod": METHOD, "TimeLimit": INT,
}  # fmt: skip
LIST_FILTERS: Spec = {
    "To": TEXT, "From": TEXT, "ParentCallSid": TEXT, "Status": STATUSES,
    "StartTime": TEXT, "StartTime<": TEXT, "StartTime>": TEXT,
    "EndTime": TEXT, "EndTime<": TEXT, "EndTime>": TEXT,
}  # fmt: skip


def check_parties(world: World, form: Form) -> tuple[str, str]:
    """Who rings whom: numbers in E.164, and a caller id that is ours, for softphones too."""
    to, from_ = form.text("To"), form.text("From")
    if not to:
        raise bad(21201, "No 'To' number is specified")
    if not from_:
        raise bad(21213, "A 'From' phone number is required.")
    if not re.fullmatch(r"\+[1-9]\d{6,14}|client:\w{1,256}(\?\S*)?|sips?:\S+", to, re.ASCII):
        raise bad(21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if not world.is_caller_id(from_):
        message = f"The source phone number provided, {from_}, is not yet verified for your account"
        raise bad(21210, message)
    if to.startswith("+"):
        _check_permission(world, to)
    return from_, to


def _check_permission(world: World, to: str) -> None:
    if world.account.trial and to not in world.account.caller_ids:
        raise bad(21219, f"The number {to} is unverified. Trial accounts ring verified ones only.")
    if not world.account.may_ring(country_of(to)):
        raise bad(21215, f"Account not authorized to call {to}. Perhaps you need to enable it.")


async def create(request: web.Request) -> web.Response:
    world = world_of(request)
    form = await posted(request, CREATE)
    from_, to = check_parties(world, form)
    source = _source(form)
    if source is None:
        raise bad(21205, "Url parameter is required.")
    callback = form.subscription(
        "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "completed"
    )
    address, _, parameters = to.partition("?") if to.startswith("client:") else (to, "", "")
    call = world.exchange.outgoing(from_, address, "outbound-api", None, callback)
    call.parameters = parameters
    if world.account.tells_parameters:
        call.told_to = to
    call.fallback = form.endpoint("FallbackUrl", "FallbackMethod")
    call.program = world.tasks.spawn(_place(world, call, form, source))
    return web.json_response(call.as_rest(world.config.account_sid), status=201)


def _source(form: Form) -> Source | None:
    if "Twiml" in form:
        if len(form.text("Twiml")) > MOST_TWIML:
            raise bad(21626, f"Twiml must be at most {MOST_TWIML} characters")
        return Inline(form.text("Twiml"))
    endpoint = form.endpoint("Url", "Method")
    return Goto(endpoint) if endpoint else None


async def _place(world: World, call: Call, form: Form, source: Source) -> None:
    """A REST call's life: its turn, ringing, detection, the document."""
    exchange = world.exchange
    await exchange.turn()
    if not await exchange.ring(call, form.number("Timeout", DEFAULT_TIMEOUT)):
        return
    if limit := form.number("TimeLimit", 0):
        exchange.limit(call, limit)
    start_recording(world, call, form)
    if "MachineDetection" in form:
        await _detect(world, call, form)
    await exchange.run_document(call, source)


def start_recording(world: World, call: Call, form: Form) -> None:
    if not form.flag("Record"):
        return
    callback = form.subscription(
        "RecordingStatusCallback",
        "RecordingStatusCallbackMethod",
        "RecordingStatusCallbackEvent",
        " ".join(DEFAULT_EVENTS),
    )
    channels = 2 if form.text("RecordingChannels") == "dual" else 1
    world.recordings.start(call, "OutboundAPI", callback, channels)


async def _detect(world: World, call: Call, form: Form) -> None:
    """Asynchronous detection reports by callback while the document already runs."""
    if not form.flag("AsyncAmd"):
        await world.exchange.detect_machine(call, form.text("MachineDetection"))
        return
    to = form.endpoint("AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod")
    world.tasks.spawn(detect_aside(world, call, form.text("MachineDetection"), to))


async def detect_aside(world: World, call: Call, mode: str, to: Endpoint | None) -> None:
    """Nothing is told of a call that is over before it is known."""
    await world.exchange.detect_machine(call, mode)
    if call.over:
        return
    params = voice_params(call, world.config.account_sid) | {"MachineDetectionDuration": "3000"}
    world.webhooks.notify("amd", call.sid, to, params)


async def fetch(request: web.Request) -> web.Response:
    call = find_call(request, request.match_info["sid"])
    return web.json_response(call.as_rest(world_of(request).config.account_sid))


async def listing(request: web.Request) -> web.Response:
    world = world_of(request)
    form = queried(request, LIST_FILTERS)
    by_day = world.account.filters_by_day
    found = [call for call in world.calls.values() if _matches(call, form, by_day)]
    account = world.config.account_sid
    items = [call.as_rest(account) for call in newest_first(found, lambda c: c.created)]
    return page(request, "calls", items)


def _matches(call: Call, form: Form, by_day: bool) -> bool:
    parent = call.parent.sid if call.parent else ""
    wanted = (("To", call.to), ("From", call.from_), ("Status", call.status))
    return (
        all(name not in form or form.text(name) == value for name, value in wanted)
        and form.text("ParentCallSid", parent) == parent
        and within(form, "StartTime", call.answered or call.created, by_day)
        and within(form, "EndTime", call.ended, by_day)
    )


async def update(request: web.Request) -> web.Response:
    """Redirects a running call, or ends one; an ended call can't be changed."""
    world = world_of(request)
    call = find_call(request, request.match_info["sid"])
    form = await posted(request, UPDATE)
    if call.over:
        raise bad(21220, "Unable to update record: Call is not in-progress. Cannot redirect.")
    _change_callbacks(call, form)
    if "TimeLimit" in form:
        world.exchange.limit(call, form.number("TimeLimit", 0))
    source = _source(form)
    if "Status" in form:
        await _end(world, call, form.text("Status"))
    elif source is not None:
        if not call.live and call.direction != "inbound":
            raise bad(21220, "Call is not in-progress. Cannot redirect.")
        # The fallback belongs to what is redirected to: one not given is none.
        call.fallback = form.endpoint("FallbackUrl", "FallbackMethod")
        await world.exchange.redirect(call, source)
    return web.json_response(call.as_rest(world.config.account_sid))


def _change_callbacks(call: Call, form: Form) -> None:
    if "StatusCallback" in form:
        call.subscription = form.subscription(
            "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "completed"
        )


async def _end(world: World, call: Call, status: str) -> None:
    """``canceled`` is for calls nobody answered yet; ``completed`` ends any."""
    if status == "canceled" and call.live:
        raise bad(21220, "Call is in-progress. Cannot cancel.")
    unanswered = call.answered is None and call.direction != "inbound"
    world.exchange.end(call, "canceled" if unanswered else "completed", 487 if unanswered else 200)
    await world.exchange.settled(call)


async def delete(request: web.Request) -> web.Response:
    world = world_of(request)
    call = find_call(request, request.match_info["sid"])
    if not call.over:
        raise RestError(409, 20409, "A call in progress can't be deleted")
    del world.calls[call.sid]
    return web.Response(status=204)
