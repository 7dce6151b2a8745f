"""What is stored: buckets and objects, in a folder that a crash leaves whole."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class StorageError(Exception):
    """As the server says it: status (in the body), error, code and message."""

    def __init__(self, status: int, error: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"statusCode": str(status), "error": error, "code": code, "message": message}


NO_BUCKET = StorageError(404, "Bucket not found", "NoSuchBucket", "Bucket not found")
NO_OBJECT = StorageError(404, "not_found", "NoSuchKey", "Object not found")
TOO_LARGE = StorageError(
    413, "Payload too large", "EntityTooLarge", "The object exceeded the maximum allowed size"
)
DUPLICATE = StorageError(409, "Duplicate", "KeyAlreadyExists", "The resource already exists")


def refused_type(kind: str) -> StorageError:
    message = f"mime type {kind} is not supported"
    return StorageError(415, "invalid_mime_type", "InvalidMimeType", message)


@dataclass(frozen=True)
class Object:
    """One file. etag: with its quotes, as headers have it."""

    id: str
    name: str
    version: str
    mimetype: str
    cache_control: str
    etag: str
    size: int
    updated_at: str
    created_at: str


class Objects:
    """Everything in one folder: a folder a bucket, in it a pair of files an object."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def make_bucket(self, bucket: dict[str, Any]) -> None:
        home = self._home(bucket["id"])
        if (home / "bucket.json").exists():
            raise DUPLICATE
        home.mkdir(exist_ok=True)
        now = _now()
        _write(home / "bucket.json", {**bucket, "owner": "", "created_at": now, "updated_at": now})

    def bucket(self, name: str) -> dict[str, Any]:
        path = self._home(name) / "bucket.json"
        if not path.exists():
            raise NO_BUCKET
        found: dict[str, Any] = json.loads(path.read_text())
        return found

    def put(self, bucket: str, name: str, body: bytes, kind: str, cache: str) -> Object:
        """Written beside what is there, then put in its place."""
        home, key = self._home(bucket), _key(name)
        old = self.find(bucket, name)
        now = _now()
        stored = Object(
            old.id if old else str(uuid.uuid4()),
            name,
            str(uuid.uuid4()),
            kind,
            cache,
            f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
            len(body),
            now,
            old.created_at if old else now,
        )
        draft = home / f"{key}.{stored.version}"
        draft.write_bytes(body)
        draft.replace(home / f"{key}.bin")
        _write(home / f"{key}.json", asdict(stored))
        return stored

    def find(self, bucket: str, name: str) -> Object | None:
        path = self._home(bucket) / f"{_key(name)}.json"
        return Object(**json.loads(path.read_text())) if path.exists() else None

    def content(self, bucket: str, name: str) -> Path:
        return self._home(bucket) / f"{_key(name)}.bin"

    def remove(self, bucket: str, names: list[str]) -> list[Object]:
        """Those that were there."""
        gone = [found for name in names if (found := self.find(bucket, name))]
        for one in gone:
            for ending in ("json", "bin"):
                (self._home(bucket) / f"{_key(one.name)}.{ending}").unlink(missing_ok=True)
        return gone

    def _home(self, bucket: str) -> Path:
        return self._folder / _key(bucket)


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:40]


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _write(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content))
    draft.replace(path)
