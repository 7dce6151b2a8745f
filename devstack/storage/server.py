"""The REST API: buckets, uploads, downloads, deletions; and `/_devstack/faults`, for tests."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web

from devstack.storage.objects import (
    DUPLICATE,
    NO_BUCKET,
    NO_OBJECT,
    TOO_LARGE,
    Object,
    Objects,
    StorageError,
    refused_type,
)

# As a project of the free plan.
MOST_BYTES = 50 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)|bytes=-(\d+)")
_WRITTEN = ("POST", "PUT", "DELETE")


class Server:
    """Answers as Storage does.

    faults: `unavailable` answers 503 and does nothing; `held` the same, once there are others;
    `unanswered` does what it is asked to and breaks off. If `written`, only of what is written.
    """

    def __init__(self, objects: Objects, secret: str) -> None:
        self._objects = objects
        self._secret = secret
        self._faults: dict[str, Any] = {}

    def application(self) -> web.Application:
        app = web.Application(client_max_size=2 * MOST_BYTES, middlewares=[self._guarded])
        app.router.add_get("/status", _status)
        app.router.add_post("/_devstack/faults", self._set_faults)
        app.router.add_post("/bucket", self._make_bucket)
        app.router.add_get("/bucket/{bucket}", self._bucket)
        app.router.add_get("/object/info/{bucket}/{name:.+}", self._info)
        for prefix in ("/object/authenticated", "/object"):
            app.router.add_get(f"{prefix}/{{bucket}}/{{name:.+}}", self._download)
        app.router.add_post("/object/{bucket}/{name:.+}", self._upload)
        app.router.add_delete("/object/{bucket}", self._remove)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if handler in (_status, self._set_faults):
            answered: web.StreamResponse = await handler(request)
            return answered
        faults = self._faults
        if faults.get("written") and request.method not in _WRITTEN:
            faults = {}
        while faults.get("held") and faults is self._faults:
            await asyncio.sleep(0.05)
        if faults.get("unavailable") or faults.get("held"):
            return web.json_response({"message": "upstream unavailable"}, status=503)
        try:
            answer: web.StreamResponse = await handler(request)
        except StorageError as error:
            answer = web.json_response(error.body, status=400)
        if faults.get("unanswered") and request.transport:
            request.transport.abort()
        return answer

    async def _set_faults(self, request: web.Request) -> web.Response:
        self._faults = await request.json()
        return web.json_response({})

    def _is_service(self, request: web.Request) -> bool:
        """Whether the service role asks; anybody else signed in sees no row of anything."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self._secret, ["HS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError as error:
            raise StorageError(403, "Unauthorized", "AccessDenied", str(error)) from error
        return bool(claims.get("role") == "service_role")

    def _require_service(self, request: web.Request) -> None:
        if not self._is_service(request):
            message = "new row violates row-level security policy"
            raise StorageError(403, "Unauthorized", "AccessDenied", message)

    async def _make_bucket(self, request: web.Request) -> web.Response:
        self._require_service(request)
        asked = await request.json()
        name = str(asked.get("id") or asked["name"])
        self._objects.make_bucket(
            {
                "id": name,
                "name": str(asked.get("name") or name),
                "public": bool(asked.get("public", False)),
                "file_size_limit": asked.get("file_size_limit"),
                "allowed_mime_types": asked.get("allowed_mime_types"),
            }
        )
        return web.json_response({"name": name})

    async def _bucket(self, request: web.Request) -> web.Response:
        if not self._is_service(request):
            raise NO_BUCKET
        return web.json_response(self._objects.bucket(request.match_info["bucket"]))

    async def _upload(self, request: web.Request) -> web.Response:
        is_service = self._is_service(request)
        bucket, name = request.match_info["bucket"], request.match_info["name"]
        about = self._objects.bucket(bucket)
        body, kind, cache = await _sent(request)
        allowed = about["allowed_mime_types"]
        if allowed and not {kind, f"{kind.partition('/')[0]}/*"} & {*allowed}:
            raise refused_type(kind)
        if not is_service:
            self._require_service(request)
        if self._objects.find(bucket, name) and request.headers.get("x-upsert") != "true":
            raise DUPLICATE
        if len(body) > min(MOST_BYTES, about["file_size_limit"] or MOST_BYTES):
            raise TOO_LARGE
        stored = self._objects.put(bucket, name, body, kind, cache)
        return web.json_response({"Id": stored.id, "Key": f"{bucket}/{name}"})

    async def _info(self, request: web.Request) -> web.Response:
        bucket, found = self._seen(request)
        shown = {
            "id": found.id,
            "name": found.name,
            "version": found.version,
            "bucket_id": bucket,
            "size": found.size,
            "content_type": found.mimetype,
            "cache_control": found.cache_control,
            "etag": found.etag,
            "metadata": {},
            "last_modified": found.updated_at,
            "created_at": found.created_at,
        }
        return web.json_response(shown)

    async def _download(self, request: web.Request) -> web.Response:
        bucket, found = self._seen(request)
        body = self._objects.content(bucket, found.name).read_bytes()
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Type": found.mimetype,
            "ETag": found.etag,
            "Last-Modified": format_datetime(datetime.fromisoformat(found.updated_at), usegmt=True),
            "Cache-Control": found.cache_control,
            "X-Robots-Tag": "none",
        }
        part = _RANGE.fullmatch(request.headers.get("Range", ""))
        if request.method == "HEAD" or not part:
            return web.Response(body=body, headers=headers)
        first, last = _part(part, len(body))
        if first >= len(body) or last < first:
            return web.json_response(
                {"statusCode": "500", "error": "Internal", "message": "Internal Server Error"},
                status=500,
            )
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return web.Response(status=206, body=body[first : last + 1], headers=headers)

    async def _remove(self, request: web.Request) -> web.Response:
        names = (await request.json())["prefixes"]
        gone = []
        if self._is_service(request):
            gone = self._objects.remove(request.match_info["bucket"], names)
        return web.json_response([{"name": one.name, "id": one.id} for one in gone])

    def _seen(self, request: web.Request) -> tuple[str, Object]:
        is_service = self._is_service(request)
        bucket, name = request.match_info["bucket"], request.match_info["name"]
        self._objects.bucket(bucket)
        found = self._objects.find(bucket, name)
        if not found or not is_service:
            raise NO_OBJECT
        return bucket, found


async def _status(_request: web.Request) -> web.Response:
    return web.Response()


async def _sent(request: web.Request) -> tuple[bytes, str, str]:
    """The file, its type and Cache-Control: of a form, or the body itself."""
    if not request.content_type.startswith("multipart/form-data"):
        kind = request.headers.get("Content-Type", "application/octet-stream")
        return await request.read(), kind, request.headers.get("Cache-Control", "no-cache")
    form = await request.post()
    file = next((part for part in form.values() if isinstance(part, web.FileField)), None)
    if file is None:
        raise StorageError(400, "InvalidRequest", "InvalidRequest", "No content provided")
    cache = form.get("cacheControl")
    lasts = f"max-age={cache}" if isinstance(cache, str) else "no-cache"
    return file.file.read(), file.content_type, lasts


def _part(part: re.Match[str], total: int) -> tuple[int, int]:
    if part[3]:
        return max(0, total - int(part[3])) if int(part[3]) else total, total - 1
    return int(part[1]), min(int(part[2] or total), total - 1)


async def serve(folder: Path, secret: str, port: int, stopped: asyncio.Event) -> None:
    """Serve until it is set."""
    runner = web.AppRunner(Server(Objects(folder), secret).application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stopped.wait()
    await runner.cleanup()
