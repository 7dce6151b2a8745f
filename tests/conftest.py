"""What every test of the running system shares: one stack, at twenty times the speed of life."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import psycopg
import pytest

from devstack.stack import Stack
from devstack.testing import base_for_tests, running_stack
from devstack.twilio.client import Sim
from devstack.users import USERS, give_roles
from tests.database.scratch import Scratch


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The whole local stack, up; shared by all tests that ask for it."""
    return running_stack()


@pytest.fixture(scope="session")
def own_stack() -> Iterator[Stack]:
    """A stack for tests that kill it, so it can't be the one other tests run on."""
    # A base for each worker, for a run that does not keep our xdist_group on one of them.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    stack = Stack(base_for_tests() + 100 + 10 * worker, speed=1)
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
def own_database(stack: Stack) -> Iterator[str]:
    """The URL of a database like the stack's that no process but the test's knows of."""
    with Scratch(stack) as scratch:
        with scratch.connect("DATABASE_ADMIN_URL") as db:
            for user in USERS:
                db.execute("insert into auth.users (email) values (%s)", [user.email])
        scratch.push()
        give_roles(scratch.url("DATABASE_ADMIN_URL"))
        scratch.push("--include-seed")
        yield scratch.url()


@pytest.fixture
def sql(own_database: str) -> Iterator[psycopg.Connection]:
    """A database as `postgres`, in a transaction that is rolled back."""
    with psycopg.connect(own_database) as connection:
        yield connection
        connection.rollback()
