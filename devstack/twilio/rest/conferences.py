"""Conferences and their participants."""

from aiohttp import web

from devstack.twilio.recordings import DEFAULT_EVENTS
from devstack.twilio.rest.calls import (
    DEFAULT_TIMEOUT,
    check_parties,
    detect_aside,
    start_recording,
)
from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import bad, not_found
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
from devstack.twilio.rooms import Conference, Entry, Participant
from devstack.twilio.webhooks import Subscription
from devstack.twilio.world import World

SHORTEST_RING, LONGEST_RING = 5, 600
# Where REST has a code of its own for what is wrong in TwiML: a label, whom to coach.
REST_CODES = {16023: 16024, 13240: 16028}
LIST_FILTERS: Spec = {
    "FriendlyName": TEXT, "Status": ("init", "in-progress", "completed"),
    "DateCreated": TEXT, "DateCreated<": TEXT, "DateCreated>": TEXT,
    "DateUpdated": TEXT, "DateUpdated<": TEXT, "DateUpdated>": TEXT,
}  # fmt: skip
UPDATE: Spec = {"Status": ("completed",), "AnnounceUrl": URL, "AnnounceMethod": METHOD}
ADD: Spec = {
    "From": TEXT, "To": TEXT, "Label": TEXT, "Timeout": INT, "Record": BOOL, "Muted": BOOL,
    "Beep": ("true", "false", "onEnter", "onExit"), "StartConferenceOnEnter": BOOL,
    "EndConferenceOnExit": BOOL, "WaitUrl": URL, "WaitMethod": METHOD, "EarlyMedia": BOOL,
    "MaxParticipants": INT, "StatusCallback": URL, "StatusCallbackMethod": METHOD,
    "StatusCallbackEvent": LIST, "ConferenceRecord": TEXT, "ConferenceTrim": TEXT,
    "ConferenceStatusCallback": URL, "ConferenceStatusCallbackMethod": METHOD,
    "ConferenceStatusCallbackEvent": LIST, "ConferenceRecordingStatusCallback": URL,
    "ConferenceRecordingStatusCallbackMethod": METHOD,
    "ConferenceRecordingStatusCallbackEvent": LIST, "RecordingChannels": ("mono", "dual"),
    "RecordingStatusCallback": URL, "RecordingStatusCallbackMethod": METHOD,
    "RecordingStatusCallbackEvent": LIST, "RecordingTrack": ("inbound", "outbound", "both"),
    "Trim": ("trim-silence", "do-not-trim"), "Coaching": BOOL, "CallSidToCoach": TEXT,
    "CallerId": TEXT, "CallReason": TEXT, "CallToken": TEXT, "CallerDisplayName": TEXT,
    "TimeLimit": INT, "Region": TEXT, "JitterBufferSize": TEXT, "Byoc": TEXT,
    "ClientNotificationUrl": URL, "SipAuthUsername": TEXT, "SipAuthPassword": TEXT,
    "MachineDetection": ("Enable", "DetectMessageEnd"), "MachineDetectionTimeout": INT,
    "MachineDetectionSpeechThreshold": INT, "MachineDetectionSpeechEndThreshold": INT,
    "MachineDetectionSilenceTimeout": INT, "AmdStatusCallback": URL,
    "AmdStatusCallbackMethod": METHOD,
}  # fmt: skip
CHANGE: Spec = {
    "Muted": BOOL, "Hold": BOOL, "HoldUrl": URL, "HoldMethod": METHOD, "AnnounceUrl": URL,
    "AnnounceMethod": METHOD, "WaitUrl": URL, "WaitMethod": METHOD, "BeepOnExit": BOOL,
    "EndConferenceOnExit": BOOL, "Coaching": BOOL, "CallSidToCoach": TEXT,
}  # fmt: skip


def _room(request: web.Request) -> Conference:
    room = world_of(request).conferences.by_sid.get(request.match_info["conference"])
    if room is None:
        raise not_found(request)
    return room


def _participant(request: web.Request) -> Participant:
    """By the call's SID, or by the label it was given."""
    wanted = request.match_info["sid"]
    for person in _everybody(_room(request)):
        if wanted in {person.call.sid, person.entry.label}:
            return person
    raise not_found(request)


def _everybody(room: Conference) -> list[Participant]:
    """Those in the room and those being rung into it."""
    return [*room.participants.values(), *room.expected.values()]


async def listing(request: web.Request) -> web.Response:
    world = world_of(request)
    form = queried(request, LIST_FILTERS)
    found = [room for room in world.conferences.by_sid.values() if _matches(room, form)]
    account = world.config.account_sid
    items = [room.as_rest(account) for room in newest_first(found, lambda r: r.created)]
    return page(request, "conferences", items)


def _matches(room: Conference, form: Form) -> bool:
    return (
        form.text("FriendlyName", room.name) == room.name
        and form.text("Status", room.status) == room.status
        and within(form, "DateCreated", room.created)
        and within(form, "DateUpdated", room.updated)
    )


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_room(request).as_rest(world_of(request).config.account_sid))


async def update(request: web.Request) -> web.Response:
    world = world_of(request)
    room = _room(request)
    form = await posted(request, UPDATE)
    if announcement := form.endpoint("AnnounceUrl", "AnnounceMethod"):
        world.conferences.announce(list(room.participants.values()), announcement)
    if form.text("Status") == "completed":
        world.conferences.end(room, "conference-ended-via-api")
    return web.json_response(room.as_rest(world.config.account_sid))


# -- participants ---------------------------------------------------------------------------------


