"""`python -m bench [name …]`: measure, print a table; 1 if a target is missed.

`python -m bench soak [--calls N] [--kills N]`: see bench/soak.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import call, dashboard, entering, events, hour, load, routing, search, soak, webhooks
from bench.measure import Result, say, table
from bench.scratch import Databases

BENCHES: dict[str, Callable[[Databases], list[Result]]] = {
    "statistics": dashboard.measure,
    "routing": routing.measure,
    "events": events.measure,
    "search": search.measure,
    "call": lambda _databases: call.measure(),
    "webhooks": lambda _databases: webhooks.measure(),
    "load": lambda _databases: load.measure(),
}


def main() -> int:
    """Run the benches named, or all."""
    if sys.argv[1:2] == ["soak"]:
        return soak.main(sys.argv[2:])
    if sys.argv[1:2] == ["entering"]:
        return entering.main(sys.argv[2:])
    if sys.argv[1:2] == ["hour"]:
        return hour.main(sys.argv[2:])
    if sys.argv[1:2] == ["call"]:
        return report(call.options(sys.argv[2:]))
    names = sys.argv[1:] or list(BENCHES)
    if unknown := set(names) - BENCHES.keys():
        print(f"no such bench: {', '.join(sorted(unknown))} (there are {', '.join(BENCHES)})")
        return 2
    results: list[Result] = []
    with Databases() as databases:
        for name in names:
            say(name)
            results += BENCHES[name](databases)
    return report(results)


def report(results: list[Result]) -> int:
    """Print them; 1 if a target is missed."""
    print(f"\n{table(results)}")
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
