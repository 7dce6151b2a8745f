"""The environment, read once: the only module that does."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from dotenv import dotenv_values

from callcenter.errors import SettingsError
from callcenter.phone import is_region, to_e164

# Names of the existing platform, taken where ours is unset.
_ALIASES = {
    "SUPABASE_URL": "NEXT_PUBLIC_SUPABASE_URL",
    "SUPABASE_ANON_KEY": "NEXT_PUBLIC_SUPABASE_ANON_KEY",
    "TWILIO_PHONE_NUMBER": "NEXT_PUBLIC_TWILIO_PHONE_NUMBER",
    "PUBLIC_URL": "NEXT_PUBLIC_APP_URL",
}
_SECRET_WORDS = ("SECRET", "AUTH_TOKEN", "SERVICE_ROLE", "METRICS_TOKEN")
_REQUIRED = (
    "SUPABASE_URL",
    "SUPABASE_SERVICE_ROLE_KEY",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_PHONE_NUMBER",
    "PUBLIC_URL",
)
# A number in E.164, a messaging service's SID, or a name with a letter in it.
_SMS_SENDER = re.compile(r"\+[1-9]\d{6,14}|MG[0-9a-f]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")
_URLS = ("SUPABASE_URL", "PUBLIC_URL", "TWILIO_API_BASE_URL", "FALLBACK_URL", "TELEPHONE_URL")
_INTERVALS = ("WORKER_POLL_SECONDS", "WORKER_CONNECTED_POLL_SECONDS", "WORKER_SWEEP_SECONDS")


@dataclass(frozen=True)
class Settings:
    """Everything the service is told from outside. Times in seconds."""

    supabase_url: str
    supabase_service_role_key: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_phone_numbers: tuple[str, ...]
    public_url: str
    # Who may have issued a user's token: the project, by each host that it is known by.
    token_issuers: tuple[str, ...] = ()
    # The secret of a project that still signs users' tokens with one; unset, none such is taken.
    supabase_jwt_secret: str | None = None
    # How browsers reach the project, and the public key that they bring; without it, no console.
    browser_supabase_url: str | None = None
    supabase_anon_key: str | None = None
    # The module that is the console's telephone, in the place of Twilio's Voice SDK.
    telephone_url: str | None = None
    # Where the pages are from that may ask us in a signed-in user's name, besides public_url.
    allowed_origins: tuple[str, ...] = ()
    twilio_api_base_url: str | None = None
    default_region: str = "CO"
    fallback_number: str | None = None
    # A document hosted elsewhere, for callers whom we can't answer.
    fallback_url: str | None = None
    # A number, a messaging service (MG…) or a name; without it a number of ours that can.
    twilio_sms_sender: str | None = None
    twilio_transcription_config: str | None = None
    # For softphones: an API key (SK…) with its secret, and the TwiML App (AP…) of their calls.
    twilio_api_key_sid: str | None = None
    twilio_api_key_secret: str | None = None
    twilio_twiml_app_sid: str | None = None
    worker_poll_seconds: float = 0.25
    # Where Realtime wakes the worker; commands that are to be tried again wait no longer than this.
    worker_connected_poll_seconds: float = 0.5
    worker_sweep_seconds: float = 5.0
    worker_metrics_port: int | None = None
    metrics_token: str | None = None
    # Where the web processes of one gunicorn count together; gunicorn.conf.py sets it.
    metrics_folder: str | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read settings from `environ`, by default the process's over the file `.env`.

        Raises SettingsError that names everything missing or wrong at once.
        """
        if environ is None:
            file = {k: v for k, v in dotenv_values(".env").items() if v is not None}
            environ = {**file, **os.environ}
        values = _with_aliases(environ)
        problems = [*_leaked_secrets(environ), *_missing(values), *_bad_urls(values)]
        problems += [*_bad_sender(values), *_secret_for_browsers(values)]
        region = _region(values, problems)
        numbers = _numbers(values, "TWILIO_PHONE_NUMBER", region, problems)
        optional = _optional(values, region, problems)
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(
            supabase_url=values["SUPABASE_URL"].rstrip("/"),
            supabase_service_role_key=values["SUPABASE_SERVICE_ROLE_KEY"],
            twilio_account_sid=values["TWILIO_ACCOUNT_SID"],
            twilio_auth_token=values["TWILIO_AUTH_TOKEN"],
            twilio_phone_numbers=numbers,
            default_region=region,
            public_url=values["PUBLIC_URL"].rstrip("/"),
            **optional,
        )


