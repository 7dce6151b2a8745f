"""What a wall's figures are to be, as supervisors say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.desk import Desk
from tests.database.scratch import Scratch
from tests.database.screens import Json, Screens, as_user, supervisor, wallboard
from tests.database.switchboard import Switchboard
from tests.database.test_contact_merge import waits


def set_targets(board: Switchboard, user: str, targets: object) -> Json:
    query = "select public.set_targets(%s) as answer"
    (row,) = as_user(board, user, query, json.dumps(targets))
    return dict(row["answer"])


def test_a_wallboard_has_them_and_supervisors_change_some(board: Switchboard) -> None:
    user, screens = supervisor(board), Screens(board)
    before = wallboard(board, user)["targets"]
    assert (before["service_level"], before["service_level_alarm"]) == (90, 60)
    screens.forget()
    after = set_targets(board, user, {"service_level": 80, "waiting": 3})
    assert after == {**before, "service_level": 80, "waiting": 3}
    assert wallboard(board, user)["targets"] == after
    screens.a_second_later()
    (told,) = screens.told("supervisors")
    assert told["fetch"] is True


@pytest.mark.parametrize(
    ("targets", "field"),
    [
        ({"service_level": 101}, "service_level"),
        ({"service_level": -1}, "service_level"),
        ({"waiting": 1.5}, "waiting"),
        ({"available": None}, "available"),
        ({"callbacks": "many"}, "callbacks"),
        ({"time_zone": "UTC"}, "time_zone"),
        ({"service_level": 50}, "service_level_alarm"),
        ({"abandoned_alarm": 4}, "abandoned_alarm"),
        ([1], "p_targets"),
    ],
)
def test_what_can_be_no_target_is_refused_by_its_name(
    board: Switchboard, targets: object, field: str
) -> None:
    user = supervisor(board)
    with pytest.raises(psycopg.Error) as refusal:
        set_targets(board, user, targets)
    assert refusal.value.sqlstate == "PT400"
    assert json.loads(refusal.value.diag.message_detail or "")["field"] == field


def test_they_are_supervisors_to_change(board: Switchboard) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        set_targets(board, Desk(board).user, {})
    assert refusal.value.sqlstate == "PT403"


@pytest.fixture
def scratch(stack: Stack, migrated_template: Scratch) -> Iterator[Scratch]:
    with Scratch(stack, migrated_template) as database:
        yield database


def test_of_two_who_change_them_at_once_neither_undoes_the_others(scratch: Scratch) -> None:
    url = scratch.url()
    with psycopg.connect(url) as one, psycopg.connect(url) as two:
        board, other = Switchboard(one), Switchboard(two)
        user = supervisor(board)
        board.db.commit()
        set_targets(board, user, {"waiting": 7})
        with ThreadPoolExecutor(1) as pool:
            doing = pool.submit(set_targets, other, user, {"available": 4})
            waits(board, two, doing)
            board.db.commit()
            after: dict[str, Any] = doing.result(60)
        assert (after["waiting"], after["available"]) == (7, 4)
