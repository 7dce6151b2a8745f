"""How a webhook is answered: with TwiML, or with nothing where Twilio only told us something."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import structlog
from flask import Response

from callcenter.errors import CallCenterError
from callcenter.events import VoiceRequest
from callcenter.models import JSON, Answer
from callcenter.twiml import offline_answer, render
from webhooks.services import services
from webhooks.twilio.parameters import optional, optional_int, our_number

log = structlog.get_logger()


def respond_with_plan(
    ask: Callable[[VoiceRequest], Answer],
    request: VoiceRequest,
    without_database: str | None = None,
) -> Response:
    """Answer with the plan of the database; where it can't be asked or refuses, otherwise.

    without_database: the document to answer with then. By default an apology, and the way to a
    person or a voicemail: no caller is left in silence.
    """
    try:
        answer = ask(request)
    except CallCenterError as error:
        kind = type(error).__name__
        log.error("answering without the database", error=str(error), kind=kind)
        return twiml(without_database) if without_database else respond_offline()
    services().runner.submit(answer.commands)
    plan = _completed(cast(JSON, answer.plan), request)
    return twiml(render(plan, services().urls.for_leg(request.role)))


def respond_offline() -> Response:
    """Answer without the database: with the fallback number, or a request for a voicemail."""
    fallback = services().settings.fallback_number
    return twiml(offline_answer(services().urls, fallback, our_number()))


def log_fallback() -> None:
    """Twilio could not get or read an answer of ours, and asks a leg's fallback for another."""
    log.error("twilio fell back", code=optional("ErrorCode"), url=optional("ErrorUrl"))


def respond_with_nothing(answer: Answer) -> Response:
    """Answer that what Twilio told us was taken in; what follows from it is done afterwards."""
    services().runner.submit(answer.commands)
    return Response(status=204)


def twiml(document: str) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")


def _completed(plan: JSON, request: VoiceRequest) -> JSON:
    """A plan with what only this request and the settings tell.

    A number that is dialled is shown one of ours, for the caller's may be withheld. Who does not
    stay in a room says, when they ask again, who they are and how often they have.
    """
    if plan["kind"] == "dial":
        return {**plan, "caller_id": our_number()}
    if plan["kind"] == "conference":
        about = {"call": request.call_record_id, "attempt": request.attempt}
        return {**plan, **about, "retries": optional_int("retry") or 0}
    return plan
