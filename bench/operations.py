"""What somebody at a screen waits for, beside what Twilio waits for: one request after the other,
through gunicorn, on a real call of two people in a room.

The last one is done at the simulated Twilio too, whose answer is settled and whose callback is
taken in: three requests to the database instead of one. The others ask Twilio nothing.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator

import httpx

from bench.measure import Result, say
from bench.running import whole_stack
from bench.twilio_requests import CALL_STATUS, INCOMING_CALL, Target, Webhook
from devstack.stack import Stack
from devstack.twilio.client import Script, Sim

RUNS = 200
AGENT, CUSTOMER = "agente1@demo.local", "+573009990003"
IN_THE_ROOM: Script = [{"until": "conference", "timeout": 600}, {"wait": 3600}]
_READY_SECONDS = 30.0
Ask = Callable[[], httpx.Request]


def measure() -> list[Result]:
    """Milliseconds of the slowest twentieth (p95): of an operation, and of call-status."""
    with whole_stack() as stack, httpx.Client(timeout=20) as client:
        screen = Screen(stack, client)
        call = screen.call_in_progress()
        stack.kill("worker")  # its requests would be counted
        webhook = p95(client, call_status(stack, client))
        results = []
        for name, ask in screen.operations(call).items():
            screen.count_requests()
            slowest = p95(client, ask)
            say(f"{name}: {screen.count_requests() / (RUNS + 1):.2f} requests to the database")
            results.append(Result(f"{name}, p95", "against call-status", slowest, webhook, None))
        return results


class Screen:
    """An agent's, with a call that goes on."""

    def __init__(self, stack: Stack, client: httpx.Client) -> None:
        self._stack = stack
        self._client = client
        self._headers = {"Authorization": f"Bearer {stack.access_token(AGENT)}"}

    def _request(self, method: str, path: str, body: object = None) -> httpx.Request:
        url = f"{self._stack.env['PUBLIC_URL']}/api/{path}"
        return self._client.build_request(method, url, json=body, headers=self._headers)

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        """What is answered to an operation that must succeed."""
        answer = self._client.send(self._request(method, path, body)).raise_for_status()
        return dict(answer.json())

    def call_in_progress(self, recorded: bool = False) -> str:
        """Place a call; returns its SID once the two have met."""
        agent = self.ask("GET", "me")["agent"]
        assert isinstance(agent, dict)
        identity = f"client:agent_{agent['id'].replace('-', '')}"
        with Sim(self._stack.env["TWILIO_API_BASE_URL"]) as sim:
            for address in (identity, CUSTOMER):
                sim.person(address, IN_THE_ROOM)
        wish = {"toNumber": CUSTOMER, "recordingEnabled": recorded}
        sid = str(self.ask("POST", "twilio/initiate-call", wish)["callSid"])
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            call = self.ask("GET", f"calls/{sid}")["call"]
            if isinstance(call, dict) and call["answered_at"]:
                return sid
            time.sleep(0.2)
        raise TimeoutError(f"nobody met within {_READY_SECONDS} s")

    def operations(self, call: str) -> dict[str, Ask]:
        held = itertools.cycle(["hold", "resume"])
        return {
            "reading a call": lambda: self._request("GET", f"calls/{call}"),
            "my state": lambda: self._request("GET", "me"),
            "resuming who is not held": lambda: self._request("POST", f"calls/{call}/resume"),
            "hold and resume": lambda: self._request("POST", f"calls/{call}/{next(held)}"),
        }

    def count_requests(self) -> int:
        """How many the gateway passed on to PostgREST since this was asked last."""
        base = f"{self._stack.layout.url('gateway')}/_devstack/requests"
        counted = self._client.get(base).json()["counts"].get("/rest/v1", 0)
        self._client.post(f"{base}/reset")
        return int(counted)


def call_status(stack: Stack, client: httpx.Client) -> Ask:
    """A new call's first status each time; that the call came in is not measured."""
    base = f"{stack.env['PUBLIC_URL']}/api/twilio"
    target = Target("web", base, stack.env["TWILIO_AUTH_TOKEN"].encode(), True)

    def built(webhook: Webhook, n: int) -> httpx.Request:
        request = target.request(webhook, n)
        return client.build_request(
            "POST", request.url, content=request.body, headers=request.headers
        )

    def asks() -> Iterator[httpx.Request]:
        for n in itertools.count(1):
            client.send(built(INCOMING_CALL, n)).raise_for_status()
            yield built(CALL_STATUS, n)

    waiting = asks()
    return lambda: next(waiting)


def p95(client: httpx.Client, ask: Ask) -> float:
    """Milliseconds of the slowest twentieth."""
    client.send(ask()).raise_for_status()  # connections, caches
    times = []
    for _ in range(RUNS):
        request = ask()
        started = time.perf_counter()
        client.send(request).raise_for_status()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.quantiles(times, n=20)[-1]
