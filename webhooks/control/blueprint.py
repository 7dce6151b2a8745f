"""The door that every request of a person's comes through, and how an operation is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import structlog
from flask import Blueprint, Response, g, jsonify, request
from pydantic import BaseModel, ValidationError

from callcenter.call_control import Outcome
from callcenter.errors import BadRequestError
from callcenter.events import ControlRequest
from callcenter.models import JSON
from callcenter.text import storable
from webhooks.control.session import user_id
from webhooks.services import services

bp = Blueprint("control", __name__, url_prefix="/api")
_LONGEST_KEY = 200
Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Operation:
    """One way to ask for something, as it is served and described.

    The view's docstring says what it means, body and answer are its shapes (answer None: sound),
    statuses those beside what any operation may answer (see openapi.py).
    """

    method: str
    rule: str
    view: Callable[..., JSON | Response]
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    statuses: tuple[int, ...]


OPERATIONS: list[Operation] = []


@bp.before_request
def find_out_who_asks() -> None:
    """Raises NotSignedInError (401) or ForeignOriginError (403)."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**(request.view_args or {}))
    if request.method != "OPTIONS":  # a browser that asks whether it may ask
        g.user_id = user_id(services().tokens, services().settings)


@bp.after_request
def let_nobody_keep_it(response: Response) -> Response:
    """Browsers and proxies: what is answered is one user's, and of one moment."""
    response.headers["Cache-Control"] = "no-store"
    return response


def operation(
    method: str,
    rule: str,
    answer: type[BaseModel],
    body: type[BaseModel] | None = None,
    statuses: tuple[int, ...] = (),
) -> Callable[[Callable[..., JSON]], Callable[..., JSON]]:
    """Serve a view at an address, and describe it.

    The view is called with what the address holds, and with `body` where it takes one, and returns
    what is answered as JSON.
    """

    def register(view: Callable[..., JSON]) -> Callable[..., JSON]:
        OPERATIONS.append(Operation(method, rule, view, body, answer, statuses))

        @bp.route(rule, methods=[method])
        @wraps(view)
        def serve(**parts: object) -> Response:
            arguments: dict[str, Any] = {name: storable(str(part)) for name, part in parts.items()}
            if body:
                arguments["body"] = parsed(body)
            return jsonify(view(**arguments))

        return view

    return register


def ask(function: str, call: str | None = None, **arguments: Any) -> JSON:
    """Have a function of the database do it, for who asks; returns what it answers."""
    return perform(function, 3.0, call=call, **arguments).answer


def perform(function: str, patience: float, /, **arguments: Any) -> Outcome:
    """The same, waiting so many seconds for Twilio; see CallControl.perform."""
    key = _idempotency_key()
    wish = ControlRequest(user_id=g.user_id, idempotency_key=key, **arguments)
    return services().control.perform(function, wish, patience)


def parsed(model: type[Body]) -> Body:
    """The body, as the model has it; raises BadRequestError that names the field."""
    try:
        return model.model_validate_json(request.get_data() or b"{}", strict=True)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"])) or None
        raise BadRequestError(problem["msg"], field) from error


def _idempotency_key() -> str | None:
    key = storable(request.headers.get("Idempotency-Key", ""))
    if len(key) > _LONGEST_KEY:
        raise BadRequestError(f"at most {_LONGEST_KEY} characters", "Idempotency-Key")
    return key or None
