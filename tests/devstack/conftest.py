"""A stack of these tests' own: they kill it, so it can't be the one other tests run on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import httpx
import pytest

from devstack.stack import Stack
from devstack.testing import base_for_tests


@pytest.fixture(scope="session")
def own_stack() -> Iterator[Stack]:
    # A base for each worker, for a run that does not keep our xdist_group on one of them.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    stack = Stack(base_for_tests() + 100 + 10 * worker, speed=1)
    stack.reset()
    yield stack
    stack.down()
    stack.server.remove_data()
    shutil.rmtree(stack.layout.state)
    stack.layout.env_file.unlink()


@pytest.fixture
def api(own_stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_stack.env["SUPABASE_URL"], timeout=10) as client:
        yield client
