"""The stacks that tests run on: one for each worker of a test run, from TEST_PORT_BASE on.

For tests/conftest.py:

    @pytest.fixture(scope="session")
    def stack() -> Stack:
        return running_stack()

A stack is left running, so that the next run starts at once; `python -m devstack.testing` ends all.
"""

from __future__ import annotations

import os

from devstack.clock import load_clock
from devstack.layout import DevstackError, Layout
from devstack.progress import say
from devstack.stack import Stack

# Below the range of outgoing connections: tests make and end thousands of those, and each would
# keep a port that a crash test wants to listen on again.
DEFAULT_TEST_BASE = 25320
TEST_SPEED = "20"
MOST_WORKERS = 10
_PORTS_EACH = 10


def base_for_tests(worker: int | None = None) -> int:
    """The port base of the stack of a worker of this test run; by default the one that asks."""
    if worker is None:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if worker >= MOST_WORKERS:
        raise DevstackError(f"There are ports for {MOST_WORKERS} workers, and this is another.")
    return int(os.environ.get("TEST_PORT_BASE") or DEFAULT_TEST_BASE) + worker * _PORTS_EACH


def second_base_for_tests() -> int:
    """The port base of a worker's other stack, for tests that kill theirs."""
    return base_for_tests() + MOST_WORKERS * _PORTS_EACH


def running_stack() -> Stack:
    """A worker's stack, up and healthy.

    A stack that was down begins with an empty database, and so does one whose SQL was edited
    since; a running one is taken as it is, with what earlier tests wrote.
    """
    stack = Stack(base_for_tests(), TEST_SPEED)
    if reason := _unfit(stack):
        say(f"making a new test stack at port {stack.layout.base}: {reason}")
        stack.reset()
    else:
        stack.up()
    return stack


def _unfit(stack: Stack) -> str | None:
    """Why the stack cannot be taken as it is."""
    if not stack.pid("postgres"):
        return "it was not running"
    clock = load_clock(stack.layout.state)
    if clock is None or clock.speed != TEST_SPEED:
        return "it ran at another speed"
    if edited := stack.edited_sql():
        return f"{', '.join(edited)} changed"
    return None


def main() -> None:
    """End the stacks that the workers of test runs left."""
    for worker in range(MOST_WORKERS):
        base = base_for_tests(worker)
        if Layout(base).state.exists():
            Stack(base).down()


if __name__ == "__main__":
    main()
