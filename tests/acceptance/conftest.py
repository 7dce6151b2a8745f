"""A call centre with nobody in it yet, for each test, in every weather that the test is for."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator

import pytest

from devstack.layout import DevstackError
from devstack.stack import Stack
from devstack.toolchain import ensure_browser
from devstack.twilio.client import Sim
from tests.acceptance.centre import FAULTS, CallCentre
from tests.acceptance.scenes import Chromium, Scene


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "in_any_weather: calm and with faults on, a call ends in the same rows. A run plays half of"
        " them in each; with WEATHER_SEED=n all in both, and with other faults",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("in_any_weather"):
        weathers = ["calm", "faults"]
        dealt = zlib.crc32(metafunc.definition.name.encode()) % 2
        everything = "WEATHER_SEED" in os.environ
        metafunc.parametrize("weather", weathers if everything else [weathers[dealt]])


@pytest.fixture
def weather() -> str:
    return "calm"


@pytest.fixture
def centre(
    stack: Stack, sim: Sim, weather: str, request: pytest.FixtureRequest
) -> Iterator[CallCentre]:
    with CallCentre(stack, sim, calm=weather == "calm") as call_centre:
        call_centre.whole_again()
        call_centre.clear()
        if weather == "faults":
            # Each test has its own luck, and the same every time; WEATHER_SEED deals anew.
            seed = zlib.crc32(request.node.name.encode()) + int(os.environ.get("WEATHER_SEED", 0))
            print(f"faults with seed {seed}")
            sim.faults(**FAULTS, seed=seed)
        yield call_centre
        # 11xxx is "could not reach you", which the crash tests mean to happen.
        complaints = [error for error in sim.errors() if error["code"] // 1000 != 11]
        call_centre.clear()
        assert not complaints, "Twilio complained of our TwiML"


@pytest.fixture(scope="session")
def chromium(stack: Stack) -> Iterator[Chromium]:
    """The browser of a worker's scenarios; their tests are of the xdist group live_pages."""
    try:
        ensure_browser(stack.tools)
    except DevstackError as error:
        pytest.skip(str(error))
    browser = Chromium(stack)
    yield browser
    browser.close()


@pytest.fixture
def play(chromium: Chromium, centre: CallCentre) -> Iterator[Callable[[str], Scene]]:
    """Begins the scenario of a module beside the tests; one at a time, until its end."""
    scenes: list[Scene] = []

    def begin(module: str) -> Scene:
        scenes.append(chromium.play(module))
        return scenes[-1]

    yield begin
    if not all(scene.ended for scene in scenes):
        chromium.close()
