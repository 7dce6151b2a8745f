"""Postgres Changes: who is told of what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.realtime_server.client import Client
from tests.realtime_server.conftest import OWNER, STRANGER, Notes

pytestmark = pytest.mark.xdist_group("devstack")
Connect = Callable[..., Client]


def test_an_insert_is_seen_by_whom_row_level_security_allows(
    notes: Notes, connect: Connect
) -> None:
    owner, stranger = connect(OWNER).join("a", {}), connect(STRANGER).join("a", {})
    notes.insert(1, body="mine")
    data = owner.hears()["data"]
    assert (data["type"], data["schema"], data["table"]) == ("INSERT", "public", "notes")
    expected = {"id": 1, "owner": notes.user_id(OWNER), "body": "mine", "rank": 0}
    assert data["record"] == expected
    assert {"name": "rank", "type": "int4"} in data["columns"]
    assert stranger.hears_nothing()


def test_an_update_that_takes_a_row_away_is_not_told_and_one_that_gives_it_is(
    notes: Notes, connect: Connect
) -> None:
    notes.insert(1)
    owner, stranger = connect(OWNER).join("a", {}), connect(STRANGER).join("a", {})
    notes.sql("update notes set owner = %s where id = 1", notes.user_id(STRANGER))
    data = stranger.hears()["data"]
    assert (data["type"], data["old_record"]) == ("UPDATE", {"id": 1})
    assert data["record"]["owner"] == notes.user_id(STRANGER)
    assert owner.hears_nothing()


def test_a_delete_reaches_every_subscriber_with_the_primary_key_only(
    notes: Notes, connect: Connect
) -> None:
    notes.sql("alter table notes replica identity full")
    notes.insert(1, body="secret")
    owner, stranger = connect(OWNER).join("a", {}), connect(STRANGER).join("a", {})
    notes.sql("delete from notes where id = 1")
    for listening in (owner, stranger):
        data = listening.hears()["data"]
        assert (data["type"], data["old_record"]) == ("DELETE", {"id": 1})


@pytest.mark.parametrize(
    ("wanted", "ranks"),
    [
        ("rank=eq.2", [2]),
        ("rank=neq.2", [1, 3, 10]),
        ("rank=lt.3", [1, 2]),
        ("rank=lte.3", [1, 2, 3]),
        ("rank=gt.3", [10]),
        ("rank=gte.3", [3, 10]),
        ("rank=in.(1,10)", [1, 10]),
        ("rank=not.in.(1,10)", [2, 3]),
        ("rank=gt.1,rank=lt.10", [2, 3]),
        ("body=like.n1%", [1, 10]),
    ],
)
def test_filters_compare_as_the_type_of_the_column_does(
    wanted: str, ranks: list[int], notes: Notes, connect: Connect
) -> None:
    listening = connect(OWNER).join("a", {"event": "INSERT", "filter": wanted})
    for rank in (1, 2, 3, 10):
        notes.insert(rank, body=f"n{rank}", rank=rank)
    assert [listening.hears()["data"]["record"]["rank"] for _ in ranks] == ranks
    assert listening.hears_nothing(0.2)


def test_events_and_tables_may_be_any(notes: Notes, connect: Connect) -> None:
    client = connect(key="SUPABASE_SECRET_KEY")
    everything = client.join("everything", {"event": "*", "table": "*"})
    deletes = client.join("deletes", {"event": "DELETE"})
    notes.insert(1)
    assert everything.hears()["data"]["type"] == "INSERT"
    notes.sql("update notes set id = 2, body = null")
    update = everything.hears()["data"]
    assert (update["type"], update["old_record"]) == ("UPDATE", {"id": 1})
    assert (update["record"]["id"], update["record"]["body"]) == (2, None)
    notes.sql("delete from notes")
    assert everything.hears()["data"]["type"] == "DELETE"
    assert deletes.hears()["data"]["old_record"] == {"id": 2}
    assert deletes.hears_nothing(0.2)


def test_a_row_that_is_gone_by_the_time_it_is_looked_at_is_told_only_as_deleted(
    notes: Notes, connect: Connect
) -> None:
    listening = connect(OWNER).join("a", {})
    notes.sql("begin; insert into notes values (1); delete from notes; commit")
    assert listening.hears()["data"]["type"] == "DELETE"


def test_what_is_rolled_back_is_not_told(notes: Notes, connect: Connect) -> None:
    listening = connect(OWNER).join("a", {})
    notes.sql("begin; insert into notes values (1); rollback")
    assert listening.hears_nothing()


def test_a_column_the_role_may_not_read_is_left_out(notes: Notes, connect: Connect) -> None:
    notes.sql("revoke select on notes from authenticated")
    notes.sql("grant select (id, owner) on notes to authenticated")
    listening = connect(OWNER).join("a", {})
    notes.insert(1, body="secret")
    data = listening.hears()["data"]
    assert data["record"] == {"id": 1, "owner": notes.user_id(OWNER)}
    assert [column["name"] for column in data["columns"]] == ["id", "owner"]
    notes.sql("grant select on notes to authenticated")


def test_who_may_not_read_the_table_is_told_so(notes: Notes, connect: Connect) -> None:
    listening = connect().join("a", {})
    notes.insert(1)
    data = listening.hears()["data"]
    assert (data["errors"], data["record"]) == (["Error 401: Unauthorized"], {})


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"table": "profiles"}, "Please check Realtime is enabled"),
        ({"filter": "nothing=eq.1"}, "invalid column for filter nothing"),
        ({"filter": "rank=eq.much"}, "invalid input syntax for type integer"),
        ({"filter": "rank=about.3"}, "Error parsing `filter` params"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_answered_with_the_reason(
    wish: dict[str, str], complaint: str, notes: Notes, connect: Connect
) -> None:
    refused = connect(OWNER).join("a", wish, waits=False)
    assert complaint in refused.complaint()
