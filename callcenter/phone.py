"""Telephone numbers in E.164, read as people and Twilio write them."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers


# Every webhook of a call names the same two numbers.
@lru_cache(maxsize=10_000)
def to_e164(written: str | None, region: str) -> str | None:
    """Return a number in E.164, or None where there is none: withheld, a client, not a number.

    >>> to_e164("300 123 4567", "CO")
    '+573001234567'
    >>> to_e164("anonymous", "CO") is None
    True
    """
    if not written or not any(character.isdigit() for character in written):
        return None
    if written.startswith(("client:", "sip:")):
        return None
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_dial(keyed: str | None, caller: str | None, region: str) -> str | None:
    """Return a number that somebody on the line has us ring, in E.164; None where we would not.

    It must be one that can exist, in the region's country or the caller's: nobody has the world
    rung at our expense.

    >>> to_dial("3001234567", None, "CO")
    '+573001234567'
    >>> to_dial("009447700900123", "+573001234567", "CO") is None
    True
    """
    e164 = to_e164(keyed, region)
    if e164 is None:
        return None
    number = phonenumbers.parse(e164)
    home = phonenumbers.country_code_for_region(region)
    allowed = (home, phonenumbers.parse(caller).country_code if caller else home)
    valid = phonenumbers.is_valid_number(number) and number.country_code in allowed
    return e164 if valid else None


def masked(text: str) -> str:
    """Hide all but the last three digits of every number in a text, for logs.

    >>> masked("call from +573001234567")
    'call from +*********567'
    """
    return re.sub(
        r"(?<![\w])\+?\d{7,15}(?!\w)",
        lambda m: re.sub(r"\d(?=\d{3})", "*", m.group()),
        text,
    )
