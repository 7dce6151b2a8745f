"""The wall is told of what happens by the worker, a message a second, whatever else it does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.acceptance.centre import CallCentre
from tests.realtime_server.client import Client, Listening

SUPERVISOR = "supervisora@demo.local"


@pytest.fixture
def wall(centre: CallCentre) -> Iterator[Listening]:
    """A supervisor's screen."""
    env, token = centre.stack.env, centre.stack.access_token(SUPERVISOR)
    with Client(env["SUPABASE_URL"], env["SUPABASE_ANON_KEY"], token) as client:
        yield client.join("supervisors", private=True)


def hears_of(wall: Listening, agent: Any, state: str) -> None:
    """Wait for the message in which the agent is so."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        told = wall.hears(within=10)["payload"]
        if any(row["id"] == agent and row["state"] == state for row in told["agents"]):
            return
    raise AssertionError(f"nobody said that the agent is {state}")


def test_the_wall_hears_of_an_agent_within_seconds(centre: CallCentre, wall: Listening) -> None:
    agent = str(centre.agent()["id"])
    centre.agent_ready()
    hears_of(wall, agent, "available")
    centre.agent_on_break()
    hears_of(wall, agent, "break")


def test_a_message_a_second_is_the_most(centre: CallCentre, wall: Listening) -> None:
    began = time.monotonic()
    for _ in range(6):
        centre.agent_ready()
        time.sleep(0.2)
        centre.agent_on_break()
        time.sleep(0.2)
    time.sleep(1.5)
    assert 1 <= wall.told.qsize() <= time.monotonic() - began + 2


def test_the_wall_is_told_while_the_workers_other_work_is_stuck(
    centre: CallCentre, wall: Listening
) -> None:
    with psycopg.connect(centre.stack.env["DATABASE_ADMIN_URL"]) as somebody:
        somebody.execute("lock table private.telephony_commands in access exclusive mode")
        time.sleep(0.5)  # the loop waits for it by now
        centre.agent_on_break()
        hears_of(wall, str(centre.agent()["id"]), "break")


def test_on_a_database_without_realtime_a_call_goes_as_ever(centre: CallCentre) -> None:
    away = "alter schema {} rename to {}"
    centre.rows(away.format("realtime", "elsewhere"))
    try:
        centre.agent_ready()
        sid = centre.caller_for_support({"until": "bridged"}, {"talk": 5}, {"hangup": True})
        call = centre.ended(sid)
    finally:
        centre.rows(away.format("elsewhere", "realtime"))
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
