"""Callbacks lost, repeated and late, and a Twilio that refuses and falls silent: a mixed crowd of
callers and agents still ends in the rows that what happened implies."""

from __future__ import annotations

import time

import pytest

from acceptance.centre import CallCentre
from bench.crowd import Crowd, gathered

TROUBLE = {
    "duplicate": 0.1,
    "delay": 0.1,
    "drop": 0.05,
    "rest_429": 0.05,
    "rest_timeout_after_acting": 0.02,
}


def come_and_go(centre: CallCentre, crowd: Crowd, callers: int) -> None:
    for _ in range(callers):
        crowd.ring()
        time.sleep(0.15)
    centre.until(lambda: not centre.sim.calls(live=True), "everybody hung up", real_seconds=90)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_faults_on_every_call_ends_as_what_happened_in_it_implies(
    centre: CallCentre, seed: int
) -> None:
    centre.sim.faults(**TROUBLE, seed=seed)
    with gathered(centre.stack, centre.sim, seed) as crowd:
        come_and_go(centre, crowd, callers=40)
        # HTTP time-outs are real: one that Twilio lets run out takes 200 of the crowd's seconds.
        deadline = time.monotonic() + 90
        while (left := crowd.faults_left()) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert not left
        answered = "select 1 from public.call_records where answered_at is not null"
        assert len(crowd.rows(answered)) >= 10, "too few conversations to say much"
        assert crowd.rows("select 1 from public.voicemails")
