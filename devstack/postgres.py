"""The stack's Postgres server: where its data lives, as whom it runs, how it starts and stops.

Postgres refuses to run as root. Started by root it runs as another user, and where that user
cannot reach the clone (one under /root, say) the data and a copy of the programs are kept under
/var/tmp, which the file `data.path` in the state folder records.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from devstack.credentials import Credentials
from devstack.layout import ROOT, DevstackError, Layout
from devstack.processes import Command, ProcessTable
from devstack.proctable import live_processes
from devstack.progress import say
from devstack.toolchain import Toolchain

ADMIN = "supabase_admin"
USERS_FOR_ROOT = ("postgres", "nobody")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # TCP only: a socket's path may not be longer than 100 bytes
    "max_connections": "250",
    "shared_buffers": "128MB",
    "wal_level": "logical",
    "max_slot_wal_keep_size": "1GB",  # a slot that Realtime is slow to read must not fill the disk
    "synchronous_commit": "off",  # a crash of the machine may lose the last second, never more
    # Realtime is sent what is flushed: at once after a commit on hosted, nearly so here.
    "wal_writer_delay": "20ms",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u %a ",
}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """The server of one stack."""

    layout: Layout
    credentials: Credentials
    processes: ProcessTable

    def url(self, role: str = "postgres") -> str:
        password = {
            ADMIN: self.credentials.admin_password,
            "postgres": self.credentials.postgres_password,
            "authenticator": self.credentials.authenticator_password,
            "supabase_auth_admin": self.credentials.auth_admin_password,
        }[role]
        return f"postgresql://{role}:{password}@127.0.0.1:{self.layout.port('postgres')}/postgres"

    @property
    def data(self) -> Path:
        return _recorded_data(self.layout) or self.layout.state / "data"

    def start(self, tools: Toolchain) -> None:
        """Start the server and wait until it takes connections; makes the cluster if it is new."""
        user = _server_user()
        native = self._place(tools.postgres, user)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(native, user)
        self.end_strays()
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        port = f"--port={self.layout.port('postgres')}"
        argv = [str(native / "bin/postgres"), "-D", str(self.data), port, *settings]
        env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        self.processes.start("postgres", Command(argv, env, Path("/"), user, marked=False))
        self._wait_until_ready()

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, data is flushed."""
        self.processes.stop(["postgres"], grace=4.0, how=signal.SIGINT)

    def remove_data(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)

    def _place(self, installed: Path, user: str | None) -> Path:
        """Decide where data and programs live; returns the programs' folder."""
        if user is None or _can_enter(user, self.layout.state):
            return installed
        home = _home_elsewhere()
        data = home / str(self.layout.base)
        data.mkdir(exist_ok=True, mode=0o711)
        (self.layout.state / "data.path").write_text(f"{data / 'data'}\n")
        native = home / "postgres"
        if not (native / "complete").exists():
            say(f"user {user} cannot reach {ROOT}: keeping Postgres and its data in {home}")
            shutil.copytree(installed, native, symlinks=True, dirs_exist_ok=True)
            (native / "complete").touch()
        return native

    def _make_cluster(self, native: Path, user: str | None) -> None:
        self.remove_data()
        self.data.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(self.credentials.admin_password)
            password.flush()
            if user:
                owner = pwd.getpwnam(user)
                os.chown(password.name, owner.pw_uid, owner.pw_gid)
                os.chown(self.data, owner.pw_uid, owner.pw_gid)
            self._initdb(native, user, password.name)

    def _initdb(self, native: Path, user: str | None, password_file: str) -> None:
        argv = [str(native / "bin/initdb"), "-D", str(self.data), "-U", ADMIN, "--no-sync"]
        argv += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
        # Built into Postgres 17: the same order of text on every machine, no locale needed.
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        group = pwd.getpwnam(user).pw_gid if user else None
        result = subprocess.run(
            argv, cwd="/", capture_output=True, text=True, user=user, group=group,
            extra_groups=[] if user else None, env={"LC_ALL": "C", "TZ": "UTC"},
        )  # fmt: skip
        if result.returncode != 0:
            raise DevstackError(f"initdb failed in {self.data}:\n{result.stderr[-1500:]}")

    def end_strays(self) -> None:
        """End servers in this data folder that nobody remembers, and remove their lock file."""
        if sys.platform != "linux" or self.processes.pid("postgres"):
            return
        lock = self.data / "postmaster.pid"
        deadline = time.monotonic() + 8
        while (left := self._strays()) and time.monotonic() < deadline:
            # A server shuts down fast on SIGINT; children whose server is dead need SIGQUIT.
            parent = {pid for pid in left if str(pid) == _first_line(lock)}
            for pid in parent or left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT if parent else signal.SIGQUIT)
            time.sleep(0.1)
        # Postgres would not start if some other program had got the old server's process id.
        lock.unlink(missing_ok=True)

    def _strays(self) -> set[int]:
        processes = live_processes().values()
        return {p.pid for p in processes if p.works_in(self.data) and p.runs("postgres")}

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not self.processes.pid("postgres"):
                break
            try:
                psycopg.connect(self.url(ADMIN), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        log = self.layout.logs / "postgres.log"
        raise DevstackError(f"Postgres did not start; the reason is at the end of {log}")


def _first_line(path: Path) -> str:
    with suppress(OSError):
        return path.read_text().partition("\n")[0]
    return ""


def _server_user() -> str | None:
    """Whom to run as: None is whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in USERS_FOR_ROOT:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise DevstackError(
        "Postgres does not run as root, and there is no user 'postgres' or 'nobody' to run it as:"
        " create one (useradd postgres), or run this as an ordinary user."
    )


def _can_enter(user: str, folder: Path) -> bool:
    owner = pwd.getpwnam(user)
    probe = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)],
        cwd="/", user=user, group=owner.pw_gid, extra_groups=[],
    )  # fmt: skip
    return probe.returncode == 0


def _recorded_data(layout: Layout) -> Path | None:
    record = layout.state / "data.path"
    return Path(record.read_text().strip()) if record.exists() else None


def _home_elsewhere() -> Path:
    """A folder of this clone's own that every user can enter but only we can write."""
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    home = Path("/var/tmp") / f"callcenter-devstack-{name}"  # noqa: S108 - owner checked below
    home.mkdir(mode=0o711, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != os.geteuid():
        raise DevstackError(f"{home} belongs to somebody else: remove it, or move the clone.")
    return home
