"""The supervisor's wall in Chromium, while somebody waits and is served."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance.centre import JOINS, CallCentre
from tests.acceptance.scenes import Scene
from tests.acceptance.test_console import TALKS_ON
from tests.acceptance.test_waiting import stays

pytestmark = pytest.mark.xdist_group("live_pages")
CUSTOMER = "+573105550042"


def test_a_supervisor_moves_a_caller_and_reads_why_and_how_the_day_goes(
    centre: CallCentre, play: Callable[[str], Scene]
) -> None:
    for name in ("support", "sales"):
        centre.queue(name, max_wait_seconds=24 * 3600, ring_timeout_seconds=300)
    centre.agent_on_break("1001")
    centre.agent_on_break("1002")
    sid = centre.caller_for_support({**JOINS, "timeout": 24 * 3600}, TALKS_ON, from_=CUSTOMER)
    centre.becomes(sid, call_status="queued")
    scene = play("console_wall.mjs")
    scene.until("moved")
    assert stays(centre, sid) == [("support", "moved"), ("sales", None)]
    centre.agent_ready("1002", [JOINS, TALKS_ON])
    centre.becomes(sid, call_status="active")
    scene.goes_on()
    aimed = scene.until("aimed")
    scene.ends()
    assert all(int(count) >= 1 for count in aimed["total"].split("\t")[1:3])
    (settings,) = centre.rows("select * from private.settings")
    assert (settings["target_service_level"], settings["target_waiting"]) == (85, 2)
    (queue,) = centre.rows("select * from public.call_queues where name = 'support'")
    assert queue["service_level_seconds"] == 33
