"""Agent and caller meet."""

from __future__ import annotations

from flask import Response

from callcenter.events import RoomEvent
from callcenter.twiml import MOST_RETRIES, hang_up, pause_and_repeat
from webhooks.services import services
from webhooks.twilio.answers import (
    log_fallback,
    respond_offline,
    respond_with_nothing,
    respond_with_plan,
    twiml,
)
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import (
    optional_bool,
    optional_int,
    optional_sid,
    optional_uuid,
    required,
    sent_params,
    timestamp,
    voice_request,
    was_unreadable,
)


@bp.post("/agent-connect")
def agent_connect() -> Response:
    """An agent's leg was answered, or the agent pressed a key to take the call."""
    required("offer")
    return respond_with_plan(services().db.receive_agent_answer, voice_request(), hang_up())


@bp.post("/agent-fallback")
def agent_fallback() -> Response:
    """An agent's answer could not be had from us: ask anew, and never take them for a caller."""
    log_fallback()
    return twiml(hang_up()) if was_unreadable() else agent_connect()


@bp.post("/caller-fallback")
def caller_fallback() -> Response:
    """A callback's customer could not be answered: go on where the call stands, or record them."""
    log_fallback()
    return respond_offline() if was_unreadable() else caller_connect()


@bp.post("/caller-connect")
def caller_connect() -> Response:
    """The caller, or a callback's customer, asks where to go.

    An agent waits for them: while the database is away they are held for a moment, a few times.
    """
    request = voice_request()
    retry = (optional_int("retry") or 0) + 1
    again = None
    if retry <= MOST_RETRIES:
        urls = services().urls.for_leg(request.role)
        about = {"call": request.call_record_id, "attempt": request.attempt, "retry": retry}
        again = pause_and_repeat(urls, "caller-connect", **about)
    return respond_with_plan(services().db.receive_caller_connect, request, again)


@bp.post("/room-status")
def room_status() -> Response:
    """Something changed in the call's room; repeats and late arrivals change nothing."""
    event = RoomEvent(
        call_sid=optional_sid("CallSid"),
        conference_sid=optional_sid("ConferenceSid"),
        event=required("StatusCallbackEvent").removeprefix("participant-"),
        sequence=optional_int("SequenceNumber"),
        occurred_at=timestamp(),
        call_record_id=optional_uuid("call"),
        held=optional_bool("Hold"),
        muted=optional_bool("Muted"),
        params=sent_params(),
    )
    return respond_with_nothing(services().db.record_room_event(event))
