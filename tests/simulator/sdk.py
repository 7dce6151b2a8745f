"""The official SDK, pointed at a simulator."""

from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from devstack.twilio.client import Sim

ACCOUNT = "AC" + "0" * 32
TOKEN = "12345"


class LocalTwilio(TwilioHttpClient):  # type: ignore[misc]
    """Sends to the simulator, the product's subdomain as a path prefix."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        product, _, path = url.removeprefix("https://").partition(".twilio.com/")
        return super().request(method, f"{self._base}/{product}/{path}", *args, **kwargs)


def client_of(sim: Sim, user: str = ACCOUNT, password: str = TOKEN) -> Client:
    return Client(user, password, account_sid=ACCOUNT, http_client=LocalTwilio(sim.base_url))
