"""Says which ports of a stack somebody else has, and what to do about it."""

from __future__ import annotations

import time
from collections.abc import Iterable

from devstack.layout import DevstackError, Layout
from devstack.ports import holder, is_free, is_winding_down
from devstack.progress import say

# A server that was just killed needs a moment; the end of an outgoing connection takes a minute.
PATIENCE = 1.5
LONGEST_WINDING_DOWN = 65.0


def require_free_ports(layout: Layout, services: Iterable[str]) -> None:
    """Raise one error that names every port in use; waits for those about to be free."""
    wanted = [*services]
    if "postgrest" in wanted:
        wanted.append("postgrest-admin")
    started = time.monotonic()
    told = False
    while taken := [name for name in wanted if not is_free(layout.port(name))]:
        waited = time.monotonic() - started
        ending = all(is_winding_down(layout.port(name)) for name in taken)
        if waited > (LONGEST_WINDING_DOWN if ending else PATIENCE):
            raise DevstackError(_explain(layout, taken))
        if ending and not told:
            ports = ", ".join(str(layout.port(name)) for name in taken)
            say(f"waiting for port {ports}: an old outgoing connection is winding down there")
            told = True
        time.sleep(0.1)


def _explain(layout: Layout, taken: list[str]) -> str:
    lines = [
        f"  {layout.port(name)} ({name}) is used by {holder(layout.port(name))}" for name in taken
    ]
    # Below the ranges from which Linux (32768 up) and macOS (49152 up) pick outgoing ports.
    other = 24320 if layout.base != 24320 else 26320
    return "\n".join(
        (
            "Ports of the local stack are in use:",
            *lines,
            f"End that program, or use other ports: `make up DEVSTACK_PORT_BASE={other}`.",
        )
    )
