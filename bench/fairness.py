"""Who may take whom, and who is first in line: computed here from rows, to judge the router by.

Whoever is of the queue with the higher priority comes first, then whoever joined earlier; callbacks
keep the time at which their customer joined. An agent can take those of their own queues whose
required skills they have: at the level asked for, which falls by one every `relax_seconds` of
waiting, down to 1. A level is 0 without the skill, 1 for a plain true, else the number; what is
required at 0 is not required.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Skills = Mapping[str, Any]


@dataclass(frozen=True)
class Queue:
    """What it takes to be served from it."""

    priority: int
    required: Skills
    relax_seconds: int


@dataclass(frozen=True)
class Waiting:
    """A caller, or a callback, whom nobody is being rung for."""

    call: UUID
    queue: UUID
    joined_at: datetime


def level(skills: Skills, skill: str) -> float:
    """How good somebody is in a skill, or has to be."""
    value = skills.get(skill, 0)
    return float(value) if isinstance(value, bool | int | float) else 0.0


def can_take(skills: Skills, queue: Queue, waited_seconds: float) -> bool:
    """Whether an agent has the skills for somebody who waited so long."""
    relaxed = round(waited_seconds) // queue.relax_seconds
    return all(
        level(skills, skill) >= max(1.0, level(queue.required, skill) - relaxed)
        for skill in queue.required
        if level(queue.required, skill) > 0
    )


def rank(waiting: Waiting, queues: Mapping[UUID, Queue]) -> tuple[int, datetime]:
    """The lowest is first in line."""
    return -queues[waiting.queue].priority, waiting.joined_at


def ahead_of(
    served: Waiting,
    skills: Skills,
    others: Iterable[Waiting],
    queues: Mapping[UUID, Queue],
    now: datetime,
) -> list[Waiting]:
    """Those whom this agent can take too, and who come before the one they were given."""
    return [
        other
        for other in others
        if rank(other, queues) < rank(served, queues)
        and can_take(skills, queues[other.queue], (now - other.joined_at).total_seconds())
    ]
