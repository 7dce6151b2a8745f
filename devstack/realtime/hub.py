"""Topics and their members. A private topic and a public one of the same name never meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from devstack.realtime.presence import Presence
from devstack.realtime.protocol import JSON, Broadcast


@dataclass(frozen=True, slots=True)
class Topic:
    """A channel's name without `realtime:`, and of which of the two kinds it is."""

    name: str
    private: bool


@dataclass(eq=False, slots=True)
class Member:
    """A joined channel, as the others know it."""

    hears: Callable[[Broadcast], None]
    hears_presence: Callable[[str, JSON], None]


class Hub:
    """Passes on what members say to each other, and what the database says to them."""

    def __init__(self) -> None:
        self._members: dict[Topic, dict[Member, None]] = defaultdict(dict)
        self._presences: dict[Topic, Presence] = defaultdict(Presence)

    def join(self, topic: Topic, member: Member) -> None:
        self._members[topic][member] = None

    def leave(self, topic: Topic, member: Member) -> None:
        self._members[topic].pop(member, None)
        self.untrack(topic, member)
        if not self._members[topic]:
            del self._members[topic]
            self._presences.pop(topic, None)

    def publish(self, topic: Topic, broadcast: Broadcast, without: Member | None = None) -> None:
        """Tell every member, but the one that says it where that does not want to hear itself."""
        for member in list(self._members.get(topic, ())):
            if member is not without:
                member.hears(broadcast)

    def presence_state(self, topic: Topic) -> JSON:
        return self._presences[topic].state()

    def track(self, topic: Topic, member: Member, key: str, payload: JSON) -> None:
        self._tell_presence(topic, self._presences[topic].track(member, key, payload))

    def untrack(self, topic: Topic, member: Member) -> None:
        self._tell_presence(topic, self._presences[topic].untrack(member))

    def _tell_presence(self, topic: Topic, difference: JSON | None) -> None:
        for member in list(self._members[topic]) if difference else ():
            member.hears_presence("presence_diff", difference or {})
