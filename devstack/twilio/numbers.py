"""The account's phone numbers and where each sends its calls; kept on disk, as Twilio keeps it."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from devstack.twilio.clock import Clock, rfc2822
from devstack.twilio.config import Config
from devstack.twilio.ids import new_sid
from devstack.twilio.webhooks import Endpoint


@dataclass(slots=True)
class Number:
    sid: str
    phone_number: str
    created: float
    updated: float
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    voice_application_sid: str = ""
    trunk_sid: str = ""

    @property
    def leads_to(self) -> str:
        """An application or a trunk takes the number's calls from its voice URL."""
        return "" if self.voice_application_sid or self.trunk_sid else self.voice_url

    @property
    def can_text(self) -> bool:
        """Colombia's ordinary numbers can't."""
        return not self.phone_number.startswith("+57")

    @property
    def fallback(self) -> Endpoint | None:
        url = self.voice_fallback_url
        return Endpoint(url, self.voice_fallback_method) if url else None

    @property
    def callback(self) -> Endpoint | None:
        url = self.status_callback
        return Endpoint(url, self.status_callback_method) if url else None

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        values = asdict(self)
        created, updated = values.pop("created"), values.pop("updated")
        uri = f"/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers/{self.sid}"
        return values | {
            "account_sid": account_sid,
            "address_requirements": "none",
            "address_sid": None,
            "api_version": "2010-04-01",
            "beta": False,
            "bundle_sid": None,
            "capabilities": {"voice": True, "sms": self.can_text, "mms": False, "fax": False},
            "date_created": rfc2822(created),
            "date_updated": rfc2822(updated),
            "emergency_address_sid": None,
            "emergency_address_status": "unregistered",
            "emergency_status": "Inactive",
            "identity_sid": None,
            "origin": "twilio",
            "sms_application_sid": "",
            "status": "in-use",
            "subresource_uris": {"assigned_add_ons": f"{uri}/AssignedAddOns.json"},
            "trunk_sid": self.trunk_sid or None,
            "uri": f"{uri}.json",
            "voice_caller_id_lookup": False,
            "voice_receive_mode": "voice",
        }


class Numbers:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._wanted = config.numbers
        self._clock = clock
        self._path = config.data_dir / "numbers.json"
        self.by_number: dict[str, Number] = {}

    def load(self) -> None:
        """What was configured for a number in an earlier run still holds."""
        kept: dict[str, Any] = {}
        if self._path.exists():
            kept = {entry["phone_number"]: entry for entry in json.loads(self._path.read_text())}
        for number in self._wanted:
            self.by_number[number] = Number(**kept[number]) if number in kept else self._new(number)

    def _new(self, number: str) -> Number:
        now = self._clock.time()
        return Number(new_sid("PN"), number, now, now, friendly_name=number)

    def by_sid(self, sid: str) -> Number | None:
        return next((n for n in self.by_number.values() if n.sid == sid), None)

    def update(self, number: Number, values: dict[str, str]) -> None:
        for name, value in values.items():
            setattr(number, name, value)
        number.updated = self._clock.time()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps([asdict(n) for n in self.by_number.values()]))

    def forget(self) -> None:
        """Back to numbers that lead nowhere."""
        self._path.unlink(missing_ok=True)
        self.by_number = {number: self._new(number) for number in self._wanted}
