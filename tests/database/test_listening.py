"""Who may hear a recording, and what is kept of it that they did."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from tests.database.switchboard import Switchboard

RECORDING = f"RE{'7' * 32}"
MESSAGE = f"RE{'8' * 32}"


def user_of(board: Switchboard, agent: str) -> str:
    query = "select user_id from public.call_center_agents where id = %s"
    return str(board.row(query, agent)["user_id"])


def person(board: Switchboard, role: str | None) -> str:
    """Somebody without an agent's row; their user's id."""
    query = "insert into auth.users (id, email) values (gen_random_uuid(), %s) returning id"
    user = str(board.row(query, f"{role}@listening.invalid")["id"])
    if role:
        board.rows("insert into public.profiles (id, role) values (%s, %s)", user, role)
    return user


def everybody(board: Switchboard) -> dict[str, str]:
    """The user of each, around a recorded call and a message in a queue."""
    agents = {name: board.agent() for name in ("agent", "taker", "member", "other", "gone")}
    queue = board.queue(agents["member"], agents["gone"])
    sid = board.in_menu({"menus": [{"id": "main", "options": []}]}, "+573001112233")
    call = board.row(
        "update public.call_records set agent_id = %s, transferred_to_agent_id = %s"
        " where call_id = %s returning id",
        agents["agent"],
        agents["taker"],
        sid,
    )["id"]
    event = {"recording_sid": RECORDING, "status": "completed", "duration": 60}
    board.rpc("record_recording_event", {**event, "call_record_id": str(call)})
    board.rows(
        "insert into public.voicemails (queue_id, caller_number, recording_sid, duration_seconds)"
        " select id, '+573001112233', %s, 20 from public.call_queues where name = %s",
        MESSAGE,
        queue,
    )
    users = {name: user_of(board, agent) for name, agent in agents.items()}
    board.rows("delete from public.call_center_agents where id = %s", agents["gone"])
    roles = {role: person(board, role) for role in ("supervisor", "gerente", "empleado")}
    return {**users, **roles}


def opens(
    board: Switchboard, user: str, recording: str, form: str = "mp3", *, hears: bool = True
) -> Any:
    """The id of the listening that is kept; the status of the refusal where they may not."""
    board.pass_time(1)
    try:
        with board.db.transaction():
            board.db.execute("set local role service_role")
            query = "select public.open_recording(%s, %s, %s, %s) as opened"
            answer = board.row(query, user, recording, form, hears)["opened"]["listen"]
            board.db.execute("reset role")
    except psycopg.Error as refusal:
        return str(refusal.sqlstate)
    return answer


def sees(board: Switchboard, user: str, table: str, recording: str) -> bool:
    """Whether they see the row in a browser."""
    claims = json.dumps({"sub": user, "role": "authenticated"})
    with board.db.transaction():
        board.rows(
            "select set_config('request.jwt.claims', %s, true),"
            " set_config('request.jwt.claim.sub', %s, true)",
            claims,
            user,
        )
        board.db.execute("set local role authenticated")
        query = f"select 1 from public.{table} where recording_sid = %s"
        rows = board.rows(query, recording)
        board.db.execute("reset role")
    return bool(rows)


@pytest.mark.parametrize(
    ("table", "recording", "hear"),
    [
        ("call_records", RECORDING, {"agent", "taker", "supervisor", "gerente"}),
        ("voicemails", MESSAGE, {"member", "supervisor", "gerente"}),
    ],
)
def test_who_sees_the_row_hears_it_and_nobody_else(
    board: Switchboard, table: str, recording: str, hear: set[str]
) -> None:
    users = everybody(board)
    assert {who for who, user in users.items() if sees(board, user, table, recording)} == hear
    heard = {who: opens(board, user, recording) for who, user in users.items()}
    assert {who for who, kept in heard.items() if isinstance(kept, int)} == hear
    refused = {who: status for who, status in heard.items() if who not in hear}
    nobody = {"empleado": "PT403", "gone": "PT403"}
    assert refused == {who: nobody.get(who, "PT404") for who in users.keys() - hear}


def test_a_row_shows_where_it_is_heard_and_not_where_twilio_keeps_it(board: Switchboard) -> None:
    everybody(board)
    query = "select recording_url from public.call_records where recording_sid = %s"
    assert board.row(query, RECORDING)["recording_url"] == f"/api/twilio/recordings/{RECORDING}"


def test_a_recording_that_still_runs_has_no_link(board: Switchboard) -> None:
    sid = board.in_menu({"menus": [{"id": "main", "options": []}]}, "+573001112233")
    event = {"call_record_id": str(board.call(sid)["id"]), "recording_sid": RECORDING}
    board.rpc("record_recording_event", {**event, "status": "in_progress"})
    assert board.call(sid)["recording_url"] is None
    board.rpc("record_recording_event", {**event, "status": "completed", "duration": 5})
    assert board.call(sid)["recording_url"]


def delivered(board: Switchboard, listen: int, first: int, last: int, total: int) -> None:
    board.rows("select public.note_delivered(%s, %s, %s, %s)", listen, first, last, total)


def test_what_a_player_asks_for_in_parts_is_one_time_that_somebody_listened(
    board: Switchboard,
) -> None:
    user = everybody(board)["agent"]
    first = opens(board, user, RECORDING)
    delivered(board, first, 0, 1000, 6000)
    assert opens(board, user, RECORDING) == first
    delivered(board, first, 500, 2000, 6000)
    delivered(board, first, 5000, 6000, 6000)
    kept = board.row("select * from public.recording_listens where id = %s", first)
    assert (kept["from_second"], kept["to_second"], kept["seconds"]) == (0, 60, 30)
    assert str(kept["user_id"]) == user
    assert kept["last_at"] > kept["opened_at"]
    board.pass_time(1801)
    assert opens(board, user, RECORDING) != first


def test_another_format_and_another_person_are_other_times(board: Switchboard) -> None:
    users = everybody(board)
    asked = [(users["agent"], "mp3"), (users["agent"], "wav"), (users["taker"], "mp3")]
    assert len({opens(board, user, RECORDING, form) for user, form in asked}) == 3


def test_who_only_asks_how_long_it_is_heard_nothing(board: Switchboard) -> None:
    users = everybody(board)
    assert opens(board, users["agent"], RECORDING, hears=False) is None
    assert opens(board, users["other"], RECORDING, hears=False) == "PT404"
    assert board.rows("select 1 from public.recording_listens") == []


def test_an_opened_recording_of_which_nothing_came_is_kept_as_such(board: Switchboard) -> None:
    listen = opens(board, everybody(board)["agent"], RECORDING)
    kept = board.row("select * from public.recording_listens where id = %s", listen)
    assert (kept["from_second"], kept["to_second"], kept["seconds"]) == (None, None, None)


def test_only_supervisors_read_who_listened(board: Switchboard) -> None:
    users = everybody(board)
    opens(board, users["agent"], RECORDING)
    assert sees(board, users["supervisor"], "recording_listens", RECORDING)
    assert not sees(board, users["agent"], "recording_listens", RECORDING)


def test_who_listened_is_told_when_the_call_is_gone(board: Switchboard) -> None:
    users = everybody(board)
    opens(board, users["agent"], RECORDING)
    board.rows("delete from private.call_legs")
    board.rows("delete from public.call_records where recording_sid = %s", RECORDING)
    assert opens(board, users["supervisor"], RECORDING) == "PT404"
    assert len(board.rows("select 1 from public.recording_listens")) == 1


def test_who_is_no_supervisor_any_more_hears_nothing_by_the_link_they_have(
    board: Switchboard,
) -> None:
    users = everybody(board)
    assert isinstance(opens(board, users["supervisor"], RECORDING), int)
    board.rows("update public.profiles set role = 'empleado' where id = %s", users["supervisor"])
    assert opens(board, users["supervisor"], RECORDING) == "PT403"
    assert isinstance(opens(board, users["member"], MESSAGE), int)
    board.rows("update public.call_queues set agent_ids = '{}'")
    assert opens(board, users["member"], MESSAGE) == "PT404"


def test_who_picks_bytes_one_by_one_makes_no_row_grow_for_ever(board: Switchboard) -> None:
    user = everybody(board)["agent"]
    first = opens(board, user, RECORDING)
    for n in range(300):
        delivered(board, first, 2 * n, 2 * n + 1, 6000)
    assert opens(board, user, RECORDING) != first
