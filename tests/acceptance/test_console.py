"""The console in Chromium: an agent at their desk, a telephone in it, and a customer who rings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from devstack import console
from devstack.stack import Stack
from tests.acceptance.centre import JOINS, CallCentre
from tests.acceptance.scenes import Scene

pytestmark = pytest.mark.xdist_group("live_pages")
CUSTOMER = "+573009990003"
# Longer than the test, at the stack's speed.
TALKS_ON = {"talk": 24 * 3600}
FIRST_LOAD_AT_MOST = 250_000


def test_an_agent_serves_a_customer_and_hands_them_over_and_a_supervisor_listens(
    centre: CallCentre, play: Callable[[str], Scene]
) -> None:
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=300, disposition_required=True)
    centre.queue(dispositions=["Vendido", "Pendiente"])
    scene = play("console.mjs")
    scene.until("available")
    sid = centre.caller_for_support(JOINS, TALKS_ON, from_=CUSTOMER)
    scene.until("answered")
    centre.agent_ready("1002", [JOINS, TALKS_ON])
    scene.goes_on()
    assert scene.until("over")["kept"] == "Pide factura de agosto"
    call = centre.call(sid)
    assert call["notes"] == "Pide factura de agosto"
    assert (call["disposition"], call["transferred"]) == ("Vendido", True)
    assert call["agent_id"] == centre.agent("1002")["id"]
    assert call["hold_duration_seconds"] > 0
    assert centre.agent("1001")["agent_status"] == "available"
    assert did(centre, sid) >= {
        "hold", "resume", "mute", "unmute", "digits", "pause_recording", "resume_recording",
        "consult", "complete_consult", "extend_wrap_up", "disposition", "finish_wrap_up",
    }  # fmt: skip
    scene.until("supervised")
    assert did(centre, sid) >= {"supervise", "stop_supervising"}
    assert centre.agent("1001")["agent_status"] == "break"
    assert scene.until("narrow")["scrollWidth"] <= 360
    scene.until("lives")
    scene.ends()
    assert centre.agent("1001")["agent_status"] == "offline"


def did(centre: CallCentre, sid: str) -> set[str]:
    query = "select action from private.call_actions where call_record_id = %s"
    return {row["action"] for row in centre.rows(query, centre.call(sid)["id"])}


def test_what_a_screen_loads_first_is_small(stack: Stack) -> None:
    console.build(stack.tools)
    manifest = json.loads((console.BUILT / "manifest.json").read_text())
    first = files(manifest, "index.html") | files(manifest, "src/words/es.ts")
    for screen in ("desk", "wall", "contacts", "menus"):
        loaded = first | files(manifest, f"src/{screen}/screen.tsx")
        sizes = {name: len(gzip.compress((console.BUILT / name).read_bytes())) for name in loaded}
        assert sum(sizes.values()) < FIRST_LOAD_AT_MOST, (screen, sizes)
        assert not [name for name in loaded if "twilio" in name]


def files(manifest: dict[str, Any], entry: str) -> set[str]:
    """A file of the build, and all that it can't do without."""
    of = manifest[entry]
    more = (files(manifest, name) for name in of.get("imports", ()))
    return {of["file"], *of.get("css", ())}.union(*more)
