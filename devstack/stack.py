"""One local stack, from Postgres to the worker: up, down, reset, and crash tests of its parts."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import httpx

from devstack import database, migrations, users
from devstack.clock import Clock, choose_clock, load_clock, normalised_speed, speed_from_environment
from devstack.credentials import Credentials, load_credentials
from devstack.envfile import stack_environment, write_env_file
from devstack.layout import DevstackError, Layout, base_from_environment
from devstack.locking import exclusive
from devstack.migrations import Migrator
from devstack.portcheck import require_free_ports
from devstack.ports import is_listening
from devstack.postgres import ADMIN, PostgresServer
from devstack.processes import ProcessTable
from devstack.progress import say
from devstack.services import BACKEND, HEALTH, NAMES, SERVICE, Services, newest_source
from devstack.toolchain import Toolchain, ensure_tools

ALL = ("postgres", *NAMES)
# PostgREST waits longer between attempts the longer Postgres was away.
READY_WITHIN = 40.0


class Stack:
    """The stack at one port base; constructing it starts nothing."""

    def __init__(self, base: int | None = None, speed: str | float | None = None) -> None:
        self.layout = Layout(base if base is not None else base_from_environment())
        self.layout.create()
        asked = f"{speed}" if speed is not None else None
        self._asked_speed = normalised_speed(asked) if asked else speed_from_environment()
        self.processes = ProcessTable(self.layout)

    @cached_property
    def credentials(self) -> Credentials:
        return load_credentials(self.layout.state)

    @cached_property
    def tools(self) -> Toolchain:
        return ensure_tools(self.layout.shared)

    @property
    def server(self) -> PostgresServer:
        return PostgresServer(self.layout, self.credentials, self.processes)

    @property
    def clock(self) -> Clock:
        """The clock this stack has, or would get by `up`."""
        return load_clock(self.layout.state) or Clock(self._asked_speed or "1", "")

    @property
    def env(self) -> dict[str, str]:
        """What the service's environment holds; the same as the stack's env file."""
        return stack_environment(self.layout, self.credentials, self.server, self.clock)

    @property
    def auth(self) -> users.AuthApi:
        return users.AuthApi(self.layout.url("auth"), self.credentials.user_password)

    def access_token(self, email: str) -> str:
        """A demo user's token, by password."""
        return self.auth.access_token(email)

    def up(self) -> None:
        """Bring everything up; what already runs is left alone, what died is started again."""
        with exclusive(self.layout.state / "lock"):
            self._up()

    def down(self) -> None:
        """End exactly what this stack started; the data stays."""
        with exclusive(self.layout.state / "lock"):
            self._down()

    def reset(self) -> None:
        """Start again with an empty database, migrated and seeded; keys and passwords stay."""
        with exclusive(self.layout.state / "lock"):
            self._down()
            self._prepared.unlink(missing_ok=True)
            (self.layout.state / "clock.json").unlink(missing_ok=True)
            shutil.rmtree(self.layout.logs)
            self.layout.create()
            self._up()

    def pid(self, name: str) -> int | None:
        """The process id of a part of the stack, or None if it is not running."""
        return self.processes.pid(name)

    def kill(self, name: str) -> None:
        """SIGKILL a part with its children, as a crash would, and wait until it is gone."""
        self.processes.kill(_known(name))

    def start(self, name: str) -> None:
        """Start a part that is not running, and wait until it is ready."""
        with exclusive(self.layout.state / "lock"):
            if not self.pid(_known(name)):
                self.processes.end_leftovers(name)
                self._require_free_ports([name])
            if name == "postgres":
                self._ensure_postgres()
            elif self._start_missing(["listener", name] if name == "web" else [name]) or self.pid(
                name
            ):
                self.wait_healthy([name])
            else:
                raise DevstackError(f"{name} is not part of this clone yet.")

    def edited_sql(self) -> list[str]:
        """SQL files changed after this stack's database had applied them."""
        reshaped = self._prepared.exists() and self._prepared.read_text() != database.shape()
        return [*(["devstack/sql"] if reshaped else []), *self._migrator().edited()]

    def wait_healthy(
        self, names: Iterable[str] | None = None, seconds: float = READY_WITHIN
    ) -> None:
        """Wait until these parts (default: all that run) answer; raises if one dies or does not."""
        deadline = time.monotonic() + seconds
        for name in names or [name for name in NAMES if self.pid(name)]:
            self._wait_for(name, deadline)

    def is_ready(self, name: str) -> bool:
        """Does it answer its health check, or listen where it has none?"""
        if name in HEALTH:
            service, path = HEALTH[name]
            try:
                return httpx.get(self.layout.url(service) + path, timeout=5).status_code == 200
            except httpx.HTTPError:
                return False
        return is_listening(self.layout.port(name))

    def _up(self) -> None:
        self._check_speed()
        _ = self.tools
        self._end_crash_leftovers()
        self._stop_outdated()
        self._require_free_ports([name for name in ALL if not self.pid(name)])
        clock = choose_clock(self.layout.state, self._asked_speed or self.clock.speed)
        self._ensure_postgres()
        database.refresh(self.server.url(ADMIN), clock)
        write_env_file(self.layout.env_file, self.env)
        started = self._start_missing(BACKEND)
        self._migrate_and_seed()
        self.wait_healthy([name for name in BACKEND if name in started or self.pid(name)])
        started += self._start_missing(SERVICE)
        self.wait_healthy([name for name in SERVICE if name in started or self.pid(name)])
        if "twilio" in started:
            self._point_number_at_service()
        self._report(started)

    def _require_free_ports(self, names: Iterable[str]) -> None:
        """Of those that are to be started; the web binds none, for the listener has it."""
        require_free_ports(self.layout, [name for name in names if name != "web"])

    def _point_number_at_service(self) -> None:
        """As ops would at Twilio: with the service's own command line."""
        command = [str(Path(sys.executable).with_name("callcenter")), "twilio", "configure"]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DevstackError(f"`callcenter twilio configure` failed:\n{done.stderr}")

    def _down(self) -> None:
        for name in ALL:
            self.processes.end_leftovers(name)
        self.processes.stop(NAMES, grace=2.5)
        self.server.stop()
        self.server.end_strays()
        self.processes.end_orphans()
        shutil.rmtree(self.layout.temporary, ignore_errors=True)

    def _check_speed(self) -> None:
        kept = load_clock(self.layout.state)
        running = any(self.pid(name) for name in ALL)
        if not kept or self._asked_speed in (None, kept.speed):
            return
        if running:
            raise DevstackError(
                f"This stack runs at speed {kept.speed}: `make down` first, then start it at"
                f" speed {self._asked_speed}."
            )
        say(f"speed {kept.speed} before, {self._asked_speed} now: old rows may lie in the future")

    def _end_crash_leftovers(self) -> None:
        for name in ALL:
            self.processes.end_leftovers(name)
        for command in self.processes.end_orphans():
            say(f"ended a process that a crash had left behind: {command[:100]}")
        self.server.end_strays()

    def _stop_outdated(self) -> None:
        """Stop processes whose program was edited since they started; `up` starts them again."""
        running = [name for name in NAMES if self.pid(name)]
        outdated = [
            name for name in running if newest_source(name) > self.processes.started_at(name)
        ]
        if "web" in running and ("listener" in outdated or "listener" not in running):
            # It has the port as long as it lives.
            outdated.append("web")
        if outdated:
            say(f"their code changed, so they are started again: {', '.join(outdated)}")
            self.processes.stop(outdated)

    def _ensure_postgres(self) -> None:
        if self._prepared.exists():
            if not self.pid("postgres"):
                self.server.start(self.tools)
                say("Postgres is up")
            return
        # New, or interrupted while it was made: begin from nothing.
        say("making a new Postgres cluster")
        self.server.stop()
        self._forget_data()
        self.server.start(self.tools)
        database.prepare_hosted_shape(self.server.url(ADMIN), self.credentials)
        self._prepared.write_text(database.shape())

    @property
    def _prepared(self) -> Path:
        """Marks a database that has its hosted shape; holds the shape's fingerprint."""
        return self.layout.state / "prepared"

    def _start_missing(self, names: Iterable[str]) -> list[str]:
        services = Services(
            self.layout, self.credentials, self.tools, self.server, self.clock, self.env
        )
        started = []
        for name in names:
            command = services.command(name)
            if command and not self.pid(name):
                self.processes.start(name, command)
                started.append(name)
        return started

    def _migrate_and_seed(self) -> None:
        migrator = self._migrator()
        if edited := self.edited_sql():
            say(f"edited since it was applied here: {', '.join(edited)} (`make reset` applies it)")
        admin_url = self.server.url(ADMIN)
        self.wait_healthy(["auth"])
        if signed_up := self.auth.sign_up_missing(users.registered_emails(admin_url)):
            say(f"signed up {signed_up} demo users")
        if not migrations.exist():
            say("no migrations in supabase/migrations yet: the database has no call centre")
            return
        if not (signed_up or migrator.pending()):
            return
        if migrator.pending():
            say("pushing migrations")
            migrator.push(seed=False)
        if not users.give_roles(admin_url):
            say("the migrations make no public.profiles yet: demo users have no roles, no seed")
        elif migrator.pending():
            say("seeding")
            migrator.push(seed=True)

    def _wait_for(self, name: str, deadline: float) -> None:
        while not (self.pid(name) and self.is_ready(name)):
            log = self.layout.logs / f"{name}.log"
            if not self.pid(name):
                raise DevstackError(f"{name} ended; the reason is at the end of {log}")
            if time.monotonic() > deadline:
                raise DevstackError(f"{name} does not answer; see {log}")
            time.sleep(0.05)

    def _migrator(self) -> Migrator:
        url = self.server.url("postgres")
        return Migrator(self.tools, url, self.layout.state / "applied.json")

    def _forget_data(self) -> None:
        self._prepared.unlink(missing_ok=True)
        self.server.remove_data()
        self._migrator().forget()
        for name in ("auth", "storage", "twilio"):
            shutil.rmtree(self.layout.state / name, ignore_errors=True)

    def _report(self, started: list[str]) -> None:
        absent = [name for name in NAMES if not self.pid(name)]
        if absent:
            say(f"not part of this clone yet, so not started: {', '.join(absent)}")
        say(f"started {', '.join(started)}" if started else "everything was already up")


def _known(name: str) -> str:
    if name not in ALL:
        raise DevstackError(f"There is no part {name!r}; the parts are {', '.join(ALL)}.")
    return name
