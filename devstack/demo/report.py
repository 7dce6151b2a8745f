"""What the call centre knows after the demonstration: read from the database, shown and kept."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

from devstack.demo.story import Story
from devstack.layout import ROOT
from devstack.stack import Stack

LISTENER = "supervisor@demo.local"
_CALLS = """
  select r.call_id, r.call_status, r.disposition, r.queue_name, r.ivr_path -> 'steps' as ivr_steps,
    a.extension as agent_extension, c.phone_number as contact_number, r.started_at, r.ended_at,
    r.wait_seconds, r.talk_seconds, r.duration_seconds,
    coalesce(r.recording_url, v.recording_url) as recording_url,
    v.duration_seconds as voicemail_seconds
  from public.call_records r
  left join public.call_center_agents a on a.id = r.agent_id
  left join public.crm_contacts c on c.id = r.contact_id
  left join public.voicemails v on v.call_record_id = r.id
  where r.call_id = any (%s) order by r.started_at
"""


@dataclass(frozen=True)
class Report:
    """The calls, and the statistics of the day, as the database has them."""

    file: Path
    calls: list[dict[str, Any]]
    statistics: dict[str, Any]

    @classmethod
    def of(cls, stack: Stack, story: Story) -> Report:
        """Read it once the last callbacks are in, and listen to each recording as a supervisor."""
        with psycopg.connect(stack.env["DATABASE_URL"], row_factory=dict_row) as connection:
            calls = _settled_calls(connection, [story.talked, story.voicemail])
            statistics = connection.execute("select * from public.call_center_stats").fetchone()
        for call in calls:
            url = call.pop("recording_url")
            call["recording_fetched"] = "yes" if url and _is_audio(stack, url) else "no"
        return cls(ROOT / "var" / "demo.json", calls, dict(statistics or {}))

    def faults(self) -> list[str]:
        """What is not as the story should have ended."""
        wanted = [("completed", "completed"), ("completed", "voicemail")]
        found = [(call["call_status"], call["disposition"]) for call in self.calls]
        faults = [] if found == wanted else [f"calls ended as {found}, not as {wanted}"]
        if any(call["recording_fetched"] == "no" for call in self.calls):
            faults.append("a recording could not be heard")
        return faults

    def write(self) -> Path:
        """Write var/demo.json."""
        self.file.parent.mkdir(exist_ok=True)
        body = {"calls": self.calls, "statistics": self.statistics}
        text = json.dumps(body, indent=2, ensure_ascii=False, default=_plain)
        self.file.write_text(text + "\n", encoding="utf-8")
        return self.file

    def show(self) -> None:
        """Print both as tables."""
        console = Console(width=100 if not Console().is_terminal else None)
        calls = Table("", *(call["contact_number"] for call in self.calls), title="The calls")
        for key in self.calls[0]:
            calls.add_row(key, *(_text(call[key]) for call in self.calls))
        console.print(calls)
        figures = Table("", "", title="The call centre today", show_header=False)
        for key, value in self.statistics.items():
            figures.add_row(key, _text(value))
        console.print(figures)


def _settled_calls(
    connection: psycopg.Connection[dict[str, Any]], sids: list[str]
) -> list[dict[str, Any]]:
    """The calls, once both have ended and their recordings are known; as they are after 10 s."""
    deadline = time.monotonic() + 10
    while True:
        calls = connection.execute(_CALLS, [sids]).fetchall()
        connection.rollback()
        over = [call for call in calls if call["ended_at"] and call["recording_url"]]
        if len(over) == len(sids) or time.monotonic() > deadline:
            return calls
        time.sleep(0.2)


def _is_audio(stack: Stack, url: str) -> bool:
    headers = {"Authorization": f"Bearer {stack.access_token(LISTENER)}"}
    for _attempt in range(20):  # Twilio says 404 until the recording is processed
        answer = httpx.get(f"{stack.env['PUBLIC_URL']}{url}.wav", headers=headers, timeout=10)
        if answer.status_code == 200:
            return answer.content[:4] == b"RIFF"
        time.sleep(0.5)
    return False


def _text(value: object) -> str:
    if isinstance(value, list):
        return " → ".join(f"{step['input']}: {step['to']}" for step in value)
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    """Decimals as numbers, times as text."""
    return float(value) if hasattr(value, "as_tuple") else str(value)  # type: ignore[arg-type]
