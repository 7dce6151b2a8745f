"""The account's messaging services: where what people write to one goes; kept on disk."""

import json
from typing import Any

from devstack.twilio.config import Config

SETTINGS: dict[str, Any] = {
    "inbound_request_url": "",
    "inbound_method": "POST",
    "use_inbound_webhook_on_number": False,
}


class MessagingServices:
    def __init__(self, config: Config) -> None:
        self._path = config.data_dir / "messaging_services.json"
        self._settings: dict[str, dict[str, Any]] = {}

    def load(self) -> None:
        if self._path.exists():
            self._settings = json.loads(self._path.read_text())

    def of(self, sid: str) -> dict[str, Any]:
        return SETTINGS | self._settings.get(sid, {})

    def update(self, sid: str, values: dict[str, Any]) -> None:
        self._settings[sid] = self.of(sid) | values
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._settings))

    def forget(self) -> None:
        """Back to services that lead nowhere."""
        self._path.unlink(missing_ok=True)
        self._settings = {}
