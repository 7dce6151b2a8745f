"""The console's dictionaries: whatever the service may refuse is said in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from devstack.layout import ROOT

WORDS = ROOT / "console" / "src" / "words"
# In Python: `"code": "…"`, and the errors that are given one.
_IN_PYTHON = re.compile(
    r'"code": "(\w+)"|(?:LinkRefusedError|SoundUnavailableError)\(\s*(?:\d+,\s*)?"(\w+)"'
)
_IN_SQL = re.compile(r"private\.refuse\(\s*\d+,\s*'(\w+)'|then '(cannot_be_texted|opted_out)'")


def codes_of(pattern: re.Pattern[str], paths: list[Path]) -> set[str]:
    texts = (path.read_text() for path in paths)
    return {found for text in texts for of in pattern.findall(text) for found in of if found}


def codes_of_the_service() -> set[str]:
    python = [
        path for folder in ("callcenter", "webhooks") for path in (ROOT / folder).rglob("*.py")
    ]
    in_python = codes_of(_IN_PYTHON, python)
    in_sql = codes_of(_IN_SQL, [*(ROOT / "supabase" / "migrations").glob("*.sql")])
    assert {"twilio_refused", "no_sound", "link_expired"} <= in_python
    assert {"not_now", "cannot_be_texted"} <= in_sql
    return in_python | in_sql


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_refusal_has_its_words(language: str) -> None:
    text = (WORDS / f"{language}.ts").read_text()
    told = set(re.findall(r"^ +(\w+):", text[text.index("codes: {") :], re.M))
    assert codes_of_the_service() - told == set()
