"""How fast time passes in a stack; the database and the Twilio simulator share one answer.

At speed 20, twenty seconds pass in one. Both compute `since + (now - since) * speed`, so `since`
is kept for as long as the data is: a restart must not turn the clock back.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from devstack.layout import DevstackError


@dataclass(frozen=True, slots=True)
class Clock:
    """A speed and the moment from which it counts (ISO 8601, UTC)."""

    speed: str
    since: str

    def now(self) -> datetime:
        """What time it is by this clock."""
        real = datetime.now(UTC)
        if self.speed == "1":
            return real
        since = datetime.fromisoformat(self.since)
        return since + (real - since) * float(self.speed)

    def settings(self) -> dict[str, str | None]:
        """Database settings; None removes one. At speed 1 there is nothing to know."""
        fast = self.speed != "1"
        return {
            "callcenter.clock_speed": self.speed if fast else None,
            "callcenter.clock_since": self.since if fast else None,
        }


def speed_from_environment() -> str | None:
    """The speed asked for by DEVSTACK_SPEED, or None where nothing is asked."""
    text = os.environ.get("DEVSTACK_SPEED")
    return normalised_speed(text) if text else None


def normalised_speed(text: str) -> str:
    """A positive number as short text: `1.0` and `1` are the same speed."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if not 0 < speed <= 1000:
        raise DevstackError(f"DEVSTACK_SPEED={text!r} is not a number above 0 and up to 1000.")
    return f"{speed:g}"


def load_clock(state: Path) -> Clock | None:
    path = state / "clock.json"
    return Clock(**json.loads(path.read_text())) if path.exists() else None


def choose_clock(state: Path, speed: str) -> Clock:
    """Keep the stack's clock if the speed is the same, else start one now."""
    kept = load_clock(state)
    if kept and kept.speed == speed:
        return kept
    clock = Clock(speed, datetime.now(UTC).isoformat(timespec="milliseconds"))
    (state / "clock.json").write_text(json.dumps({"speed": clock.speed, "since": clock.since}))
    return clock
