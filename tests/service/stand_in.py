"""A stand-in for Supabase: publishes keys, signs tokens with them, answers rpcs as it is told."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

USER = "0b7a2c52-1d0c-4a3e-9c4d-0d5a6f0c1e11"
SECRET = "a secret of at least thirty-two bytes, as projects have"


class Key:
    """A private key (ES256) and how its public half is published."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.private = ec.generate_private_key(ec.SECP256R1())

    def published(self) -> dict[str, Any]:
        public: dict[str, Any] = jwt.get_algorithm_by_name("ES256").to_jwk(
            self.private.public_key(), as_dict=True
        )
        return {**public, "kid": self.id, "alg": "ES256", "use": "sig"}


class Supabase:
    """keys: those published; None: the endpoint does not answer. rpcs: what each is answered with,
    a status and a body; asked: which were called, with what.
    """

    def __init__(self) -> None:
        self.keys: list[Key] | None = [Key()]
        self.fetches = 0
        self.rpcs: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    def token(
        self, key: Key | None = None, headers: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """A token of a signed-in user, signed by the first key; what is None is left out."""
        if key is None:
            assert self.keys
            key = self.keys[0]
        body = self.claims(**claims)
        named = {"kid": key.id} if headers is None else headers
        return jwt.encode(body, key.private, "ES256", named)

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        usual = {
            "iss": f"{self.url}/auth/v1",
            "aud": "authenticated",
            "role": "authenticated",
            "sub": USER,
            "iat": now,
            "exp": now + 3600,
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def answer(self, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/auth/v1/.well-known/jwks.json":
            self.fetches += 1
            if self.keys is None:
                return 503, {}
            return 200, {"keys": [key.published() for key in self.keys]}
        function = path.rpartition("/rpc/")[2]
        self.asked.append((function, json.loads(body)))
        return self.rpcs.get(function, (200, {"call": None, "commands": []}))


@contextmanager
def supabase() -> Iterator[Supabase]:
    """One that is reached at its url."""
    stand_in = Supabase()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            status, content = stand_in.answer(self.path, body)
            encoded = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield stand_in
        server.shutdown()
