"""Queues of waiting callers, as Enqueue, Dial and REST see them."""

from dataclasses import dataclass, field
from typing import Any

from devstack.twilio.calls import Call
from devstack.twilio.clock import Clock, rfc2822
from devstack.twilio.ids import new_sid
from devstack.twilio.signals import Signal

# What REST makes, and what Enqueue makes.
DEFAULT_SIZE = 1000
ENQUEUED_SIZE = 100


@dataclass(eq=False, slots=True)
class Member:
    """``result`` is set when something takes the caller out of the queue."""

    call: Call
    queue: "Queue"
    since: float
    left: float | None = None
    result: str = ""
    dequeued_by: Call | None = None

    @property
    def waited(self) -> int:
        return int((self.left or self.call.clock.time()) - self.since)

    def release(self, result: str, by: Call | None = None) -> None:
        self.result = result
        self.dequeued_by = by
        self.queue.remove(self)
        self.call.signal.fire()

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        base = f"/2010-04-01/Accounts/{account_sid}/Queues/{self.queue.sid}"
        return {
            "call_sid": self.call.sid,
            "date_enqueued": rfc2822(self.since),
            "position": self.queue.position(self),
            "queue_sid": self.queue.sid,
            "uri": f"{base}/Members/{self.call.sid}.json",
            "wait_time": self.waited,
        }


@dataclass(eq=False, slots=True)
class Queue:
    sid: str
    name: str
    clock: Clock
    max_size: int
    members: list[Member] = field(default_factory=list)
    created: float = 0.0
    updated: float = 0.0
    changed: Signal = field(init=False)

    def __post_init__(self) -> None:
        self.changed = Signal(self.clock)
        self.created = self.updated = self.clock.time()

    @property
    def full(self) -> bool:
        return len(self.members) >= self.max_size

    @property
    def average_wait(self) -> int:
        """Of those who wait now, as Twilio reports it."""
        return sum(m.waited for m in self.members) // len(self.members) if self.members else 0

    def position(self, member: Member) -> int:
        return self.members.index(member) + 1 if member in self.members else 0

    def add(self, call: Call) -> Member:
        member = Member(call, self, self.clock.time())
        self.members.append(member)
        self.changed.fire()
        return member

    def remove(self, member: Member) -> None:
        if member in self.members:
            member.left = self.clock.time()
            self.members.remove(member)
            self.changed.fire()

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Queues/{self.sid}"
        return {
            "account_sid": account_sid,
            "average_wait_time": self.average_wait,
            "current_size": len(self.members),
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "friendly_name": self.name,
            "max_size": self.max_size,
            "sid": self.sid,
            "subresource_uris": {"members": f"{uri}/Members.json"},
            "uri": f"{uri}.json",
        }


class Queues:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_sid: dict[str, Queue] = {}

    def named(self, name: str) -> Queue:
        """The queue of that name; Enqueue and Dial make it where there is none."""
        for queue in self.by_sid.values():
            if queue.name == name:
                return queue
        return self.create(name, ENQUEUED_SIZE)

    def exists(self, name: str) -> bool:
        return any(queue.name == name for queue in self.by_sid.values())

    def create(self, name: str, max_size: int) -> Queue:
        queue = Queue(new_sid("QU"), name, self._clock, max_size)
        self.by_sid[queue.sid] = queue
        return queue
