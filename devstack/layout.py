"""Where one stack keeps its things and which ports it uses.

A stack is known by its port base: two bases are two independent stacks, in one clone or in two.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_BASE = 54320

# Offsets from the base; the default base puts the gateway on Supabase's usual 54321.
OFFSETS = {
    "storage": 0,
    "gateway": 1,
    "postgres": 2,
    "postgrest": 3,
    "postgrest-admin": 4,
    "auth": 5,
    "twilio": 6,
    # The web serves the socket that its listener holds.
    "listener": 7,
    "web": 7,
    "worker": 8,
    "realtime": 9,
}


class DevstackError(Exception):
    """Something the user can act on; the message says what to do next."""


def base_from_environment() -> int:
    """The port base asked for by DEVSTACK_PORT_BASE."""
    text = os.environ.get("DEVSTACK_PORT_BASE") or str(DEFAULT_BASE)
    if not text.isdecimal() or not 1024 <= int(text) <= 65500:
        raise DevstackError(
            f"DEVSTACK_PORT_BASE={text!r} is not a port number between 1024 and 65500."
        )
    return int(text)


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths and ports of the stack at one base."""

    base: int

    def port(self, service: str) -> int:
        return self.base + OFFSETS[service]

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.port(service)}"

    @property
    def shared(self) -> Path:
        """What all stacks of this clone share: the installed tools."""
        return ROOT / "var" / "devstack"

    @property
    def state(self) -> Path:
        return self.shared / str(self.base)

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def pids(self) -> Path:
        return self.state / "pids"

    @property
    def temporary(self) -> Path:
        return self.state / "tmp"

    @property
    def handing_out(self) -> Path:
        """Where the listener hands out the web's socket."""
        return self.state / "listener.sock"

    @property
    def env_file(self) -> Path:
        suffix = "" if self.base == DEFAULT_BASE else f".{self.base}"
        return ROOT / f".env.devstack{suffix}"

    def create(self) -> None:
        for folder in (self.state, self.logs, self.pids):
            folder.mkdir(parents=True, exist_ok=True)
