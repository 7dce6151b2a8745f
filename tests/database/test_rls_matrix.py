"""Every role, every kind of row, every verb: allowed where the table says so, else refused.

s select, i insert, u update, d delete; - none; * the verbs not named are not tried (they would
remove what other tests stand on).
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest

from tests.database.belongings import Belongings
from tests.database.people import People, Row

MATRIX = """
kind of row                       | anon | outsider | agent | other | supervisor | gerente | service
profile of the agent              | -    | -        | s     | -     | s          | s       | su*
profile of the other              | -    | -        | -     | s     | s          | s       | su*
agent's agent row                 | -    | -        | su    | -     | su*        | su*     | su*
other's agent row                 | -    | -        | -     | su    | su*        | su*     | su*
newcomer's agent row              | -    | -        | -     | -     | siud       | siud    | siud
contact                           | -    | -        | siu   | siu   | siud       | siud    | siud
agent's call                      | -    | -        | siu   | -     | siud       | siud    | siud
other's call                      | -    | -        | -     | siu   | siud       | siud    | siud
call transferred to agent         | -    | -        | su    | su*   | sud*       | sud*    | siud
nobody's call                     | -    | -        | -     | -     | siud       | siud    | siud
active script                     | -    | -        | s     | s     | siud       | siud    | siud
inactive script                   | -    | -        | -     | -     | siud       | siud    | siud
agent's queue                     | -    | -        | s     | -     | siud       | siud    | siud
queue of nobody                   | -    | -        | -     | -     | siud       | siud    | siud
voicemail of agent's queue        | -    | -        | su    | -     | siud       | siud    | siud
voicemail of another queue        | -    | -        | -     | -     | siud       | siud    | siud
voicemail of no queue             | -    | -        | -     | -     | siud       | siud    | siud
agent's note on their call        | -    | -        | siu   | -     | siud       | siud    | siud
other's note on agent's call      | -    | -        | s     | -     | siud       | siud    | siud
agent's note on transferred call  | -    | -        | siu   | s     | siud       | siud    | siud
other's note on their call        | -    | -        | -     | siu   | siud       | siud    | siud
agent's note on other's call      | -    | -        | -     | s     | siud       | siud    | siud
"""
VERBS = {"s": "select", "i": "insert", "u": "update", "d": "delete"}
# What an update writes: a column that is the user's.
EDITS: dict[str, Row] = {
    "profiles": {"full_name": "Otra Persona"},
    "call_center_agents": {"agent_status": "break"},
    "crm_contacts": {"notes": "otra nota"},
    "call_records": {"notes": "otra nota"},
    "ivr_scripts": {"description": "otra"},
    "call_queues": {"description": "otra"},
    "voicemails": {"is_listened": True},
    "call_notes": {"note_text": "otra nota"},
}


@dataclass(frozen=True)
class Case:
    kind: str
    role: str
    verb: str
    allowed: bool

    def __str__(self) -> str:
        return f"{self.role}-{'may' if self.allowed else 'may-not'}-{self.verb}-{self.kind}"


def cases() -> list[Case]:
    header, *lines = [line.split("|") for line in MATRIX.strip().splitlines()]
    roles = [cell.strip() for cell in header[1:]]
    return [
        Case(line[0].strip(), role, VERBS[letter], letter in cell)
        for line in lines
        for role, cell in zip(roles, line[1:], strict=True)
        for letter in VERBS
        if letter in cell or "*" not in cell
    ]


def refused(case: Case, answer: httpx.Response) -> bool:
    """Without a grant 401 or 403; on rows one does not see, no row; as new rows, 403."""
    if case.role == "anon":
        return answer.status_code == 401
    if case.verb == "insert" or (case.kind.startswith("profile") and case.verb != "select"):
        return answer.status_code == 403
    return answer.status_code == 200 and answer.json() == []


@pytest.mark.parametrize("case", cases(), ids=str)
def test_matrix(case: Case, people: People, belongings: Belongings) -> None:
    api = people.api(case.role)
    if case.verb == "insert":
        check_insert(case, api, belongings)
    else:
        check_existing(case, api, belongings)


def check_insert(case: Case, api: httpx.Client, belongings: Belongings) -> None:
    table, values = belongings.values(case.kind)
    # Asked to show the new row, Postgres would refuse one that may be written but not seen.
    prefer = "return=representation" if case.allowed else "return=minimal"
    answer = api.post(f"/{table}", json=values, headers={"prefer": prefer})
    if case.allowed:
        assert answer.status_code == 201, answer.text
        belongings.remember(table, answer.json()[0]["id"])
        assert values.items() <= answer.json()[0].items()
    else:
        assert refused(case, answer), answer.text


def check_existing(case: Case, api: httpx.Client, belongings: Belongings) -> None:
    before = belongings.make(case.kind)
    table, _ = belongings.values(case.kind)
    place = {"id": f"eq.{before['id']}"}
    if case.verb == "select":
        answer = api.get(f"/{table}", params=place)
    elif case.verb == "update":
        answer = api.patch(f"/{table}", params=place, json=EDITS[table])
    else:
        answer = api.delete(f"/{table}", params=place)
    after = belongings.people.read(table, before["id"])
    if not case.allowed:
        assert refused(case, answer), answer.text
        assert after == before
    elif case.verb == "delete":
        assert (answer.status_code, after) == (200, None)
    else:
        assert answer.status_code == 200, answer.text
        assert [row["id"] for row in answer.json()] == [before["id"]]
        assert after
        if case.verb == "update":
            assert EDITS[table].items() <= after.items()
