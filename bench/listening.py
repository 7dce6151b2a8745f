"""What Twilio waits for while many listen to recordings, beside what it waits for while none does:
one call-status after the other, through gunicorn.

The simulated Twilio sends a recording about as fast as it is heard, so that every listener has a
thread of the service all the time: more than real ones, who are sent theirs in a moment.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from bench.measure import Result, say
from bench.operations import AGENT, Screen, call_status, p95
from bench.running import whole_stack
from devstack.stack import Stack
from devstack.twilio.client import Sim

LISTENERS = 20
ROUNDS = 3
# Who may hear the call; one alone may not have so many places.
WHO = ("supervisor@demo.local", AGENT)
# That a listener may be noticed, and callers not be kept waiting for one.
MOST = 1.5
_TALK_SECONDS = 12.0
_BYTES_A_SECOND = 24_000


def measure() -> list[Result]:
    """Milliseconds of the slowest twentieth (p95) of call-status, with and without listeners."""
    with whole_stack() as stack, httpx.Client(timeout=20) as client:
        link = _recorded(stack, client)
        with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
            sim.account(media_bytes_a_second=_BYTES_A_SECOND)
        stack.kill("worker")  # it would have its share of the cores
        ask = call_status(stack, client)
        without, beside = [], []
        for _ in range(ROUNDS):
            without.append(p95(client, ask))
            with _listeners(stack, link) as heard:
                beside.append(p95(client, ask))
            say(f"{sum(heard)} recordings heard to their end, {len(heard)} listeners")
        a, b = statistics.median(beside), statistics.median(without)
        return [Result("call-status, p95", f"{LISTENERS} listeners against none", a, b, MOST)]


def _recorded(stack: Stack, client: httpx.Client) -> str:
    """A conversation's link, once it can be heard."""
    screen = Screen(stack, client)
    sid = screen.call_in_progress(recorded=True)
    time.sleep(_TALK_SECONDS)
    screen.ask("POST", f"calls/{sid}/end")
    query = "select recording_url from public.call_records where recording_url is not null"
    with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as db:
        for _ in range(100):
            if row := db.execute(query).fetchone():
                return f"{stack.env['PUBLIC_URL']}{row[0]}.wav"
            time.sleep(0.2)
    raise TimeoutError("no recording within 20 s")


@contextmanager
def _listeners(stack: Stack, link: str) -> Iterator[list[int]]:
    """So many who listen, again and again; how often each heard all of it is filled in."""
    stop, heard = threading.Event(), [0] * LISTENERS
    sessions = [{"Authorization": f"Bearer {stack.access_token(email)}"} for email in WHO]

    def listen(number: int) -> None:
        headers = sessions[number % len(sessions)]
        with httpx.Client(headers=headers, timeout=20) as client:
            while not stop.is_set():
                heard[number] += client.get(link).status_code == 200

    threads = [threading.Thread(target=listen, args=[number]) for number in range(LISTENERS)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    yield heard
    stop.set()
    for thread in threads:
        thread.join()
