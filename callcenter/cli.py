"""The command `callcenter`, for ops."""

from __future__ import annotations

import signal
import sys

import click

from callcenter.bootstrap import Services, build_services
from callcenter.doctor import examine
from callcenter.errors import CallCenterError
from callcenter.wake import Alarm
from callcenter.worker import Worker
from callcenter.worker_http import serving


@click.group()
def main() -> None:
    """The call centre on your Supabase project and your Twilio number."""


@main.command()
def doctor() -> None:
    """Say what is missing or wrong in the environment, and what to do."""
    findings = examine()
    for finding in findings:
        click.echo(f"{'✗' if finding.remedy else '✓'} {finding.what}")
        if finding.remedy:
            click.echo(f"    {finding.remedy}")
    sys.exit(1 if any(finding.remedy for finding in findings) else 0)


@main.command()
def worker() -> None:
    """Carry out commands, sweep, and reconcile with Twilio, until SIGTERM."""
    services = _services()
    alarm = Alarm(services.settings)
    running = Worker(services.settings, services.db, services.twilio, services.runner, alarm)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: running.stop())
    with serving(services.settings.worker_metrics_port, running.is_turning), alarm.listening():
        running.run()


@main.group()
def twilio() -> None:
    """Set up the Twilio account."""


@twilio.command()
def configure() -> None:
    """Point Twilio at PUBLIC_URL: the webhooks of every number, and voicemails' transcription."""
    services = _services()
    for number in services.settings.twilio_phone_numbers:
        try:
            if not services.twilio.account.configure(number):
                raise click.ClickException(f"{number} is not in this Twilio account")
        except CallCenterError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{number} → {services.urls('incoming-call')}")
    _configure_transcription(services)


def _configure_transcription(services: Services) -> None:
    """Not every account may transcribe, and calls work without: a refusal is only said."""
    if services.settings.twilio_transcription_config:
        return
    try:
        click.echo(f"transcription → {services.twilio.configure_transcription()}")
    except CallCenterError as error:
        click.echo(f"Voicemails will be transcribed in American English only: {error}", err=True)


def _services() -> Services:
    try:
        return build_services()
    except CallCenterError as error:
        raise click.ClickException(
            f"{error}\nRun `callcenter doctor` for what to do about it."
        ) from error
