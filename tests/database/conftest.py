"""People of every role, and rows that are theirs; both gone when the tests are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from database.belongings import Belongings
from database.people import People, open_people
from devstack.stack import Stack


@pytest.fixture(scope="session")
def people(stack: Stack) -> Iterator[People]:
    everybody = open_people(stack)
    yield everybody
    everybody.close()


@pytest.fixture
def belongings(people: People) -> Iterator[Belongings]:
    rows = Belongings(people)
    yield rows
    rows.remove()
