"""Twilio's library with time-outs, another host where one is set, and its errors as ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from callcenter.errors import (
    TwilioBusyError,
    TwilioError,
    TwilioRefusedError,
    TwilioUncertainError,
)
from callcenter.models import JSON
from callcenter.settings import Settings

REQUEST_TIMEOUT_SECONDS = 10.0


class _HttpClient(TwilioHttpClient):
    """Time-outs on every request, and another host where one is configured."""

    def __init__(self, base_url: str | None) -> None:
        super().__init__(timeout=REQUEST_TIMEOUT_SECONDS, pool_connections=True)
        self._base_url = base_url
        adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=32)
        if self.session is not None:
            self.session.mount("http://", adapter)
            self.session.mount("https://", adapter)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base_url:
            url = relocated(url, self._base_url)
        return super().request(method, url, *args, **kwargs)


def relocated(url: str, base_url: str) -> str:
    """Move a Twilio URL to another host; the product's subdomain becomes the first path part."""
    parts = urlsplit(url)
    product = (parts.hostname or "api").split(".")[0]
    query = f"?{parts.query}" if parts.query else ""
    return f"{base_url.rstrip('/')}/{product}{parts.path}{query}"


class TwilioClient:
    """Asks Twilio. Raises TwilioRefusedError, TwilioBusyError, TwilioUncertainError."""

    def __init__(self, settings: Settings) -> None:
        self.rest = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            http_client=_HttpClient(settings.twilio_api_base_url),
        )

    def ask(self, operation: Callable[..., Any], /, **arguments: Any) -> Any:
        """Call an operation of the library's."""
        try:
            return operation(**arguments)
        except TwilioRestException as error:
            raise _as_ours(error.status, error.code, str(error.msg)) from error
        except TwilioException as error:
            # Of a list's page the library only hands over what was answered.
            answer = next((part for part in error.args if isinstance(part, Response)), None)
            if answer is None:
                raise
            content = _object(answer.text)
            reason = str(content.get("message") or answer.text[:200])
            raise _as_ours(answer.status_code, content.get("code"), reason) from error
        except requests.RequestException as error:
            raise TwilioUncertainError(type(error).__name__) from error

    def ask_in_json(
        self, method: str, url: str, body: JSON | None = None, headers: JSON | None = None
    ) -> JSON:
        """Ask an address of Twilio's, in JSON: the library's classes can't read all it answers."""
        response = self.ask(
            self.rest.request,
            method=method,
            uri=url,
            data=body,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        content = _object(response.text)
        if response.status_code >= 400:
            reason = content.get("message") or content.get("detail") or content.get("title")
            raise _as_ours(response.status_code, content.get("code"), str(reason))
        return content


def _object(text: str) -> JSON:
    """A JSON object; an empty one where a proxy answered in Twilio's place, with something else."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _as_ours(status: int, code: int | None, message: str) -> TwilioError:
    if status == 429:
        return TwilioBusyError(message)
    if status >= 500:
        return TwilioUncertainError(f"{status}: {message}")
    return TwilioRefusedError(status, code, message)
