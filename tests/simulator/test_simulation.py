"""The simulator's own API: people, faults, events, reset, the process."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from devstack.twilio.client import Json, Sim
from tests.simulator.conftest import NUMBER, StartSim, free_port
from tests.simulator.sdk import ACCOUNT, TOKEN
from tests.simulator.service import Service
from tests.simulator.waiting import wait_until

CALLER = "+573001112233"
AGENT = "+573009998877"
ROOT = Path(__file__).parents[2]


def test_a_script_that_waits_in_vain_hangs_up_and_says_so(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Say>Hola</Say>", '<Pause length="100"/>')
    sid = sim.ring(CALLER, NUMBER, [{"until_heard": "adiós", "timeout": 3}, {"press": "1"}])
    assert sim.wait_until_ended(sid)["duration"] < 60
    assert "gave up" in sim.errors()[0]["message"]


@pytest.mark.parametrize(
    "person",
    [
        {"name": "nobody"},
        {"address": "+57300", "on_ring": {"reject": "rudely"}},
        {"address": "+57300", "on_ring": {"explode": True}},
        {"address": "+57300", "script": [{"dance": 1}]},
        {"address": "+57300", "script": [{"wait": 1, "press": "1"}]},
        {"address": "+57300", "script": [{"until_heard": "("}]},
        {"address": "+57300", "age": 3},
    ],
)
def test_a_person_nobody_could_play_is_refused(sim: Sim, person: Json) -> None:
    assert httpx.post(f"{sim.base_url}/sim/people", json=person).status_code == 400


def test_virtual_time_runs_at_its_speed(start_sim: StartSim) -> None:
    from datetime import UTC, datetime

    since = datetime(2026, 1, 5, 8, tzinfo=UTC)
    now = start_sim(speed=1000.0, since=datetime.now(UTC)).clock()
    assert now["speed"] == 1000.0
    shared = start_sim(speed=1.0, since=since).clock()
    assert datetime.fromisoformat(shared["since"]) == since


def test_events_of_all_calls_are_a_feed(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Say>Hola</Say>")
    sid = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(sid)
    events = sim.events()
    assert [e["id"] for e in events] == sorted(e["id"] for e in events)
    kinds = [(e["kind"], e["text"]) for e in events if e["sid"] == sid]
    assert ("say", "Hola") in kinds
    assert kinds[-1] == ("status", "completed")
    assert sim.events(since=events[-1]["id"]) == []
    started = time.monotonic()
    assert sim.events(since=events[-1]["id"], wait_real_seconds=0.2) == []
    assert time.monotonic() - started >= 0.2


def test_events_can_be_streamed(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Say>Hola</Say>")
    sim.ring(CALLER, NUMBER)
    headers = {"Accept": "text/event-stream"}
    with httpx.stream("GET", f"{sim.base_url}/sim/events", headers=headers) as stream:
        assert any("Hola" in line for line in stream.iter_lines() if line.startswith("data:"))


def test_callbacks_can_be_dropped_and_repeated(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Reject/>")
    sim.faults(drop=1, seed=1)
    dropped = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(dropped)
    sim.faults(duplicate=1, seed=1)
    repeated = sim.ring(CALLER, NUMBER)
    sim.wait_until_ended(repeated)
    first, second = service.wait_for("/status", 2)
    assert first == second
    assert first["CallSid"] == repeated
    assert [w["error"] for w in sim.webhooks() if w["sid"] == dropped] == ["", "dropped"]


def test_callbacks_can_arrive_late_and_out_of_order(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Reject/>")
    sim.faults(delay=1, seed=7)
    for number in range(8):
        sim.wait_until_ended(sim.ring(f"+5730011122{number}0", NUMBER))
    told = service.wait_for("/status", 8)
    callers = [p["From"] for p in told]
    assert len(callers) == 8
    assert callers != sorted(callers)


def test_documents_can_be_slow_but_are_never_dropped(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Say>Hola</Say>")
    sim.faults(drop=1, webhook_slow=1, seed=1)
    sid = sim.ring(CALLER, NUMBER)
    assert "Hola" in [e["text"] for e in sim.wait_until_ended(sid)["heard"]]


def test_rest_can_be_throttled_before_acting(sim: Sim, service: Service, twilio: Client) -> None:
    for fault, status, code in (("rest_429", 429, 20429), ("rest_5xx", 503, 20503)):
        sim.faults(**{fault: 1})
        with pytest.raises(TwilioRestException) as refused:
            twilio.calls.create(to=AGENT, from_=NUMBER, url=service.url("/x"))
        assert (refused.value.status, refused.value.code) == (status, code)
    assert sim.calls() == []


def test_rest_can_act_and_never_answer(sim: Sim, service: Service) -> None:
    sim.faults(rest_timeout_after_acting=1)
    url = f"{sim.base_url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    call = {"To": AGENT, "From": NUMBER, "Url": service.url("/x")}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, data=call, auth=(ACCOUNT, TOKEN), timeout=0.3)
    assert [c["to"] for c in sim.calls()] == [AGENT]


def test_an_unknown_fault_is_refused(sim: Sim) -> None:
    with pytest.raises(RuntimeError, match="unknown faults"):
        sim.faults(gremlins=1)


def test_reset_hangs_up_and_forgets(sim: Sim, service: Service) -> None:
    service.on("/voice", "<Enqueue>support</Enqueue>")
    sim.person(AGENT)
    sid = sim.ring(CALLER, NUMBER)
    wait_until(lambda: sim.call(sid)["queue"] == "support")
    sim.reset()
    assert (sim.calls(), sim.errors(), sim.events(), sim.webhooks()) == ([], [], [], [])
    again = sim.ring(CALLER, NUMBER)
    wait_until(lambda: sim.call(again)["queue"] == "support")


def test_an_answering_machine_is_told_apart(sim: Sim, service: Service, twilio: Client) -> None:
    service.on("/agent", "<Hangup/>")
    sim.person(AGENT, machine=True)
    call = twilio.calls.create(
        to=AGENT, from_=NUMBER, url=service.url("/agent"), machine_detection="Enable"
    )
    sim.wait_until_ended(call.sid)
    assert service.asked("/agent")[0]["AnsweredBy"] == "machine_start"


def test_a_thousand_calls_at_once(start_sim: StartSim, service: Service) -> None:
    sim = start_sim(speed=200.0)
    inline = service.url("/voice")
    service.on("/voice", "<Say>Hola</Say>", '<Pause length="60"/>')
    started = time.monotonic()
    sids = [sim.ring(f"+57300{n:07}", NUMBER, url=inline) for n in range(1000)]
    for sid in sids:
        assert sim.wait_until_ended(sid, real_seconds=100)["status"] == "completed"
    # One after the other they would take five minutes.
    assert time.monotonic() - started < 100


def process(port: int, folder: Path, **more: str) -> "subprocess.Popen[str]":
    env = {**os.environ, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_ACCOUNT_SID": ACCOUNT, **more}
    return subprocess.Popen(
        [sys.executable, "-m", "devstack.twilio", "--port", str(port), "--numbers", NUMBER,
         "--data-dir", str(folder)],
        cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_process_ends_cleanly_and_says_when_its_port_is_taken(tmp_path: Path) -> None:
    port = free_port()
    running = process(port, tmp_path)
    try:
        wait_until(lambda: _answers(port), 15)
        second = process(port, tmp_path)
        _, said = second.communicate(timeout=15)
        assert second.returncode == 1
        assert str(port) in said
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=15)
        assert running.returncode == 0
        assert "Traceback" not in said
    finally:
        running.kill()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/sim/clock").is_success
    except httpx.ConnectError:
        return False


def test_the_process_names_what_it_misses(tmp_path: Path) -> None:
    silent = process(free_port(), tmp_path, TWILIO_AUTH_TOKEN="")
    _, said = silent.communicate(timeout=15)
    assert silent.returncode == 2
    assert "TWILIO_AUTH_TOKEN" in said
