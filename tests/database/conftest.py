"""A call centre in a transaction; people of every role, and rows that are theirs."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from devstack.stack import Stack
from tests.database.belongings import Belongings
from tests.database.people import People, open_people
from tests.database.switchboard import Switchboard


@pytest.fixture(scope="session")
def people(stack: Stack) -> Iterator[People]:
    everybody = open_people(stack)
    yield everybody
    everybody.close()


@pytest.fixture
def board(sql: psycopg.Connection) -> Switchboard:
    switchboard = Switchboard(sql)
    switchboard.be_noon()
    return switchboard


@pytest.fixture
def belongings(people: People) -> Iterator[Belongings]:
    rows = Belongings(people)
    yield rows
    rows.remove()
