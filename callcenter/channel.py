"""Private channels of Supabase Realtime, as the service role: the only importer of `realtime`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from realtime import AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.types import RealtimeChannelOptions

from callcenter.errors import RealtimeUnavailableError
from callcenter.settings import Settings


@asynccontextmanager
async def joined(
    settings: Settings, topic: str, event: str, hear: Callable[[], None]
) -> AsyncIterator[asyncio.Future[str]]:
    """Join a topic, and have `hear` called for each event of that name while the block lasts.

    Yields what will say why the channel ended. Raises RealtimeUnavailableError where Realtime
    refuses, or can't be reached.
    """
    # The client logs each attempt as an error; what matters of it is said by who listens, once.
    logging.getLogger("realtime").setLevel(logging.CRITICAL)
    key = settings.supabase_service_role_key
    client = AsyncRealtimeClient(f"{settings.supabase_url}/realtime/v1", key, auto_reconnect=False)
    # The key of the connection says who we are; as a channel's token, sb_secret_… is none.
    await client.set_auth(None)
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_state(state: RealtimeSubscribeStates, error: Exception | None) -> None:
        if state is not RealtimeSubscribeStates.SUBSCRIBED and not ended.done():
            ended.set_result(str(error or state.value))

    channel = client.channel(topic, _private())
    channel.on_broadcast(event, lambda _: hear())
    try:
        try:
            await channel.subscribe(on_state)
        except Exception as error:
            # A broken address would be told with the key in it.
            raise RealtimeUnavailableError(repr(error).replace(key, "…")) from error
        if ended.done():
            raise RealtimeUnavailableError(ended.result())
        yield ended
    finally:
        await client.close()


def _private() -> RealtimeChannelOptions:
    return {
        "config": {
            "broadcast": {"ack": False, "self": False},
            "presence": {"key": "", "enabled": False},
            "private": True,
        }
    }
