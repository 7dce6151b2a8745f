"""A recording played in Chromium, as its tab and its player ask for it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from devstack.layout import DevstackError
from devstack.toolchain import ensure_browser
from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre
from tests.acceptance.test_listening import AGENT, OTHER, SUPERVISOR, tab

pytestmark = pytest.mark.xdist_group("live_pages")
SCRIPT = Path(__file__).with_name("listening.mjs")


def opens(centre: CallCentre, email: str | None, link: str) -> dict[str, Any]:
    """What Chromium made of it, with the session of somebody."""
    stack = centre.stack
    with tab(centre, email) as client:
        cookie = client.headers.get("Cookie", "")
    ran = subprocess.run(
        [str(stack.tools.node), str(SCRIPT)],
        env={
            "BROWSER": str(stack.tools.browser),
            "SERVICE": stack.layout.url("web"),
            "COOKIE": cookie,
            "LINK": link,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_the_agent_and_a_supervisor_play_it_and_seek_and_nobody_else_does(
    centre: CallCentre,
) -> None:
    try:
        ensure_browser(centre.stack.tools)
    except DevstackError as error:
        pytest.skip(str(error))
    centre.agent_ready("1001")
    sid = centre.caller_for_support(JOINS, {"talk": 20}, HANGS_UP)
    centre.becomes(sid, recording_status="completed")
    link = str(centre.settled(sid)["recording_url"])
    for email in (AGENT, SUPERVISOR):
        came = opens(centre, email, link)
        assert came["tab"] == 200
        assert 206 in came["asked"]
        for played in came["played"].values():
            assert played["duration"] > 10
            assert played["sought"] == pytest.approx(played["duration"] - 2, abs=0.5)
            assert played["ended"] == pytest.approx(played["duration"], abs=0.5)
    came = opens(centre, OTHER, link)
    assert (came["tab"], set(came["asked"])) == (404, {404})
    came = opens(centre, None, link)
    assert (came["tab"], set(came["asked"])) == (401, {401})
