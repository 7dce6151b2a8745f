"""The calls of one softphone: it is rung, answers, places, presses keys, and hears in captions."""

from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from devstack.twilio.calls import Call
from devstack.twilio.engine.flow import Goto
from devstack.twilio.hearing import renew_around
from devstack.twilio.params import API_VERSION
from devstack.twilio.people import BETWEEN_KEYS
from devstack.twilio.tasks import Tasks

if TYPE_CHECKING:
    from devstack.twilio.applications import Application
    from devstack.twilio.device import Device
    from devstack.twilio.world import World

Payload = dict[str, Any]
NO_APPLICATION, DECLINED, NO_RECONNECT = 31001, 31002, 31209
SIP_DECLINE = 603
PAUSE = 0.5
# How long the line of a softphone that is gone without a word is kept: as the Voice SDK asks for.
KEPT_SECONDS = 30.0
# What Twilio says itself of a call from a softphone, whatever the page gave: To is the page's.
OWN_PARAMETERS = frozenset(
    {"CallSid", "AccountSid", "From", "Caller", "Called", "CallStatus", "ApiVersion", "Direction"}
)
# What somebody with the softphone at their ear hears.
AUDIBLE = frozenset({"say", "play", "tones", "beep", "music", "voice", "busy_tone", "rejected"})


class Lines:
    def __init__(self, world: "World", device: "Device", tasks: Tasks) -> None:
        self._world = world
        self._device = device
        self._tasks = tasks
        # What calls are named by until the softphone knows their SID.
        self._temporary: dict[str, str] = {}

    # -- being rung ---------------------------------------------------------------------------

    async def ring(self, call: Call) -> None:
        """Until somebody answers, here or elsewhere, or it is over."""
        parameters = {
            "CallSid": call.sid,
            "AccountSid": self._world.config.account_sid,
            "From": call.from_,
            "To": call.to,
            "ApiVersion": API_VERSION,
            "Params": call.parameters,
        }
        invitation = {"callsid": call.sid, "parameters": parameters, "reconnect": call.reconnect}
        await self._device.send("invite", invitation)
        await call.signal.until(lambda: call.live or call.over)
        if call.device is self._device:
            await self._device.send("answer", invitation)
            await self._follow(call)
        else:
            await self._device.send("cancel", {"callsid": call.sid})

    async def answer(self, payload: Payload) -> None:
        """Who comes second hears that it is over."""
        call = self._ringing(payload)
        if call:
            call.device = self._device
            self._world.exchange.answer(call)

    async def reject(self, payload: Payload) -> None:
        """For all softphones of the address."""
        call = self._ringing(payload)
        if call:
            self._world.exchange.end(call, "busy", SIP_DECLINE)

    def _ringing(self, payload: Payload) -> Call | None:
        call = self._world.calls.get(str(payload["callsid"]))
        rings = call and call.status == "ringing" and self._device.takes_calls_to(call.to)
        return call if rings else None

    # -- placing ------------------------------------------------------------------------------

    async def place(self, payload: Payload) -> None:
        """A call of its own, or one that it was in when its connection was lost."""
        named = str(payload["callsid"])
        if payload.get("reconnect"):
            await self._come_back(named, str(payload["reconnect"]))
            return
        grant = self._device.grant
        if grant is None or not grant.application:
            await self._end(named, DECLINED, "the token does not allow to place calls")
            return
        application = self._world.applications.by_sid.get(grant.application)
        if application is None or not application.voice_url:
            await self._end(named, NO_APPLICATION, f"{grant.application} has no voice URL")
            return
        given = dict(parse_qsl(payload.get("twilio", {}).get("params", "")))
        params = {name: value for name, value in given.items() if name not in OWN_PARAMETERS}
        call = self._start(named, grant.address, application, params)
        self._tasks.spawn(self._follow_from_ringing(call, named))

    def _start(
        self, named: str, from_: str, application: "Application", params: dict[str, str]
    ) -> Call:
        call = self._world.exchange.incoming(
            from_,
            params.get("To", ""),
            Goto(application.voice, params | {"ApplicationSid": application.sid}),
            application.fallback,
            application.callback,
            (),
        )
        call.device, call.reconnect = self._device, token_hex(16)
        self._temporary[named] = call.sid
        return call

    async def _follow_from_ringing(self, call: Call, temporary: str) -> None:
        named = {"callsid": call.sid, "temporary": temporary, "reconnect": call.reconnect}
        await self._device.send("ringing", named)
        await call.signal.until(lambda: call.live or call.over)
        if call.live:
            await self._device.send("answer", named)
        await self._follow(call)

    async def _end(self, named: str, code: int, message: str) -> None:
        error = {"code": code, "message": message}
        await self._device.send("hangup", {"callsid": named, "error": error})

    # -- being in a call ----------------------------------------------------------------------

    async def _follow(self, call: Call, told: int = 0) -> None:
        """Tells what is heard on the line, and its end."""
        while call.device is self._device:
            for heard in call.heard[told:]:
                told += 1
                if heard.kind in AUDIBLE and not call.lost:
                    # Who says nothing in particular is heard, and has no words.
                    text = "" if heard.kind == heard.text == "voice" else heard.text
                    said = {"at": heard.at, "kind": heard.kind, "text": text}
                    await self._device.send("caption", {"callsid": call.sid} | said)
            if call.over:
                await self._device.send("hangup", {"callsid": call.sid})
                return
            await call.signal.until(lambda told=told: len(call.heard) > told or call.over)  # type: ignore[misc]

    def _mine(self, payload: Payload) -> Call | None:
        named = str(payload["callsid"])
        call = self._world.calls.get(self._temporary.get(named, named))
        return call if call and call.device is self._device else None

    async def hang_up(self, payload: Payload) -> None:
        if call := self._mine(payload):
            self._world.exchange.hang_up(call)

    async def press(self, payload: Payload) -> None:
        if call := self._mine(payload):
            self._tasks.spawn(self._press(call, str(payload["dtmf"])))

    async def _press(self, call: Call, keys: str) -> None:
        for key in keys:
            if key == "w":
                await call.clock.sleep(PAUSE)
            else:
                call.input("press", key)
                await call.clock.sleep(BETWEEN_KEYS)

    async def mute(self, payload: Payload) -> None:
        if call := self._mine(payload):
            call.mic_off = bool(payload["muted"])
            call.feed.event(call.sid, "mic", "off" if call.mic_off else "on")
            renew_around(call)

    # -- a connection that is lost ------------------------------------------------------------

    def lose(self) -> None:
        """What it talks in ends, unless it comes back in time."""
        for call in self._world.calls.values():
            if call.device is self._device and not call.over:
                self._tasks.spawn(self._await_return(call))

    async def _await_return(self, call: Call) -> None:
        call.lost = True
        renew_around(call)
        call.feed.event(call.sid, "lost")
        await call.clock.sleep(KEPT_SECONDS)
        if call.device is self._device:
            self._world.exchange.end(call)

    async def _come_back(self, named: str, secret: str) -> None:
        call = self._world.calls.get(named)
        if call is None or call.over or secret != call.reconnect:
            await self._end(named, NO_RECONNECT, "the call can't be reconnected")
            return
        call.device, call.lost = self._device, False
        renew_around(call)
        await self._device.send("answer", {"callsid": named, "reconnect": secret})
        self._tasks.spawn(self._follow(call, len(call.heard)))
