"""Processes die at random while people call.

`python -m bench soak` does more of the same, and kills Postgres too: here other tests use it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.soak import Size, soak
from tests.acceptance.centre import CallCentre

VICTIMS = ("web", "worker", "postgrest")


@pytest.fixture
def survivors(centre: CallCentre) -> Iterator[CallCentre]:
    """A call centre that is whole again when the test is over."""
    yield centre
    centre.stack.up()


def test_nothing_is_lost_and_nobody_stuck_whatever_is_killed(survivors: CallCentre) -> None:
    size = Size(calls=16, kills=3, deeds=0, acts=10)
    left = soak(survivors.stack, survivors.sim, 3, size, VICTIMS)
    assert not left
