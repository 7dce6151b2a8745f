"""The example page of the docs, served for the local stack, and a picture of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from devstack.layout import ROOT
from devstack.stack import Stack
from devstack.toolchain import ensure_browser

LIVE = ROOT / "console" / "src" / "client" / "live.mjs"
_PICTURE = ROOT / "devstack" / "browser" / "picture.mjs"
# Where a bundler would put the same.
_SUPABASE_JS = "@supabase/supabase-js/dist/umd/supabase.js"


def contents(stack: Stack) -> dict[str, tuple[str, bytes]]:
    """What is served, by path: its type and itself."""
    config = {"url": stack.env["SUPABASE_URL"], "key": stack.env["SUPABASE_ANON_KEY"]}
    javascript = "text/javascript"
    return {
        "/": ("text/html", (ROOT / "docs/examples/live.html").read_bytes()),
        "/live.mjs": (javascript, LIVE.read_bytes()),
        "/supabase.js": (javascript, (stack.tools.modules / _SUPABASE_JS).read_bytes()),
        "/config.json": ("application/json", json.dumps(config).encode()),
    }


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, files: dict[str, tuple[str, bytes]], *args: object) -> None:
        self._files = files
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        kind, body = self._files.get(self.path.partition("?")[0], ("", b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: requests are no news."""


@contextmanager
def serving(stack: Stack) -> Iterator[str]:
    """Serve the pages on this machine alone, at a port that is free; gives their URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, contents(stack)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def take_picture(stack: Stack, file: Path) -> None:
    """A supervisor's wallboard and an agent's desk, side by side."""
    ensure_browser(stack.tools)
    with serving(stack) as url:
        subprocess.run(
            [str(stack.tools.node), str(_PICTURE)],
            env={
                "BROWSER": str(stack.tools.browser),
                "PAGE": url,
                "PASSWORD": stack.credentials.user_password,
                "FILE": str(file.resolve()),
            },
            check=True,
            timeout=60,
        )
