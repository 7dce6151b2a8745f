"""Requests from one client, AT_ONCE at a time, and the processor time that they take."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from psutil import Process

from bench.twilio_requests import Request, Target, Webhook

AT_ONCE = 24
REQUESTS = 400
_serial = itertools.count(1)


@dataclass(frozen=True)
class Spent:
    """What rounds of requests cost: seconds a round, and seconds of CPU by process over all."""

    rounds: tuple[float, ...] = ()
    cpu: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: Spent) -> Spent:
        names = {*self.cpu, *other.cpu}
        cpu = {name: self.cpu.get(name, 0.0) + other.cpu.get(name, 0.0) for name in names}
        return Spent(self.rounds + other.rounds, cpu)

    def milliseconds(self) -> float:
        """The median round's, a request."""
        return statistics.median(self.rounds) * 1000 / REQUESTS

    def by_process(self) -> str:
        per_request = 1000 / REQUESTS / len(self.rounds)
        spent = {name: seconds * per_request for name, seconds in self.cpu.items()}
        most_first = sorted(spent.items(), key=lambda item: -item[1])
        return ", ".join(f"{name} {ms:.2f}" for name, ms in most_first if ms >= 0.01)


class Load:
    """One client, and the processes that it has work."""

    def __init__(self, client: aiohttp.ClientSession, processes: Mapping[str, Process]) -> None:
        self._client = client
        self._processes = {**processes, "client": Process()}

    async def run(self, webhook: Webhook, target: Target) -> Spent:
        """One round of requests; who keeps calls has had those that must come before."""
        calls = [next(_serial) for _ in range(REQUESTS)]
        if target.keeps_calls:
            for before in webhook.needs:
                await self._send([target.request(before, n) for n in calls])
        requests = [target.request(webhook, n) for n in calls]
        before_cpu, started = self._cpu_seconds(), time.perf_counter()
        await self._send(requests)
        seconds, after_cpu = time.perf_counter() - started, self._cpu_seconds()
        return Spent((seconds,), {name: after_cpu[name] - before_cpu[name] for name in after_cpu})

    async def _send(self, requests: list[Request]) -> None:
        waiting = iter(requests)

        async def one_after_the_other() -> None:
            for request in waiting:
                async with self._client.post(
                    request.url, data=request.body, headers=request.headers
                ) as answer:
                    text = await answer.text()
                    if answer.status >= 300:
                        raise RuntimeError(f"{request.url}: {answer.status} {text[:300]}")

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))

    def _cpu_seconds(self) -> dict[str, float]:
        spent = {}
        for name, process in self._processes.items():
            family = [process] if name == "client" else [process, *process.children(recursive=True)]
            times = [member.cpu_times() for member in family]
            spent[name] = sum(t.user + t.system for t in times)
        return spent
