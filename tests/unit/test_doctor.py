"""The doctor reads what Twilio says of the account, and names what cures each fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner

from callcenter.auth import Tokens
from callcenter.bootstrap import Services
from callcenter.cli import main
from callcenter.doctor.account import look_at_account
from callcenter.doctor.fallback import look_at_fallback
from callcenter.doctor.finding import Finding, Runbook
from callcenter.doctor.numbers import look_at_number
from callcenter.doctor.screens import look_at_screens
from callcenter.doctor.softphones import look_at_softphones
from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.twilio_service import TwilioService
from callcenter.twiml import Urls, fallback_document
from devstack.twilio.client import Sim
from tests.simulator.conftest import NUMBER, StartSim, configure, start_sim
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of

__all__ = ["start_sim"]  # a fixture

ROOT = Path(__file__).parent.parent.parent
TEXTING = "+15550001111"
SERVICE = "MG" + "0" * 32
PUBLIC_URL = "https://calls.example"


@pytest.fixture
def sim(start_sim: StartSim) -> Sim:
    return start_sim(numbers=(NUMBER,), messaging_services=(SERVICE,))


def environment(sim: Sim, **more: str) -> dict[str, str]:
    return {
        "SUPABASE_URL": "http://127.0.0.1:1",
        "SUPABASE_SERVICE_ROLE_KEY": "key",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_PHONE_NUMBER": NUMBER,
        "TWILIO_API_BASE_URL": sim.base_url,
        "PUBLIC_URL": PUBLIC_URL,
        **more,
    }


def services(sim: Sim, **more: str) -> Services:
    """Without a database, which nothing here asks."""
    settings = Settings.from_env(environment(sim, **more))
    twilio = TwilioService(settings, Storage(settings))
    parts = {"twilio": twilio, "urls": Urls(settings.public_url)}
    return cast(Services, SimpleNamespace(settings=settings, **parts))


def faults(findings: list[Finding]) -> dict[str, str]:
    """The remedies by the runbook's headings."""
    return {str(finding.runbook): finding.remedy for finding in findings if finding.remedy}


def run(sim: Sim, *arguments: str, **more: str) -> tuple[int, str]:
    """The command line's exit code, and what it says."""
    env = {**environment(sim, **more)}
    result = CliRunner().invoke(main, ["twilio", *arguments], env=env)
    return result.exit_code, result.output


def test_a_new_number_leads_nowhere_until_it_is_configured(sim: Sim) -> None:
    found = look_at_number(services(sim), NUMBER)
    assert [finding.fails for finding in found] == [True, False, False]
    assert faults(found).keys() == {"A number leads elsewhere"}
    assert run(sim, "configure")[0] == 0
    assert faults(look_at_number(services(sim), NUMBER)) == {}


def test_a_number_that_is_asked_by_get_is_found_out(sim: Sim) -> None:
    run(sim, "configure")
    configure(sim, voice_method="GET")
    (found,) = look_at_number(services(sim), NUMBER)
    assert f"GET {PUBLIC_URL}/api/twilio/incoming-call" in found.remedy


@pytest.mark.parametrize("taker", ["voice_application_sid", "trunk_sid"])
def test_what_takes_a_numbers_calls_is_ended_only_when_asked_to(sim: Sim, taker: str) -> None:
    configure(sim, **{taker: "AP" + "0" * 32})
    code, said = run(sim, "configure")
    assert code == 1
    assert "--take-over" in said
    (found,) = look_at_number(services(sim), NUMBER)
    assert found.runbook == "An application or a trunk takes a number's calls"
    assert run(sim, "configure", "--take-over")[0] == 0
    assert faults(look_at_number(services(sim), NUMBER)) == {}


def test_a_verified_caller_id_is_no_number_of_ours(sim: Sim) -> None:
    sim.account(caller_ids=[TEXTING])
    (found,) = look_at_number(services(sim), TEXTING)
    assert found.runbook == "A number is not in the account"
    assert "only a verified caller id" in found.remedy


@pytest.mark.parametrize(
    ("account", "settings", "heading"),
    [
        ({"countries": ["US"]}, {}, "Calls to a country are not permitted"),
        ({"countries": ["CO"]}, {"FALLBACK_NUMBER": TEXTING}, Runbook.COUNTRY),
        ({"trial": True}, {}, "A trial account"),
        ({}, {"TWILIO_SMS_SENDER": ""}, "Text messages have no sender"),
        ({}, {"TWILIO_SMS_SENDER": NUMBER}, "Text messages have no sender"),
        ({}, {"TWILIO_SMS_SENDER": "MG" + "1" * 32}, "Text messages have no sender"),
        ({}, {"TWILIO_AUTH_TOKEN": "wrong"}, "Twilio refuses the credentials"),
    ],
)  # fmt: skip
def test_what_the_account_refuses_is_said_before_anybody_calls(
    sim: Sim, account: dict[str, object], settings: dict[str, str], heading: str
) -> None:
    run(sim, "configure", TWILIO_SMS_SENDER=SERVICE)
    sim.account(**account)
    given = {"TWILIO_SMS_SENDER": SERVICE, **settings}
    assert faults(look_at_account(services(sim, **given))).keys() == {heading}


@pytest.mark.parametrize("sender", [SERVICE, "Clinica"])
def test_an_account_that_may_do_all_of_it_is_well(sim: Sim, sender: str) -> None:
    run(sim, "configure", TWILIO_SMS_SENDER=sender)
    assert faults(look_at_account(services(sim, TWILIO_SMS_SENDER=sender))) == {}


