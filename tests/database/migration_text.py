"""The migrations as text: their functions, and which columns a statement assigns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devstack.migrations import MIGRATIONS

_FUNCTION = re.compile(
    r"^ *create (?:or replace )?function (?P<name>[\w.]+)\(.*?^ *as (?P<quote>\$\w*\$)\n"
    r"(?P<body>.*?)(?P=quote);$",
    re.MULTILINE | re.DOTALL,
)
_MADE = re.compile(
    r"\bcreate (?:or replace )?(?:table|view|type|function)(?: if not exists)?"
    r" (?P<name>(?:public|private)\.\w+)"
)
_NAMED = re.compile(r"\b(?:public|private)\.\w+")
_UPDATE = re.compile(r"\bupdate (?P<table>(?:public|private)\.\w+)(?: (?:as )?\w+)?\s+set\s")
_INSERT = re.compile(
    r"\binsert into (?P<table>(?:public|private)\.\w+)(?: as \w+)?\s*\((?P<columns>[^)]*)\)"
)
_DO_UPDATE = re.compile(r"\bdo update\s+set\s")
_NEW = re.compile(r"\b(?:new|v_agent)\.(?P<column>\w+) :=")
_END_OF_SET = re.compile(r"\b(?:where|from|returning)\b|;")


@dataclass(frozen=True)
class Function:
    """One function of a migration. comment: the last line of the one above; body: see plain()."""

    file: str
    name: str
    lines: int
    comment: str
    body: str


def files() -> list[Path]:
    """Every migration, in the order in which they are applied and read."""
    return sorted(MIGRATIONS.glob("*.sql"))


def short(path: Path) -> str:
    """agents.sql of 20261122000320_agents.sql."""
    return path.name.partition("_")[2]


def functions(path: Path) -> Iterator[Function]:
    text = path.read_text()
    for found in _FUNCTION.finditer(text):
        above = text[: found.start()].splitlines()
        comment = above[-1].strip() if above and above[-1].lstrip().startswith("--") else ""
        lines = found.group(0).count("\n") + 1
        yield Function(short(path), found["name"], lines, comment, plain(found["body"]))


@cache
def assigned_in(path: Path) -> set[str]:
    """What a migration assigns; see assigned()."""
    return assigned(plain(path.read_text()))


def made(path: Path) -> set[str]:
    """The tables, views, types and functions that a migration makes."""
    return set(_MADE.findall(plain(path.read_text())))


def named(path: Path) -> set[str]:
    """Whatever of ours a migration speaks of outside comments and strings."""
    return set(_NAMED.findall(plain(path.read_text())))


def plain(text: str) -> str:
    """SQL without comments, and with nothing in its strings."""
    return re.sub(r"--[^\n]*|'(?:[^']|'')*'", lambda m: "" if m[0][0] == "-" else "''", text)


def assigned(text: str) -> set[str]:
    """table.column of every column that plain SQL gives a value: update, insert, or a new row."""
    found = {f"new.{m['column']}" for m in _NEW.finditer(text)}
    for update in _UPDATE.finditer(text):
        found |= {f"{update['table']}.{c}" for c in _set_columns(text[update.end() :])}
    for insert in _INSERT.finditer(text):
        columns = [c.strip() for c in insert["columns"].split(",")]
        statement = text[insert.end() :].partition(";")[0]
        for do_update in _DO_UPDATE.finditer(statement):
            columns += _set_columns(statement[do_update.end() :])
        found |= {f"{insert['table']}.{column}" for column in columns}
    return found


def _set_columns(text: str) -> list[str]:
    """The columns of the set clause that a text begins with."""
    columns, depth, expected = [], 0, True
    for token in re.finditer(r"\(|\)|,|;|=|\b[a-z_]\w*\b", text):
        word = token.group(0)
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth == 0 and _END_OF_SET.fullmatch(word):
            break
        elif depth == 0 and word == ",":
            expected = True
        elif expected and word == "=":
            expected = False
        elif expected and word[0].isalpha():
            columns.append(word)
        if depth < 0:
            break
    return columns
