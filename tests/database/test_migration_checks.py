"""The committed picture of the schema is true, and the linter has nothing to say of either kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from devstack.migrations import SEED
from devstack.stack import Stack
from tests.database.schema_dump import SNAPSHOT, snapshot
from tests.database.scratch import Scratch, supabase
from tests.database.test_migration_existing import THEIRS, Migrated

# Theirs and the platform's tables, of which the linter may say what it likes.
NOT_OURS = (*THEIRS, "profiles", "check_is_admin")


def test_the_committed_schema_is_the_databases(stack: Stack) -> None:
    now = snapshot(stack.env["DATABASE_URL"]).splitlines()
    committed = SNAPSHOT.read_text().splitlines()
    news = sorted(set(now) ^ set(committed))
    assert now == committed, f"`make schema` writes it anew; what differs: {news[:20]}"


@pytest.fixture(scope="module", params=["fresh", "existing"])
def scratch(
    stack: Stack, migrated_template: Scratch, request: pytest.FixtureRequest
) -> Iterator[Scratch]:
    existing = request.param == "existing"
    with Scratch(stack, None if existing else migrated_template) as database:
        if existing:
            Migrated(database).db.close()
        yield database


def findings(report: str) -> list[dict[str, Any]]:
    # An index nobody has used yet says nothing on a new database.
    return [
        finding
        for finding in json.loads(report[report.index("[") : report.rindex("]") + 1])
        if finding["name"] != "unused_index" and finding["metadata"].get("name") not in NOT_OURS
    ]


def test_supabases_linter_has_nothing_to_say(scratch: Scratch, stack: Stack) -> None:
    report = supabase(stack, "advisors", "--level", "info", url=scratch.url())
    assert [finding["detail"] for finding in findings(report)] == []


def test_the_linter_would_have_said_something(scratch: Scratch, stack: Stack) -> None:
    with scratch.connect() as db:
        db.execute("create table public.careless (id int)")
        report = supabase(stack, "advisors", "--level", "info", url=scratch.url())
        db.execute("drop table public.careless")
    assert {finding["name"] for finding in findings(report)} >= {"no_primary_key"}


def test_the_seed_runs_any_number_of_times(scratch: Scratch) -> None:
    with scratch.connect() as db:
        db.execute(SEED.read_bytes())
        query = "select name, agent_ids from public.call_queues order by name"
        before = db.execute(query).fetchall()
        db.execute(SEED.read_bytes())
        assert db.execute(query).fetchall() == before
        assert {row["name"] for row in before} >= {"General", "sales", "support", "hr"}
