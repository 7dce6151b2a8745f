"""Softphones in browsers: which are signed in at an address, and are rung there."""

from secrets import token_hex
from typing import TYPE_CHECKING

from aiohttp import web

from devstack.twilio.calls import Call
from devstack.twilio.device import Device
from devstack.twilio.tasks import Tasks

if TYPE_CHECKING:
    from devstack.twilio.world import World


class Softphones:
    """Of the softphones of one address all are rung, and the first to answer has the call."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._devices: set[Device] = set()
        self._tasks = Tasks()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """One connection of a softphone, until it is closed."""
        device = Device(self._world, socket, self._tasks)
        self._devices.add(device)
        try:
            await device.listen()
        finally:
            self._devices.discard(device)
            device.gone()

    async def close(self) -> None:
        for device in list(self._devices):
            await device.socket.close()
        await self._tasks.cancel_all()

    def is_registered(self, address: str) -> bool:
        return any(device.takes_calls_to(address) for device in self._devices)

    def addresses(self) -> list[str]:
        """Where a softphone is open in a browser."""
        grants = [device.grant for device in self._devices]
        return sorted({g.address for g in grants if g and self.is_registered(g.address)})

    def invite(self, call: Call) -> None:
        """Who registers later is not asked, as at Twilio."""
        call.reconnect = token_hex(16)
        for device in self._devices:
            if device.takes_calls_to(call.to):
                self._tasks.spawn(device.lines.ring(call))
