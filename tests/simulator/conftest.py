"""A simulator and a scripted service, each on its own free port, for one test."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from twilio.rest import Client

from devstack.twilio.client import Sim
from devstack.twilio.config import Config
from devstack.twilio.server import create_app
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of
from tests.simulator.service import Service

NUMBER = "+576015550100"
SPEED = 60.0

StartSim = Callable[..., Sim]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Running:
    """The application in a thread of its own, with its own event loop."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._loop = asyncio.new_event_loop()
        self._runner = web.AppRunner(
            create_app(config), shutdown_timeout=0.1, handler_cancellation=True
        )
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._run(self._start())

    async def _start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.config.port).start()

    def _run(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    def stop(self) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service(free_port())
    yield running
    running.stop()


@pytest.fixture
def start_sim(tmp_path: Path) -> Iterator[StartSim]:
    """Starts a simulator with other settings; several of one test share the data directory."""
    running: list[_Running] = []

    def start(**settings: object) -> Sim:
        values: dict[str, object] = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "numbers": (NUMBER,),
            "port": free_port(),
            "speed": SPEED,
            "data_dir": tmp_path / "sim",
            "cps": 100.0,
        }
        config = Config(**(values | settings))  # type: ignore[arg-type]
        running.append(_Running(config))
        return Sim(config.base_url)

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def sim(start_sim: StartSim, service: Service) -> Iterator[Sim]:
    """A simulator whose number leads to the service's ``/voice``."""
    running = start_sim()
    configure(running, voice_url=service.url("/voice"), status_callback=service.url("/status"))
    yield running
    running.close()


@pytest.fixture
def twilio(sim: Sim) -> Client:
    return client_of(sim)


def configure(sim: Sim, **settings: str) -> None:
    """Sets up the account's number with IncomingPhoneNumbers' parameters."""
    numbers = client_of(sim).incoming_phone_numbers
    numbers(str(numbers.list()[0].sid)).update(**settings)
