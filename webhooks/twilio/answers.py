"""How a webhook is answered: with TwiML, or with nothing where Twilio only told us something."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import structlog
from flask import Response

from callcenter.errors import CallCenterError
from callcenter.models import JSON, Answer
from callcenter.phone import to_e164
from callcenter.twiml import offline_answer, render
from webhooks.services import services

log = structlog.get_logger()


def respond_with_plan(
    ask: Callable[[JSON], Answer], event: JSON, without_database: str | None = None
) -> Response:
    """Answer with the plan of the database; where it can't be asked or refuses, otherwise.

    without_database: the document to answer with then. By default an apology, and the way to a
    person or a voicemail: no caller is left in silence.
    """
    try:
        answer = ask(event)
    except CallCenterError as error:
        kind = type(error).__name__
        log.error("answering without the database", error=str(error), kind=kind)
        return twiml(without_database) if without_database else respond_offline()
    services().runner.submit(answer.commands)
    return twiml(render(_dialable(cast(JSON, answer.plan)), services().urls))


def respond_offline() -> Response:
    """Answer without the database: with the fallback number, or a request for a voicemail."""
    return twiml(offline_answer(services().urls, services().settings.fallback_number))


def record(tell: Callable[[JSON], Answer], event: JSON) -> Response:
    """Tell the database of something that needs no answer; Twilio repeats it if we fail."""
    services().runner.submit(tell(event).commands)
    return Response(status=204)


def twiml(document: str) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")


def _dialable(plan: JSON) -> JSON:
    """A number to dial stands in scripts as people write it; Twilio wants E.164."""
    if "number" not in plan:
        return plan
    written = plan["number"]
    return {**plan, "number": to_e164(written, services().settings.default_region) or written}
