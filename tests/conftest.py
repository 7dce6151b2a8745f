"""What every test of the running system shares: one stack, at twenty times the speed of life."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from devstack.stack import Stack
from devstack.testing import running_stack
from devstack.twilio.client import Sim


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The whole local stack, up; shared by all tests that ask for it."""
    return running_stack()


@pytest.fixture(scope="session")
def sim(stack: Stack) -> Iterator[Sim]:
    with Sim(stack.env["TWILIO_API_BASE_URL"]) as client:
        yield client


@pytest.fixture
def sql(stack: Stack) -> Iterator[psycopg.Connection]:
    """The database as `postgres`, in a transaction that is rolled back."""
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        yield connection
        connection.rollback()
