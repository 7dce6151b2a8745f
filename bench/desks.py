"""Agents of a crowd at their screens: they press what a call allows, and load the page anew.

A refusal that says why is fine, and so is nobody there: processes are killed meanwhile. What is
not: an error of the service's own.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import jwt

from bench.crowd import Crowd
from devstack.twilio.client import Json, Script

OUTSIDE = "+576015550190"
_OUTSIDE_SCRIPT: Script = [{"until": "bridged", "timeout": 300}, {"talk": 30}, {"hangup": True}]
# What may be answered: done, refused with a reason, or that somebody is away.
_FINE = {200, 400, 403, 404, 409, 429, 502, 503, 504}
# How often each is pressed, compared with the others that a call allows.
_PRESSED = {
    "hold": 6,
    "resume": 8,
    "mute": 1,
    "unmute": 2,
    "transfer": 4,
    "consult": 8,
    "cancel_consult": 2,
    "swap_consult": 4,
    "merge_consult": 3,
    "complete_consult": 4,
    "add_party": 2,
    "leave": 2,
    "end": 1,
    "pause_recording": 1,
    "resume_recording": 2,
}
_PATHS = {
    "cancel_consult": "consult/cancel",
    "swap_consult": "consult/swap",
    "merge_consult": "consult/merge",
    "complete_consult": "consult/complete",
    "add_party": "parties",
    "pause_recording": "recording/pause",
    "resume_recording": "recording/resume",
}
_TO_SOMEBODY = {"transfer", "consult", "add_party"}


@dataclass
class Desks:
    """So many operations within so many seconds; run() is for a thread of its own."""

    crowd: Crowd
    times: int
    over_seconds: float
    random: random.Random
    done: Counter[str] = field(default_factory=Counter)
    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    failed: BaseException | None = None

    def __post_init__(self) -> None:
        self.crowd.sim.person(OUTSIDE, _OUTSIDE_SCRIPT, {"answer_after": 3})
        self._http = httpx.Client(base_url=f"{self.crowd.stack.layout.url('web')}/api", timeout=20)
        self._secret = self.crowd.stack.env["SUPABASE_JWT_SECRET"]

    def run(self) -> None:
        try:
            for _ in range(self.times):
                time.sleep(self.random.uniform(0.5, 1.5) * self.over_seconds / self.times)
                self._somebody_acts()
        except BaseException as error:
            self.failed = error
            raise

    def _somebody_acts(self) -> None:
        """Whoever is in a call loads the page, and presses what it offers."""
        busy = self.crowd.rows(_IN_A_CALL)
        if not busy:
            return
        user = self.random.choice(busy)["user_id"]
        me = self._ask(user, "GET", "me")
        calls = me["calls"] if me else []
        for call in calls:
            actions = [action for action in _PRESSED if action in call["allowed_actions"]]
            if actions:
                (action,) = self.random.choices(actions, [_PRESSED[a] for a in actions])
                body = {"to": self._somebody()} if action in _TO_SOMEBODY else {}
                path = f"calls/{call['id']}/{_PATHS.get(action, action)}"
                self._ask(user, "POST", path, body, action)

    def _somebody(self) -> str:
        """A colleague, a queue or a number outside; the first may be oneself."""
        agent = self.random.choice(self.crowd.rows(_EXTENSIONS, [*self.crowd.staff]))["extension"]
        return str(self.random.choice([agent, agent, agent, "support", OUTSIDE]))

    def _ask(
        self, user: UUID, verb: str, path: str, body: Json | None = None, what: str = "reload"
    ) -> Json | None:
        try:
            answer = self._http.request(verb, path, json=body, headers=self._signed_in(user))
        except httpx.TransportError:
            self.done["nobody there"] += 1
            return None
        status = answer.status_code
        self.done[what if status == 200 else f"{what} {status}"] += 1
        if status not in _FINE:
            self.faults["operations failed"].append(f"{what}: {status} {answer.text[:200]}")
        return dict(answer.json()) if status == 200 else None

    def _signed_in(self, user: UUID) -> dict[str, str]:
        """As a user whom the auth server need not know."""
        claims = {"sub": str(user), "aud": "authenticated", "role": "authenticated"}
        token = jwt.encode({**claims, "exp": int(time.time()) + 600}, self._secret)
        return {"Authorization": f"Bearer {token}"}


_IN_A_CALL = """
select distinct a.user_id
from public.call_center_agents a join private.call_offers o on o.agent_id = a.id
where o.state = 'connected'
"""
_EXTENSIONS = "select extension from public.call_center_agents where id = any (%s)"
