"""The console's live.mjs, which docs/live.md shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

from devstack.layout import ROOT
from devstack.toolchain import Toolchain

MODULE = ROOT / "console" / "src" / "client" / "live.mjs"
TESTS = Path(__file__).with_name("live_module.test.mjs")


def test_the_docs_show_the_module_as_it_is() -> None:
    shown = (ROOT / "docs" / "live.md").read_text()
    assert f"```js\n{MODULE.read_text()}```\n" in shown


def test_the_module_does_what_the_docs_say(tmp_path: Path) -> None:
    ran = subprocess.run(
        [str(Toolchain(tmp_path).node), "--test", "--test-reporter=tap", str(TESTS)],
        env={"LIVE": str(MODULE)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stdout
    assert "\n# pass 0\n" not in ran.stdout
