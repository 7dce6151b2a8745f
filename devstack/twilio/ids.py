"""Twilio's identifiers: two letters and 32 hex digits."""

from uuid import uuid4


def new_sid(prefix: str) -> str:
    return prefix + uuid4().hex
