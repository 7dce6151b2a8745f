"""The existing page's calls again, by the libraries that it uses, with its session in cookies."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre

PAGE = Path(__file__).with_name("page.mjs")
# One of ALLOWED_ORIGINS.
ORIGIN = "http://localhost:3000"
IN_THE_ROOM = [JOINS, {"wait": 600}]


def play(centre: CallCentre, what: str, number: str) -> dict[str, Any]:
    """What the page of the agent with extension 1001 made of it."""
    stack = centre.stack
    ran = subprocess.run(
        [str(stack.tools.node), str(PAGE), what],
        env={
            "MODULES": str(stack.tools.modules),
            "SERVICE": stack.layout.url("web"),
            "ORIGIN": ORIGIN,
            "EMAIL": "agente1@demo.local",
            "PASSWORD": stack.credentials.user_password,
            "NUMBER": number,
            **{name: stack.env[name] for name in ("SUPABASE_URL", "SUPABASE_ANON_KEY")},
        },
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_the_page_places_a_call_writes_what_was_said_and_ends_it(centre: CallCentre) -> None:
    centre.agent_ready("1001", IN_THE_ROOM)
    centre.sim.person("+573009990003", IN_THE_ROOM, {"answer_after": 1})
    came_of_it = play(centre, "call", "300 999 0003")
    assert came_of_it["renamed"] == came_of_it["row"]
    assert came_of_it["ended"] == {"success": True, "callSid": came_of_it["callSid"]}
    assert came_of_it["row"] in came_of_it["history"]
    row = centre.settled(came_of_it["callSid"])
    assert str(row["id"]) == came_of_it["row"]
    assert (row["call_status"], row["ended_by"], row["notes"]) == ("completed", "agent", "Bien")
    assert row["caller_number"] == "+573009990003"
    assert centre.agent()["agent_status"] == "available"


def test_the_page_hands_a_caller_to_a_colleague(centre: CallCentre) -> None:
    centre.agent_ready("1001", IN_THE_ROOM)
    sid = centre.caller_for_support(JOINS, {"talk": 600}, HANGS_UP)
    centre.until(lambda: centre.talking(sid), "they talk")
    centre.agent_ready("1002", IN_THE_ROOM)
    came_of_it = play(centre, "transfer", "1002")
    assert came_of_it["answer"] == {"success": True, "callSid": sid, "transferredTo": "1002"}
    colleague = str(centre.agent("1002")["id"])
    centre.until(lambda: str(centre.call(sid)["agent_id"]) == colleague, "the colleague has them")
    assert centre.call(sid)["transferred"] is True
    centre.sim.act(sid, [HANGS_UP])
    assert centre.settled(sid)["call_status"] == "completed"
