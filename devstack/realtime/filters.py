"""A subscriber's filter: `column=operator.value`; several, with commas between, must all hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from psycopg import sql

_SEGMENT = re.compile(r"(?P<column>[^=]+)=(?P<negation>not\.)?(?P<operator>[a-z]+)\.(?P<value>.*)")
_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^(]*\))")
_OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "isdistinct": "is distinct from",
}
_TRUTHS = ("null", "true", "false", "unknown")


class FilterError(Exception):
    """A filter nobody can apply."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One comparison, made by Postgres in the column's own type."""

    column: str
    operator: str
    value: str
    negated: bool = False

    def condition(self, type_name: str, value: str | None) -> sql.Composable:
        """The comparison of a row's value, for a select list; null counts as not passing."""
        column = sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(type_name))
        negation = sql.SQL("not " if self.negated else "")
        return sql.SQL("coalesce({}({}), false)").format(
            negation, self._compared(column, type_name)
        )

    def _compared(self, column: sql.Composable, type_name: str) -> sql.Composable:
        if self.operator == "is":
            return sql.SQL("{} is {}").format(column, sql.SQL(self.value))
        if self.operator == "in":
            members = sql.SQL("{}::{}[]").format(
                sql.Literal(f"{{{self.value.strip('()')}}}"), sql.SQL(type_name)
            )
            return sql.SQL("{} = any ({})").format(column, members)
        wanted = sql.SQL("{}::{}").format(sql.Literal(self.value), sql.SQL(type_name))
        return sql.SQL("{} {} {}").format(column, sql.SQL(_OPERATORS[self.operator]), wanted)


def parse_filters(text: str | None) -> tuple[Filter, ...]:
    """Read what a subscriber asked for; raises FilterError."""
    segments = _COMMA_OUTSIDE_PARENTHESES.split(text.strip()) if text and text.strip() else []
    return tuple(map(_parse, segments))


def _parse(segment: str) -> Filter:
    found = _SEGMENT.fullmatch(segment)
    operator, value = (found["operator"], found["value"]) if found else ("", "")
    known = operator in _OPERATORS or operator == "in" or (operator == "is" and value in _TRUTHS)
    if found is None or not known:
        raise FilterError(f"Error parsing `filter` params: {segment}")
    return Filter(found["column"], operator, value, bool(found["negation"]))
