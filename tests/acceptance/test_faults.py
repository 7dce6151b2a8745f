"""Callbacks lost, repeated and late, and a Twilio that refuses and falls silent: a mixed crowd of
callers and agents still ends in the rows that what happened implies."""

from __future__ import annotations

import os
import time

from bench.crowd import Crowd, gathered
from tests.acceptance.centre import FAULTS, TALKS_AND_HANGS_UP, CallCentre


def come_and_go(centre: CallCentre, crowd: Crowd, callers: int) -> None:
    for _ in range(callers):
        crowd.ring()
        time.sleep(0.15)
    centre.until(lambda: not centre.sim.calls(live=True), "everybody hung up", real_seconds=90)


def test_with_faults_on_every_call_ends_as_what_happened_in_it_implies(
    centre: CallCentre,
) -> None:
    seed = 1 + int(os.environ.get("WEATHER_SEED", 0))
    centre.sim.faults(**FAULTS, seed=seed)
    with gathered(centre.stack, centre.sim, seed) as crowd:
        come_and_go(centre, crowd, callers=28)
        # HTTP time-outs are real: one that Twilio lets run out takes 200 of the crowd's seconds.
        deadline = time.monotonic() + 90
        while (left := crowd.faults_left()) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert not left
        answered = "select 1 from public.call_records where answered_at is not null"
        assert len(crowd.rows(answered)) >= 7, "too few conversations to say much"
        assert crowd.rows("select 1 from public.voicemails")


def test_an_offer_whose_end_is_not_told_lapses_and_what_became_of_it_is_learnt_later(
    centre: CallCentre,
) -> None:
    centre.queue(ring_timeout_seconds=10)
    centre.agent_ready("1001", ignore=True)
    centre.agent_ready("1002")
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.until(centre.agent_rings, "the first one is rung")
    centre.sim.faults(drop=1.0)
    centre.until(lambda: not centre.agent_rings(), "it rang in vain")
    centre.sim.faults()
    centre.until(lambda: centre.first_offers(sid)["1001"], "the offer is over")
    assert centre.first_offers(sid)["1001"] == "lapsed"
    assert centre.agent("1001")["missed_offers"] == 0, "nobody told us what they did"
    call = centre.settled(sid)
    assert (call["disposition"], call["agent_id"]) == ("completed", centre.agent("1002")["id"])
    assert centre.first_offers(sid) == {"1001": "no_answer", "1002": "finished"}
    assert centre.agent("1001")["missed_offers"] == 1
