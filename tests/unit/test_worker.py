"""How many commands a worker takes."""

from __future__ import annotations

import threading

from callcenter.command_runner import CommandRunner
from callcenter.models import Answer, Command, CommandResult, Questions, Swept
from callcenter.settings import Settings
from callcenter.wake import WorkSignal
from callcenter.worker import Worker

SETTINGS = Settings("http://x", "k", "AC0", "t", ("+576015550100",), "http://x")


class Parts:
    """A database with commands without end, and a Twilio that answers none of them until let."""

    process = "test"

    def __init__(self) -> None:
        self.claimed: list[int] = []
        self.let = threading.Event()
        self.asked = threading.Semaphore(0)

    def claim_commands(self, limit: int) -> tuple[Command, ...]:
        self.claimed.append(limit)
        return tuple(
            Command(n, "hang_up", f"CA{n}", {}, 1, "2026-11-23T15:00:00Z") for n in range(limit)
        )

    def sweep(self, part: str) -> Swept:
        return Swept(0, False, ())

    def claim_questions(self) -> Questions:
        return Questions(False, (), (), None)

    def housekeep(self, limit: int) -> dict[str, int]:
        return {"rows": 0}

    def hang_up(self, call_sid: str) -> bool:
        self.asked.release()
        return self.let.wait(10)

    def settle_commands(self, results: list[CommandResult]) -> Answer:
        return Answer(None, ())


def test_a_worker_takes_no_more_than_its_threads_can_begin_with() -> None:
    parts = Parts()
    runner = CommandRunner(parts, parts, threads=3)  # type: ignore[arg-type]
    worker = Worker(SETTINGS, parts, parts, runner, WorkSignal(SETTINGS))  # type: ignore[arg-type]
    working = threading.Thread(target=worker.run)
    working.start()
    for _ in range(3):
        assert parts.asked.acquire(timeout=30)
    assert parts.claimed == [3]
    worker.stop()
    parts.let.set()
    working.join(10)
