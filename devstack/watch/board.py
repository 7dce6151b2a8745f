"""A supervisor's wallboard, as a screen keeps it: a snapshot, and the messages that follow it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KINDS = ("queues", "agents", "calls", "help")


@dataclass
class Board:
    """The rows of each kind by their id, as of message `version`."""

    version: int = -1
    queues: dict[str, Json] = field(default_factory=dict)
    agents: dict[str, Json] = field(default_factory=dict)
    calls: dict[str, Json] = field(default_factory=dict)
    help: dict[str, Json] = field(default_factory=dict)

    def take(self, snapshot: Json) -> None:
        """Begin anew with what public.wallboard() answered; an older one than is known is passed
        over."""
        if snapshot["version"] < self.version:
            return
        self.version = snapshot["version"]
        for kind in KINDS:
            setattr(self, kind, {row["id"]: row for row in snapshot[kind]})

    def hear(self, message: Json) -> bool:
        """Apply a message; False where it does not follow what is known: fetch the board again."""
        if message["version"] <= self.version:
            return True
        if message["version"] > self.version + 1 or message.get("fetch"):
            return False
        self.version = message["version"]
        for kind in KINDS:
            rows = getattr(self, kind)
            for row in message[kind]:
                if row.get("gone"):
                    rows.pop(row["id"], None)
                else:
                    rows[row["id"]] = row
        return True
