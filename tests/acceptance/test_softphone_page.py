"""An agent in Chromium with the simulator's telephone, in a page of the modules of the docs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devstack.layout import ROOT, DevstackError
from devstack.pages import contents
from devstack.stack import Stack
from devstack.toolchain import ensure_browser
from tests.acceptance.centre import BRIDGED, HANGS_UP, JOINS, CallCentre

pytestmark = pytest.mark.xdist_group("live_pages")
SCRIPT = Path(__file__).with_name("softphone_page.mjs")
PAGE = Path(__file__).with_name("softphone_page.html")
AGENT = "agente1@demo.local"
CUSTOMER = "+573009990003"


def softphone_module() -> str:
    """softphone.mjs as docs/existing-frontend.md has it."""
    text = (ROOT / "docs" / "existing-frontend.md").read_text()
    found = re.search(r"^```js\n(// softphone\.mjs: .+?)^```$", text, re.M | re.S)
    assert found
    return found[1]


def files(stack: Stack) -> dict[str, dict[str, str]]:
    """What the page is made of, by name, as Playwright answers with it."""
    config = {
        "url": stack.env["SUPABASE_URL"],
        "key": stack.env["SUPABASE_ANON_KEY"],
        "telephone": f"{stack.env['TWILIO_API_BASE_URL']}/telephone.js",
    }
    known = {
        path.lstrip("/"): (kind, body.decode()) for path, (kind, body) in contents(stack).items()
    }
    known |= {
        "index.html": ("text/html; charset=utf-8", PAGE.read_text()),
        "softphone.mjs": ("text/javascript", softphone_module()),
        "config.json": ("application/json", json.dumps(config)),
    }
    return {name: {"contentType": kind, "body": body} for name, (kind, body) in known.items()}


class Tabs:
    """Tabs of one browser."""

    def __init__(self, stack: Stack) -> None:
        self._process = subprocess.Popen(
            [str(stack.tools.node), str(SCRIPT)],
            env={
                "BROWSER": str(stack.tools.browser),
                "SERVICE": stack.layout.url("web"),
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._say(files(stack))

    def _say(self, said: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()

    def do(self, tab: str, what: str, told: Any = None) -> Any:
        self._say({"tab": tab, "what": what, "told": told})
        assert self._process.stdout
        came = json.loads(self._process.stdout.readline())
        assert "error" not in came, f"{tab} {what} {told}: {came['error']}"
        return came["value"]

    def open(self, tab: str) -> None:
        self.do(tab, "open", tab)

    def close(self) -> None:
        """Chromium ends with the script."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture
def tabs(centre: CallCentre) -> Iterator[Tabs]:
    try:
        ensure_browser(centre.stack.tools)
    except DevstackError as error:
        pytest.skip(str(error))
    browser = Tabs(centre.stack)
    yield browser
    browser.close()


def is_available(centre: CallCentre) -> None:
    centre.rows(
        "update public.call_center_agents set agent_status = 'available' where extension = '1001'"
    )


def talk(centre: CallCentre, sid: str) -> bool:
    return any(
        leg["status"] == "in-progress" and leg["connected"] for leg in centre.agent_legs()
    ) and bool(centre.sim.call(sid)["connected"])


def test_an_agent_answers_reloads_and_goes_on_is_taken_over_by_a_second_tab_and_places_a_call(
    centre: CallCentre, tabs: Tabs
) -> None:
    centre.queue(ring_timeout_seconds=600)
    tabs.open("first")
    tabs.do("first", "becomes", "signed out")
    password = centre.stack.credentials.user_password
    tabs.do("first", "signIn", {"email": AGENT, "password": password})
    tabs.do("first", "becomes", "ready")
    is_available(centre)

    says = {"talk": 2, "text": "Se me dañó la nevera"}
    sid = centre.caller_for_support(BRIDGED, says, {"wait": 24 * 3600})
    tabs.do("first", "answers")
    tabs.do("first", "hears", "Se me dañó la nevera")
    tabs.do("first", "reload")
    centre.until(lambda: not talk(centre, sid), "the page that was left has hung up")
    tabs.do("first", "becomes", "ready")
    tabs.do("first", "answers")
    centre.until(lambda: talk(centre, sid), "they talk again")
    assert len({str(leg["sid"]) for leg in centre.agent_legs()}) > 1
    tabs.do("first", "click", "#hang-up")
    call = centre.settled(sid)
    assert (call["disposition"], call["ended_by"]) == ("completed", "agent")

    tabs.open("second")
    tabs.do("second", "becomes", "ready")
    tabs.do("first", "becomes", "gone")
    is_available(centre)
    sid = centre.caller_for_support(JOINS, {"talk": 2}, {"wait": 24 * 3600})
    tabs.do("second", "answers")
    assert tabs.do("first", "rings") is False
    centre.until(lambda: talk(centre, sid), "they talk")
    tabs.do("second", "click", "#hang-up")
    assert centre.settled(sid)["disposition"] == "completed"

    centre.sim.person(CUSTOMER, [BRIDGED, {"talk": 2, "text": "¿Aló?"}, HANGS_UP])
    tabs.do("second", "fill", {"field": "#number", "value": "300 999 0003"})
    tabs.do("second", "click", "#call")
    tabs.do("second", "hears", "¿Aló?")
    query = "select * from public.call_records where caller_number = %s and ended_at is not null"
    centre.until(lambda: centre.rows(query, CUSTOMER), "the placed call is over")
    assert centre.row(query, CUSTOMER)["call_direction"] == "outbound"
    assert tabs.do("second", "faults") == []
