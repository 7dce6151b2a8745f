"""The environment of the service on this stack: `.env.devstack`, and what processes are given."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from devstack.clock import Clock
from devstack.credentials import Credentials, write_private
from devstack.layout import Layout
from devstack.postgres import ADMIN, PostgresServer

PHONE_NUMBER = "+576015550100"
MESSAGING_SERVICE = "MG" + "d" * 32
FALLBACK_NUMBER = "+576015550199"


def stack_environment(
    layout: Layout, credentials: Credentials, server: PostgresServer, clock: Clock
) -> dict[str, str]:
    """Every variable the service reads, with the stack's values, and the stack's own few."""
    return {
        "SUPABASE_URL": layout.url("gateway"),
        "SUPABASE_ANON_KEY": credentials.anon_key,
        "SUPABASE_SERVICE_ROLE_KEY": credentials.service_role_key,
        "SUPABASE_PUBLISHABLE_KEY": credentials.publishable_key,
        "SUPABASE_SECRET_KEY": credentials.secret_key,
        "SUPABASE_JWT_SECRET": credentials.jwt_secret,
        **_twilio_environment(layout, credentials),
        "PUBLIC_URL": layout.url("web"),
        "ALLOWED_ORIGINS": f"{layout.url('web')},http://localhost:3000",
        "DEFAULT_REGION": "CO",
        "FALLBACK_NUMBER": FALLBACK_NUMBER,
        "DATABASE_URL": server.url("postgres"),
        "DATABASE_ADMIN_URL": server.url(ADMIN),
        "DEVSTACK_PORT_BASE": str(layout.base),
        "DEVSTACK_SPEED": clock.speed,
        "PORT": str(layout.port("web")),
        "METRICS_TOKEN": credentials.metrics_token,
        "WORKER_METRICS_PORT": str(layout.port("worker")),
        **_worker_pace(float(clock.speed)),
    }


def _worker_pace(speed: float) -> dict[str, str]:
    # The worker's own clock is the machine's: where time runs faster, it must look more often, but
    # not so often that looking is most of what the machine does.
    return {
        "WORKER_POLL_SECONDS": str(max(0.05, 0.25 / speed)),
        "WORKER_CONNECTED_POLL_SECONDS": str(max(0.2, 1 / speed)),
        "WORKER_SWEEP_SECONDS": str(max(0.5, 5 / speed)),
    }


def _twilio_environment(layout: Layout, credentials: Credentials) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": credentials.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": credentials.twilio_auth_token,
        "TWILIO_PHONE_NUMBER": PHONE_NUMBER,
        "TWILIO_API_KEY_SID": credentials.twilio_api_key_sid,
        "TWILIO_API_KEY_SECRET": credentials.twilio_api_key_secret,
        "TWILIO_TWIML_APP_SID": credentials.twilio_twiml_app_sid,
        "TWILIO_API_BASE_URL": layout.url("twilio"),
        "TELEPHONE_URL": f"{layout.url('twilio')}/telephone.js",
        # The stack's number is Colombian, and can't send texts.
        "TWILIO_SMS_SENDER": MESSAGING_SERVICE,
    }


def write_env_file(path: Path, values: dict[str, str]) -> None:
    """Write the variables so that both a shell and python-dotenv read them."""
    lines = ["# Written by `make up`; do not edit. Secrets of the local stack only."]
    lines += [f"{name}={value}" for name, value in values.items()]
    write_private(path, "\n".join(lines) + "\n")


def base_environment() -> dict[str, str]:
    """What every process of the stack inherits: this virtual environment first, and no more of
    the caller's settings than it needs to run."""
    kept = ("HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE")
    values = {name: os.environ[name] for name in kept if name in os.environ}
    folder = str(Path(sys.executable).parent)
    return {**values, "PATH": f"{folder}:{os.environ.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}
