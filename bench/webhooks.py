"""What the service costs beside a floor, and beside the system that it replaces, at full load.

The floor is an application of one view (bench/floor.py) that checks Twilio's signature and calls a
function that does nothing; bench/replaced.py is what was there before. Both run under the service's
gunicorn configuration, and rounds of requests to each take turns, so that what slows the machine
slows all. All cores are busy throughout: the rate of requests is the processor time of one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp
import psycopg
from psutil import Process

from bench.full_load import AT_ONCE, Load, Spent
from bench.gunicorns import gunicorn
from bench.measure import Result, say
from bench.running import staff, whole_stack
from bench.twilio_requests import CALL_STATUS, HANGING_UP, INCOMING_CALL, WEBHOOKS, Target, Webhook
from devstack.stack import Stack

ROUNDS = 5
OURS, FLOOR, REPLACED = "web", "floor", "replaced"
# The most that ours may cost, as a multiple of another: three quarters of the floor's rate, and up
# to so much for what the system replaced did not do (keep the call; take in repeats and late ones).
MOST = {
    (CALL_STATUS.name, FLOOR): 1 / 0.75,
    (INCOMING_CALL.name, FLOOR): 1 / 0.75,
    (CALL_STATUS.name, REPLACED): 2.0,
    (INCOMING_CALL.name, REPLACED): 3.0,
}
# What the system replaced had.
BOTH_HAVE = (INCOMING_CALL, CALL_STATUS, HANGING_UP)


def measure() -> list[Result]:
    """Milliseconds a request: ours, and the floor's or that of the system replaced."""
    with whole_stack() as stack:
        stack.kill("worker")  # it would have its share of the cores
        staff(stack, 20, "break")
        with psycopg.connect(stack.env["DATABASE_URL"]) as db:
            db.execute(_THEIR_OWN)
        with gunicorn(stack, "bench.floor") as floor, gunicorn(stack, "bench.replaced") as replaced:
            urls = {
                OURS: f"{stack.env['PUBLIC_URL']}/api/twilio",
                FLOOR: floor.url,
                REPLACED: replaced.url,
            }
            processes = {FLOOR: Process(floor.pid), REPLACED: Process(replaced.pid)}
            return asyncio.run(_measure(stack, urls, processes))


async def _measure(
    stack: Stack, urls: Mapping[str, str], processes: Mapping[str, Process]
) -> list[Result]:
    token = stack.env["TWILIO_AUTH_TOKEN"].encode()
    targets = {name: Target(name, url, token, name == OURS) for name, url in urls.items()}
    names = ("postgres", "postgrest", "gateway", OURS)
    all_processes = {**processes, **{name: Process(stack.pid(name)) for name in names}}
    results = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as client:
        load = Load(client, all_processes)
        for webhook in WEBHOOKS:
            asked = [t for t in targets.values() if t.process != REPLACED or webhook in BOTH_HAVE]
            spent = await _rounds(load, webhook, asked)
            results += _against_ours(webhook, spent.pop(OURS), spent)
    return results


async def _rounds(load: Load, webhook: Webhook, targets: Sequence[Target]) -> dict[str, Spent]:
    """What each target spent on a webhook."""
    spent = {target.process: Spent() for target in targets}
    for target in targets:
        await load.run(webhook, target)  # connections, caches
    for _ in range(ROUNDS):
        for target in targets:
            spent[target.process] += await load.run(webhook, target)
    for name, of_one in spent.items():
        say(f"{webhook.name}, {name}: ms of CPU a request: {of_one.by_process()}")
    return spent


def _against_ours(webhook: Webhook, ours: Spent, others: Mapping[str, Spent]) -> list[Result]:
    results = []
    for name, theirs in others.items():
        a, b = ours.milliseconds(), theirs.milliseconds()
        say(f"  {b / a:.2f} of the rate of {name}; {a / b:.2f} of its cost")
        sizes = f"{1000 / a:.0f}/s against {name} {1000 / b:.0f}/s"
        results.append(
            Result(f"webhook {webhook.name}", sizes, a, b, MOST.get((webhook.name, name)))
        )
    return results


# What the floor calls, and the calls of the system replaced, in a table without what watches ours.
_THEIR_OWN = """
create function public.bench_floor() returns void language plpgsql as 'begin end';
create table public.bench_call_records (
  like public.call_records including defaults including indexes);
grant select, update on public.bench_call_records to service_role;
insert into public.bench_call_records (call_id, caller_number, call_status)
select 'CA' || lpad(to_hex(n), 32, '0'), '+573000000000', 'ringing'
from generate_series(1, 50000) n;
"""
