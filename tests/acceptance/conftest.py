"""A call centre with nobody in it yet, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acceptance.centre import CallCentre
from devstack.stack import Stack
from devstack.twilio.client import Sim


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # They share agents and a telephone number: one after the other.
    for item in items:
        if "acceptance" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture
def centre(stack: Stack, sim: Sim) -> Iterator[CallCentre]:
    stack.up()
    with CallCentre(stack, sim) as call_centre:
        call_centre.clear()
        yield call_centre
        # 11xxx is "could not reach you", which the crash tests mean to happen.
        complaints = [error for error in sim.errors() if error["code"] // 1000 != 11]
        assert not complaints, "Twilio complained of our TwiML"