async def add(request: web.Request) -> web.Response:
    """Rings somebody into the room of that name or SID; an unknown name makes a room."""
    world = world_of(request)
    form = await posted(request, ADD)
    from_, to = check_parties(world, form)
    if not SHORTEST_RING <= form.number("Timeout", DEFAULT_TIMEOUT) <= LONGEST_RING:
        raise bad(20001, f"Timeout must be from {SHORTEST_RING} to {LONGEST_RING}")
    wanted = request.match_info["conference"]
    room = world.conferences.active(wanted)
    if room is None and wanted.startswith("CF") and len(wanted) == 34:
        raise not_found(request)
    entry = _entry(room.name if room else wanted, form)
    if complaint := world.conferences.complaint(entry):
        raise bad(REST_CODES.get(complaint.code, complaint.code), complaint.message)
    callback = form.subscription(
        "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent", "completed"
    )
    call = world.exchange.outgoing(from_, to, "outbound-api", None, callback)
    person = world.conferences.expect(call, entry)
    call.program = world.tasks.spawn(_bring(world, person, form))
    return web.json_response(person.as_rest(world.config.account_sid), status=201)


def _entry(name: str, form: Form) -> Entry:
    return Entry(
        name=name,
        label=form.text("Label"),
        muted=form.flag("Muted"),
        start_on_enter=form.flag("StartConferenceOnEnter", True),
        end_on_exit=form.flag("EndConferenceOnExit"),
        coach=_coach(form, ""),
        beep=form.text("Beep", "true"),
        wait=form.endpoint("WaitUrl", "WaitMethod"),
        silent_wait=form.text("WaitUrl", "default") == "",
        most=form.number("MaxParticipants", 250),
        record=form.text("ConferenceRecord") in {"true", "record-from-start"},
        callback=_conference_callback(form),
        recording_callback=form.subscription(
            "ConferenceRecordingStatusCallback",
            "ConferenceRecordingStatusCallbackMethod",
            "ConferenceRecordingStatusCallbackEvent",
            " ".join(DEFAULT_EVENTS),
        ),
    )


def _conference_callback(form: Form) -> Subscription | None:
    return form.subscription(
        "ConferenceStatusCallback",
        "ConferenceStatusCallbackMethod",
        "ConferenceStatusCallbackEvent",
        "start end",
    )


async def _bring(world: World, person: Participant, form: Form) -> None:
    """Has no TwiML of its own: once the room lets go, the call ends."""
    exchange, call = world.exchange, person.call
    answered = False
    try:
        await exchange.turn()
        answered = await exchange.ring(call, form.number("Timeout", DEFAULT_TIMEOUT))
    finally:
        if not answered:
            world.conferences.absent(person)
    if not answered:
        return
    if limit := form.number("TimeLimit", 0):
        exchange.limit(call, limit)
    start_recording(world, call, form)
    if mode := form.text("MachineDetection"):
        to = form.endpoint("AmdStatusCallback", "AmdStatusCallbackMethod")
        world.tasks.spawn(detect_aside(world, call, mode, to))
    await world.conferences.attend(call, person.entry, person)
    exchange.end(call)


async def participants(request: web.Request) -> web.Response:
    form = queried(request, {"Muted": BOOL, "Hold": BOOL, "Coaching": BOOL})
    account = world_of(request).config.account_sid
    people = newest_first(_everybody(_room(request)), lambda p: p.joined)
    items = [person.as_rest(account) for person in people]
    for name, field in (("Muted", "muted"), ("Hold", "hold"), ("Coaching", "coaching")):
        if name in form:
            items = [item for item in items if item[field] is form.flag(name)]
    return page(request, "participants", items, "call_sid")


async def participant(request: web.Request) -> web.Response:
    account = world_of(request).config.account_sid
    return web.json_response(_participant(request).as_rest(account))


async def change(request: web.Request) -> web.Response:
    """Of somebody who is still being rung nothing can be changed."""
    world = world_of(request)
    person = _participant(request)
    form = await posted(request, CHANGE)
    if person.call.participant is not person:
        raise not_found(request)
    _change_coaching(world, person, form)
    if "Muted" in form:
        world.conferences.set_muted(person, form.flag("Muted"))
    if "EndConferenceOnExit" in form:
        world.conferences.set_end_on_exit(person, form.flag("EndConferenceOnExit"))
    if announcement := form.endpoint("AnnounceUrl", "AnnounceMethod"):
        world.conferences.announce([person], announcement)
    if "Hold" in form:
        music = form.endpoint("HoldUrl", "HoldMethod", "GET")
        world.conferences.set_hold(person, form.flag("Hold"), music)
    return web.json_response(person.as_rest(world.config.account_sid))


def _change_coaching(world: World, person: Participant, form: Form) -> None:
    if "Coaching" not in form and "CallSidToCoach" not in form:
        return
    coach = _coach(form, person.coach)
    if coach and coach not in person.conference.participants:
        raise bad(13240, f"CallSidToCoach {coach!r} is not in this conference")
    if coach and person.conference.participants[coach].hold:
        raise bad(16027, "The participant to be whispered is on hold")
    world.conferences.set_coach(person, coach)


def _coach(form: Form, present: str) -> str:
    """Naming whom to coach is coaching; coaching needs somebody."""
    if not form.flag("Coaching", "CallSidToCoach" in form):
        return ""
    coach = form.text("CallSidToCoach", present)
    if not coach:
        raise bad(20001, "Coaching needs a CallSidToCoach")
    return coach


async def remove(request: web.Request) -> web.Response:
    """Whoever is still being rung isn't rung any longer."""
    world = world_of(request)
    person = _participant(request)
    if person.call.participant is person:
        person.let_go("kicked")
    else:
        world.exchange.end(person.call, "canceled", 487)
        await world.exchange.settled(person.call)
    return web.Response(status=204)
