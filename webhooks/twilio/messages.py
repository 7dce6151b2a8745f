"""Text messages: what became of ours, and what people write to us."""

from __future__ import annotations

from flask import Response

from callcenter.events import IncomingMessage, MessageEvent
from callcenter.twiml import no_reply
from webhooks.services import services
from webhooks.twilio.answers import respond_with_nothing, twiml
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import number, optional, optional_uuid, required, sid


@bp.post("/message-status")
def message_status() -> Response:
    """Record how a message of ours stands; repeats and late arrivals change nothing.

    Which message it is stands in our own callback address, for this may be told before Twilio's
    answer to our request.
    """
    event = MessageEvent(
        message_sid=sid("MessageSid"),
        message_id=optional_uuid("message"),
        status=required("MessageStatus"),
        error_code=optional("ErrorCode"),
    )
    return respond_with_nothing(services().db.record_message_status(event))


@bp.post("/incoming-message")
def incoming_message() -> Response:
    """Somebody wrote to us; words that opt out or in are done, and nothing is answered."""
    event = IncomingMessage(
        message_sid=sid("MessageSid"),
        number=number("From"),
        called=optional("To"),
        words=optional("Body"),
        opt_out_type=optional("OptOutType"),
    )
    services().runner.submit(services().db.receive_message(event).commands)
    return twiml(no_reply())
