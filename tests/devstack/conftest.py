"""The API of the stack that these tests may kill."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from devstack.stack import Stack


@pytest.fixture
def api(own_stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_stack.env["SUPABASE_URL"], timeout=10) as client:
        yield client
