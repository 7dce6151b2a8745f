"""The stack that tests run on: one for all workers of a test run, at TEST_PORT_BASE.

For tests/conftest.py:

    @pytest.fixture(scope="session")
    def stack() -> Stack:
        return running_stack()

The stack is left running, so that the next run starts at once; `make test` ends it.
"""

from __future__ import annotations

import os

from devstack.clock import load_clock
from devstack.locking import exclusive
from devstack.progress import say
from devstack.stack import Stack

# Below the range of outgoing connections: tests make and end thousands of those, and each would
# keep a port that a crash test wants to listen on again.
DEFAULT_TEST_BASE = 25320
TEST_SPEED = "20"


def base_for_tests() -> int:
    """The port base of the test stack."""
    return int(os.environ.get("TEST_PORT_BASE") or DEFAULT_TEST_BASE)


def running_stack(base: int | None = None, speed: str = TEST_SPEED) -> Stack:
    """The test stack, up and healthy; the first of several workers to ask starts it.

    A stack that was down begins with an empty database, and so does one whose SQL was edited
    since; a running one is taken as it is, with what earlier tests wrote.
    """
    stack = Stack(base_for_tests() if base is None else base, speed)
    with exclusive(stack.layout.shared / f"{stack.layout.base}.testing.lock"):
        if reason := _unfit(stack, speed):
            say(f"making a new test stack at port {stack.layout.base}: {reason}")
            stack.reset()
        else:
            stack.up()
    return stack


def _unfit(stack: Stack, speed: str) -> str | None:
    """Why the stack cannot be taken as it is."""
    if not stack.pid("postgres"):
        return "it was not running"
    clock = load_clock(stack.layout.state)
    if clock is None or clock.speed != speed:
        return "it ran at another speed"
    if edited := stack.edited_sql():
        return f"{', '.join(edited)} changed"
    return None
