"""Parts of the local stack that need no stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from devstack.clock import choose_clock, normalised_speed
from devstack.credentials import load_credentials
from devstack.layout import DevstackError
from devstack.services import procfile_commands


def test_a_restart_at_the_same_speed_does_not_turn_the_clock_back(tmp_path: Path) -> None:
    assert choose_clock(tmp_path, "20") == choose_clock(tmp_path, "20")


@pytest.mark.parametrize("text", ["0", "-1", "fast", "nan", "2000"])
def test_a_speed_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(DevstackError, match="DEVSTACK_SPEED"):
        normalised_speed(text)


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    first = load_credentials(tmp_path)
    assert load_credentials(tmp_path) == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_procfile_lines_are_commands_by_name(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text('# comment\nweb: gunicorn -b :$PORT "a:b()"\n\nworker: callcenter worker\n')
    assert procfile_commands(procfile) == {
        "web": 'gunicorn -b :$PORT "a:b()"',
        "worker": "callcenter worker",
    }
