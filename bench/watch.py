"""Looks at the rows after each statement of a simulated hour, and judges the router by them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from bench.editions import Edition
from bench.fairness import Queue, Skills, Waiting, ahead_of, can_take


class Watch:
    """What was found: matches, how many of them were first in line, and who waited beside whom."""

    def __init__(self, edition: Edition) -> None:
        self._db = edition.connect()
        self._queues = {
            row[0]: Queue(*row[1:])
            for row in self._db.execute(
                "select id, priority, required_skills, skill_relax_seconds from public.call_queues"
            )
        }
        self._skills: dict[UUID, Skills] = {}
        self._queues_of: dict[UUID, list[UUID]] = {}
        for agent, skills, queues in self._db.execute(_AGENTS):
            self._skills[agent], self._queues_of[agent] = skills, queues
        self._seen: set[UUID] = set()
        self._beside: set[tuple[UUID, UUID]] = set()
        self.found: Counter[str] = Counter()
        self.examples: list[str] = []

    def look_at_matches(self, now: datetime) -> None:
        """Whether each agent whom the last statement matched got the first in line."""
        offers = [row for row in self._db.execute(_OFFERS) if row[0] not in self._seen]
        for offer, agent, call, queue, joined_at in offers:
            self._seen.add(offer)
            self.found["matches"] += 1
            served = Waiting(call, queue, joined_at)
            others = self._waiting_in(self._queues_of[agent], now)
            passed = ahead_of(served, self._skills[agent], others, self._queues, now)
            self.found["first in line"] += not passed
            if passed:
                self._note(f"{now}: agent {agent} got {served}; {len(passed)} before: {passed[0]}")

    def look_for_idle(self, now: datetime) -> None:
        """Who waits beside a free agent who can take them, as a second ago."""
        beside = {
            (agent, waiting.call)
            for (agent,) in self._db.execute(_FREE, [now, now, now])
            if agent in self._skills
            for waiting in self._waiting_in(self._queues_of[agent], now)
            if can_take(self._skills[agent], self._queues[waiting.queue],
                (now - waiting.joined_at).total_seconds())
        }  # fmt: skip
        if longer := beside & self._beside:
            self.found["seconds with a caller beside a free agent"] += 1
            self._note(f"{now}: {len(longer)} pairs of agent and caller, one {longer.pop()}")
        self._beside = beside

    def waiting(self) -> int:
        row = self._db.execute(
            "select count(*) from private.queue_entries where left_at is null"
        ).fetchone()
        return int(row[0]) if row else 0

    def _waiting_in(self, queues: list[UUID], now: datetime) -> list[Waiting]:
        with self._db.cursor(row_factory=class_row(Waiting)) as cursor:
            return cursor.execute(_WAITING, [queues, now]).fetchall()

    def _note(self, example: str) -> None:
        if len(self.examples) < 20:
            self.examples.append(example)


_AGENTS = """
select a.id, a.skills, array_agg(q.id) from public.call_center_agents a
join public.call_queues q on a.id = any (q.agent_ids) group by a.id
"""
_OFFERS = """
select o.id, o.agent_id, o.call_record_id, e.queue_id, e.joined_at
from private.call_offers o join private.queue_entries e
  on e.call_record_id = o.call_record_id and e.left_at is null
where o.state = 'reserved'
"""
_WAITING = """
select e.call_record_id as call, e.queue_id as queue, e.joined_at
from private.queue_entries e where e.queue_id = any (%s) and e.left_at is null and not e.offered
  and (e.not_before is null or e.not_before <= %s)
"""
_FREE = """
select a.id from public.call_center_agents a
where a.chosen_status = 'available' and coalesce(a.wrap_up_until <= %s, true)
  and coalesce(a.busy_until <= %s, true) and coalesce(a.rest_until <= %s, true)
  and a.max_concurrent_calls > (select count(*) from private.call_offers o
    where o.agent_id = a.id and o.state <> 'ended')
"""
