"""Text messages, from a sender that may send them."""

from __future__ import annotations

from callcenter.errors import TwilioError, TwilioRefusedError
from callcenter.settings import Settings
from callcenter.telephony.account import Account
from callcenter.telephony.client import TwilioClient
from callcenter.twiml import Urls

# What Twilio says of a number without the capability.
_CAN_NOT_SEND = 21606
# What it says of one that sends to itself.
_OUR_OWN = 21266


class Messages:
    def __init__(self, client: TwilioClient, account: Account, settings: Settings) -> None:
        self._client = client
        self._account = account
        self._settings = settings
        self._can_text: dict[str, bool] = {}

    def send(self, to: str, called: str, text: str, message: str | None) -> str:
        """Send a text message, about a call to a number of ours; returns its SID.

        message: its id, by which what becomes of it is told; None: nobody wants to know.
        """
        if to in self._settings.twilio_phone_numbers:
            raise TwilioRefusedError(400, _OUR_OWN, "the number is our own")
        callback = Urls(self._settings.public_url)("message-status", message=message)
        told = {"status_callback": callback} if message else {}
        sender = self._settings.twilio_sms_sender or self._number_for(called)
        key = "messaging_service_sid" if sender.startswith("MG") else "from_"
        create = self._client.rest.messages.create
        return str(self._client.ask(create, to=to, body=text, **{key: sender}, **told).sid)

    def _number_for(self, called: str) -> str:
        """The number that was called if it can send texts, else the first of ours that can."""
        for number in (called, *self._settings.twilio_phone_numbers):
            if self._is_able(number):
                return number
        raise TwilioRefusedError(
            400, _CAN_NOT_SEND, "no number of ours can send texts: set TWILIO_SMS_SENDER"
        )

    def _is_able(self, number: str) -> bool:
        """As Twilio says, asked once a process; where it does not say, it is tried."""
        if number not in self._can_text:
            try:
                facts = self._account.number(number)
            except TwilioError:
                return True
            self._can_text[number] = facts is not None and facts.sms
        return self._can_text[number]
