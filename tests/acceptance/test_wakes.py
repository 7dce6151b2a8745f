"""Who is rung because a browser said so is rung at once: Realtime wakes the worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from devstack.services import Services
from tests.acceptance.centre import CallCentre
from tests.service.scraping import samples

# It sweeps and, while it is connected, looks for commands so seldom that no test sees it.
PACE = {"WORKER_CONNECTED_POLL_SECONDS": "600", "WORKER_SWEEP_SECONDS": "600"}
WAITS = ({"until": "conference", "timeout": 600}, {"talk": 20}, {"hangup": True})


@pytest.fixture
def key() -> str:
    """The variable whose value the worker has as its key."""
    return "SUPABASE_SECRET_KEY"


@pytest.fixture
def drowsy_worker(key: str, centre: CallCentre) -> Iterator[Callable[[], float | None]]:
    """A worker that has to be woken; says whether it is connected, None where it is not up."""
    stack = centre.stack
    environment = {**stack.env, **PACE, "SUPABASE_SERVICE_ROLE_KEY": stack.env[key]}
    services = Services(
        stack.layout, stack.credentials, stack.tools, stack.server, stack.clock, environment
    )
    command = services.command("worker")
    assert command
    stack.kill("worker")
    stack.processes.start("worker", command)
    stack.wait_healthy(["worker"])

    def connected() -> float | None:
        page = httpx.get(f"http://127.0.0.1:{stack.env['WORKER_METRICS_PORT']}/metrics")
        return samples(page).get(("callcenter_worker_realtime_connected",))

    centre.until(lambda: connected() == 1, "the worker is connected")
    yield connected
    stack.kill("worker")
    stack.start("worker")


def chooses(centre: CallCentre, status: str) -> None:
    """The agent says so in their browser."""
    env = centre.stack.env
    token = centre.stack.access_token("agente1@demo.local")
    httpx.patch(
        f"{env['SUPABASE_URL']}/rest/v1/call_center_agents",
        params={"extension": f"eq.{centre.agent()['extension']}"},
        json={"agent_status": status},
        headers={"apikey": env["SUPABASE_ANON_KEY"], "authorization": f"Bearer {token}"},
    ).raise_for_status()


def somebody_waits(centre: CallCentre) -> str:
    """A caller waits for the one agent, who has a break."""
    centre.agent_ready()
    chooses(centre, "break")
    sid = centre.caller_for_support(*WAITS)
    waiting = "select 1 from public.call_records where call_id = %s and queued_at is not null"
    centre.until(lambda: centre.rows(waiting, sid), "the caller waits")
    time.sleep(0.5)  # whatever the caller's arrival had to be done is done
    return sid


@pytest.mark.parametrize("key", ["SUPABASE_SECRET_KEY", "SUPABASE_SERVICE_ROLE_KEY"])
def test_an_agent_who_becomes_available_is_rung_without_anybody_looking(
    centre: CallCentre, drowsy_worker: Callable[[], float | None]
) -> None:
    sid = somebody_waits(centre)
    chooses(centre, "available")
    centre.until(lambda: centre.talking(sid), "they talk", real_seconds=10)
    centre.ended(sid)


def test_without_realtime_the_worker_looks_and_with_it_again_it_is_woken(
    centre: CallCentre, drowsy_worker: Callable[[], float | None]
) -> None:
    centre.stack.kill("realtime")
    centre.until(lambda: drowsy_worker() == 0, "the worker knows that it is alone")
    sid = somebody_waits(centre)
    chooses(centre, "available")
    centre.until(lambda: centre.talking(sid), "they talk", real_seconds=10)
    centre.ended(sid)
    centre.stack.start("realtime")
    centre.until(lambda: drowsy_worker() == 1, "the worker is connected", real_seconds=40)
    sid = somebody_waits(centre)
    chooses(centre, "available")
    centre.until(lambda: centre.talking(sid), "they talk again", real_seconds=10)
    centre.ended(sid)
