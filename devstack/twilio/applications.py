"""The account's TwiML Apps: where calls go that softphones place; kept on disk, as Twilio does."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from devstack.twilio.clock import Clock, rfc2822
from devstack.twilio.config import Config
from devstack.twilio.webhooks import Endpoint


@dataclass(slots=True)
class Application:
    sid: str
    created: float
    updated: float
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"

    @property
    def voice(self) -> Endpoint:
        return Endpoint(self.voice_url, self.voice_method)

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
        uri = f"/2010-04-01/Accounts/{account_sid}/Applications/{self.sid}.json"
        return values | {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "date_created": rfc2822(created),
            "date_updated": rfc2822(updated),
            "message_status_callback": None,
            "public_application_connect_enabled": False,
            "sms_fallback_method": "POST",
            "sms_fallback_url": "",
            "sms_method": "POST",
            "sms_status_callback": "",
            "sms_url": "",
            "uri": uri,
            "voice_caller_id_lookup": False,
        }


class Applications:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._wanted = config.applications
        self._clock = clock
        self._path = config.data_dir / "applications.json"
        self.by_sid: dict[str, Application] = {}

    def load(self) -> None:
        """What was configured for an application in an earlier run still holds."""
        kept: dict[str, Any] = {}
        if self._path.exists():
            kept = {entry["sid"]: entry for entry in json.loads(self._path.read_text())}
        now = self._clock.time()
        for sid in self._wanted:
            self.by_sid[sid] = Application(
                **kept.get(sid, {"sid": sid, "created": now, "updated": now})
            )

    def update(self, application: Application, values: dict[str, str]) -> None:
        for name, value in values.items():
            setattr(application, name, value)
        application.updated = self._clock.time()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps([asdict(one) for one in self.by_sid.values()]))

    def forget(self) -> None:
        """Back to applications that lead nowhere."""
        self._path.unlink(missing_ok=True)
        self.load()
