"""Who is there: what each member of a topic tracks, by key."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Hashable

from devstack.realtime.protocol import JSON


class Presence:
    """The presences of one topic; changes are returned as `presence_diff` has them."""

    def __init__(self) -> None:
        self._tracked: dict[Hashable, tuple[str, JSON]] = {}

    def __bool__(self) -> bool:
        return bool(self._tracked)

    def state(self) -> JSON:
        """As `presence_state` has it."""
        grouped: dict[str, list[JSON]] = defaultdict(list)
        for key, meta in self._tracked.values():
            grouped[key].append(meta)
        return {key: {"metas": metas} for key, metas in grouped.items()}

    def track(self, member: Hashable, key: str, payload: JSON) -> JSON | None:
        """None where the member says what it said before."""
        previous = self._tracked.get(member)
        meta = {**payload, "phx_ref": secrets.token_urlsafe(8)}
        if previous is None:
            self._tracked[member] = (key, meta)
            return {"joins": {key: {"metas": [meta]}}, "leaves": {}}
        old = previous[1]
        if payload.items() == {k: old[k] for k in old.keys() - {"phx_ref", "phx_ref_prev"}}.items():
            return None
        meta["phx_ref_prev"] = old["phx_ref"]
        self._tracked[member] = (key, meta)
        return {"joins": {key: {"metas": [meta]}}, "leaves": {key: {"metas": [old]}}}

    def untrack(self, member: Hashable) -> JSON | None:
        """None where the member tracked nothing."""
        if member not in self._tracked:
            return None
        key, meta = self._tracked.pop(member)
        return {"joins": {}, "leaves": {key: {"metas": [meta]}}}
