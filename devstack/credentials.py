"""Secrets of one stack: made once, kept in its state folder, readable by its owner only."""

from __future__ import annotations

import json
import secrets
import string
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import jwt

TEN_YEARS = 10 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Credentials:
    """Everything generated for a stack; `reset` keeps it, so that clients need no new keys."""

    admin_password: str
    postgres_password: str
    authenticator_password: str
    auth_admin_password: str
    user_password: str
    jwt_secret: str
    anon_key: str
    service_role_key: str
    publishable_key: str
    secret_key: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_api_key_sid: str
    twilio_api_key_secret: str
    twilio_twiml_app_sid: str
    metrics_token: str

    @property
    def api_keys(self) -> dict[str, str]:
        """Every `apikey` the gateway accepts, with the JWT it stands for."""
        return {
            self.anon_key: self.anon_key,
            self.service_role_key: self.service_role_key,
            self.publishable_key: self.anon_key,
            self.secret_key: self.service_role_key,
        }


def load_credentials(state: Path) -> Credentials:
    """Read the stack's secrets, making those that are missing."""
    path = state / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = _generate()
    merged = {field.name: kept.get(field.name, made[field.name]) for field in fields(Credentials)}
    if merged != kept:
        write_private(path, json.dumps(merged, indent=2) + "\n")
    return Credentials(**merged)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    draft = path.with_name(f"{path.name}.new")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text(text)
    draft.replace(path)


def _generate() -> dict[str, str]:
    jwt_secret = secrets.token_urlsafe(48)
    made = Credentials(
        admin_password=secrets.token_hex(16),
        postgres_password=secrets.token_hex(16),
        authenticator_password=secrets.token_hex(16),
        auth_admin_password=secrets.token_hex(16),
        user_password=_readable_password(),
        jwt_secret=jwt_secret,
        anon_key=_api_token("anon", jwt_secret),
        service_role_key=_api_token("service_role", jwt_secret),
        publishable_key=f"sb_publishable_{secrets.token_hex(16)}",
        secret_key=f"sb_secret_{secrets.token_hex(16)}",
        twilio_account_sid=f"AC{secrets.token_hex(16)}",
        twilio_auth_token=secrets.token_hex(16),
        twilio_api_key_sid=f"SK{secrets.token_hex(16)}",
        twilio_api_key_secret=secrets.token_hex(16),
        twilio_twiml_app_sid=f"AP{secrets.token_hex(16)}",
        metrics_token=secrets.token_hex(16),
    )
    return asdict(made)


def _api_token(role: str, secret: str) -> str:
    now = int(time.time())
    claims = {"iss": "supabase", "ref": "devstack", "role": role, "iat": now}
    return jwt.encode({**claims, "exp": now + TEN_YEARS}, secret, algorithm="HS256")


def _readable_password() -> str:
    alphabet = string.ascii_lowercase + string.digits
    return "demo-" + "".join(secrets.choice(alphabet) for _ in range(12))
