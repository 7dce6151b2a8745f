"""Settings of one simulator: the command line, and secrets from the environment."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    account_sid: str
    auth_token: str
    numbers: tuple[str, ...]
    messaging_services: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 54326
    speed: float = 1.0
    since: datetime | None = None
    data_dir: Path = Path("var/devstack/twilio")
    api_key: tuple[str, str] | None = None
    cps: float = 1.0
    play_seconds: float = 30.0
    media_auth: bool = True
    verbose: bool = False

    @property
    def base_url(self) -> str:
        host = "127.0.0.1" if self.host in {"", "0.0.0.0", "::"} else self.host
        return f"http://{host}:{self.port}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m devstack.twilio",
        description="Twilio simulator. Secrets come from the environment: TWILIO_AUTH_TOKEN, and "
        "optionally TWILIO_API_KEY_SID with TWILIO_API_KEY_SECRET.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=54326)
    add("--speed", type=float, default=1.0, help="virtual seconds a real second")
    add("--clock-since", type=datetime.fromisoformat, help="origin of virtual time, ISO 8601")
    add("--data-dir", type=Path, default=Path("var/devstack/twilio"))
    add("--account-sid", help="default: TWILIO_ACCOUNT_SID")
    add("--numbers", nargs="+", default=[], help="the account's phone numbers, E.164")
    add("--messaging-services", nargs="+", default=[], help="SIDs that messages may be sent from")
    add("--applications", nargs="+", default=[], help="SIDs of the account's TwiML Apps")
    add("--cps", type=float, default=1.0, help="calls by REST started a virtual second")
    add("--play-seconds", type=float, default=30.0, help="virtual length of a <Play>")
    add("--open-media", action="store_true", help="recordings need no basic auth")
    add("--verbose", action="store_true", help="log every event of every call")
    return parser


def _api_key(env: Mapping[str, str]) -> tuple[str, str] | None:
    sid, secret = env.get("TWILIO_API_KEY_SID"), env.get("TWILIO_API_KEY_SECRET")
    return (sid, secret) if sid and secret else None


def load_config(argv: Sequence[str], env: Mapping[str, str] = os.environ) -> Config:
    """Exits with a usage message when something needed is missing."""
    parser = _parser()
    given = parser.parse_args(argv)
    account = given.account_sid or env.get("TWILIO_ACCOUNT_SID")
    token = env.get("TWILIO_AUTH_TOKEN")
    if not account or not token:
        parser.error("needs --account-sid or TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN")
    if given.speed <= 0 or given.cps <= 0:
        parser.error("--speed and --cps must be above 0")
    since = given.clock_since
    return Config(
        account_sid=account,
        auth_token=token,
        numbers=tuple(given.numbers),
        messaging_services=tuple(given.messaging_services),
        applications=tuple(given.applications),
        host=given.host,
        port=given.port,
        speed=given.speed,
        since=since.replace(tzinfo=since.tzinfo or UTC) if since else None,
        data_dir=given.data_dir,
        api_key=_api_key(env),
        cps=given.cps,
        play_seconds=given.play_seconds,
        media_auth=not given.open_media,
        verbose=given.verbose,
    )
