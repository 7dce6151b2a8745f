"""Says which ports of a stack somebody else has, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from devstack.layout import DevstackError, Layout
from devstack.ports import holder, is_free


def require_free_ports(layout: Layout, services: Iterable[str]) -> None:
    """Raise one error that names every port in use."""
    wanted = [*services]
    if "postgrest" in wanted:
        wanted.append("postgrest-admin")
    taken = [name for name in wanted if not is_free(layout.port(name))]
    if not taken:
        return
    lines = [
        f"  {layout.port(name)} ({name}) is used by {_describe(layout, name)}" for name in taken
    ]
    raise DevstackError(
        "Ports of the local stack are in use:\n"
        + "\n".join(lines)
        + "\nEnd that program, or use other ports: "
        + f"`make up DEVSTACK_PORT_BASE={layout.base + 1000}`."
    )


def _describe(layout: Layout, name: str) -> str:
    process = holder(layout.port(name))
    return f"process {process.pid}: {process.command()[:120]}" if process else "another program"
