"""What is said where Realtime can't be joined."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.channel import joined
from callcenter.errors import RealtimeUnavailableError
from callcenter.settings import Settings

KEY = "sb_secret_not_for_logs"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://a b"])
def test_the_key_is_in_no_reason(url: str) -> None:
    settings = Settings(url, KEY, "AC0", "t", ("+576015550100",), "http://x")

    async def join() -> None:
        async with joined(settings, "topic", "event", lambda: None):
            raise AssertionError("nobody is there")

    with pytest.raises(RealtimeUnavailableError) as error:
        asyncio.run(join())
    assert str(error.value)
    assert KEY not in str(error.value)
