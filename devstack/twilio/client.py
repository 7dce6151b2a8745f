"""A small client of the ``/sim`` API, for tests and demos."""

import time
from types import TracebackType
from typing import Any, Self

import httpx

Json = dict[str, Any]
Script = list[Json]


class Sim:
    """Times given here are virtual seconds unless a name says ``real``."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._http = httpx.Client(base_url=self.base_url, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def person(
        self,
        address: str,
        script: Script | None = None,
        on_ring: Json | None = None,
        name: str = "",
        machine: bool = False,
        steps_aside: bool = False,
    ) -> None:
        """Registers who answers at an address; by default after a second."""
        body: Json = {
            "address": address, "name": name, "script": script or [],
            "machine": machine, "steps_aside": steps_aside,
        }  # fmt: skip
        if on_ring is not None:
            body["on_ring"] = on_ring
        self._post("/sim/people", body)

    def ring(self, from_: str, to: str, script: Script | None = None, **more: Any) -> str:
        """Somebody rings one of our numbers; returns the call's SID."""
        body = {"from": from_, "to": to, "script": script or [], **more}
        return str(self._post("/sim/calls", body)["sid"])

    def answer(self, sid: str) -> None:
        """The person of a leg that rings answers it; what they do then is told by `act`."""
        self._post(f"/sim/calls/{sid}/answer", {})

    def act(self, sid: str, script: Script) -> None:
        """Further steps for the person of a running call."""
        self._post(f"/sim/calls/{sid}/steps", {"script": script})

    def call(self, sid: str) -> Json:
        return dict(self._get(f"/sim/calls/{sid}"))

    def calls(self, live: bool = False) -> list[Json]:
        return list(self._get("/sim/calls", live=int(live)))

    def wait_until_ended(self, sid: str, real_seconds: float = 10) -> Json:
        """Raises TimeoutError when the call still runs after that many real seconds."""
        deadline = time.monotonic() + real_seconds
        while (left := deadline - time.monotonic()) > 0:
            call = dict(self._get(f"/sim/calls/{sid}", wait=left))
            if call["ended"]:
                return call
        raise TimeoutError(f"{sid} still runs after {real_seconds} s: {self.call(sid)}")

    def heard(self, sid: str) -> list[str]:
        return [entry["text"] for entry in self.call(sid)["heard"]]

    def hearing(self, sid: str, source: str | None = None) -> list[Json]:
        """What reached a leg's ear, in order, or only what came from one ``source``: a leg's SID,
        "music" or "announcement". ``begin`` and ``end`` are virtual seconds since 1970; ``end`` is
        None of what can still be heard.
        """
        stretches = self._get(f"/sim/calls/{sid}/hearing")
        return [s for s in stretches if source in {None, s["source"]}]

    def hears(self, sid: str) -> set[str]:
        """What a leg can hear now."""
        return {s["source"] for s in self.hearing(sid) if s["end"] is None}

    def silences(self, sid: str, of_at_least: float = 1.0) -> list[tuple[float, float]]:
        """Times between the first and the last that reached a leg's ear in which nothing did."""
        gaps, until = [], None
        for stretch in self.hearing(sid):
            if until is not None and stretch["begin"] - until >= of_at_least:
                gaps.append((until, stretch["begin"]))
            end = float("inf") if stretch["end"] is None else stretch["end"]
            until = end if until is None else max(until, end)
        return gaps

    def registered(self, address: str, registered: bool) -> None:
        """Somebody opens the softphone of an address, or closes it."""
        self._post("/sim/softphones", {"address": address, "registered": registered})

    def open_softphones(self) -> list[str]:
        """The addresses of softphones that are open in browsers."""
        return list(self._get("/sim/softphones"))

    def recordings(self) -> list[Json]:
        """All recordings; ``text`` is what can be heard in one that has ended."""
        return list(self._get("/sim/recordings"))

    def webhooks(self, since: int = 0) -> list[Json]:
        return list(self._get("/sim/webhooks", since=since))

    def untold(self) -> int:
        """How much the service has yet to be told of what happened."""
        return int(self._get("/sim/untold"))

    def errors(self) -> list[Json]:
        return list(self._get("/sim/errors"))

    def messages(self) -> list[Json]:
        return list(self._get("/sim/messages"))

    def write(self, from_: str, to: str, body: str, service: str = "") -> str:
        """Somebody writes to a number of ours, or of a messaging service; the message's SID."""
        written = {"from": from_, "to": to, "body": body, "service": service}
        return str(self._post("/sim/messages", written)["sid"])

    def events(self, since: int = 0, wait_real_seconds: float = 0) -> list[Json]:
        return list(self._get("/sim/events", since=since, wait=wait_real_seconds))

    def faults(self, **chances: float) -> None:
        """Replaces all faults; none named means none."""
        self._post("/sim/faults", chances)

    def account(self, **changes: Any) -> None:
        """Changes the account, and how Twilio behaves towards it, until reset()."""
        self._post("/sim/account", changes)

    def bin(self, twiml: str) -> str:
        """A TwiML Bin, kept until reset(); returns its URL."""
        return str(self._post("/sim/bins", {"twiml": twiml})["url"])

    def clock(self) -> Json:
        return dict(self._get("/sim/clock"))

    def reset(self, people: bool = False, numbers: bool = False) -> None:
        self._post("/sim/reset", {"people": people, "numbers": numbers})

    def _get(self, path: str, **query: Any) -> Any:
        return self._answer(self._http.get(path, params=query))

    def _post(self, path: str, body: Json) -> Any:
        return self._answer(self._http.post(path, json=body))

    def _answer(self, response: httpx.Response) -> Any:
        if response.is_error:
            raise RuntimeError(f"{response.request.url}: {response.status_code} {response.text}")
        return response.json()
