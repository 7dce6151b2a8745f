"""What the service adds to the database: webhooks through gunicorn against the same functions
called on PostgREST directly, by the same client, in turn."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from psutil import Process

from bench.measure import Result, say
from bench.running import staff, whole_stack
from devstack.stack import Stack

AT_ONCE = 24
REQUESTS = 400
ROUNDS = 5
# At least 0.6 of the direct rate.
TARGET = 1 / 0.6
NUMBER = "+576015550100"

# What Twilio says of a caller besides.
PLACES = {
    f"{who}{what}": value
    for who in ("Caller", "Called", "From", "To")
    for what, value in (("City", "BOGOTÁ"), ("State", "DC"), ("Zip", "110111"), ("Country", "CO"))
}
QUEUE = {
    "QueueSid": f"QU{1:032x}",
    "QueuePosition": "3",
    "QueueTime": "20",
    "AvgQueueTime": "40",
    "CurrentQueueSize": "9",
    "MaxQueueSize": "1000",
}

Json = dict[str, Any]
_serial = itertools.count(1)


@dataclass(frozen=True)
class Webhook:
    """A webhook, the function behind it, and what a request of each holds besides the call."""

    path: str
    function: str
    form: Json
    event: Json
    needs: str = ""


WEBHOOKS = (
    Webhook("incoming-call", "receive_incoming_call", {}, {}),
    Webhook(
        "ivr-input",
        "receive_ivr_input",
        {"Digits": "2", "msg": "Gather End", "FinishedOnKey": ""},
        {"menu": None, "attempt": None, "digits": "2", "speech": None},
        needs="incoming-call",
    ),
    Webhook("queue-wait", "receive_queue_wait", QUEUE, {}, needs="ivr-input"),
    Webhook(
        "call-status",
        "record_call_event",
        {
            "CallStatus": "in-progress",
            "SequenceNumber": "2",
            "CallbackSource": "call-progress-events",
            "Timestamp": "Fri, 23 Jan 2026 10:00:00 +0000",
        },
        {
            "source": "call-status",
            "status": "in_progress",
            "sequence": 2,
            "occurred_at": "2026-01-23T10:00:00+00:00",
            "duration": None,
            "sip_code": None,
            "direction": "inbound",
            "parent_call_sid": None,
            "offer_id": None,
            "call_record_id": None,
        },
        needs="incoming-call",
    ),
)


def _form(webhook: Webhook, n: int) -> Json:
    number = f"+57{3_000_000_000 + n}"
    return {
        "AccountSid": f"AC{1:032x}",
        "ApiVersion": "2010-04-01",
        "CallSid": f"CA{n:032x}",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": number,
        "Caller": number,
        "To": NUMBER,
        "Called": NUMBER,
        **PLACES,
        **webhook.form,
    }


def _event(webhook: Webhook, n: int) -> Json:
    form = _form(webhook, n)
    call = {"call_sid": form["CallSid"], "from": form["From"], "to": NUMBER, "caller_name": None}
    return {**call, **webhook.event, "params": form}


def measure() -> list[Result]:
    """One result a webhook: milliseconds a request at full load, and directly."""
    with whole_stack() as stack:
        stack.kill("worker")  # it would have its share of the cores
        staff(stack, 20, "break")
        return asyncio.run(_measure(stack))


async def _measure(stack: Stack) -> list[Result]:
    results = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as client:
        load = Load(stack, client)
        for webhook in WEBHOOKS:
            service, direct = Spent(), Spent()
            for ask in (load.through_service, load.directly):
                await load.run(webhook, ask)  # connections, caches
            for _ in range(ROUNDS):
                service += await load.run(webhook, load.through_service)
                direct += await load.run(webhook, load.directly)
            a, b = service.milliseconds(), direct.milliseconds()
            sizes = f"{1000 / a:.0f}/s against {1000 / b:.0f}/s"
            results.append(Result(f"webhook {webhook.path}", sizes, a, b, TARGET))
            say(f"{webhook.path}: {b / a:.2f} of the direct rate")
            say(f"  ms of CPU a request: {service.by_process()}; directly: {direct.by_process()}")
            # Both cores are busy throughout, so CPU is the rate.
            alone = direct.total() / (service.total() - service.cpu["gateway"] / ROUNDS)
            say(f"  were the gateway elsewhere, as Supabase's is: {alone:.2f}")
    return results


@dataclass(frozen=True)
class Request:
    """A POST, made before the clock runs: signing is Twilio's work."""

    url: str
    body: bytes
    headers: dict[str, str]


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

    def total(self) -> float:
        """Seconds of CPU, a round."""
        return sum(self.cpu.values()) / len(self.rounds)

    def by_process(self) -> str:
        per_request = 1000 / REQUESTS / len(self.rounds)
        spent = {name: seconds * per_request for name, seconds in self.cpu.items()}
        most_first = sorted(spent.items(), key=lambda item: -item[1])
        return ", ".join(f"{name} {ms:.2f}" for name, ms in most_first if ms >= 0.01)


class Load:
    """Requests from one client, AT_ONCE at a time."""

    def __init__(self, stack: Stack, client: aiohttp.ClientSession) -> None:
        self._client = client
        names = ("postgres", "postgrest", "gateway", "web")
        self._processes = {name: Process(stack.pid(name)) for name in names} | {"client": Process()}
        self._token = stack.env["TWILIO_AUTH_TOKEN"].encode()
        self._service = f"{stack.env['PUBLIC_URL']}/api/twilio"
        self._postgrest = f"{stack.layout.url('postgrest')}/rpc"
        key = stack.env["SUPABASE_SERVICE_ROLE_KEY"]
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    async def run(self, webhook: Webhook, make: Callable[[Webhook, int], Request]) -> Spent:
        """One round of requests, for calls made as far as the webhook needs them."""
        calls = [next(_serial) for _ in range(REQUESTS)]
        await self._prepare(webhook.needs, calls)
        requests = [make(webhook, n) for n in calls]
        before, started = self._cpu_seconds(), time.perf_counter()
        await self._send(requests)
        seconds, after = time.perf_counter() - started, self._cpu_seconds()
        return Spent((seconds,), {name: after[name] - before[name] for name in after})

    async def _prepare(self, needs: str, calls: list[int]) -> None:
        for webhook in WEBHOOKS:
            if webhook.path == needs:
                await self._prepare(webhook.needs, calls)
                await self._send([self.directly(webhook, n) for n in calls])

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

    def through_service(self, webhook: Webhook, n: int) -> Request:
        """The webhook, signed as Twilio does."""
        url, form = f"{self._service}/{webhook.path}", _form(webhook, n)
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self._token, text.encode(), hashlib.sha1).digest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": base64.b64encode(digest).decode(),
        }
        return Request(url, urlencode(form).encode(), headers)

    def directly(self, webhook: Webhook, n: int) -> Request:
        """The function behind it, on PostgREST itself."""
        body = {"p_event": _event(webhook, n), "p_process": "bench"}
        url = f"{self._postgrest}/{webhook.function}"
        return Request(url, json.dumps(body).encode(), self._headers)
