"""Callers who would rather be called, and what Twilio tells of the customers who then are."""

from __future__ import annotations

import random
from collections.abc import Callable


class Callbacks:
    """`callers`: SIDs; `customers`: SID, call and attempt of who was rung; `rpc` sends an event."""

    def __init__(
        self,
        chance: random.Random,
        callers: list[str],
        customers: list[tuple[str, str, int]],
        rpc: Callable[[str, dict[str, object]], object],
    ) -> None:
        self._random = chance
        self._callers = callers
        self._customers = customers
        self._rpc = rpc
        self.deeds: list[tuple[Callable[[], None], int]] = [
            (self.a_caller_asks_to_be_called, 4),
            (self.twilio_reports_a_customer, 6),
        ]

    def a_caller_asks_to_be_called(self) -> None:
        """And says at which number, says nothing, or hangs up."""
        if self._callers:
            sid = self._random.choice(self._callers[-40:])
            self._rpc("receive_queue_key", {"call_sid": sid, "digits": "1"})
            self._rpc("receive_queue_exit", {"call_sid": sid, "result": "leave"})
            if self._random.random() < 0.6:
                self._rpc("receive_callback_choice", {"call_sid": sid, "digits": "1"})
            if self._random.random() < 0.8:
                over = {"source": "call-status", "status": "completed", "sequence": 3}
                self._rpc("record_call_event", {"call_sid": sid, "direction": "inbound", **over})

    def twilio_reports_a_customer(self) -> None:
        """They do not answer, or do and are connected, or hang up."""
        if not self._customers:
            return
        sid, call, attempt = self._random.choice(self._customers[-30:])
        about = {"call_sid": sid, "call_record_id": call, "role": "customer", "attempt": attempt}
        ends = ["completed", "no_answer", "busy", "failed", "canceled"]
        status = self._random.choice(["ringing", "in_progress", "in_progress", *ends])
        told = {"source": "call-status", "sequence": 1, "direction": "outbound-api"}
        self._rpc("record_call_event", {**about, **told, "status": status})
        if status == "in_progress":
            self._rpc("receive_caller_connect", about)
