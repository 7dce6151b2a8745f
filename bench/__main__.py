"""`python -m bench [name …]`: measure, print a table; 1 if a target is missed.

`python -m bench NAME --help` for those with options: call, entering, followers, hour, live,
retention, soak, wall-page.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from bench import (
    call,
    dashboard,
    entering,
    events,
    followers,
    hour,
    listening,
    live,
    load,
    operations,
    retention,
    routing,
    search,
    soak,
    wall_page,
    webhooks,
)
from bench.measure import Result, report, say
from bench.scratch import Databases

BENCHES: dict[str, Callable[[Databases], list[Result]]] = {
    "statistics": dashboard.measure,
    "routing": routing.measure,
    "events": events.measure,
    "search": search.measure,
    "call": lambda _databases: call.measure(),
    "webhooks": lambda _databases: webhooks.measure(),
    "live": live.measure,
    "operations": lambda _databases: operations.measure(),
    "listening": lambda _databases: listening.measure(),
    "load": lambda _databases: load.measure(),
}


# With options of their own, which `--help` names.
WITH_OPTIONS: dict[str, Callable[[Sequence[str]], int]] = {
    "call": call.main,
    "entering": entering.main,
    "followers": followers.main,
    "hour": hour.main,
    "live": live.main,
    "retention": retention.main,
    "soak": soak.main,
    "wall-page": wall_page.main,
}


def main() -> int:
    """Run the benches named, or all of those that compare; or one that has options."""
    names = sys.argv[1:] or list(BENCHES)
    if own := WITH_OPTIONS.get(names[0]):
        return own(names[1:])
    if unknown := set(names) - BENCHES.keys():
        known = ", ".join([*BENCHES, *WITH_OPTIONS])
        print(f"no such bench: {', '.join(sorted(unknown))} (there are {known})")
        return 2
    results: list[Result] = []
    with Databases() as databases:
        for name in names:
            say(name)
            results += BENCHES[name](databases)
    return report(results)


if __name__ == "__main__":
    sys.exit(main())
