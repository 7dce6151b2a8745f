"""The stack's processes besides Postgres: how each is started and how one sees that it is ready."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from devstack.clock import Clock
from devstack.credentials import Credentials, write_private
from devstack.envfile import MESSAGING_SERVICE, PHONE_NUMBER, base_environment
from devstack.layout import ROOT, Layout
from devstack.postgres import PostgresServer
from devstack.processes import Command
from devstack.toolchain import Toolchain

# In the order they are started; `down` ends them all at once, then Postgres.
BACKEND = ("auth", "postgrest", "storage", "gateway", "realtime", "twilio")
SERVICE = ("listener", "web", "worker")
NAMES = (*BACKEND, *SERVICE)
# A path that answers 200 when the process is ready; the others are ready when they listen.
HEALTH = {
    "auth": ("auth", "/auth/v1/health"),
    "postgrest": ("postgrest-admin", "/ready"),
    "gateway": ("gateway", "/_devstack/requests"),
    "web": ("web", "/healthz"),
    "worker": ("worker", "/healthz"),
}


# What a process has read into memory: edited later, it runs old code.
SOURCES = {
    "gateway": ("devstack/gateway*.py",),
    "storage": ("devstack/storage/**/*.py",),
    "realtime": ("devstack/realtime*.py", "devstack/realtime/**/*.py"),
    "twilio": ("devstack/twilio/**/*.py", "devstack/twilio/telephone/*.js"),
    "listener": ("devstack/listener.py",),
    "web": ("callcenter/**/*.py", "webhooks/**/*.py", "gunicorn.conf.py", "Procfile"),
    "worker": ("callcenter/**/*.py", "Procfile"),
}


@dataclass(frozen=True, slots=True)
class Services:
    """Builds the command of each process; None where its program is not part of the clone."""

    layout: Layout
    credentials: Credentials
    tools: Toolchain
    server: PostgresServer
    clock: Clock
    environment: dict[str, str]

    def command(self, name: str) -> Command | None:
        builders = {
            "auth": self._auth,
            "postgrest": self._postgrest,
            "storage": self._storage,
            "gateway": self._gateway,
            "realtime": self._realtime,
            "twilio": self._twilio,
            "listener": self._listener,
            "web": self._web,
        }
        return builders[name]() if name in builders else self._from_procfile(name)

    def _auth(self) -> Command:
        home = self.layout.state / "auth"
        config = home / "supabase" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        write_private(config, self._auth_config())
        env = {**base_environment(), "LITE_TELEMETRY": "0", "DO_NOT_TRACK": "1"}
        return Command([*self.tools.auth, "start", "--no-admin"], env, home)

    def _auth_config(self) -> str:
        return "\n".join(
            (
                "[api]",
                f"port = {self.layout.port('auth')}",
                "[db]",
                'driver = "postgres"',
                f'url = "{self.server.url("supabase_auth_admin")}"',
                "[auth]",
                "enabled = true",
                "enable_signup = true",
                f'site_url = "{self.layout.url("web")}"',
                f'jwt_secret = "{self.credentials.jwt_secret}"',
                "jwt_expiry = 3600",
                "[auth.email]",
                "enable_confirmations = false",
                "",
            )
        )

    def _postgrest(self) -> Command:
        config = self.layout.state / "postgrest.conf"
        values: dict[str, str | int | bool] = {
            "db-uri": self.server.url("authenticator"),
            "db-schemas": "public",
            "db-extra-search-path": "public, extensions",
            "db-anon-role": "anon",
            "db-pool": 24,
            "db-max-rows": 1000,
            "jwt-secret": self.credentials.jwt_secret,
            "server-host": "127.0.0.1",
            "server-port": self.layout.port("postgrest"),
            "admin-server-port": self.layout.port("postgrest-admin"),
            "log-level": "error",
        }
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
        write_private(config, text)
        return Command([str(self.tools.postgrest), str(config)], base_environment())

    def _storage(self) -> Command:
        argv = [sys.executable, "-m", "devstack.storage"]
        argv += ["--port", str(self.layout.port("storage"))]
        argv += ["--data-dir", str(self.layout.state / "storage")]
        return Command(argv, {**base_environment(), **self.environment})

    def _gateway(self) -> Command:
        config = self.layout.state / "gateway.json"
        upstreams = {
            "/rest/v1": self.layout.url("postgrest"),
            "/auth/v1": f"{self.layout.url('auth')}/auth/v1",
            "/realtime/v1": self.layout.url("realtime"),
            "/storage/v1": self.layout.url("storage"),
        }
        port = self.layout.port("gateway")
        keys = self.credentials.api_keys
        write_private(config, json.dumps({"port": port, "keys": keys, "upstreams": upstreams}))
        return Command([sys.executable, "-m", "devstack.gateway", str(config)], base_environment())

    def _realtime(self) -> Command | None:
        if not _is_runnable("realtime"):
            return None
        argv = [sys.executable, "-m", "devstack.realtime"]
        argv += ["--port", str(self.layout.port("realtime"))]
        return Command(argv, {**base_environment(), **self.environment})

    def _twilio(self) -> Command | None:
        if not _is_runnable("twilio"):
            return None
        folder = self.layout.state / "twilio"
        folder.mkdir(exist_ok=True)
        argv = [sys.executable, "-m", "devstack.twilio"]
        argv += ["--port", str(self.layout.port("twilio")), "--speed", self.clock.speed]
        argv += ["--data-dir", str(folder), "--numbers", PHONE_NUMBER]
        argv += ["--messaging-services", MESSAGING_SERVICE]
        argv += ["--applications", self.credentials.twilio_twiml_app_sid]
        argv += ["--clock-since", self.clock.since]
        return Command(argv, {**base_environment(), **self.environment})

    def _listener(self) -> Command:
        argv = [sys.executable, "-m", "devstack.listener", "--port", str(self.layout.port("web"))]
        argv += ["--handing-out", str(self.layout.handing_out)]
        return Command(argv, base_environment())

    def _web(self) -> Command | None:
        """Takes over the listener's socket by the protocol of systemd's socket units."""
        command = self._from_procfile(
            "web", "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$"
        )
        return replace(command, serves=self.layout.handing_out) if command else None

    def _from_procfile(self, name: str, before: str = ":") -> Command | None:
        line = procfile_commands(ROOT / "Procfile").get(name)
        if line is None:
            return None
        # By a shell, as on a platform that reads Procfiles: $PORT and quotes mean what they say.
        argv = ["/bin/sh", "-c", f"{before}; exec {line}"]
        # What one that is killed leaves behind stays in the stack's own folder; `down` empties it.
        self.layout.temporary.mkdir(exist_ok=True)
        own = {"TMPDIR": str(self.layout.temporary)}
        return Command(argv, {**base_environment(), **self.environment, **own})


def procfile_commands(path: Path) -> dict[str, str]:
    """The Procfile's `name: command` lines; nothing where there is no Procfile."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {name.strip(): command.strip() for name, _, command in pairs}


def newest_source(name: str) -> float:
    """When a file of this process's program was last edited; 0 for programs that are not ours."""
    files = (path for pattern in SOURCES.get(name, ()) for path in ROOT.glob(pattern))
    return max((path.stat().st_mtime for path in files), default=0.0)


def _is_runnable(package: str) -> bool:
    folder = ROOT / "devstack" / package
    return (folder / "__main__.py").exists() or folder.with_suffix(".py").exists()
