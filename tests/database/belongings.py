"""One row of each kind that a policy distinguishes, made for a test and gone after it."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.database.people import People, Row

_numbers = itertools.count(time.time_ns() // 1000)


def unique() -> int:
    return next(_numbers)


class Belongings:
    """Makes rows by kind ("a call of the agent's") and forgets them all afterwards."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.made: list[tuple[str, str]] = []
        self.prefix = f"t{people.mark}"

    def values(self, kind: str) -> tuple[str, dict[str, Any]]:  # noqa: C901 - a table
        """The table of a kind of row, and what such a row says."""
        p, number = self.people, unique()
        phone = f"+5731{number % 10**8:08d}"
        call = {"call_id": f"pending-{number}", "caller_number": phone}
        match kind:
            case "profile of the agent":
                return "profiles", {"id": p.user_ids["agent"]}
            case "profile of the other":
                return "profiles", {"id": p.user_ids["other"]}
            case "agent's agent row":
                return "call_center_agents", {"id": p.agent_ids["agent"]}
            case "other's agent row":
                return "call_center_agents", {"id": p.agent_ids["other"]}
            case "newcomer's agent row":
                extension = f"n{number % 10**8:08d}"
                user_id = p.user_ids["newcomer"]
                return "call_center_agents", {"user_id": user_id, "extension": extension}
            case "contact":
                return "crm_contacts", {"phone_number": phone}
            case "agent's call":
                return "call_records", {**call, "agent_id": p.agent_ids["agent"]}
            case "other's call":
                return "call_records", {**call, "agent_id": p.agent_ids["other"]}
            case "call transferred to agent":
                return "call_records", {
                    **call,
                    "agent_id": p.agent_ids["other"],
                    "transferred_to_agent_id": p.agent_ids["agent"],
                }
            case "nobody's call":  # placed: one that is not would soon expire
                return "call_records", {**call, "call_id": f"CA{number:032x}"}
            case "active script":
                return "ivr_scripts", {"name": f"{self.prefix} {number}", "script_data": MENU}
            case "inactive script":
                name = f"{self.prefix} {number}"
                return "ivr_scripts", {"name": name, "script_data": MENU, "active": False}
            case "agent's queue":
                name = f"{self.prefix} {number}"
                return "call_queues", {"name": name, "agent_ids": [p.agent_ids["agent"]]}
            case "queue of nobody":
                return "call_queues", {"name": f"{self.prefix} {number}"}
            case "voicemail of agent's queue":
                queue = self.make("agent's queue")
                return "voicemails", {"queue_id": queue["id"], "caller_number": phone}
            case "voicemail of another queue":
                queue = self.make("queue of nobody")
                return "voicemails", {"queue_id": queue["id"], "caller_number": phone}
            case "voicemail of no queue":
                return "voicemails", {"caller_number": phone}
            case "agent's note on their call":
                return "call_notes", self._note("agent's call", "agent")
            case "other's note on agent's call":
                return "call_notes", self._note("agent's call", "other")
            case "agent's note on transferred call":
                return "call_notes", self._note("call transferred to agent", "agent")
            case "other's note on their call":
                return "call_notes", self._note("other's call", "other")
            case "agent's note on other's call":
                return "call_notes", self._note("other's call", "agent")
        raise ValueError(kind)

    def _note(self, call: str, author: str) -> dict[str, Any]:
        record = self.make(call)
        agent_id = self.people.agent_ids[author]
        return {"call_record_id": record["id"], "agent_id": agent_id, "note_text": "dijo que sí"}

    def make(self, kind: str, **more: Any) -> Row:
        """A row of the kind, there already where it is a person's own."""
        table, values = self.values(kind)
        if "id" in values:
            row = self.people.read(table, values["id"])
            assert row
            return row
        row = self.people.insert(table, **{**values, **more})
        self.made.append((table, row["id"]))
        return row

    def remember(self, table: str, row_id: str) -> None:
        self.made.append((table, row_id))

    def remove(self) -> None:
        for table, row_id in reversed(self.made):
            self.people.db.execute(f"delete from public.{table} where id = %s", [row_id])


MENU = {
    "menus": [
        {
            "id": "main",
            "message": "Marque 1.",
            "options": [{"digit": "1", "actionQueue": "General"}],
        }
    ]
}
