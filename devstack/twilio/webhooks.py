"""Twilio's side of HTTP: signed requests, time-outs, retries, and a log of all deliveries."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

import aiohttp
from yarl import URL

from devstack.twilio.clock import Clock, iso
from devstack.twilio.faults import Faults
from devstack.twilio.feed import Feed
from devstack.twilio.overrides import Overrides, split_overrides
from devstack.twilio.signature import sign, signed_url
from devstack.twilio.tasks import Tasks

KEPT = 20_000
MOST_REDIRECTS = 5
FIRST_BACK_OFF = 0.05
LARGEST_REPLY = 2 * 1024 * 1024
# How JSON callbacks are delivered; unlike forms, without a word in the URL.
JSON_LIMITS = Overrides(retries=3, policies=frozenset({"ct", "5xx"}))

Params = dict[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where callbacks go and which events they are for."""

    endpoint: Endpoint
    events: frozenset[str]


@dataclass(slots=True)
class Reply:
    """``url`` is where the body came from, after HTTP redirects; ``failure`` is ct, rt, 4xx …"""

    url: str
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    failure: str = ""
    message: str = ""

    @property
    def ok(self) -> bool:
        return not self.failure


@dataclass(slots=True)
class Delivery:
    id: int
    at: str
    kind: str
    sid: str
    method: str
    url: str
    params: Params
    attempt: int = 1
    status: int | None = None
    ms: float | None = None
    error: str = ""


@dataclass(slots=True)
class _Request:
    kind: str
    sid: str
    method: str
    url: str
    params: Params
    limits: Overrides
    json: str = ""
    token: str = field(default_factory=lambda: str(uuid4()))


