"""Whether screens are told what happens while it does. Calls work without it, and so do pages."""

from __future__ import annotations

import asyncio

from callcenter.bootstrap import Services
from callcenter.channel import joined
from callcenter.doctor.finding import Finding, Runbook
from callcenter.errors import CallCenterError, RealtimeUnavailableError
from callcenter.models import BroadcastSetup

# As public.try_broadcast says them.
_TOPIC, _EVENT = "callcenter:doctor", "tried"
# Realtime makes today's partition, and begins to follow the database, once somebody has joined.
_ATTEMPTS, _PATIENCE_SECONDS = 5, 1.0


def look_at_live(services: Services) -> list[Finding]:
    """Tells a topic something and listens for it, as a screen would; all of it is advice."""
    try:
        setup = services.db.try_broadcast()
        if not setup.realtime:
            remedy = "it has no schema `realtime`: screens have to ask again and again"
            return [_advice("live screens", Runbook.NO_REALTIME, remedy)]
        return [_policies(setup), _publication(setup), *_realtime(services)]
    except CallCenterError as error:
        return [_advice("live screens", Runbook.SUPABASE, str(error))]


def _policies(setup: BroadcastSetup) -> Finding:
    remedy = "realtime.messages has no policy of ours: every screen's channel is refused"
    return _advice("policy of live topics", Runbook.POLICIES, "" if setup.policies else remedy)


def _publication(setup: BroadcastSetup) -> Finding:
    names = ", ".join(setup.unpublished)
    remedy = f"{names} not in publication supabase_realtime: the existing pages hear nothing of it"
    return _advice("published tables", Runbook.PUBLICATION, remedy if names else "")


def _realtime(services: Services) -> list[Finding]:
    try:
        setup, heard = asyncio.run(_try(services))
    except RealtimeUnavailableError as error:
        if not services.db.try_broadcast().partition:
            return [_no_partition()]
        return [_advice("Realtime", Runbook.REALTIME, f"nobody can join a channel: {error}")]
    well = Finding("Realtime")
    if heard:
        return [well, Finding("broadcasts")]
    if not setup.partition:
        return [well, _no_partition()]
    where = "arrives nowhere" if setup.stored else "is not kept"
    remedy = f"what the database tells Realtime {where}, and no error is raised"
    return [well, _advice("broadcasts", Runbook.BROADCASTS, remedy)]


def _no_partition() -> Finding:
    remedy = "realtime.messages has no partition for today, so nothing is told to anybody"
    return _advice("broadcasts", Runbook.PARTITION, remedy)


async def _try(services: Services) -> tuple[BroadcastSetup, bool]:
    """How it is once somebody has joined, and whether they heard what was told."""
    heard = asyncio.Event()
    async with joined(services.settings, _TOPIC, _EVENT, heard.set):
        for _ in range(_ATTEMPTS):
            setup = await asyncio.to_thread(services.db.try_broadcast)
            try:
                await asyncio.wait_for(heard.wait(), _PATIENCE_SECONDS)
                break
            except TimeoutError:
                continue
    return setup, heard.is_set()


def _advice(what: str, runbook: Runbook, remedy: str) -> Finding:
    return Finding(what, remedy, runbook if remedy else None, advice=True)
