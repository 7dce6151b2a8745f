"""What `up` and `down` promise, whatever happened to the processes in between."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time

import psycopg
import pytest

from devstack.layout import DevstackError
from devstack.ports import is_free
from devstack.services import NAMES
from devstack.stack import ALL, Stack

pytestmark = pytest.mark.xdist_group("devstack")


def running(stack: Stack) -> dict[str, int]:
    return {name: pid for name in ALL if (pid := stack.pid(name))}


def count_users(stack: Stack) -> int:
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        row = connection.execute("select count(*) from auth.users").fetchone()
    assert row
    return int(row[0])


def test_up_when_up_leaves_every_process_alone(own_stack: Stack) -> None:
    before = running(own_stack)
    own_stack.up()
    assert running(own_stack) == before


def test_after_kill_9_of_everything_up_brings_it_back_with_its_data(own_stack: Stack) -> None:
    before = running(own_stack)
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    while running(own_stack):
        time.sleep(0.01)
    own_stack.up()
    assert running(own_stack).keys() == before.keys()
    assert not set(running(own_stack).values()) & set(before.values())
    assert count_users(own_stack) == 5


def test_processes_whose_pid_files_are_lost_are_ended_by_up(own_stack: Stack) -> None:
    before = running(own_stack)
    for path in own_stack.layout.pids.glob("*.pid"):
        path.unlink()
    own_stack.up()
    assert running(own_stack).keys() == before.keys()
    members = {process.pid for process in own_stack.processes.members()}
    assert not members & set(before.values())


def test_a_stale_pid_file_never_gets_a_stranger_killed(own_stack: Stack) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    own_stack.kill("gateway")
    note = own_stack.layout.pids / "gateway.pid"
    note.write_text(f'{{"pid": {stranger.pid}, "after_boot": 1, "boot": 1}}')
    try:
        assert own_stack.pid("gateway") is None
        own_stack.start("gateway")
        assert own_stack.pid("gateway") != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_service_survives_a_crash_of_postgres(own_stack: Stack) -> None:
    own_stack.kill("postgres")
    assert own_stack.pid("gateway")
    own_stack.start("postgres")
    own_stack.wait_healthy(["postgrest"])
    assert own_stack.access_token("agente1@demo.local")


def test_down_frees_every_port_and_a_port_in_use_is_said(own_stack: Stack) -> None:
    own_stack.down()
    assert running(own_stack) == {}
    assert own_stack.processes.members() == []
    port = own_stack.layout.port("gateway")
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        with pytest.raises(DevstackError, match=rf"{port} \(gateway\) is used by") as error:
            own_stack.up()
    assert "DEVSTACK_PORT_BASE=" in str(error.value)
    assert all(is_free(own_stack.layout.port(name)) for name in NAMES)
    own_stack.up()
    assert count_users(own_stack) == 5


def test_another_speed_is_refused_while_the_stack_runs(own_stack: Stack) -> None:
    with pytest.raises(DevstackError, match="runs at speed 1"):
        Stack(own_stack.layout.base, speed=20).up()
