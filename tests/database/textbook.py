"""The figures of a call centre by their textbook definitions, from its rows, in plain Python."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.database.switchboard import Switchboard

Row = dict[str, Any]
MISSED = ("failed", "no_answer", "missed")
SINCE_QUARTER = timedelta(minutes=15)
ENDS = ("completed", "busy", "failed", "no_answer", "canceled")
Stretch = tuple[datetime, datetime]


class Rows:
    """Every row of a call centre at a moment, and the diary of its agents."""

    def __init__(self, board: Switchboard, today: ZoneInfo) -> None:
        table = {
            name: board.rows(f"select * from {name}")
            for name in (
                "public.call_records", "public.crm_contacts", "public.call_queues",
                "public.call_center_agents", "private.queue_members", "private.queue_entries",
                "private.call_offers", "private.call_legs", "private.telephony_commands",
                "private.call_events",
            )
        }  # fmt: skip
        (self.calls, self.contacts, self.queues, self.agents, self.members, self.stays, self.offers,
         self.legs, self.commands, self.events) = table.values()  # fmt: skip
        self.now: datetime = board.row("select private.clock() as at")["at"]
        self.today = self.now.astimezone(today).replace(hour=0, minute=0, second=0, microsecond=0)
        by_id = {queue["id"]: queue for queue in self.queues}
        for stay in self.stays:
            stay["queue"] = by_id[stay["queue_id"]]


def percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def seconds(stretch: Stretch) -> float:
    return (stretch[1] - stretch[0]).total_seconds()


# How callers fared.


def wait(stay: Row) -> float:
    return seconds((stay["joined_at"], stay["left_at"]))


def is_short(stay: Row) -> bool:
    short: int = stay["queue"]["short_abandon_seconds"]
    return stay["outcome"] == "abandoned" and wait(stay) < short


def is_in_time(stay: Row) -> bool:
    within: int = stay["queue"]["service_level_seconds"]
    return wait(stay) <= within


def was_offered(stay: Row) -> bool:
    """Somebody was to answer: no short abandon, and none who asked to be rung later instead."""
    return stay["outcome"] not in ("callback", "served") and not is_short(stay)


def service(stays: list[Row]) -> Row:
    """The figures of ended stays, of which one caller has one."""
    offered = [stay for stay in stays if was_offered(stay)]
    answered = [stay for stay in offered if stay["outcome"] == "answered"]
    abandoned = [stay for stay in offered if stay["outcome"] == "abandoned"]
    abandoned_in_time = sum(map(is_in_time, abandoned))
    return {
        "offered": len(offered),
        "answered": len(answered),
        "abandoned": len(abandoned),
        "short_abandons": sum(map(is_short, stays)),
        "callbacks_requested": sum(stay["outcome"] == "callback" for stay in stays),
        "service_level_percent_abandons_ignored": percent(
            sum(map(is_in_time, answered)), len(offered) - abandoned_in_time
        ),
        "abandonment_percent": percent(len(abandoned), len(offered)),
        "average_speed_of_answer_seconds": mean([wait(stay) for stay in answered]),
    }


def line(stays: list[Row], now: datetime) -> Row:
    """Who waits: on the line, and for a callback."""
    waiting = [stay for stay in stays if stay["left_at"] is None]
    on_line = [stay for stay in waiting if stay["on_line"]]
    return {
        "waiting": len(on_line),
        "callbacks": len(waiting) - len(on_line),
        "longest": max((seconds((stay["joined_at"], now)) for stay in on_line), default=0),
    }


def with_today(figures: Row, prefix: str = "") -> Row:
    """Counts carry `_today` in the views, rates don't."""
    return {
        prefix + name + "_today" if isinstance(value, int) else name: value
        for name, value in figures.items()
    }


# What agents' time went into.


def talks(rows: Rows, agent: object = None, queue: object = None) -> list[Stretch]:
    """Conversations that are over: from meeting the customer until the agent left."""
    return [
        (offer["met_at"], offer["ended_at"])
        for offer in rows.offers
        if offer["met_at"] and offer["ended_at"]
        and (agent is None or offer["agent_id"] == agent)
        and (queue is None or offer["queue_id"] == queue)
    ]  # fmt: skip


