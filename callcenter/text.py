"""Text from outside, made safe to store."""

from __future__ import annotations


def storable(text: str) -> str:
    """Text as Postgres takes it: without NUL, and without half a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
