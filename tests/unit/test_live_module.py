"""The JavaScript of docs/live.md, as it stands there."""

from __future__ import annotations

import subprocess
from pathlib import Path

from devstack.pages import live_module
from devstack.toolchain import Toolchain

TESTS = Path(__file__).with_name("live_module.test.mjs")


def test_the_module_of_the_docs_does_what_they_say(tmp_path: Path) -> None:
    module = tmp_path / "live.mjs"
    module.write_text(live_module())
    ran = subprocess.run(
        [str(Toolchain(tmp_path).node), "--test", "--test-reporter=tap", str(TESTS)],
        env={"LIVE": str(module)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stdout
    assert "\n# pass 0\n" not in ran.stdout