@pytest.mark.parametrize("sender", [SERVICE, TEXTING])
def test_a_sender_that_keeps_what_people_write_is_found_out(
    start_sim: StartSim, sender: str
) -> None:
    sim = start_sim(numbers=(NUMBER, TEXTING), messaging_services=(SERVICE,))
    run(sim, "configure")
    found = faults(look_at_account(services(sim, TWILIO_SMS_SENDER=sender)))
    assert found.keys() == {"Nobody can opt out of text messages"}
    both = f"{NUMBER},{TEXTING}"
    run(sim, "configure", TWILIO_SMS_SENDER=sender, TWILIO_PHONE_NUMBER=both)
    assert faults(look_at_account(services(sim, TWILIO_SMS_SENDER=sender))) == {}


def test_without_its_configuration_voicemails_are_transcribed_in_english_only(sim: Sim) -> None:
    found = look_at_account(services(sim, TWILIO_SMS_SENDER="Clinica"))
    assert faults(found).keys() == {"Voicemails are transcribed in English only"}
    assert not any(finding.fails for finding in found)


def test_the_fallback_document_is_hosted_elsewhere_and_is_the_one_we_print(sim: Sim) -> None:
    code, printed = run(sim, "fallback-document")
    assert (code, printed.strip()) == (0, fallback_document(Urls(PUBLIC_URL)))
    url = sim.bin(printed.replace("<Pause", "\n  <Pause"))
    assert faults(look_at_fallback(services(sim, FALLBACK_URL=url))) == {}
    assert run(sim, "configure", FALLBACK_URL=url)[0] == 0
    assert faults(look_at_number(services(sim, FALLBACK_URL=url), NUMBER)) == {}
    # Without the setting, it is our own address that should stand there.
    assert faults(look_at_number(services(sim), NUMBER)).keys() == {"A number leads elsewhere"}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (lambda _sim: "", "is not set"),
        (lambda _sim: f"{PUBLIC_URL}/fallback.xml", "on our own host"),
        (lambda _sim: "http://127.0.0.1:9/x", "can't be fetched"),
        (lambda sim: f"{sim.base_url}/twiml/EH0", "answers 404"),
        (lambda sim: f"{sim.base_url}/sim/clock", "application/json"),
        (lambda sim: sim.bin("<Response><Hangup/></Response>"), "not what"),
    ],
)
def test_a_fallback_document_that_would_not_help_is_said(
    sim: Sim, url: Callable[[Sim], str], words: str
) -> None:
    (found,) = look_at_fallback(services(sim, FALLBACK_URL=url(sim)))
    assert words in found.remedy
    assert not found.fails


def test_the_runbook_says_more_of_each_finding() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "runbook.md").read_text(), re.MULTILINE)
    assert headings == [str(heading) for heading in Runbook]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {"Nobody at a screen is let in", "A page is refused"}),
        ({"SUPABASE_JWT_SECRET": "s", "ALLOWED_ORIGINS": "https://app.example.com"}, set()),
    ],
)
def test_what_keeps_people_at_screens_out_is_found(
    sim: Sim, environ: dict[str, str], expected: set[str]
) -> None:
    settings = Settings.from_env(environment(sim, **environ))
    parts = SimpleNamespace(settings=settings, tokens=Tokens(settings))
    assert faults(look_at_screens(cast(Services, parts))).keys() == expected


APPLICATION = "AP" + "1" * 32
SOFTPHONES = {
    "TWILIO_API_KEY_SID": "SK" + "2" * 32,
    "TWILIO_API_KEY_SECRET": "secret",
    "TWILIO_TWIML_APP_SID": APPLICATION,
}


def test_the_app_of_softphones_leads_nowhere_until_it_is_configured(start_sim: StartSim) -> None:
    sim = start_sim(applications=(APPLICATION,))
    (found,) = look_at_softphones(services(sim, **SOFTPHONES))
    assert (found.fails, found.runbook) == (False, Runbook.SOFTPHONES)
    assert f"voice URL is empty, not POST {PUBLIC_URL}/api/twilio/softphone-call" in found.remedy
    code, said = run(sim, "configure", **SOFTPHONES)
    assert (code, f"{APPLICATION} → {PUBLIC_URL}/api/twilio/softphone-call" in said) == (0, True)
    assert faults(look_at_softphones(services(sim, **SOFTPHONES))) == {}
    client_of(sim).applications(APPLICATION).update(voice_method="GET")
    (found,) = look_at_softphones(services(sim, **SOFTPHONES))
    assert f"GET {PUBLIC_URL}/api/twilio/softphone-call" in found.remedy
    run(sim, "configure", **SOFTPHONES)
    client_of(sim).applications(APPLICATION).update(status_callback="")
    (found,) = look_at_softphones(services(sim, **SOFTPHONES))
    assert "status callback is empty" in found.remedy


def test_an_app_that_is_not_the_accounts_is_said_and_configures_the_rest(sim: Sim) -> None:
    (found,) = look_at_softphones(services(sim, **SOFTPHONES))
    assert f"no TwiML App {APPLICATION}" in found.remedy
    code, said = run(sim, "configure", **SOFTPHONES)
    assert (code, f"won't place calls by {APPLICATION}" in said) == (0, True)


@pytest.mark.parametrize("unset", SOFTPHONES)
def test_softphones_that_are_half_set_up_are_said(sim: Sim, unset: str) -> None:
    assert look_at_softphones(services(sim)) == []
    (found,) = look_at_softphones(services(sim, **{**SOFTPHONES, unset: ""}))
    assert found.remedy.startswith(f"{unset} must be set, too")
