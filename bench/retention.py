"""`python -m bench retention [--recordings N] [--kills N]`: a run of retention in bad weather.

Half of the recordings are of calls and half are messages, all past their time. Of every hundred
Twilio keeps two whatever is asked (409), has lost three (404), and of the requests it refuses one
in ten as too many (429) and one in twenty with a 503. The worker is killed (SIGKILL) meanwhile.
Then each row must say what is true at Twilio, and each deletion must have been settled once.

Time passes SPEED times as fast as in life: Twilio is asked for a few deletions each time that the
worker sweeps, so that calls never wait for them, and a dead worker's are taken up half a minute
later.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import psycopg

from bench.measure import say
from bench.running import whole_stack
from devstack.stack import Stack
from devstack.twilio.client import Sim
from devstack.twilio.recordings import Recording

SPEED = 20
LOST = 3  # of a hundred, and two are kept
REFUSED_429, REFUSED_5XX = 0.1, 0.05
_PATIENCE_SECONDS = 1800.0


def main(arguments: Sequence[str]) -> int:
    """Run it; 1 if a row does not tell the truth."""
    parser = argparse.ArgumentParser(prog="python -m bench retention")
    parser.add_argument("--recordings", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args(arguments)
    sids = [f"RE{n:032x}" for n in range(options.recordings)]
    with whole_stack(SPEED) as stack, psycopg.connect(stack.env["DATABASE_ADMIN_URL"]) as db:
        db.autocommit = True
        stack.kill("worker")
        kept = sids[::100] + sids[1::100]
        _fill(stack, db, sids, kept)
        seconds = _run(stack, db, options.recordings, options.kills)
        say(f"{options.recordings} in {seconds / 60:.0f} min of its clock")
        wrong = _untruths(stack, db, sids, kept)
    for what, count in wrong.items():
        say(f"{what}: {count}")
    return 1 if sum(wrong.values()) else 0


def _fill(stack: Stack, db: psycopg.Connection, sids: list[str], kept: list[str]) -> None:
    """What was recorded 40 days ago, here and at Twilio; and the weather."""
    stack.kill("twilio")
    folder = Path(stack.layout.state) / "twilio" / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    for number, sid in enumerate(sids):
        if number % 100 < 100 - LOST:
            made = Recording(sid, "Conference", "", f"CF{0:032x}", 1, time.time(), "completed", 30)
            (folder / f"{sid}.json").write_text(json.dumps(asdict(made)))
    stack.start("twilio")
    with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
        sim.account(undeletable=kept)
        sim.faults(rest_429=REFUSED_429, rest_5xx=REFUSED_5XX, seed=1)
    db.execute(
        "update private.settings set keep_recordings_days = 30, recording_deletion_attempts = 1"
    )
    db.execute(
        "with calls as (insert into public.call_records (call_id, caller_number, call_status,"
        " call_direction, started_at, ended_at, recording_sid, recording_status, recording_url)"
        " select 'CA' || right(s, 32), '+573001112233', 'completed', 'inbound',"
        " old, old, s, 'completed', private.recording_link(s) from unnest(%s::text[]) s,"
        " (select private.clock() - interval '40 days' as old) a returning id, recording_sid)"
        " insert into private.call_recordings"
        " (recording_sid, call_record_id, status, duration_seconds)"
        " select recording_sid, id, 'completed', 30 from calls",
        [sids[::2]],
    )
    db.execute(
        "insert into public.voicemails (caller_number, recording_sid, recording_url, created_at)"
        " select '+573001112233', s, private.recording_link(s),"
        " private.clock() - interval '40 days' from unnest(%s::text[]) s",
        [sids[1::2]],
    )
    say(f"{len(sids)} recordings are past their time")


def _run(stack: Stack, db: psycopg.Connection, recordings: int, kills: int) -> float:
    """Until nothing is left to do; the worker is killed each time so much more is done. Seconds of
    the stack's clock.
    """
    stack.start("worker")
    began, killed = time.monotonic(), 0
    while (over := _count(db, "private.recording_deletions where state <> 'asked'")) < recordings:
        if killed < kills and over > recordings * (killed + 1) / (kills + 1):
            stack.kill("worker")
            killed += 1
            say(f"killed the worker at {over}")
            stack.start("worker")
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise TimeoutError(f"{over} of {recordings} after {_PATIENCE_SECONDS:.0f} s")
        time.sleep(0.2)
    return (time.monotonic() - began) * SPEED


def _count(db: psycopg.Connection, rows: str) -> int:
    (count,) = db.execute(f"select count(*) from {rows}".encode()).fetchone() or (0,)
    return int(count)


def _untruths(
    stack: Stack, db: psycopg.Connection, sids: list[str], kept: list[str]
) -> dict[str, int]:
    """How many rows say what is not so, by kind."""
    with Sim(stack.env["TWILIO_API_BASE_URL"]) as sim:
        at_twilio = {recording["sid"] for recording in sim.recordings()}
    told = "select recording_sid, recording_status, recording_url from public."
    rows = [*db.execute(f"{told}call_records".encode()), *db.execute(f"{told}voicemails".encode())]
    rows += db.execute("select recording_sid, status, null from private.call_recordings").fetchall()
    said: Counter[str] = Counter(status for _, status, _ in rows)
    say(f"the rows say: {dict(said)}; at Twilio are {len(at_twilio)}")
    settled = "(select target from private.telephony_commands where kind = 'delete_recording'"
    return {
        "rows that say deleted of what is at Twilio, or not deleted of what is not": sum(
            status != ("delete_failed" if sid in at_twilio else "deleted")
            for sid, status, _ in rows
        ),
        "rows of what can't be heard that show where to hear it": sum(
            bool(url) for *_, url in rows
        ),
        "recordings that are not as Twilio was to have them": len(at_twilio ^ set(kept)),
        "recordings without a deletion": len(sids) - _count(db, "private.recording_deletions"),
        "deletions that were settled twice": _count(
            db, f"{settled} and settled_at is not null group by 1 having count(*) > 1) d"
        ),
        "deletions that are under way still": _count(db, f"{settled} and settled_at is null) d"),
    }
