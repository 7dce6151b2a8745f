"""Builds the parts from settings: once a process, after fork, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from callcenter.auth import Tokens
from callcenter.call_control import CallControl
from callcenter.command_runner import CommandRunner
from callcenter.db import Database
from callcenter.links import RecordingLinks
from callcenter.listening import Listening
from callcenter.phone import masked
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.twilio_service import TwilioService
from callcenter.twiml import Urls


@dataclass(frozen=True)
class Services:
    """What a process works with."""

    settings: Settings
    db: Database
    twilio: TwilioService
    storage: Storage
    runner: CommandRunner
    urls: Urls
    tokens: Tokens
    control: CallControl
    listening: Listening
    links: RecordingLinks


def build_services(settings: Settings | None = None) -> Services:
    """Build every part; raises SettingsError that names all that is missing."""
    settings = settings or Settings.from_env()
    _set_up_logging()
    db = Database(settings)
    storage = Storage(settings)
    twilio = TwilioService(settings, storage)
    runner = CommandRunner(db, twilio)
    return Services(
        settings,
        db,
        twilio,
        storage,
        runner,
        Urls(settings.public_url),
        Tokens(settings),
        CallControl(db, runner),
        Listening(db, twilio, storage),
        RecordingLinks(settings),
    )


def _set_up_logging() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _mask_numbers,
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=True,
    )


def _mask_numbers(
    _logger: object, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = masked(value)
    return event
