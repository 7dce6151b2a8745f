"""The command `callcenter`, for ops."""

from __future__ import annotations

import signal
import sys

import click

from callcenter import twiml
from callcenter.bootstrap import Services, build_services
from callcenter.doctor import examine
from callcenter.errors import CallCenterError
from callcenter.wake import WorkSignal
from callcenter.worker import Worker
from callcenter.worker_figures import telling_figures
from callcenter.worker_http import serving


@click.group()
def main() -> None:
    """The call centre on your Supabase project and your Twilio number."""


@main.command()
def doctor() -> None:
    """Say what is missing or wrong in the environment, and what to do.

    Exits with 1 for what stands in the way of calls (✗), not for advice (!).
    """
    findings = examine()
    for finding in findings:
        mark = "✗" if finding.fails else "!" if finding.remedy else "✓"
        click.echo(f"{mark} {finding.what}")
        if finding.remedy:
            click.echo(f"    {finding.remedy}")
        if finding.runbook:
            click.echo(f"    docs/runbook.md: {finding.runbook}")
    sys.exit(1 if any(finding.fails for finding in findings) else 0)


@main.command()
def worker() -> None:
    """Carry out commands, sweep, reconcile with Twilio and tell screens, until SIGTERM."""
    services = _services()
    work_signal = WorkSignal(services.settings)
    running = Worker(services.settings, services.db, services.twilio, services.runner, work_signal)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: running.stop())
    port = services.settings.worker_metrics_port
    figures = telling_figures(services.db)
    with serving(port, running.is_running), work_signal.listening(), figures:
        running.run()


@main.group()
def twilio() -> None:
    """Set up the Twilio account."""


@twilio.command()
@click.option(
    "--take-over", is_flag=True, help="End what takes a number's calls from its voice URL."
)
def configure(take_over: bool) -> None:
    """Point Twilio at PUBLIC_URL: numbers, messages, softphones, and transcription."""
    services = _services()
    for number in services.settings.twilio_phone_numbers:
        _configure_number(services, number, take_over)
    _configure_sender(services)
    _configure_softphones(services)
    _configure_transcription(services)


def _configure_number(services: Services, number: str, take_over: bool) -> None:
    try:
        found = services.twilio.account.configure(number, take_over)
    except CallCenterError as error:
        raise click.ClickException(str(error)) from error
    if found is None:
        raise click.ClickException(f"{number} is not in this Twilio account")
    if taker := found.application_sid or found.trunk_sid:
        raise click.ClickException(
            f"{taker} takes the calls to {number} from its voice URL: --take-over ends that"
        )
    click.echo(f"{number} → {services.urls('incoming-call')}")


def _configure_sender(services: Services) -> None:
    """A refusal is a warning: texts are sent all the same."""
    sender = services.settings.twilio_sms_sender or ""
    if not sender.startswith("MG"):
        return
    try:
        services.twilio.account.configure_service(sender)
        click.echo(f"{sender} → {services.urls('incoming-message')}")
    except CallCenterError as error:
        click.echo(f"What people write to {sender} won't reach us: {error}", err=True)


def _configure_softphones(services: Services) -> None:
    """A refusal is a warning: agents are rung all the same."""
    sid = services.settings.twilio_twiml_app_sid
    if not sid:
        return
    try:
        services.twilio.applications.configure(sid)
        click.echo(f"{sid} → {services.urls('softphone-call')}")
    except CallCenterError as error:
        click.echo(f"Softphones won't place calls by {sid}: {error}", err=True)


@twilio.command()
def fallback_document() -> None:
    """Print what FALLBACK_URL should hold: an apology, a pause, and back to us."""
    click.echo(twiml.fallback_document(_services().urls))


def _configure_transcription(services: Services) -> None:
    """A refusal is a warning: not every account may transcribe, and calls work without."""
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
