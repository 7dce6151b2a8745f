"""What becomes of commands that processes hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from callcenter.commands import LEASE_SECONDS
from database.switchboard import Switchboard


@pytest.fixture
def board(sql: psycopg.Connection[Any]) -> Switchboard:
    return Switchboard(sql)


def test_processes_know_how_long_they_may_hold_a_command(board: Switchboard) -> None:
    lease = board.row("select private.command_lease() as lease")["lease"]
    assert lease == timedelta(seconds=LEASE_SECONDS)
