"""What tests of the running system share: a stack a worker, at twenty times the speed of life."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import psycopg
import pytest

from devstack.stack import Stack
from devstack.testing import running_stack, second_base_for_tests
from devstack.twilio.client import Sim
from devstack.users import USERS, give_roles
from tests.database.scratch import Scratch


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests stay on one worker, for what they share is made once there. The slow ones are
    dealt out one by one, last: xdist begins with the largest groups."""
    for item in items:
        if "acceptance" not in item.path.parts and not item.get_closest_marker("xdist_group"):
            name = f"{item.path.parent.name}.{item.path.stem}"
            item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The whole local stack, up; shared by all tests of a worker that ask for it."""
    return running_stack()


@pytest.fixture(scope="session")
def own_stack() -> Iterator[Stack]:
    """A stack at the pace of life for tests that kill it, which begins empty and is removed."""
    stack = Stack(second_base_for_tests(), speed=1)
    stack.reset()
    yield stack
    stack.down()
    stack.server.remove_data()
    shutil.rmtree(stack.layout.state)
    stack.layout.env_file.unlink()


@pytest.fixture(scope="session")
def sim(stack: Stack) -> Iterator[Sim]:
    with Sim(stack.env["TWILIO_API_BASE_URL"]) as client:
        yield client


@pytest.fixture(scope="session")
def migrated_template(stack: Stack) -> Iterator[Scratch]:
    """A database after all migrations, for others to begin like; connect to those."""
    with Scratch(stack) as scratch:
        scratch.push()
        yield scratch


@pytest.fixture(scope="session")
def seeded_template(stack: Stack, migrated_template: Scratch) -> Iterator[Scratch]:
    """The same with the demo's people and the seed."""
    with Scratch(stack, migrated_template) as scratch:
        with scratch.connect("DATABASE_ADMIN_URL") as db:
            for user in USERS:
                db.execute("insert into auth.users (email) values (%s)", [user.email])
        give_roles(scratch.url("DATABASE_ADMIN_URL"))
        scratch.push("--include-seed")
        yield scratch


@pytest.fixture(scope="session")
def own_database(stack: Stack, seeded_template: Scratch) -> Iterator[str]:
    """The URL of a database like the stack's that no process but the test's knows of."""
    with Scratch(stack, seeded_template) as scratch:
        yield scratch.url()


@pytest.fixture
def sql(own_database: str) -> Iterator[psycopg.Connection]:
    """A database as `postgres`, in a transaction that is rolled back."""
    with psycopg.connect(own_database) as connection:
        yield connection
        connection.rollback()
