"""The only web dies, or its whole machine is gone for a moment: no caller hears Twilio's error."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.centre import HANGS_UP, TALKS_AND_HANGS_UP, CallCentre, hears

CALLERS, KILLS = 16, 2
LEAVES_A_MESSAGE = (hears("beep"), {"talk": 5}, HANGS_UP)
CALLCENTER = str(Path(sys.executable).with_name("callcenter"))


@pytest.fixture
def reconfigured(centre: CallCentre) -> Iterator[CallCentre]:
    """A call centre whose number leads where it did, and that is whole, when the test is over."""
    yield centre
    centre.stack.up()
    callcenter(centre, "configure")


def callcenter(centre: CallCentre, command: str, **more: str) -> str:
    """What ops see when they run a command of `callcenter twilio`."""
    environment = {**os.environ, **centre.stack.env, **more}
    done = subprocess.run(
        [CALLCENTER, "twilio", command], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_no_caller_is_lost_when_the_only_web_is_killed_again_and_again(
    centre: CallCentre,
) -> None:
    sids = []
    for _ in range(KILLS):
        for _ in range(CALLERS // KILLS + 1):
            sids.append(centre.caller(hears("Soporte"), {"press": "3"}, *LEAVES_A_MESSAGE))
            time.sleep(0.02)
        centre.stack.kill("web")
        sids.append(centre.caller(hears("Soporte"), {"press": "3"}, *LEAVES_A_MESSAGE))
        time.sleep(0.5)
        centre.stack.start("web")
    for sid in sids:
        centre.sim.wait_until_ended(sid, 60)
    assert [sid for sid in sids if "application error" in centre.heard(sid)] == []
    kept = "select count(*) from public.voicemails where call_record_id is not null"
    centre.until(
        lambda: centre.row(kept)["count"] == len(sids), "every message is kept", real_seconds=60
    )


def test_while_the_whole_machine_is_away_callers_are_asked_for_patience(
    reconfigured: CallCentre,
) -> None:
    centre = reconfigured
    elsewhere = centre.sim.bin(callcenter(centre, "fallback-document"))
    callcenter(centre, "configure", FALLBACK_URL=elsewhere)
    centre.agent_ready()
    for part in ("web", "listener"):
        centre.stack.kill(part)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.until(lambda: "Un momento, por favor" in centre.heard(sid), "patience is asked for")
    centre.stack.start("web")
    call = centre.settled(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    assert "application error" not in centre.heard(sid)


@pytest.mark.parametrize("runs_action", [False, True])
def test_a_fetched_caller_meets_the_agent_whichever_answer_twilio_takes(
    centre: CallCentre, runs_action: bool
) -> None:
    centre.sim.account(runs_redirected_action=runs_action)
    centre.agent_ready("1001", answer_after=4)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    assert "Soporte" in centre.heard(sid)


def test_an_agent_whose_document_could_not_be_had_is_asked_anew(centre: CallCentre) -> None:
    """And is no caller of ours."""
    centre.agent_ready("1001", answer_after=4)
    sid = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.until(centre.agent_rings, "the agent is rung")
    for part in ("web", "listener"):
        centre.stack.kill(part)
    centre.until(
        lambda: [hook for hook in centre.sim.webhooks() if "agent-fallback" in hook["url"]],
        "Twilio falls back",
    )
    centre.stack.start("web")
    centre.sim.act(sid, [HANGS_UP])
    centre.settled(sid)
    agents = [leg["sid"] for leg in centre.agent_legs()]
    assert centre.rows("select 1 from public.call_records where call_id = any(%s)", agents) == []
