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


def cookie_of(centre: CallCentre, email: str | None) -> str:
    with tab(centre, email) as client:
        return str(client.headers.get("Cookie", ""))


def open_as(centre: CallCentre, people: list[str | None], link: str) -> list[dict[str, Any]]:
    """What Chromium made of it, with the session of each (None: of nobody)."""
    stack = centre.stack
    ran = subprocess.run(
        [str(stack.tools.node), str(SCRIPT)],
        env={
            "BROWSER": str(stack.tools.browser),
            "SERVICE": stack.layout.url("web"),
            "COOKIES": json.dumps([cookie_of(centre, email) for email in people]),
            "LINK": link,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


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
    *permitted, other, nobody = open_as(centre, [AGENT, SUPERVISOR, OTHER, None], link)
    for came in permitted:
        assert came["tab"] == 200
        assert 206 in came["asked"]
        for played in came["played"].values():
            assert played["duration"] > 10
            assert played["sought"] == pytest.approx(played["duration"] - 2, abs=0.5)
            assert played["ended"] == pytest.approx(played["duration"], abs=0.5)
    assert (other["tab"], set(other["asked"])) == (404, {404})
    assert (nobody["tab"], set(nobody["asked"])) == (401, {401})
