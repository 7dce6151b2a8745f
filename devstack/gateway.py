"""One address for the whole Supabase API, as Kong is on a hosted project.

It checks the `apikey`, answers CORS preflights, counts requests, and passes bytes on. It sits on
the hot path of every benchmark, so it has no router and no middleware, keeps its connections to
the servers behind it, and looks into no body but the auth server's.

Run as `python -m devstack.gateway <config.json>`.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections import Counter, deque
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from devstack.gateway_files import relay_file
from devstack.gateway_websocket import relay_websocket

REMEMBERED = 5000
HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "host")
)
# Lengths and connections are the gateway's own; so is CORS.
REWRITTEN = HOP_BY_HOP | {"content-length", "date", "server"}
# Where Kong asks for no key either: links in e-mails, and public keys.
OPEN_PATHS = (
    "/auth/v1/verify",
    "/auth/v1/callback",
    "/auth/v1/authorize",
    "/auth/v1/health",
    "/auth/v1/.well-known/",
)
POSTGRES_TIME = re.compile(rb'"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00"')
JWKS_PATH = "/auth/v1/.well-known/jwks.json"
EXPOSED = "Content-Range, Content-Location, Location, X-Total-Count, Preference-Applied"


class Gateway:
    """Passes each request to the server its path names."""

    def __init__(self, upstreams: dict[str, str], keys: dict[str, str]) -> None:
        self.upstreams = upstreams
        self.keys = keys
        self.counts: Counter[str] = Counter()
        self.recent: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)
        self.session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self.session = aiohttp.ClientSession(
            # Shorter than the five seconds after which Node closes: no request meets a dead end.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=70),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )

    async def close(self) -> None:
        if self.session:
            await self.session.close()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "OPTIONS":
            return _preflight(request)
        path = request.path
        if path.startswith("/_devstack/"):
            return self._own(request)
        prefix = next((p for p in self.upstreams if path.startswith(f"{p}/") or path == p), None)
        if prefix is None:
            return _message(404, "no Route matched with those values")
        self.counts[prefix] += 1
        self.recent.append((request.method, request.path_qs))
        return await self._guarded(request, prefix)

    async def _guarded(self, request: web.BaseRequest, prefix: str) -> web.StreamResponse:
        if request.path == JWKS_PATH:
            # Tokens are signed with a shared secret here, so there is no public key to publish.
            return web.json_response({"keys": []}, headers=_cors(request))
        token = None
        if not request.path.startswith(OPEN_PATHS):
            key = request.headers.get("apikey") or request.query.get("apikey")
            if not key:
                return _message(401, "No API key found in request", request)
            token = self.keys.get(key)
            if token is None:
                return _message(401, "Invalid authentication credentials", request)
        return await self._pass_on(request, prefix, token)

    async def _pass_on(
        self, request: web.BaseRequest, prefix: str, token: str | None
    ) -> web.StreamResponse:
        assert self.session is not None  # noqa: S101 - opened before the server listens
        target = self.upstreams[prefix] + request.path_qs[len(prefix) :]
        headers = _upstream_headers(request, token)
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await relay_websocket(self.session, request, target)
            if prefix == "/storage/v1":
                return await relay_file(self.session, request, target, headers)
            return await self._relay(request, target, headers)
        except (aiohttp.ClientConnectionError, TimeoutError):
            name = prefix.split("/")[1]
            return _message(503, f"{name} is not running: see `python -m devstack status`", request)

    async def _relay(
        self, request: web.BaseRequest, target: str, headers: CIMultiDict[str]
    ) -> web.StreamResponse:
        assert self.session is not None  # noqa: S101
        async with self.session.request(
            request.method,
            URL(target, encoded=True),
            headers=headers,
            data=await request.read() if request.body_exists else None,
            allow_redirects=False,
        ) as answer:
            # Whole bodies, as PostgREST makes them: one write to the client instead of three.
            body = await answer.read()
            if request.path.startswith("/auth/v1/"):
                # As Supabase Auth writes times; clients that check what they are told insist on it.
                body = POSTGRES_TIME.sub(rb'"\1T\2Z"', body)
            return web.Response(
                status=answer.status, headers=_client_headers(answer, request), body=body
            )

    def _own(self, request: web.BaseRequest) -> web.Response:
        """Request counts, for tests of what a webhook costs."""
        if request.path == "/_devstack/requests/reset" and request.method == "POST":
            self.counts.clear()
            self.recent.clear()
        elif request.path != "/_devstack/requests":
            return _message(404, "only /_devstack/requests and /_devstack/requests/reset are here")
        listed = [{"method": method, "path": path} for method, path in self.recent]
        return web.json_response(
            {"total": self.counts.total(), "counts": dict(self.counts), "requests": listed}
        )


def _upstream_headers(request: web.BaseRequest, token: str | None) -> CIMultiDict[str]:
    headers = CIMultiDict(
        (name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP
    )
    sent = headers.get("Authorization", "")
    key = headers.get("apikey")
    # A key alone stands for its role; clients repeat it as bearer token, and sb_… keys are no JWTs.
    if token and (not sent or (key and sent == f"Bearer {key}")):
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _client_headers(answer: aiohttp.ClientResponse, request: web.BaseRequest) -> CIMultiDict[str]:
    headers = CIMultiDict(
        (name, value)
        for name, value in answer.headers.items()
        if name.lower() not in REWRITTEN and not name.lower().startswith("access-control-")
    )
    headers.update(_cors(request))
    return headers


def _cors(request: web.BaseRequest) -> dict[str, str]:
    if "Origin" not in request.headers:
        return {}
    return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}


def _preflight(request: web.BaseRequest) -> web.Response:
    asked = request.headers.get("Access-Control-Request-Headers", "authorization, apikey")
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS",
        "Access-Control-Allow-Headers": asked,
        "Access-Control-Max-Age": "3600",
    }
    return web.Response(status=204, headers=headers)


def _message(status: int, text: str, request: web.BaseRequest | None = None) -> web.Response:
    headers = _cors(request) if request is not None else {}
    return web.json_response({"message": text}, status=status, headers=headers)


async def serve(config: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    gateway = Gateway(config["upstreams"], config["keys"])
    await gateway.open()
    runner = web.ServerRunner(web.Server(gateway.handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", config["port"], backlog=1024).start()
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await gateway.close()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text())))
