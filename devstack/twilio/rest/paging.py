"""Twilio's lists: newest first, in pages that a token continues."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from devstack.twilio.rest.forms import Form, moment

Json = dict[str, Any]
DEFAULT_SIZE = 50
LARGEST_SIZE = 1000


def page(
    request: web.Request, key: str, items: Sequence[Json], id_field: str = "sid"
) -> web.Response:
    """The page asked for; the token names the last item seen, so new ones don't shift it."""
    query = request.query
    size = min(LARGEST_SIZE, max(1, int(query.get("PageSize") or DEFAULT_SIZE)))
    number = int(query.get("Page") or 0)
    start = _start(items, query.get("PageToken", ""), id_field, number * size)
    shown = list(items[start : start + size])
    more = start + size < len(items)
    body: Json = {
        key: shown,
        "first_page_uri": _uri(request, size, 0),
        "next_page_uri": None,
        "page": number,
        "page_size": size,
        "previous_page_uri": _uri(request, size, number - 1) if number else None,
        "start": start,
        "end": start + max(0, len(shown) - 1),
        "uri": _uri(request, size, number),
    }
    if more:
        body["next_page_uri"] = _uri(request, size, number + 1, "PA" + shown[-1][id_field])
    return web.json_response(body)


def _start(items: Sequence[Json], token: str, id_field: str, default: int) -> int:
    if not token:
        return default
    last = token.removeprefix("PA")
    for index, item in enumerate(items):
        if item[id_field] == last:
            return index + 1
    return default


def _uri(request: web.Request, size: int, number: int, token: str = "") -> str:
    """Root-relative and without a product prefix, as clients put their own host before it."""
    path = request.path[request.path.index("/2010-04-01") :]
    skip = {"PageSize", "Page", "PageToken"}
    query = [(name, value) for name, value in request.query.items() if name not in skip]
    query += [("PageSize", str(size)), ("Page", str(number))]
    if token:
        query.append(("PageToken", token))
    return f"{path}?{urlencode(query)}"


def newest_first(items: Iterable[Any], when: Callable[[Any], float]) -> list[Any]:
    return sorted(items, key=when, reverse=True)


def within(form: Form, name: str, value: float | None, by_day: bool = False) -> bool:
    """Whether a time passes the filters ``name``, ``name<`` and ``name>``, in whole seconds, or
    in whole days.
    """
    exact = moment(form.text(name))
    before, after = moment(form.text(f"{name}<")), moment(form.text(f"{name}>"))
    if by_day:
        before = None if before is None else before - before % 86_400 + 86_399
        after = None if after is None else after - after % 86_400
    if exact is None and before is None and after is None:
        return True
    if value is None:
        return False
    value = int(value)
    if exact is not None and not exact <= value < exact + (
        86_400 if len(form.text(name)) <= 10 else 1
    ):
        return False
    return (before is None or value <= before) and (after is None or value >= after)
