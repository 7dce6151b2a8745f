"""What docs/ says of the database is so."""

from __future__ import annotations

import json
import re

import pytest

from devstack.layout import ROOT
from tests.database.switchboard import Switchboard
from tests.database.test_house import FOR_SIGNED_IN_USERS

DOCS = ROOT / "docs"
# Of a stay, columns say whether it waits; its check knows how it ended.
WAITING = {"waiting", "offered", "put_off"}
CHECKS = {
    "Calls": [("public.call_records", "call_status_known")],
    "Stages": [("private.call_sessions", "stage_known")],
    "Agents": [("public.call_center_agents", "agent_status_known")],
    "Agents' time": [("private.agent_times", "state_known")],
    "Queue entries": [("private.queue_entries", "outcome_known")],
    "Offers": [("private.call_offers", "state_known")],
    "Legs": [("private.call_legs", "status_known")],
    "Commands": [("private.telephony_commands", "state_known")],
    "Recordings": [
        ("private.call_recordings", "status_known"),
        ("public.call_records", "recording_status_known"),
    ],
    "Copies of recordings": [("private.recording_copies", "state_known")],
    "Deletions of recordings": [("private.recording_deletions", "state_known")],
    "Text messages": [("private.text_messages", "state_known")],
    "Transcriptions": [("public.voicemails", "transcription_status_known")],
}


def section(heading: str) -> str:
    text = (DOCS / "state-machines.md").read_text()
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def known(board: Switchboard, table: str, check: str) -> set[str]:
    """The words that a check allows."""
    row = board.row(
        "select pg_get_constraintdef(oid) as says from pg_constraint"
        " where conrelid = %s::regclass and conname = %s",
        table,
        check,
    )
    return set(row["says"].split("'")[1::2])


@pytest.mark.parametrize("machine", CHECKS)
def test_a_diagram_has_the_states_that_the_check_knows(board: Switchboard, machine: str) -> None:
    arrows = re.findall(r"^  (\S+) --> (\S+)( : .+)?$", section(machine), re.MULTILINE)
    drawn = {state for arrow in arrows for state in arrow[:2]} - {"[*]"}
    for table, check in CHECKS[machine]:
        own = WAITING if check == "outcome_known" else set()
        assert drawn - own == known(board, table, check)


def test_every_machine_that_is_drawn_is_checked() -> None:
    text = (DOCS / "state-machines.md").read_text()
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) == CHECKS.keys()
    assert text.count("```mermaid") == len(CHECKS)


def test_all_that_somebody_is_rung_for_is_told(board: Switchboard) -> None:
    told = section("Offers").partition("| purpose |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| (yes|no) \|", told, re.MULTILINE)
    assert {row[0] for row in rows} == known(board, "private.call_offers", "purpose_known")
    for purpose, answer in rows:
        has_it = board.row("select private.has_customer(%s) as has_it", purpose)["has_it"]
        assert answer == ("yes" if has_it else "no"), purpose


def test_every_way_that_an_offer_ends_is_told_with_what_it_costs(board: Switchboard) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (\w+) \| (\w+) \|$", section("Offers"), re.MULTILINE)
    assert {row[0] for row in rows} == known(board, "private.call_offers", "outcome_known")
    for outcome, rest, miss in rows:
        told = board.row(
            "select extract(epoch from private.rest_after(%s))::integer as rest,"
            " private.counts_as_missed(%s) as missed",
            outcome,
            outcome,
        )
        assert (rest, miss) == (
            str(told["rest"]) if told["rest"] else "none",
            "yes" if told["missed"] else "no",
        ), outcome


def test_every_setting_is_told_with_its_default(board: Switchboard) -> None:
    text = (DOCS / "database.md").read_text().partition("\n## Settings\n")[2]
    told = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    settings = board.row("select to_jsonb(s) as row from private.settings s")["row"]
    assert told == {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.items()
    }


def test_what_a_browser_may_execute_is_told() -> None:
    text = (DOCS / "database.md").read_text()
    told = text.partition("### What a browser may execute\n")[2].partition("\n## ")[0]
    table = "\n".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([\w.]+)`", table)) == FOR_SIGNED_IN_USERS


def test_every_kind_of_command_is_told_with_its_rule(board: Switchboard) -> None:
    text = (DOCS / "architecture.md").read_text()
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([a-z ]+) \|", text, re.MULTILINE)
    told = {
        kind: rule.replace(" ", "_") for kinds, rule in rows for kind in re.findall(r"\w+", kinds)
    }
    known = board.rows("select kind, when_unknown from private.command_kinds")
    assert told == {row["kind"]: row["when_unknown"] for row in known}


@pytest.mark.parametrize("document", [path.name for path in sorted(DOCS.glob("*.md"))])
def test_what_is_named_is_there(board: Switchboard, document: str) -> None:
    text = (DOCS / document).read_text()
    named = set(re.findall(r"`((?:public|private)\.\w+)(?:\.\w+|\([^)`]*\))?`", text))
    there = board.rows(
        "select nspname || '.' || relname as name from pg_class"
        " join pg_namespace n on n.oid = relnamespace"
        " union select nspname || '.' || proname from pg_proc"
        " join pg_namespace n on n.oid = pronamespace"
    )
    assert named - {row["name"] for row in there} == set()


@pytest.mark.parametrize("document", [path.name for path in sorted(DOCS.glob("*.md"))])
def test_links_lead_somewhere(document: str) -> None:
    for link, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", (DOCS / document).read_text()):
        target = (DOCS / link).resolve() if link else DOCS / document
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in slugs, heading
