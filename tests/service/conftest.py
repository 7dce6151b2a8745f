"""The service over HTTP, as gunicorn serves it, and a signer for it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from flask import Flask

from callcenter.bootstrap import build_services
from callcenter.settings import Settings
from devstack.stack import Stack
from tests.service.signing import signature
from webhooks.app import create_app

Post = Callable[..., httpx.Response]
# Nobody listens at port 1.
OFFLINE = Settings(
    supabase_url="http://127.0.0.1:1",
    supabase_service_role_key="key",
    twilio_account_sid="AC0",
    twilio_auth_token="token",
    twilio_phone_numbers=("+576015550100",),
    public_url="http://localhost",
    metrics_token="token",
)
_sids = itertools.count(int(time.time() * 1000))


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application in this process; the database behind it does not answer."""
    return create_app(build_services(OFFLINE))


@pytest.fixture
def new_call() -> dict[str, str]:
    """The parameters of a call nobody has heard of, from a number nobody has."""
    sid = next(_sids)
    return {
        "CallSid": f"CA{sid:032x}",
        "AccountSid": "AC0",
        "From": f"+57310{sid % 10_000_000:07d}",
        "To": "+576015550100",
        "CallStatus": "ringing",
        "Direction": "inbound",
    }


@pytest.fixture(scope="module")
def without_worker(stack: Stack) -> Iterator[None]:
    """These calls are made up: the worker would ask Twilio about them, and end them as unknown."""
    stack.kill("worker")
    yield
    stack.start("worker")


@pytest.fixture
def post(stack: Stack, without_worker: None) -> Iterator[Post]:
    """Post a webhook, signed unless a signature is given."""
    base, token = stack.env["PUBLIC_URL"], stack.env["TWILIO_AUTH_TOKEN"]
    with httpx.Client(timeout=20, verify=False) as client:  # plain HTTP: no certificates to read

        def send(path: str, form: dict[str, str], signed: str | None = None) -> httpx.Response:
            url = f"{base}/api/twilio/{path}"
            given = signature(token, url, form) if signed is None else signed
            headers = {"X-Twilio-Signature": given}
            request = client.build_request("POST", base, data=form, headers=headers)
            request.url = request.url.copy_with(raw_path=f"/api/twilio/{path}".encode())
            return client.send(request)

        yield send
