"""One line a step, with the seconds since the start: the first install takes a while."""

from __future__ import annotations

import sys
import time

_STARTED = time.monotonic()


def say(message: str) -> None:
    """Print a step to stderr, so that stdout stays for what a command was asked to print."""
    print(f"[{time.monotonic() - _STARTED:5.1f} s] {message}", file=sys.stderr, flush=True)
