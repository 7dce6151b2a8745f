"""Requests made up from the served document, sent to the service as gunicorn serves it: none fails,
and none is answered with what the document does not say.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from devstack.stack import Stack
from tests.database.people import People, open_people

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,negative_data_rejection,"
    "missing_required_header,unsupported_method"
)


@pytest.fixture(scope="module")
def people(stack: Stack) -> Iterator[People]:
    everybody = open_people(stack)
    yield everybody
    everybody.close()


@pytest.fixture
def own_call(people: People) -> Iterator[str]:
    """A call that the agent is in: answered, and not over."""
    row = people.insert(
        "call_records",
        call_id=f"pending-{people.mark}",
        agent_id=people.agent_ids["agent"],
        caller_number="+573009990003",
        call_status="queued",
        call_direction="outbound",
    )
    yield row["call_id"]
    people.db.execute("delete from public.call_records where id = %s", [row["id"]])


def generate(stack: Stack, folder: Path, token: str, settings: str, *options: str) -> None:
    """Have schemathesis ask; fails with what it found wrong."""
    config = folder / "schemathesis.toml"
    config.write_text(settings)
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "--no-color",
            "--config-file", str(config),
            "run", f"{stack.env['PUBLIC_URL']}/api/openapi.json",
            "--header", f"Authorization: Bearer {token}",
            "--checks", CHECKS,
            "--seed", "1",
            "--warnings", "off",
            *options,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=400,
    )  # fmt: skip
    if ran.returncode != 0:
        pytest.fail(ran.stdout + ran.stderr, pytrace=False)


def test_requests_at_the_bounds_of_what_may_be_asked_are_answered_as_the_document_says(
    stack: Stack, people: People, own_call: str, tmp_path: Path
) -> None:
    settings = f'[parameters]\ncall = "{own_call}"\n'
    phases = ["--phases", "examples,coverage"]
    generate(stack, tmp_path, people.tokens["agent"], settings, *phases)


def test_requests_of_any_kind_are_answered_as_the_document_says(
    stack: Stack, people: People, tmp_path: Path
) -> None:
    options = ["--phases", "fuzzing", "--max-examples", "5"]
    generate(stack, tmp_path, people.tokens["gerente"], "", *options)


def test_a_session_of_many_kilobytes_gets_through(stack: Stack, people: People) -> None:
    """As a cookie in pieces, beside others of the page: more than servers take by default."""
    cookie = "; ".join(f"other-{n}={'x' * 3000}" for n in range(4))
    answer = httpx.get(f"{stack.env['PUBLIC_URL']}/api/me", headers={"Cookie": cookie})
    assert answer.status_code == 401
