"""TwiML Bins: documents that Twilio hosts itself, whatever becomes of the service."""

from devstack.twilio.ids import new_sid


class Bins:
    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._by_sid: dict[str, str] = {}

    def add(self, twiml: str) -> str:
        sid = new_sid("EH")
        self._by_sid[sid] = twiml
        return f"{self._base_url}/twiml/{sid}"

    def find(self, sid: str) -> str | None:
        return self._by_sid.get(sid)

    def clear(self) -> None:
        self._by_sid.clear()
