"""Scenarios in Chromium: a module beside the tests drives pages of the console, and the test plays
everybody else meanwhile. See scenes.mjs for what a module is given."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from devstack import console
from devstack.stack import Stack

_HOST = Path(__file__).with_name("scenes.mjs")


class Chromium:
    """One browser for all the scenarios of a test run; begun anew after one that did not end."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._process: subprocess.Popen[str] | None = None

    def play(self, module: str) -> Scene:
        """Begin the scenario of a module of this folder."""
        if self._process is None:
            console.build(self._stack.tools)
            self._process = self._begin()
        return Scene(self._process, module)

    def _begin(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self._stack.tools.node), str(_HOST)],
            env={
                "BROWSER": str(self._stack.tools.browser),
                "CONSOLE": f"{self._stack.layout.url('web')}/console/",
                "PASSWORD": self._stack.credentials.user_password,
                "AXE": str(console.CONSOLE / "node_modules/axe-core/axe.min.js"),
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def close(self) -> None:
        """Chromium ends with the script that holds it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None


class Scene:
    """A scenario that goes on; what it tells, in order."""

    def __init__(self, process: subprocess.Popen[str], module: str) -> None:
        self._process = process
        self.ended = False
        self._write({"run": str(_HOST.parent / module)})

    def until(self, what: str) -> dict[str, Any]:
        """Wait until it tells this; where it fails before, raises AssertionError with what the
        pages show."""
        for line in self._process.stdout or ():
            told: dict[str, Any] = json.loads(line)
            self.ended = told["what"] == "end"
            if told["what"] == what:
                return told
            if self.ended or told["what"] == "failed":
                shown = "\n\n".join(told.get("pages", []))
                raise AssertionError(
                    f"not {what!r}, but {told.get('error', 'the end')}\n\n{shown}\n{told}"
                )
        raise AssertionError(f"Chromium was gone before {what!r}")

    def goes_on(self, **told: Any) -> None:
        """What the scenario waits for, has happened."""
        self._write(told)

    def ends(self) -> None:
        """Wait for its end. No page complained of anything, and axe found nothing."""
        end = self.until("end")
        assert end["faults"] == [], end["faults"]
        assert end["axe"] == [], end["axe"]

    def _write(self, told: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