class Webhooks:
    def __init__(self, token: str, clock: Clock, feed: Feed, faults: Faults, tasks: Tasks) -> None:
        self._token = token
        self._clock = clock
        self._feed = feed
        self._faults = faults
        self._tasks = tasks
        self._count = 0
        self._session: aiohttp.ClientSession | None = None
        self.log: deque[Delivery] = deque(maxlen=KEPT)

    async def open(self) -> None:
        """One connection a request: a kept-alive one that dies looks like a failed delivery."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True, ssl=False)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True
        )

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def notify(self, kind: str, sid: str, to: Endpoint | None, params: Params) -> None:
        """A callback: nobody waits for it, and faults may befall it."""
        if to:
            url, limits = split_overrides(to.url)
            self._notify(_Request(kind, sid, to.method, url, params, limits))

    def notify_json(self, kind: str, sid: str, to: Endpoint | None, content: Any) -> None:
        """A callback with a JSON body: its hash stands in the URL, and the URL is signed."""
        if to:
            body = json.dumps(content)
            url, _ = split_overrides(to.url)
            url += (
                "&" if urlsplit(url).query else "?"
            ) + f"bodySHA256={sha256(body.encode()).hexdigest()}"
            self._notify(_Request(kind, sid, "POST", url, {}, JSON_LIMITS, body))

    def _notify(self, request: _Request) -> None:
        if self._faults.strikes("drop"):
            self._logged(request, request.method, request.url, attempt=0).error = "dropped"
            return
        delay = self._faults.between(1, 20) if self._faults.strikes("delay") else 0.0
        if self._faults.strikes("reorder"):
            delay += self._faults.between(0, 3)
        self._tasks.spawn_telling(self._callback(request, delay))
        if self._faults.strikes("duplicate"):
            again = delay + self._faults.between(0, 3)
            self._tasks.spawn_telling(self._callback(replace(request, token=str(uuid4())), again))

    async def document(self, sid: str, to: Endpoint, params: Params) -> Reply:
        """A request whose reply decides how the call goes on. Completes even if nobody waits."""
        if self._faults.strikes("webhook_slow"):
            await self._clock.sleep(self._faults.between(1, 10))
        url, limits = split_overrides(to.url)
        request = _Request("document", sid, to.method, url, params, limits)
        task = self._tasks.spawn(self._deliver(request))
        return await asyncio.shield(task)

    def deliveries_since(self, number: int) -> list[dict[str, Any]]:
        return [asdict(delivery) for delivery in self.log if delivery.id > number]

    async def _callback(self, request: _Request, delay: float) -> None:
        if delay:
            await self._clock.sleep(delay)
        reply = await self._deliver(request)
        if not reply.ok:
            code = 11205 if reply.failure in {"ct", "rt"} else 11200
            complaint = f"{request.kind} callback: {reply.message}"
            self._feed.error(request.sid, code, complaint, request.url)

    async def _deliver(self, request: _Request) -> Reply:
        limits = request.limits
        deadline = time.monotonic() + limits.total
        attempt = 1
        while True:
            reply = await self._follow(request, attempt, deadline)
            left = deadline - time.monotonic()
            if reply.failure not in limits.policies or attempt > limits.retries or left <= 0:
                return reply
            await asyncio.sleep(min(left, FIRST_BACK_OFF * 2**attempt))
            attempt += 1

    async def _follow(self, request: _Request, attempt: int, deadline: float) -> Reply:
        """One attempt, following HTTP redirects as Twilio does; each hop is signed anew."""
        method, url = request.method, request.url
        for _ in range(MOST_REDIRECTS):
            reply = await self._once(request, method, url, attempt, deadline)
            if reply.failure != "redirect":
                return reply
            url = urljoin(url, reply.message)
            method = method if reply.status in {307, 308} else "GET"
        return Reply(url, reply.status, failure="4xx", message="too many redirects")

    async def _once(
        self, request: _Request, method: str, url: str, attempt: int, deadline: float
    ) -> Reply:
        delivery = self._logged(request, method, url, attempt)
        started = time.monotonic()
        try:
            reply = await self._exchange(request, method, url, deadline)
        except aiohttp.ClientConnectorError as error:
            reply = Reply(url, failure="ct", message=f"connection failed: {error}")
        except aiohttp.ConnectionTimeoutError:
            reply = Reply(url, failure="ct", message="connection timed out")
        except TimeoutError:
            reply = Reply(url, failure="rt", message="no answer in time")
        except ValueError as error:
            reply = Reply(url, failure="url", message=f"not a URL: {error}")
        except (aiohttp.ClientError, OSError) as error:
            reply = Reply(url, failure="rt", message=f"connection broke: {error!r}")
        delivery.ms = round((time.monotonic() - started) * 1000, 1)
        delivery.status = reply.status or None
        delivery.error = "" if reply.failure == "redirect" else reply.message
        return reply

    async def _exchange(self, request: _Request, method: str, url: str, deadline: float) -> Reply:
        if self._session is None:
            raise RuntimeError("webhooks are not open")
        pairs = list(request.params.items())
        body = (request.json or urlencode(pairs)).encode() if method == "POST" else None
        if method == "GET" and pairs:
            url += ("&" if urlsplit(url).query else "?") + urlencode(pairs)
        left = max(0.01, deadline - time.monotonic())
        limits = aiohttp.ClientTimeout(
            total=left, sock_connect=request.limits.connect, sock_read=request.limits.read
        )
        headers = self._headers(request, url, pairs if body is not None else [])
        async with self._session.request(
            method,
            URL(url, encoded=True),
            data=body,
            headers=headers,
            timeout=limits,
            allow_redirects=False,
        ) as response:
            content = await response.content.read(LARGEST_REPLY)
            kind = response.headers.get("Content-Type", "")
            return _judged(url, response.status, kind, content, response.headers)

    def _headers(self, request: _Request, url: str, pairs: list[tuple[str, str]]) -> dict[str, str]:
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Home-Region": "us1",
            "I-Twilio-Idempotency-Token": request.token,
            "X-Twilio-Signature": sign(self._token, signed_url(url), pairs),
        }
        if request.method == "POST":
            kind = "application/json" if request.json else "application/x-www-form-urlencoded"
            headers["Content-Type"] = f"{kind}; charset=UTF-8"
        return headers

    def _logged(self, request: _Request, method: str, url: str, attempt: int) -> Delivery:
        self._count += 1
        now = iso(self._clock.time())
        params = {"json": request.json} if request.json else request.params
        entry = Delivery(self._count, now, request.kind, request.sid, method, url, params, attempt)
        self.log.append(entry)
        return entry


def _judged(
    url: str, status: int, content_type: str, body: bytes, headers: Mapping[str, str]
) -> Reply:
    reply = Reply(url, status, content_type, body)
    if status in {301, 302, 303, 307, 308} and "Location" in headers:
        reply.failure, reply.message = "redirect", headers["Location"]
    elif status >= 500:
        reply.failure, reply.message = "5xx", f"HTTP {status}"
    elif not 200 <= status < 300:
        reply.failure, reply.message = "4xx", f"HTTP {status}"
    return reply
