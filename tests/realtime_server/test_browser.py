"""supabase-js itself, where the stack's programs happen to bring it along."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from devstack.stack import Stack
from tests.realtime_server.client import Client
from tests.realtime_server.conftest import OWNER, STRANGER, Notes, token_of

pytestmark = pytest.mark.xdist_group("devstack")
SCRIPT = Path(__file__).with_name("browser.mjs")


class Browser:
    """A page that joins a private channel as somebody."""

    def __init__(self, stack: Stack, email: str, topic: str) -> None:
        if not (stack.tools.modules / "@supabase/supabase-js").exists():
            pytest.skip("@supabase/supabase-js is not installed")
        env = {"MODULES": str(stack.tools.modules), "TOKEN": token_of(stack, email)}
        names = ("SUPABASE_URL", "SUPABASE_ANON_KEY")
        self.process = subprocess.Popen(
            [str(stack.tools.node), str(SCRIPT)],
            env={**env, "TOPIC": topic, **{name: stack.env[name] for name in names}},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def told(self, kind: str) -> dict[str, Any]:
        """The next of a kind."""
        assert self.process.stdout
        for line in self.process.stdout:
            told = json.loads(line)
            if told["kind"] == kind:
                return dict(told["content"])
        raise AssertionError(f"supabase-js ended without a {kind}")

    def says(self, event: str, payload: dict[str, Any]) -> None:
        assert self.process.stdin
        message = {"type": "broadcast", "event": event, "payload": payload}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()


@pytest.fixture
def browse(own_stack: Stack) -> Iterator[Callable[[str, str], Browser]]:
    opened: list[Browser] = []

    def browse(email: str, topic: str) -> Browser:
        opened.append(Browser(own_stack, email, topic))
        return opened[-1]

    yield browse
    for browser in opened:
        browser.process.kill()
        browser.process.communicate()


def test_supabase_js_hears_changes_broadcasts_and_presence(
    notes: Notes, browse: Callable[[str, str], Browser], connect: Callable[..., Client]
) -> None:
    team = f"team:{notes.user_id(OWNER)}"
    browser = browse(OWNER, team)
    assert browser.told("status") == {"status": "SUBSCRIBED"}
    assert browser.told("system")["message"] == "Subscribed to PostgreSQL"
    notes.insert(1, body="mine")
    change = browser.told("change")
    assert (change["eventType"], change["new"]["body"]) == ("INSERT", "mine")
    notes.send(team, "moved")
    told = browser.told("broadcast")
    assert (told["event"], told["payload"]["a"]) == ("moved", 1)
    colleague = connect(key="SUPABASE_SECRET_KEY").join(team, private=True)
    browser.says("olá", {"from": "the browser"})
    assert colleague.hears() == {"event": "olá", "payload": {"from": "the browser"}}


def test_supabase_js_is_refused_a_private_channel_of_others(
    notes: Notes, browse: Callable[[str, str], Browser]
) -> None:
    refused = browse(STRANGER, f"team:{notes.user_id(OWNER)}").told("status")
    assert refused["status"] == "CHANNEL_ERROR"
    assert "Unauthorized: You do not have permissions to read" in refused["error"]
