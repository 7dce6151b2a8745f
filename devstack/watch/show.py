"""Shows the board while something else goes on: redrawn in a terminal, told as lines elsewhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace

from rich.console import Console, RenderableType
from rich.live import Live

from devstack.stack import Stack
from devstack.watch.board import Board
from devstack.watch.follower import Follower
from devstack.watch.screen import changes, tables

_REDRAWN_A_SECOND = 2
_LONGEST_END_SECONDS = 5.0


class Show:
    """What is shown: a copy of the board as it was last told, which no message changes."""

    def __init__(self, stack: Stack, say: Callable[[str], None] | None) -> None:
        self._clock = stack.clock
        self._say = say
        self._board = Board()
        self.follower = Follower(stack, self._take)

    def _take(self, board: Board) -> None:
        told = replace(
            board,
            queues=dict(board.queues),
            agents=dict(board.agents),
            calls=dict(board.calls),
            help=dict(board.help),
        )
        if self._say:
            for sentence in changes(self._board, told):
                self._say(sentence)
        self._board = told

    def draw(self) -> RenderableType:
        return tables(self._board, self._clock.now(), self.follower.connected)


@contextmanager
def shown(stack: Stack, say: Callable[[str], None]) -> Iterator[None]:
    """Show the call centre while the block lasts; what it prints stands above.

    Where stdout is no terminal that can be redrawn, `say` is given a sentence for each change.
    """
    console = Console()
    redraws = console.is_terminal and not console.is_dumb_terminal
    show = Show(stack, None if redraws else say)
    live = Live(
        console=console,
        get_renderable=show.draw,
        refresh_per_second=_REDRAWN_A_SECOND,
        vertical_overflow="crop",
    )
    with _following(show.follower), live if redraws else nullcontext():
        yield


@contextmanager
def _following(follower: Follower) -> Iterator[None]:
    loop, leaving = asyncio.new_event_loop(), asyncio.Event()

    async def follow() -> None:
        following = asyncio.create_task(follower.run())
        await leaving.wait()
        following.cancel()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(follow())

    thread = threading.Thread(target=run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(leaving.set)
        thread.join(_LONGEST_END_SECONDS)
