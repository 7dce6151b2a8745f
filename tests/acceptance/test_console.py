"""The console in Chromium: an agent at their desk, a telephone in it, and a customer who rings."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devstack import console
from devstack.layout import DevstackError
from devstack.stack import Stack
from devstack.toolchain import ensure_browser
from tests.acceptance.centre import JOINS, CallCentre

pytestmark = pytest.mark.xdist_group("live_pages")
SCRIPT = Path(__file__).with_name("console.mjs")
CUSTOMER = "+573009990003"
# Longer than the test, at the stack's speed.
TALKS_ON = {"talk": 24 * 3600}
FIRST_LOAD_AT_MOST = 250_000


class Script:
    """A script that drives pages; what it tells, in order."""

    def __init__(self, stack: Stack) -> None:
        self.told: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [str(stack.tools.node), str(SCRIPT)],
            env={
                "BROWSER": str(stack.tools.browser),
                "CONSOLE": f"{stack.layout.url('web')}/console/",
                "PASSWORD": stack.credentials.user_password,
                "AXE": str(console.CONSOLE / "node_modules/axe-core/axe.min.js"),
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def until(self, what: str) -> dict[str, Any]:
        """Wait until it tells this."""
        for line in self._process.stdout or ():
            self.told.append(json.loads(line))
            if self.told[-1]["what"] == what:
                return self.told[-1]
        raise AssertionError(f"ended before {what!r}: {self.told}")

    def goes_on(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)


@pytest.fixture(scope="module")
def built(stack: Stack) -> None:
    console.build(stack.tools)


@pytest.fixture
def script(stack: Stack, built: None) -> Iterator[Script]:
    try:
        ensure_browser(stack.tools)
    except DevstackError as error:
        pytest.skip(str(error))
    script = Script(stack)
    yield script
    script.close()


def test_an_agent_serves_a_customer_and_hands_them_over_and_a_supervisor_listens(
    centre: CallCentre, script: Script
) -> None:
    centre.queue(wrap_up_seconds=3600, ring_timeout_seconds=300, disposition_required=True)
    centre.queue(dispositions=["Vendido", "Pendiente"])
    script.until("available")
    sid = centre.caller_for_support(JOINS, TALKS_ON, from_=CUSTOMER)
    script.until("answered")
    centre.agent_ready("1002", [JOINS, TALKS_ON])
    script.goes_on()
    assert script.until("over")["kept"] == "Pide factura de agosto"
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
    script.until("supervised")
    assert did(centre, sid) >= {"supervise", "stop_supervising"}
    assert centre.agent("1001")["agent_status"] == "break"
    assert script.until("narrow")["scrollWidth"] <= 360
    script.until("lives")
    script.until("silent")
    assert script.until("faults")["faults"] == []
    assert [told for told in script.told if told["what"] == "axe"] == []


def did(centre: CallCentre, sid: str) -> set[str]:
    query = "select action from private.call_actions where call_record_id = %s"
    return {row["action"] for row in centre.rows(query, centre.call(sid)["id"])}


@pytest.mark.usefixtures("built")
def test_what_a_desk_loads_first_is_small() -> None:
    manifest = json.loads((console.BUILT / "manifest.json").read_text())
    loaded = files(manifest, "index.html") | files(manifest, "src/desk/screen.tsx")
    sizes = {name: len(gzip.compress((console.BUILT / name).read_bytes())) for name in loaded}
    assert sum(sizes.values()) < FIRST_LOAD_AT_MOST, sizes
    assert not [name for name in loaded if "twilio" in name]


def files(manifest: dict[str, Any], entry: str) -> set[str]:
    """A file of the build, and all that it can't do without."""
    of = manifest[entry]
    more = (files(manifest, name) for name in of.get("imports", ()))
    return {of["file"], *of.get("css", ())}.union(*more)
