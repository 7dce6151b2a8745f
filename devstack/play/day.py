"""The day: people ring at random, agents serve them, until it is over."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from devstack.play.agents import AGENTS, Agent
from devstack.play.customers import Customer, Customers
from devstack.progress import say
from devstack.stack import Stack
from devstack.twilio.client import Sim

_LONGEST_END_SECONDS = 30.0


def play(stack: Stack, calls_an_hour: float, minutes: float | None) -> None:
    """Let people ring, so many an hour on average, for so long or until ctrl-C; then everybody
    hangs up and the agents go home. Times are the stack's own.
    """
    chance, speed = random.Random(), float(stack.clock.speed)
    customers = Customers(chance)
    _write_into_the_crm(stack, customers)
    until = time.monotonic() + minutes * 60 / speed if minutes else float("inf")
    rang: Counter[str] = Counter()
    say(f"about {calls_an_hour:g} calls an hour; `python -m devstack watch` shows them")
    with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim, _staffed(stack):
        sids: list[str] = []
        with suppress(KeyboardInterrupt):
            while (left := until - time.monotonic()) > 0:
                pause = chance.expovariate(calls_an_hour / 3600) / speed
                time.sleep(min(left, pause))
                if pause < left:
                    customer = customers.next()
                    sids.append(_ring(stack, sim, customer))
                    rang[customer.intent] += 1
        say("everybody hangs up")
        _hang_up(sim, sids)
    _call_nobody_back(stack, customers)
    told = ", ".join(f"{count} to {intent}" for intent, count in rang.most_common())
    say(f"{rang.total()} people rang: {told or 'nobody'}")


def _ring(stack: Stack, sim: Sim, customer: Customer) -> str:
    sim.person(customer.number, customer.when_rung, {"answer_after": 3}, customer.name)
    say(f"{customer.name} rings, to {customer.intent}")
    return sim.ring(customer.number, stack.env["TWILIO_PHONE_NUMBER"], customer.script)


def _hang_up(sim: Sim, sids: list[str]) -> None:
    """Those whom people began, and those who are rung back."""
    ours = set(sids)
    for call in sim.calls(live=True):
        if call["sid"] in ours or call["direction"] != "inbound":
            with suppress(RuntimeError):  # it has ended meanwhile
                sim.act(call["sid"], [{"hangup": True}])


@contextmanager
def _staffed(stack: Stack) -> Iterator[None]:
    """The agents are there; ctrl-C is for the day, and they go home after it."""
    over = threading.Event()
    there = [Agent(stack, email, over) for email in AGENTS]
    agents = [threading.Thread(target=agent.work) for agent in there]
    for agent in agents:
        agent.start()
    try:
        yield
    finally:
        over.set()
        for agent in agents:
            agent.join(_LONGEST_END_SECONDS)


def _call_nobody_back(stack: Stack, customers: Customers) -> None:
    """Nobody is left to do it: what was promised expires, and whoever plays next begins anew."""
    numbers = [number for number, _ in customers.everybody()]
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        connection.execute(
            "update private.callbacks set expires_at = private.clock()"
            " where ended_at is null and number = any (%s)",
            [numbers],
        )


def _write_into_the_crm(stack: Stack, customers: Customers) -> None:
    """So that screens know their names."""
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        connection.cursor().executemany(
            "insert into public.crm_contacts (phone_number, first_name, last_name)"
            " values (%s, split_part(%s, ' ', 1), split_part(%s, ' ', 2))"
            " on conflict (phone_number) do nothing",
            [(number, name, name) for number, name in customers.everybody()],
        )
