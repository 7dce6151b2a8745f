"""Misfortune on demand: probabilities, and one seeded source of chance."""

import random
from dataclasses import dataclass, field, fields
from typing import Any

CHANCES = (
    "duplicate",
    "delay",
    "reorder",
    "drop",
    "webhook_slow",
    "rest_429",
    "rest_5xx",
    "rest_timeout_after_acting",
    "transcription_fail",
)


@dataclass(slots=True)
class Faults:
    """Probability of each fault, 0 to 1.

    ``duplicate``, ``delay`` (1-20 virtual s), ``reorder`` (up to 3 s) and ``drop`` befall
    callbacks; ``webhook_slow`` (1-10 s) befalls document requests; ``rest_429`` and ``rest_5xx``
    refuse before acting; ``rest_timeout_after_acting`` acts and never answers;
    ``transcription_fail`` befalls transcriptions of both kinds.
    """

    duplicate: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    webhook_slow: float = 0.0
    rest_429: float = 0.0
    rest_5xx: float = 0.0
    rest_timeout_after_acting: float = 0.0
    transcription_fail: float = 0.0
    _random: random.Random = field(default_factory=random.Random)

    def strikes(self, name: str) -> bool:
        chance: float = getattr(self, name)
        return chance > 0 and self._random.random() < chance

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def configure(self, wanted: dict[str, Any]) -> None:
        """Replaces all chances: what isn't named is off. Raises ValueError on a bad one."""
        unknown = set(wanted) - set(CHANCES) - {"seed"}
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
        chances = {name: float(wanted.get(name, 0.0)) for name in CHANCES}
        if not all(0 <= chance <= 1 for chance in chances.values()):
            raise ValueError("a fault's chance lies between 0 and 1")
        for name, chance in chances.items():
            setattr(self, name, chance)
        self._random = random.Random(wanted.get("seed"))

    def as_dict(self) -> dict[str, float]:
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in CHANCES}
