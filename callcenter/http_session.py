"""The HTTP client that supabase is given: httpx's interface, and pyreqwest (Rust) beneath it.

Through httpx itself an rpc takes as long as all else that a webhook does together: it spends most
of that on cookies, redirects and credentials, which PostgREST has no use for, and on a pool of
connections with one lock for all threads.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from pyreqwest.client import SyncClientBuilder
from pyreqwest.exceptions import PyreqwestError

from callcenter.errors import DatabaseUnavailableError

_CONNECT_TIMEOUT = timedelta(seconds=2)
_TIMEOUT = timedelta(seconds=5)
# From the gateway, not from PostgREST: its body is no error of Postgres's, so it is not read.
_UNAVAILABLE_FROM_STATUS = 502


class Session(httpx.Client):
    """Requests to Supabase. Make one a process, after fork: it has threads of its own.

    Raises httpx.RequestError where no whole answer came, httpx.TimeoutException among them, and
    DatabaseUnavailableError where the answer is that there is nobody to answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._client = (
            SyncClientBuilder().connect_timeout(_CONNECT_TIMEOUT).timeout(_TIMEOUT).build()
        )

    def request(
        self,
        method: str,
        url: httpx.URL | str,
        *,
        content: Any = None,
        params: Any = None,
        headers: Any = None,
        **_: Any,
    ) -> httpx.Response:
        request = httpx.Request(method, url, params=params, headers=headers, content=content)
        asked = self._client.request(method, str(request.url)).headers([*request.headers.items()])
        if content is not None:
            asked = asked.body_bytes(content)
        try:
            answer = asked.build().send()
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from error
        except PyreqwestError as error:
            raise httpx.ReadError(str(error)) from error
        if answer.status >= _UNAVAILABLE_FROM_STATUS:
            raise DatabaseUnavailableError(f"HTTP {answer.status}")
        body, headers = answer.bytes().to_bytes(), [*answer.headers.items()]
        return httpx.Response(answer.status, headers=headers, content=body, request=request)
