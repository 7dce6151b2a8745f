"""The console of console/: built with the stack's Node, and the types that it is made with.

What is built is the service's to serve; nothing of it is needed to run the service.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx

from devstack.layout import ROOT, DevstackError
from devstack.progress import say
from devstack.stack import Stack
from devstack.toolchain import MANIFESTS, Toolchain, ensure_browser, ensure_console

CONSOLE = ROOT / "console"
BUILT = ROOT / "webhooks" / "static" / "console"
TYPES = CONSOLE / "src" / "client" / "types"
_PICTURES = ROOT / "devstack" / "browser" / "console.mjs"
_SUPERVISOR = "supervisor@demo.local"
_SOURCES = ("*.html", "*.ts", *MANIFESTS, "src/**/*")


def build(tools: Toolchain) -> None:
    """Make the files that the service serves, unless they are of these sources already."""
    wanted, stamp = _fingerprint(), BUILT / "sources"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    ensure_console(tools)
    say("building the console")
    _run(tools, "vite/bin/vite.js", "build", "--logLevel", "warn")
    stamp.write_text(wanted)


def check(tools: Toolchain) -> None:
    """Types and lint; raises DevstackError with what is wrong."""
    ensure_console(tools)
    _run(tools, "typescript/bin/tsc")
    _run(tools, "@biomejs/biome/bin/biome", "check", "--error-on-warnings")


def take_pictures(stack: Stack, folder: Path) -> None:
    """Pictures of the desk, the wall, a contact and the menus into a folder. They show what goes
    on: somebody has to ring meanwhile (`play`)."""
    build(stack.tools)
    ensure_browser(stack.tools)
    subprocess.run(
        [str(stack.tools.node), str(_PICTURES)],
        env={
            "BROWSER": str(stack.tools.browser),
            "PAGE": f"{stack.layout.url('web')}/console/",
            "PASSWORD": stack.credentials.user_password,
            "FOLDER": str(folder.resolve()),
        },
        check=True,
        timeout=300,
    )


def write_types(stack: Stack) -> None:
    """Write anew the types of what the service and the database of a running stack say of
    themselves."""
    ensure_console(stack.tools)
    for name, document in documents(stack).items():
        source = stack.layout.state / f"{name}.openapi.json"
        source.write_text(json.dumps(document))
        target = TYPES / f"{name}.ts"
        # What has a default may be left out.
        options = ("--output", str(target), "--default-non-nullable", "false")
        _run(stack.tools, "openapi-typescript/bin/cli.js", str(source), *options)
        source.unlink()
        text = target.read_text().partition("*/\n")[2].lstrip()
        target.write_text(f"{heading(document)}\n{text}")


def heading(document: dict[str, Any]) -> str:
    """The first line of the types of a document, by which one sees that they are of this one."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return f"// Written by `make types`, of a description with the SHA-256 {digest}."


def documents(stack: Stack) -> dict[str, dict[str, Any]]:
    """What the service says of itself in OpenAPI, and PostgREST of the tables to a supervisor."""
    headers = {
        "apikey": stack.env["SUPABASE_ANON_KEY"],
        "Authorization": f"Bearer {stack.access_token(_SUPERVISOR)}",
    }
    service = httpx.get(f"{stack.layout.url('web')}/api/openapi.json", timeout=10)
    database = httpx.get(f"{stack.env['SUPABASE_URL']}/rest/v1/", headers=headers, timeout=30)
    tables = database.raise_for_status().json()["definitions"]
    return {
        "service": service.raise_for_status().json(),
        # PostgREST's is Swagger 2.0, whose definitions are OpenAPI 3's schemas.
        "database": {
            "openapi": "3.0.0",
            "info": {"title": "database", "version": "1"},
            "paths": {},
            "components": {"schemas": tables},
        },
    }


def _run(tools: Toolchain, program: str, *arguments: str) -> None:
    command = [str(tools.node), str(CONSOLE / "node_modules" / program), *arguments]
    ran = subprocess.run(command, cwd=CONSOLE, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise DevstackError(f"{Path(program).stem} in console/:\n{ran.stdout}{ran.stderr}")


def _fingerprint() -> str:
    """Of all that the build is made of."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(CONSOLE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterable[Path]:
    found = {path for pattern in _SOURCES for path in CONSOLE.glob(pattern) if path.is_file()}
    return sorted(found)
