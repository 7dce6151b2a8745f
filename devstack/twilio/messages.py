"""Text messages: kept so that tests can read them, with Twilio's progress callbacks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devstack.twilio.clock import rfc2822
from devstack.twilio.ids import new_sid
from devstack.twilio.webhooks import Endpoint

if TYPE_CHECKING:
    from devstack.twilio.world import World

PROGRESS = (("sent", 1.0), ("delivered", 2.0))
SEGMENT = 153


@dataclass(slots=True)
class Message:
    sid: str
    from_: str
    to: str
    body: str
    created: float
    updated: float
    status: str = "queued"
    callback: Endpoint | None = None
    service_sid: str = ""

    def as_rest(self, account_sid: str) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        sent = self.status in {"sent", "delivered"}
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": rfc2822(self.updated) if sent else None,
            "date_updated": rfc2822(self.updated),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": self.from_ or None,
            "messaging_service_sid": self.service_sid or None,
            "num_media": "0",
            "num_segments": str(max(1, -(-len(self.body) // SEGMENT))),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


class Messages:
    def __init__(self, world: "World") -> None:
        self._world = world
        self.by_sid: dict[str, Message] = {}

    def send(
        self, from_: str, to: str, body: str, callback: Endpoint | None, service_sid: str = ""
    ) -> Message:
        now = self._world.clock.time()
        message = Message(
            new_sid("SM"), from_, to, body, now, now, callback=callback, service_sid=service_sid
        )
        self.by_sid[message.sid] = message
        self._world.feed.event(message.sid, "message", f"{to}: {body}")
        self._world.tasks.spawn(self._progress(message))
        return message

    async def _progress(self, message: Message) -> None:
        for status, seconds in PROGRESS:
            await self._world.clock.sleep(seconds)
            message.status = status
            message.updated = self._world.clock.time()
            self._notify(message)

    def _notify(self, message: Message) -> None:
        params = {
            "AccountSid": self._world.config.account_sid,
            "ApiVersion": "2010-04-01",
            "From": message.from_,
            "To": message.to,
            "MessageSid": message.sid,
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
        }
        if message.service_sid:
            params["MessagingServiceSid"] = message.service_sid
        self._world.webhooks.notify("message", message.sid, message.callback, params)
