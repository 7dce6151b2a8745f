"""Waiting for what a simulation does in its own time."""

import time
from collections.abc import Callable

from devstack.twilio.client import Sim


def wait_until(true: Callable[[], object], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


def wait_heard(sim: Sim, sid: str, text: str, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while text not in sim.heard(sid):
        assert time.monotonic() < deadline, f"{text!r} not in {sim.heard(sid)}"
        time.sleep(0.01)
