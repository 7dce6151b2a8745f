"""Text messages: those that are sent, with progress callbacks, and those that people write."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devstack.twilio.clock import rfc2822
from devstack.twilio.ids import new_sid
from devstack.twilio.webhooks import Endpoint

if TYPE_CHECKING:
    from devstack.twilio.world import World

PROGRESS = (("queued", 0.0), ("sent", 1.0))
DELIVERY_SECONDS = 2.0
# From here on codes are the carriers'.
FIRST_CARRIER_CODE = 30000
# What opts out and in without being told to: each of these a message of its own.
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
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
    error_code: int | None = None

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
            "error_code": self.error_code,
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
        # Senders, each with somebody who wants nothing from it.
        self._opted_out: set[tuple[str, str]] = set()

    def is_opted_out(self, sender: str, number: str) -> bool:
        return (sender, number) in self._opted_out

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
        code = self._world.account.texts.get(message.to, 0)
        end = "undelivered" if code >= FIRST_CARRIER_CODE else "delivered"
        for status, seconds in (*PROGRESS, (end, DELIVERY_SECONDS)):
            await self._world.clock.sleep(seconds)
            message.status = status
            message.error_code = code if status == "undelivered" else None
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
        if message.error_code:
            params["ErrorCode"] = str(message.error_code)
        self._world.webhooks.notify("message", message.sid, message.callback, params)

    def receive(self, from_: str, to: str, body: str, service_sid: str = "") -> str:
        """Somebody writes to a number, one of a service's perhaps; returns the message's SID."""
        sid = new_sid("SM")
        word = body.strip().upper()
        pair = (service_sid or to, from_)
        if word in STOP:
            self._opted_out.add(pair)
        elif word in START:
            self._opted_out.discard(pair)
        self._world.feed.event(sid, "message", f"{from_}: {body}")
        params = {
            "AccountSid": self._world.config.account_sid,
            "ApiVersion": "2010-04-01",
            "From": from_,
            "To": to,
            "Body": body,
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "SmsStatus": "received",
            "NumMedia": "0",
            "NumSegments": "1",
        }
        if service_sid:
            params["MessagingServiceSid"] = service_sid
        if self._world.account.tells_opt_outs and word in STOP | START:
            params["OptOutType"] = "STOP" if word in STOP else "START"
        self._world.tasks.spawn(self._hand_over(sid, self._inbound(to, service_sid), params))
        return sid

    def _inbound(self, to: str, service_sid: str) -> Endpoint | None:
        """A service takes what is written to its numbers, unless it leaves that to them."""
        service = self._world.messaging_services.of(service_sid)
        if service_sid and not service["use_inbound_webhook_on_number"]:
            url, method = service["inbound_request_url"], service["inbound_method"]
        else:
            number = self._world.numbers.by_number.get(to)
            url, method = (number.sms_url, number.sms_method) if number else ("", "")
        return Endpoint(url, method) if url else None

    async def _hand_over(self, sid: str, to: Endpoint | None, params: dict[str, str]) -> None:
        """What is answered must be TwiML; the verbs of messages are not played here."""
        if to is None:
            return
        reply = await self._world.webhooks.document(sid, to, params)
        if not reply.ok:
            self._world.feed.error(sid, 11200, f"incoming message: {reply.message}", to.url)
        elif b"<Response" not in reply.body or "xml" not in reply.content_type:
            self._world.feed.error(sid, 12300, "incoming message: not TwiML", to.url)
