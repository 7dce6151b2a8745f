"""The board as tables, which move by themselves between messages: waits are counted here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from devstack.watch.board import Board, Json

# How many rows of each are shown.
_MOST = 12
_COLOURS = {
    "available": "green", "on_call": "cyan", "busy": "cyan", "ringing": "yellow",
    "wrap_up": "magenta", "break": "dim", "offline": "dim",
    "queued": "yellow", "active": "cyan",
}  # fmt: skip
# What nobody has to be told of whoever is new to the board.
_AT_REST = (": nobody waiting", " is offline")
# The most urgent first; whoever is not named comes between.
_ORDER = ("ringing", "queued", "active", "on_call", "busy", "wrap_up", "available")


def tables(board: Board, now: datetime, connected: bool) -> RenderableType:
    """All of it, as of a moment."""
    parts: list[RenderableType] = [_queues(board, now), _agents(board, now), _calls(board, now)]
    parts += [Text(_help_sentence(board, asked), "bold red") for asked in board.help.values()]
    if not connected:
        parts.append(Text("Realtime is away: this is how it was a while ago", "red"))
    return Group(*parts)


def _queues(board: Board, now: datetime) -> Table:
    table = _table(
        "queue", "waiting", "oldest", "callbacks", "agents free", "this quarter", "level"
    )
    for queue in sorted(board.queues.values(), key=lambda q: (-q["waiting"], q["name"]))[:_MOST]:
        sums = queue["interval"]
        level = sums["service_level"]
        table.add_row(
            queue["name"],
            Text(str(queue["waiting"]), "bold yellow" if queue["waiting"] else "dim"),
            _since(queue["oldest_joined_at"], now),
            str(queue["callbacks"] or ""),
            f"{queue['agents_available']} of {queue['agents_total']}",
            f"{sums['answered']} of {sums['offered']} answered, {sums['abandoned']} left",
            "" if level is None else f"{level:g} %",
        )
    return table


def _agents(board: Board, now: datetime) -> Table:
    table = _table("agent", "", "does", "for", "with")
    agents = sorted(board.agents.values(), key=lambda a: (_rank(a["state"]), a["extension"]))
    for agent in agents[:_MOST]:
        calls = (board.calls[id_] for id_ in agent["calls"] if id_ in board.calls)
        table.add_row(
            agent["extension"],
            agent["name"] or "",
            _state(agent["state"], agent["reason"]),
            _since(agent["since"], now),
            ", ".join(map(_who, calls)),
        )
    return table


def _calls(board: Board, now: datetime) -> Table:
    table = _table("call", "", "is", "for", "queue", "agent")
    calls = sorted(board.calls.values(), key=lambda c: (_rank(c["status"]), c["started_at"]))
    for call in calls[:_MOST]:
        began = call["held_since"] or call["answered_at"] or call["queued_at"] or call["started_at"]
        table.add_row(
            "→" if call["direction"] == "outbound" else "←",
            _who(call),
            _state("on hold" if call["held_since"] else call["status"], None),
            _since(began, now),
            call["queue"] or "",
            _agent_name(board, call["agent_id"]),
        )
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, expand=True, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True, justify="right" if column == "for" else "left")
    return table


def _rank(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)


def _state(state: str, reason: str | None) -> Text:
    words = state.replace("_", " ")
    return Text(f"{words} ({reason})" if reason else words, _COLOURS.get(state, ""))


def _who(call: Json) -> str:
    return str(call["name"] or call["number"] or "somebody")


def _agent_name(board: Board, agent_id: str | None) -> str:
    agent = board.agents.get(agent_id or "")
    return f"{agent['extension']} {agent['name'] or ''}".strip() if agent else ""


def _since(moment: str | None, now: datetime) -> str:
    if moment is None:
        return ""
    seconds = max(0, int((now - datetime.fromisoformat(moment)).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}" if seconds < 3600 else str(timedelta(0, seconds))


def changes(before: Board, after: Board) -> Iterable[str]:
    """What differs, a sentence each, for where nothing can be redrawn."""
    for kind, sentence in _SENTENCES.items():
        old, new = getattr(before, kind), getattr(after, kind)
        for id_ in {**new, **old}:
            was = sentence(before, old[id_]) if id_ in old else None
            words = sentence(after, new[id_]) if id_ in new else _over(kind, old[id_])
            if words and words != was and not (was is None and words.endswith(_AT_REST)):
                yield words


def _call_sentence(board: Board, call: Json) -> str:
    status = "on hold" if call["held_since"] else call["status"]
    agent = _agent_name(board, call["agent_id"])
    parts = [f"call {_who(call)} is {status}"]
    parts += [f"in {call['queue']}"] if call["queue"] else []
    parts += [f"with {agent}"] if agent else []
    return " ".join(parts)


def _over(kind: str, row: Json) -> str:
    return f"call {_who(row)} is over" if kind == "calls" else ""


def _agent_sentence(_board: Board, agent: Json) -> str:
    reason = f" ({agent['reason']})" if agent["reason"] else ""
    return f"agent {agent['extension']} is {agent['state'].replace('_', ' ')}{reason}"


def _queue_sentence(_board: Board, queue: Json) -> str:
    return f"queue {queue['name']}: {queue['waiting'] or 'nobody'} waiting"


def _help_sentence(board: Board, request: Json) -> str:
    who = _agent_name(board, request["agent_id"])
    return f"agent {who} asks for help: {request['reason'] or ''}"


_SENTENCES = {
    "calls": _call_sentence,
    "agents": _agent_sentence,
    "queues": _queue_sentence,
    "help": _help_sentence,
}
