"""Screens follow a crowd while sockets close, Realtime dies and tokens expire.

`python -m bench followers` does more of the same.
"""

from __future__ import annotations

from bench.followers import Size, follow
from tests.acceptance.centre import CallCentre


def test_snapshot_then_changes_loses_nothing(centre: CallCentre) -> None:
    left = follow(centre.stack, centre.sim, 5, Size(subscribers=12, calls=12, pauses=0.2))
    assert not left