def _optional(values: Mapping[str, str], region: str, problems: list[str]) -> dict[str, Any]:
    fallback_numbers = _numbers(values, "FALLBACK_NUMBER", region, problems)
    return {
        "token_issuers": _token_issuers(values),
        "supabase_jwt_secret": values.get("SUPABASE_JWT_SECRET"),
        "browser_supabase_url": values.get(_ALIASES["SUPABASE_URL"], "").rstrip("/") or None,
        "supabase_anon_key": values.get("SUPABASE_ANON_KEY"),
        "telephone_url": values.get("TELEPHONE_URL"),
        "allowed_origins": _origins(values, problems),
        "twilio_api_base_url": values.get("TWILIO_API_BASE_URL"),
        "fallback_number": fallback_numbers[0] if fallback_numbers else None,
        "fallback_url": values.get("FALLBACK_URL"),
        "twilio_sms_sender": values.get("TWILIO_SMS_SENDER"),
        "twilio_transcription_config": values.get("TWILIO_TRANSCRIPTION_CONFIG"),
        "twilio_api_key_sid": values.get("TWILIO_API_KEY_SID"),
        "twilio_api_key_secret": values.get("TWILIO_API_KEY_SECRET"),
        "twilio_twiml_app_sid": values.get("TWILIO_TWIML_APP_SID"),
        **{
            name.lower(): _seconds(values, name, getattr(Settings, name.lower()), problems)
            for name in _INTERVALS
        },
        "worker_metrics_port": _port(values, "WORKER_METRICS_PORT", problems),
        "metrics_token": values.get("METRICS_TOKEN"),
        "metrics_folder": values.get("PROMETHEUS_MULTIPROC_DIR"),
    }


def _with_aliases(environ: Mapping[str, str]) -> dict[str, str]:
    values = {name: value.strip() for name, value in environ.items() if value.strip()}
    for name, alias in _ALIASES.items():
        if name not in values and alias in values:
            values[name] = values[alias]
    return values


def _missing(values: Mapping[str, str]) -> list[str]:
    return [f"{name} is not set" for name in _REQUIRED if name not in values]


def _leaked_secrets(environ: Mapping[str, str]) -> list[str]:
    return [
        f"{name} must not exist: what is named NEXT_PUBLIC_ is shipped to every browser. "
        f"Remove it, change the secret, and set it as {name.removeprefix('NEXT_PUBLIC_')}"
        for name in sorted(environ)
        if name.startswith("NEXT_PUBLIC_") and any(word in name for word in _SECRET_WORDS)
    ]


def _secret_for_browsers(values: Mapping[str, str]) -> list[str]:
    """The console gives the anon key to anybody: not where it opens every table."""
    key = values.get("SUPABASE_ANON_KEY", "")
    claims: dict[str, Any] = {}
    with suppress(jwt.PyJWTError):
        claims = jwt.decode(key, options={"verify_signature": False})
    if key.startswith("sb_secret_") or claims.get("role", "anon") != "anon":
        return [
            "SUPABASE_ANON_KEY must be the project's public key (anon, or sb_publishable_…), for "
            "every browser is given it. Put a secret one nowhere but in SUPABASE_SERVICE_ROLE_KEY"
        ]
    return []


def _bad_urls(values: Mapping[str, str]) -> list[str]:
    return [
        f"{name} must begin with http:// or https://, not {values[name]!r}"
        for name in _URLS
        if name in values and not values[name].startswith(("http://", "https://"))
    ] + [
        "PUBLIC_URL must have no underscore in its host: Twilio asks no such host"
        for host in [urlsplit(values.get("PUBLIC_URL", "")).hostname or ""]
        if "_" in host
    ]


def _token_issuers(values: Mapping[str, str]) -> tuple[str, ...]:
    """The project as we know it, and as browsers do: a proxy or a domain may stand between."""
    hosts = (values.get(name) for name in ("SUPABASE_URL", _ALIASES["SUPABASE_URL"]))
    return tuple(dict.fromkeys(f"{host.rstrip('/')}/auth/v1" for host in hosts if host))


def _origins(values: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    """Origins with commas between, as browsers send them: https://host, with a port if need be."""
    written = [origin.strip() for origin in values.get("ALLOWED_ORIGINS", "").split(",")]
    origins = tuple(origin.rstrip("/").lower() for origin in written if origin)
    problems.extend(
        f"ALLOWED_ORIGINS must be origins such as https://app.example.com, not {origin!r}"
        for origin in origins
        if not _ORIGIN.fullmatch(origin)
    )
    return origins


def _bad_sender(values: Mapping[str, str]) -> list[str]:
    sender = values.get("TWILIO_SMS_SENDER")
    if sender is None or _SMS_SENDER.fullmatch(sender):
        return []
    return [
        "TWILIO_SMS_SENDER must be a number (+57…), a messaging service (MG…) or a name of up to 11"
        f" letters and digits, not {sender!r}"
    ]


def _seconds(values: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    try:
        return float(values.get(name, default))
    except ValueError:
        problems.append(f"{name} must be a number of seconds, not {values[name]!r}")
        return default


def _port(values: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    value = values.get(name)
    if value is None or (value.isascii() and value.isdecimal() and 0 < int(value) < 65536):
        return int(value) if value else None
    problems.append(f"{name} must be a port number, not {value!r}")
    return None


def _region(values: Mapping[str, str], problems: list[str]) -> str:
    region = values.get("DEFAULT_REGION", "CO").upper()
    if is_region(region):
        return region
    problems.append(f"DEFAULT_REGION must be a country such as CO, not {region!r}")
    return "CO"


def _numbers(
    values: Mapping[str, str], name: str, region: str, problems: list[str]
) -> tuple[str, ...]:
    """Numbers with commas between, in E.164 however they are written."""
    written = [number.strip() for number in values.get(name, "").split(",") if number.strip()]
    numbers = [to_e164(number, region) for number in written]
    problems.extend(
        f"{name} must be a telephone number such as +576015550100, not {number!r}"
        for number, e164 in zip(written, numbers, strict=True)
        if e164 is None
    )
    return tuple(number for number in numbers if number)
