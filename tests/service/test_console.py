"""The console's page, as the service serves it: guarded, and configured without a secret."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient

from callcenter.bootstrap import build_services
from callcenter.settings import Settings
from devstack.console import TYPES, documents, heading
from devstack.stack import Stack
from tests.service.conftest import OFFLINE
from webhooks import console
from webhooks.app import create_app

SETTINGS = replace(
    OFFLINE,
    supabase_anon_key="public key",
    browser_supabase_url="https://project.example.com",
    telephone_url="https://sim.example.com/telephone.js",
)


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-1.js").write_text("1")
    (tmp_path / "index.html").write_text('<meta property="csp-nonce" nonce="__NONCE__">')
    (tmp_path / "sources").write_text("no asset")
    monkeypatch.setattr(console, "BUILT", tmp_path)
    return tmp_path


def client(settings: Settings = SETTINGS) -> FlaskClient:
    return create_app(build_services(settings)).test_client()


def rules(policy: str) -> dict[str, list[str]]:
    return {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}


@pytest.mark.usefixtures("built")
def test_the_page_runs_scripts_of_its_own_and_of_its_telephone_alone() -> None:
    answer = client().get("/console/")
    policy = rules(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'", "https://sim.example.com"]
    assert {"https://project.example.com", "wss://project.example.com"} < set(policy["connect-src"])
    nonce = re.search('nonce="(.+?)"', answer.text)
    assert nonce
    assert policy["style-src"] == ["'self'", f"'nonce-{nonce[1]}'"]
    assert nonce[1] not in client().get("/console/").text


@pytest.mark.usefixtures("built")
def test_without_a_telephone_of_its_own_the_page_reaches_twilios() -> None:
    answer = client(replace(SETTINGS, telephone_url=None)).get("/console/")
    policy = rules(answer.headers["Content-Security-Policy"])
    assert policy["script-src"] == ["'self'"]
    assert "wss://*.twilio.com" in policy["connect-src"]


@pytest.mark.usefixtures("built")
def test_a_file_of_the_build_is_kept_by_browsers_and_nothing_else_is_served() -> None:
    web = client()
    assert "immutable" in web.get("/console/assets/index-1.js").headers["Cache-Control"]
    for path in ("assets/index-2.js", "assets/../sources", "assets/%2e%2e/sources", "sources"):
        assert web.get(f"/console/{path}").status_code == 404
    assert web.get("/console").headers["Location"] == "/console/"


def test_where_it_was_not_built_the_page_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "BUILT", tmp_path / "nothing")
    answer = client().get("/console/")
    assert (answer.status_code, "make console" in answer.text) == (404, True)
    assert client().get("/console/assets/index-1.js").status_code == 404


def test_the_page_is_told_where_it_finds_everything() -> None:
    assert client().get("/console/config.json").get_json() == {
        "supabase_url": "https://project.example.com",
        "supabase_key": "public key",
        "service_url": "http://localhost",
        "telephone_url": "https://sim.example.com/telephone.js",
        "region": "CO",
    }
    unset = client(OFFLINE).get("/console/config.json")
    assert (unset.status_code, "SUPABASE_ANON_KEY" in unset.text) == (503, True)


def test_nothing_that_the_page_is_told_is_secret(stack: Stack) -> None:
    told = httpx.get(f"{stack.layout.url('web')}/console/config.json").text
    assert stack.env["SUPABASE_ANON_KEY"] in told
    secrets = {name: value for name, value in stack.env.items() if _is_secret(name)}
    assert len(secrets) >= 6
    assert not [name for name, value in secrets.items() if value in told]


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("SECRET", "TOKEN", "SERVICE_ROLE", "DATABASE"))


def test_the_consoles_types_are_those_of_the_api_as_it_is(stack: Stack) -> None:
    for name, document in documents(stack).items():
        first = (TYPES / f"{name}.ts").read_text().partition("\n")[0]
        assert first == heading(document), f"{name} has changed: `make up types`"
