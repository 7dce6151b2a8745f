"""Any process may be killed at any moment: the call ends right and the agent is free."""

from __future__ import annotations

import pytest

from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre


def kill_and_start_again(centre: CallCentre, processes: tuple[str, ...]) -> None:
    for process in processes:
        centre.stack.kill(process)
    for process in processes:
        centre.stack.start(process)


@pytest.mark.parametrize(
    "processes", [("web",), ("worker",), ("web", "worker")], ids=["web", "worker", "both"]
)
@pytest.mark.parametrize("moment", ["menu", "ringing", "talking"])
def test_killed_in_the_middle_of_a_call_and_started_again(
    centre: CallCentre, processes: tuple[str, ...], moment: str
) -> None:
    centre.agent_ready("1001", answer_after=4)
    # As long as it takes to start the processes again, where they die during the conversation.
    talk = {"talk": 100 if moment == "talking" else 5}
    sid = centre.caller_for_support(JOINS, talk, HANGS_UP)
    reached = {
        "menu": lambda: centre.sim.heard(sid),
        "ringing": lambda: centre.agent()["current_call_count"] == 1,
        "talking": lambda: centre.talking(sid),
    }
    centre.until(reached[moment], moment)
    kill_and_start_again(centre, processes)
    call = centre.ended(sid)
    assert call["call_status"] in ("completed", "missed")
    centre.until(centre.nobody_is_busy, "the agent is free", real_seconds=20)
    centre.until(lambda: centre.agent()["agent_status"] != "busy", "the agent's status says so")


def test_a_call_that_ends_while_nothing_runs_is_closed_afterwards(centre: CallCentre) -> None:
    centre.agent_ready("1001")
    sid = centre.caller_for_support(JOINS, {"talk": 40}, HANGS_UP)
    centre.until(lambda: centre.talking(sid), "talking")
    centre.stack.kill("web")
    centre.stack.kill("worker")
    centre.sim.wait_until_ended(sid, 30)
    centre.stack.start("web")
    centre.stack.start("worker")
    call = centre.ended(sid)
    assert (call["call_status"], call["disposition"]) == ("completed", "completed")
    centre.until(centre.nobody_is_busy, "the agent is free", real_seconds=20)