def union(stretches: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def without(whole: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    left = []
    for begin, end in whole:
        for off, on in union(taken):
            if off < end and on > begin:
                if off > begin:
                    left.append((begin, off))
                begin = max(begin, on)
        if begin < end:
            left.append((begin, end))
    return left


def total(stretches: list[Stretch]) -> int:
    """In whole seconds that add up, however a stretch is cut."""
    return sum(int(end.timestamp()) - int(begin.timestamp()) for begin, end in stretches)


def of_agent(rows: Rows, diary: Any, agent: Row) -> Row:
    """Talk and wrap-up that are over, and what goes on in `handling` and `available` too."""
    own, now = str(agent["id"]), rows.now
    offers = [offer for offer in rows.offers if offer["agent_id"] == agent["id"]]
    talked = talks(rows, agent["id"])
    talking = [(o["met_at"], now) for o in offers if o["met_at"] and not o["ended_at"]]
    wraps = union([(since, until) for since, until in diary.wrap_ups[own]])
    holds = [*wraps, *diary.announced[own]]
    legs = [(leg["started_at"], leg["ended_at"] or now) for leg in rows.legs
            if leg["agent_id"] == agent["id"]]  # fmt: skip
    chosen = diary.choices[own] or [(now, agent["chosen_status"])]
    ends = [at for at, _ in chosen[1:]] + [now]
    wanted = [(since, end) for (since, what), end in zip(chosen, ends, strict=True)
              if what == "available"]  # fmt: skip
    live = any(leg["agent_id"] == agent["id"] and not leg["ended_at"] for leg in rows.legs)
    return {
        "offers": len(offers),
        "missed": sum(offer["outcome"] == "no_answer" for offer in offers),
        "handled": len(talked),
        "talk": total(talked),
        # Of what an agent with several calls does at once, talking and ringing come first.
        "wrap_up": total([wrap for wrap in without(wraps, legs) if wrap[1] <= now]),
        "granted": total(wraps),
        "handling": total(talked + talking)
        + total(without([(s, min(u, now)) for s, u in wraps], legs)),
        "available": total(without(union(wanted), [(s, min(u, now)) for s, u in holds] + legs)),
        "status": "busy" if live or any(until > now for _, until in holds) else chosen[-1][1],
    }


# What the views and the vital signs say.


def agent_row(rows: Rows, diary: Any, agent: Row) -> Row:
    """A row of agent_stats."""
    own = of_agent(rows, diary, agent)
    return {
        "agent_id": agent["id"],
        "extension": agent["extension"],
        "agent_status": own["status"],
        "last_status_change": agent["last_status_change"],
        "calls_handled_today": own["handled"],
        "talk_seconds_today": own["talk"],
        "wrap_up_seconds_today": own["wrap_up"],
        "average_handling_seconds_today":
            (own["talk"] + own["wrap_up"]) / own["handled"] if own["handled"] else None,
        "offers_today": own["offers"],
        "missed_offers_today": own["missed"],
        "available_seconds_today": own["available"],
        "occupancy_percent": percent(own["handling"], own["handling"] + own["available"]),
    }  # fmt: skip


def members_now(rows: Rows, diary: Any, queue: Row) -> Row:
    members = {m["agent_id"] for m in rows.members if m["queue_id"] == queue["id"]}
    states = [of_agent(rows, diary, a)["status"] for a in rows.agents if a["id"] in members]
    return {
        "agents_available": states.count("available"),
        "agents_busy": states.count("busy"),
        "agents_total": len(states),
    }


def queue_row(rows: Rows, diary: Any, queue: Row) -> Row:
    """A row of call_queue_stats."""
    stays = [stay for stay in rows.stays if stay["queue_id"] == queue["id"]]
    over = [stay for stay in stays if stay["left_at"] and stay["joined_at"] >= rows.today]
    now = line(stays, rows.now)
    talked = [seconds(talk) for talk in talks(rows, queue=queue["id"])]
    return {
        "queue_id": queue["id"],
        "queue_name": queue["name"],
        "active": queue["active"],
        "callers_waiting": now["waiting"],
        "callbacks_waiting": now["callbacks"],
        "longest_wait_seconds": now["longest"],
        "service_level_seconds": queue["service_level_seconds"],
        "overflowed_today": sum(stay["outcome"] in ("overflowed", "moved") for stay in over),
        "average_talk_seconds": mean(talked),
        **members_now(rows, diary, queue),
        **with_today(service(over)),
    }


def quarters(rows: Rows, queue: object = None) -> list[tuple[datetime, Row]]:
    """Each quarter of an hour of the day so far, and how those fared who began to wait in it: in a
    queue, or in all, where a caller is one, through however many queues they went.
    """
    last = {stay["call_record_id"]: stay for stay in sorted(rows.stays, key=lambda s: s["id"])}
    stays = [s for s in rows.stays if s["queue_id"] == queue] if queue else [*last.values()]
    told, start = [], rows.today
    while start <= rows.now:
        begun = [s for s in stays if start <= s["joined_at"] < start + SINCE_QUARTER]
        told.append((start, service([stay for stay in begun if stay["left_at"]])))
        start += SINCE_QUARTER
    return told


def centre_row(rows: Rows, diary: Any) -> Row:
    """The row of call_center_stats. A caller is one, through however many queues they went."""
    last = {stay["call_record_id"]: stay for stay in sorted(rows.stays, key=lambda s: s["id"])}
    over = [stay for stay in last.values() if stay["left_at"] and stay["joined_at"] >= rows.today]
    today = [c for c in rows.calls if (c["started_at"] or c["created_at"]) >= rows.today]
    agents = [of_agent(rows, diary, agent) for agent in rows.agents]
    states = [agent["status"] for agent in agents]
    handling, available = (sum(a[what] for a in agents) for what in ("handling", "available"))
    handled = sum(agent["handled"] for agent in agents)
    now = line(rows.stays, rows.now)
    off_line = {s["call_record_id"] for s in rows.stays if not s["left_at"] and not s["on_line"]}
    active = {queue["id"] for queue in rows.queues if queue["active"]}
    figures = with_today(service(over), "calls_")
    return {
        "agents_available": states.count("available"),
        "agents_busy": states.count("busy"),
        "agents_on_break": states.count("break"),
        "agents_offline": states.count("offline"),
        "total_agents": len(states),
        "calls_active": sum(c["call_status"] in ("active", "ringing") for c in rows.calls),
        "calls_queued": sum(
            c["call_status"] == "queued" and c["id"] not in off_line for c in rows.calls),
        "callbacks_waiting": now["callbacks"],
        "longest_wait_seconds": now["longest"],
        "calls_completed_today": sum(c["call_status"] == "completed" for c in today),
        "calls_missed_today": sum(c["call_status"] in MISSED for c in today),
        "total_calls_today": len(today),
        "avg_call_duration_today": duration(today),
        "avg_call_duration": duration(rows.calls),
        "avg_handling_time":
            sum(a["talk"] + a["granted"] for a in agents) / handled if handled else None,
        "total_contacts": len(rows.contacts),
        "new_contacts_today": sum(c["created_at"] >= rows.today for c in rows.contacts),
        "agents_in_queues": len({m["agent_id"] for m in rows.members if m["queue_id"] in active}),
        "short_abandons_today": figures.pop("calls_short_abandons_today"),
        "callbacks_requested_today": figures.pop("calls_callbacks_requested_today"),
        "occupancy_percent": percent(handling, handling + available),
        "last_updated": rows.now,
        **figures,
    }  # fmt: skip


def duration(calls: list[Row]) -> float | None:
    return mean([call["duration_seconds"] for call in calls if call["call_status"] == "completed"])


def vital_signs(rows: Rows, diary: Any) -> Row:
    """What public.vital_signs() says; idle agents beside callers are for the fairness tests."""
    states = [of_agent(rows, diary, agent)["status"] for agent in rows.agents]
    commands = [c for c in rows.commands if c["state"] not in ("done", "failed")]
    waiting_off_line = {
        stay["call_record_id"]
        for stay in rows.stays
        if not stay["left_at"] and not stay["on_line"] and not stay["offered"]
    }
    lately = rows.now - SINCE_QUARTER
    reconciled = {
        event["call_sid"]
        for event in rows.events
        if event["source"] == "reconcile"
        and event["event"] in ENDS
        and event["received_at"] > lately
    }
    return {
        "queues": sorted(
            (queue_signs(rows, queue) for queue in rows.queues), key=lambda queue: queue["name"]
        ),
        "agents": {
            **{state: states.count(state) for state in ("available", "busy", "break", "offline")},
            "set_aside": sum(agent["aside_reason"] is not None for agent in rows.agents),
        },
        "live_calls": sum(
            call["ended_at"] is None and call["id"] not in waiting_off_line for call in rows.calls
        ),
        "live_offers": sum(offer["ended_at"] is None for offer in rows.offers),
        "commands": {
            **{state: sum(command["state"] == state for command in commands)
               for state in ("pending", "claimed", "unknown")},
            "oldest_seconds": max(
                (seconds((command["created_at"], rows.now)) for command in commands), default=0
            ),
        },
        "offer_latency": latency(rows),
        "legs_ended_by_reconciling": len(
            reconciled - {e["call_sid"] for e in rows.events
                          if e["source"] == "call-status" and e["event"] in ENDS}
        ),
    }  # fmt: skip


def queue_signs(rows: Rows, queue: Row) -> Row:
    now = line([stay for stay in rows.stays if stay["queue_id"] == queue["id"]], rows.now)
    return {
        "name": queue["name"],
        "waiting": now["waiting"],
        "longest_wait_seconds": now["longest"],
        "callbacks": now["callbacks"],
    }


def latency(rows: Rows) -> Row:
    heard = sorted(
        max(0.0, seconds((offer["created_at"], offer["heard_at"])))
        for offer in rows.offers
        if offer["heard_at"] and offer["heard_at"] > rows.now - SINCE_QUARTER
    )
    return {
        "offers": len(heard),
        "median": statistics.median(heard) if heard else None,
        "p95": quantile(heard, 0.95) if heard else None,
        "longest": heard[-1] if heard else None,
    }


def quantile(values: list[float], part: float) -> float:
    """Between the two nearest of sorted values, in proportion."""
    at = part * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)
