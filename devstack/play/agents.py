"""The seed's agents at their screens: they answer, hold, take breaks, and wrap up.

Whoever opens an agent's softphone in a browser, as the console does, is that agent meanwhile.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

import httpx

from devstack.layout import DevstackError
from devstack.progress import say
from devstack.stack import Stack
from devstack.twilio.client import Json, Script, Sim
from devstack.users import USERS

AGENTS = tuple(user.email for user in USERS if user.role == "empleado")
# Whoever has not hung up by then is asked to ring again another time.
_ON_THE_LINE: Script = [
    {"until": "bridged", "timeout": 120},
    {"talk": 45, "text": "Buenas, con mucho gusto. Ya le ayudo con eso."},
    {"wait": 30},
    {"hangup": True},
]
_BREAKS = {"Almuerzo": 90, "Descanso": 45, "Capacitación": 60}
_TOKEN_SECONDS = 3000.0


@dataclass
class Agent:
    """One of them; work() is for a thread of its own, and ends soon after `over` is set."""

    stack: Stack
    email: str
    over: threading.Event
    chance: random.Random = field(default_factory=random.Random)
    _address: str = ""
    _headers: dict[str, str] = field(default_factory=dict)
    _signed_in_at: float = float("-inf")

    def work(self) -> None:
        """Be there until it is over, then go home."""
        try:
            with (
                httpx.Client(base_url=f"{self.stack.layout.url('web')}/api", timeout=20) as http,
                Sim(self.stack.env["TWILIO_API_BASE_URL"]) as sim,
            ):
                self._open_softphone(http, sim)
                self._set_status(http, sim, "available")
                while not self._rest(self.chance.uniform(8, 25)):
                    if not self._is_somebody_elses(sim):
                        self._do_something(http, sim)
                self._set_status(http, sim, "offline")
        except (httpx.HTTPError, DevstackError) as error:
            say(f"{self.email} has gone: {error}")

    def _open_softphone(self, http: httpx.Client, sim: Sim) -> None:
        identity = str(self._ask(http, "GET", "me")["agent"]["id"]).replace("-", "")
        self._address = f"client:agent_{identity}"
        answers = {"answer_after": self.chance.randint(2, 5)}
        sim.person(self._address, _ON_THE_LINE, answers, steps_aside=True)

    def _is_somebody_elses(self, sim: Sim) -> bool:
        return self._address in sim.open_softphones()

    def _do_something(self, http: httpx.Client, sim: Sim) -> None:
        me = self._ask(http, "GET", "me")
        held = [call for call in me["calls"] if "hold" in call["allowed_actions"]]
        if held and self.chance.random() < 0.5:
            self._ask(http, "POST", f"calls/{held[0]['id']}/hold")
            self._rest(self.chance.uniform(4, 12))
            self._ask(http, "POST", f"calls/{held[0]['id']}/resume")
        elif me["wrap_up"] and self.chance.random() < 0.5:
            how = self.chance.choice(["finish", "extend"])
            self._ask(http, "POST", f"me/wrap-up/{how}", {"seconds": 30} if how == "extend" else {})
        elif not me["calls"] and self.chance.random() < 0.1:
            reason = self.chance.choice([*_BREAKS])
            self._set_status(http, sim, "break", reason)
            self._rest(_BREAKS[reason] * self.chance.uniform(0.5, 1.5))
            self._set_status(http, sim, "available")

    def _set_status(
        self, http: httpx.Client, sim: Sim, status: str, reason: str | None = None
    ) -> None:
        if not self._is_somebody_elses(sim):
            self._ask(http, "POST", "me/status", {"status": status, "reason": reason})

    def _ask(self, http: httpx.Client, verb: str, path: str, body: Json | None = None) -> Json:
        """What is answered; a refusal is fine, for the call may have moved on."""
        if time.monotonic() - self._signed_in_at > _TOKEN_SECONDS:
            token = self.stack.access_token(self.email)
            self._headers = {"Authorization": f"Bearer {token}"}
            self._signed_in_at = time.monotonic()
        answer = http.request(verb, path, json=body, headers=self._headers)
        if answer.status_code == 401 or answer.is_server_error:
            raise DevstackError(f"{path}: {answer.status_code} {answer.text[:200]}")
        return dict(answer.json())

    def _rest(self, virtual_seconds: float) -> bool:
        """Whether it was over before."""
        return self.over.wait(virtual_seconds / float(self.stack.clock.speed))
