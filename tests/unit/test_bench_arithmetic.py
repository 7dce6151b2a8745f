"""What the benches compute by themselves: who is first in line, and what a step costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bench.call import ALL, medians
from bench.fairness import Queue, Waiting, ahead_of, can_take
from bench.line import Cost

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN, ENGLISH, URGENT = uuid4(), uuid4(), uuid4()
QUEUES = {PLAIN: Queue(0, {}, 30), ENGLISH: Queue(0, {"en": 3}, 60), URGENT: Queue(1, {}, 30)}


def waiting(seconds: float, queue: UUID = PLAIN) -> Waiting:
    return Waiting(uuid4(), queue, NOW - timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("skills", "required", "waited", "can"),
    [
        ({}, {}, 0, True),
        ({"en": True}, {"en": True}, 0, True),
        ({"en": 2}, {"en": 3}, 59, False),
        ({"en": 2}, {"en": 3}, 60, True),
        ({"en": True}, {"en": 5}, 239, False),
        ({"en": True}, {"en": 5}, 240, True),
        ({}, {"en": 1}, 10_000, False),
        ({"en": False}, {"en": True}, 10_000, False),
        ({}, {"en": False}, 0, True),
        ({"en": 5}, {"en": 3, "es": True}, 0, False),
    ],
)
def test_a_skill_is_asked_for_less_the_longer_somebody_waits_but_never_not_at_all(
    skills: dict[str, object], required: dict[str, object], waited: float, can: bool
) -> None:
    assert can_take(skills, Queue(0, required, 60), waited) is can


def test_priority_comes_before_waiting_time() -> None:
    served = waiting(10, URGENT)
    assert ahead_of(served, {}, [waiting(500)], QUEUES, NOW) == []
    first = waiting(20, URGENT)
    assert ahead_of(served, {}, [first, waiting(5, URGENT)], QUEUES, NOW) == [first]


def test_whom_the_agent_cannot_take_is_not_passed_over() -> None:
    served, english = waiting(10), waiting(100, ENGLISH)
    assert ahead_of(served, {"en": 1}, [english], QUEUES, NOW) == []
    assert ahead_of(served, {"en": 2}, [english], QUEUES, NOW) == [english]


def test_a_life_costs_the_median_of_whole_lives_and_a_step_that_of_its_requests() -> None:
    lives = [
        {"ring": [Cost(1.0, 9.0)], "wait": [Cost(2.0, 9.0), Cost(4.0, 9.0)]},
        {"ring": [Cost(3.0, 9.0)], "wait": [Cost(2.0, 9.0), Cost(2.0, 9.0)]},
        {"ring": [Cost(2.0, 9.0)], "wait": [Cost(9.0, 9.0), Cost(9.0, 9.0)]},
    ]
    assert medians(lives) == {"ring": (1, 2.0), "wait": (2, 3.0), ALL: (3, 7.0)}
