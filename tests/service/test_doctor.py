"""The doctor and the database."""

from __future__ import annotations

import pytest

from callcenter.bootstrap import build_services
from callcenter.doctor.database import look_at_database
from callcenter.settings import Settings
from devstack.stack import Stack


@pytest.mark.parametrize(
    ("changed", "heading"),
    [
        ({}, None),
        ({"DEFAULT_REGION": "ES"}, "The database and the service are of two countries"),
        ({"SUPABASE_URL": "http://127.0.0.1:1"}, "Supabase does not answer"),
    ],
)
def test_a_database_that_would_read_numbers_otherwise_is_said(
    stack: Stack, changed: dict[str, str], heading: str | None
) -> None:
    services = build_services(Settings.from_env(stack.env | changed))
    found = look_at_database(services)
    assert [finding.runbook for finding in found if finding.fails] == ([heading] if heading else [])
