"""Which numbers are ours: the service knows, and the database does not."""

from __future__ import annotations

from callcenter.errors import BadRequestError
from callcenter.phone import to_e164
from webhooks.services import services


def to_show(written: str | None, field: str) -> str | None:
    """The number of ours that a customer is to see, in E.164; 400 where it is not ours."""
    number = _ours(written)
    if written and not number:
        raise BadRequestError("not one of our numbers", field)
    return number


def to_ring(written: str, field: str) -> str:
    """Whom somebody wants rung, as written; 400 where it is a number of ours: we would answer."""
    if _ours(written):
        raise BadRequestError("a number of ours, which can't be rung", field)
    return written


def to_text(written: str, field: str) -> str:
    """Whom somebody wants to write to, as written; 400 where it is a number of ours."""
    if _ours(written):
        raise BadRequestError("a number of ours, which can't be written to", field)
    return written


def _ours(written: str | None) -> str | None:
    settings = services().settings
    number = to_e164(written, settings.default_region)
    return number if number in settings.twilio_phone_numbers else None
