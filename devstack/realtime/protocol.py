"""Phoenix messages on the wire: objects (vsn 1.0.0), arrays and binary frames (vsn 2.0.0)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
VERSIONS = ("1.0.0", "2.0.0")
_USER_PUSH, _USER_BROADCAST = 3, 4
_JSON_ENCODING = 1


class MalformedError(Exception):
    """A frame that is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """What travels either way; broadcasts arrive as a UserBroadcast where they came in a frame."""

    topic: str
    event: str
    payload: Any
    ref: str | None = None
    join_ref: str | None = None


@dataclass(frozen=True, slots=True)
class UserBroadcast:
    """A broadcast whose payload is not looked into: a frame in vsn 2, JSON in vsn 1."""

    event: str
    payload: bytes
    is_json: bool = True
    meta: JSON | None = None

    def as_json(self) -> JSON:
        """As vsn 1 has it."""
        content = {"type": "broadcast", "event": self.event, "payload": json.loads(self.payload)}
        return content | ({"meta": self.meta} if self.meta else {})


Broadcast = UserBroadcast | JSON


def decode(version: str, frame: str | bytes) -> Message:
    """Read one frame of a client; raises MalformedError."""
    try:
        if isinstance(frame, bytes):
            return _decode_push(frame)
        content = json.loads(frame)
        if version == "2.0.0":
            join_ref, ref, topic, event, payload = content
        else:
            topic, event, payload = content["topic"], content["event"], content["payload"]
            ref, join_ref = content.get("ref"), content.get("join_ref")
        return Message(topic, event, dict(payload), ref, join_ref)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise MalformedError(f"not a message of version {version}: {error}") from error


def encode(version: str, message: Message) -> str:
    """One message for a client."""
    if version == "2.0.0":
        return json.dumps(
            [message.join_ref, message.ref, message.topic, message.event, message.payload]
        )
    return json.dumps(
        {
            "topic": message.topic,
            "event": message.event,
            "payload": message.payload,
            "ref": message.ref,
        }
    )


def encode_broadcast(version: str, topic: str, broadcast: Broadcast) -> str | bytes | None:
    """One broadcast for a client; None where its version has no way to say it."""
    if not isinstance(broadcast, UserBroadcast):
        return encode(version, Message(topic, "broadcast", broadcast))
    if version == "2.0.0":
        return _encode_user_broadcast(topic, broadcast)
    if not broadcast.is_json:
        return None
    return encode(version, Message(topic, "broadcast", broadcast.as_json()))


def _encode_user_broadcast(topic: str, broadcast: UserBroadcast) -> bytes:
    meta = json.dumps(broadcast.meta).encode() if broadcast.meta else b""
    parts = (topic.encode(), broadcast.event.encode(), meta)
    head = bytes([_USER_BROADCAST, *map(len, parts), int(broadcast.is_json)])
    return b"".join((head, *parts, broadcast.payload))


def _decode_push(frame: bytes) -> Message:
    if frame[0] != _USER_PUSH:
        raise MalformedError(f"binary frames of kind {frame[0]} are not sent by clients")
    sizes, encoding, place = frame[1:6], frame[6], 7
    parts: list[str] = []
    for size in sizes:
        parts.append(frame[place : place + size].decode())
        place += size
    join_ref, ref, topic, event, _ = parts
    broadcast = UserBroadcast(event, frame[place:], encoding == _JSON_ENCODING)
    return Message(topic, "broadcast", broadcast, ref or None, join_ref or None)
