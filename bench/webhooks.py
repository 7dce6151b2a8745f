"""What the service adds to the database: webhooks through gunicorn against the same functions
called on PostgREST directly, by the same client, in turn."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from bench.measure import Result, say
from bench.running import staff, whole_stack
from devstack.stack import Stack

AT_ONCE = 24
REQUESTS = 400
ROUNDS = 5
# At least 0.6 of the direct rate.
TARGET = 1 / 0.6
NUMBER = "+576015550100"

Json = dict[str, Any]
_serial = itertools.count(1)


@dataclass(frozen=True)
class Webhook:
    """A webhook, the function behind it, and what makes a request of each for a call."""

    path: str
    function: str
    form: Callable[[int], Json]
    event: Callable[[int], Json]
    needs: str = ""


def _sid(n: int) -> str:
    return f"CA{n:032x}"


def _call(n: int) -> Json:
    return {"CallSid": _sid(n), "From": f"+57{3_000_000_000 + n}", "To": NUMBER}


def _event(n: int, **more: object) -> Json:
    call = _call(n)
    return {"call_sid": call["CallSid"], "from": call["From"], "to": NUMBER, "params": call, **more}


WEBHOOKS = (
    Webhook("incoming-call", "receive_incoming_call", _call, _event),
    Webhook(
        "ivr-input",
        "receive_ivr_input",
        lambda n: {**_call(n), "Digits": "2"},
        lambda n: _event(n, attempt=1, digits="2"),
        needs="incoming-call",
    ),
    Webhook("queue-wait", "receive_queue_wait", _call, _event, needs="ivr-input"),
    Webhook(
        "call-status",
        "record_call_event",
        lambda n: {**_call(n), "CallStatus": "in-progress", "SequenceNumber": "2"},
        lambda n: _event(n, source="call-status", status="in_progress", sequence=2),
        needs="incoming-call",
    ),
)


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
            service, direct = [], []
            for _ in range(ROUNDS):
                service.append(await load.run(webhook, load.through_service))
                direct.append(await load.run(webhook, load.directly))
            a, b = sorted(service)[ROUNDS // 2], sorted(direct)[ROUNDS // 2]
            sizes = f"{1000 / a:.0f}/s against {1000 / b:.0f}/s"
            results.append(Result(f"webhook {webhook.path}", sizes, a, b, TARGET))
            say(f"{webhook.path}: {b / a:.2f} of the direct rate")
    return results


class Load:
    """Requests from one client, AT_ONCE at a time."""

    def __init__(self, stack: Stack, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._token = stack.env["TWILIO_AUTH_TOKEN"].encode()
        self._service = f"{stack.env['PUBLIC_URL']}/api/twilio"
        self._postgrest = f"{stack.layout.url('postgrest')}/rpc"
        key = stack.env["SUPABASE_SERVICE_ROLE_KEY"]
        self._headers = {"Authorization": f"Bearer {key}"}

    async def run(self, webhook: Webhook, ask: Callable[[Webhook, int], Any]) -> float:
        """Milliseconds a request, for calls made as far as the webhook needs them."""
        calls = [next(_serial) for _ in range(REQUESTS)]
        await self._prepare(webhook.needs, calls)
        started = time.perf_counter()
        await self._each(calls, partial(ask, webhook))
        return (time.perf_counter() - started) * 1000 / REQUESTS

    async def _prepare(self, needs: str, calls: list[int]) -> None:
        for webhook in WEBHOOKS:
            if webhook.path == needs:
                await self._prepare(webhook.needs, calls)
                await self._each(calls, partial(self.directly, webhook))

    async def _each(self, calls: list[int], ask: Callable[[int], Any]) -> None:
        waiting = iter(calls)

        async def one_after_the_other() -> None:
            for n in waiting:
                await ask(n)

        await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))

    async def through_service(self, webhook: Webhook, n: int) -> None:
        url, form = f"{self._service}/{webhook.path}", webhook.form(n)
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self._token, text.encode(), hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
        async with self._client.post(url, data=form, headers=headers) as answer:
            await _expect_success(answer)

    async def directly(self, webhook: Webhook, n: int) -> None:
        body = {"p_event": webhook.event(n), "p_process": "bench"}
        url = f"{self._postgrest}/{webhook.function}"
        async with self._client.post(url, json=body, headers=self._headers) as answer:
            await _expect_success(answer)


async def _expect_success(answer: aiohttp.ClientResponse) -> None:
    text = await answer.text()
    if answer.status >= 300:
        raise RuntimeError(f"{answer.url}: {answer.status} {text[:300]}")
