"""The operations as an OpenAPI 3.1 document: made of what serves them, so that it can't differ.

OpenAPI's schemas are JSON Schema, which pydantic writes of its models: nothing is translated.
"""

from __future__ import annotations

import inspect
import json
import re
from functools import cache

from flask import Blueprint, Response
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from callcenter.models import JSON
from webhooks.control import live, menus
from webhooks.control.answers import Problem
from webhooks.control.blueprint import OPERATIONS, Operation

description = Blueprint("description", __name__, url_prefix="/api")
_REFUSALS = {
    400: "Something in the request can't be read, or names nobody; details.field says what.",
    401: "No token, or none that is good.",
    403: "Not for this user, not from this page, or a contact who wants no calls.",
    404: "No such call, agent or party, or the call is another agent's.",
    409: "Not now: details.state says how things are, details.allowed_actions what may be done.",
    413: "Too large.",
    416: "A part beyond the recording's end.",
    422: "Not possible: a disposition that the queue lacks, a key that was another number's.",
    429: "Too often; again in retryAfter seconds.",
    502: "Twilio refused.",
    503: "The database, or who signs tokens, can't be reached: ask again.",
}
_EVERY = (400, 401, 403, 404, 503)
_OF_CHANGES = (409, 413, 422, 502)
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_FORMATS: dict[str, JSON] = {"": {}, "uuid": {"format": "uuid"}}
_SCHEMAS = "#/components/schemas/"
_SOUND = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("audio/mpeg", "audio/wav")
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a user who is signed in with Supabase.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sb-project-auth-token",
        "description": "The session that @supabase/ssr keeps; Origin must be one of ours.",
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Of the same request again: it is done once.",
    "schema": {"type": "string", "maxLength": 200},
}


@description.get("/openapi.json")
def show_openapi() -> Response:
    """The document, for anybody: it says what may be asked, and nothing of what there is."""
    return Response(_document(), content_type="application/json")


@cache
def _document() -> str:
    return json.dumps(openapi(), ensure_ascii=False)


def openapi() -> JSON:
    """The document, of all operations that there are, and of what the database tells screens."""
    shown: tuple[type[BaseModel], ...] = (Problem, *live.DOCUMENTS, *menus.DOCUMENTS)
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {
        (model, "serialization"): None for model in shown
    }
    for operation in OPERATIONS:
        if operation.answer:
            models[operation.answer, "serialization"] = None
        if operation.body:
            models[operation.body, "validation"] = None
    _, schemas = models_json_schema([*models], ref_template=f"{_SCHEMAS}{{model}}")
    paths: JSON = {}
    for operation in OPERATIONS:
        path = "/api" + _PART.sub(r"{\2}", operation.rule)
        paths.setdefault(path, {})[operation.method.lower()] = _described(
            operation, schemas["$defs"]
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "callcenter", "version": "1"},
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "responses": {str(status): _problem(status) for status in _REFUSALS},
            "securitySchemes": _SECURITY,
        },
    }


def _described(operation: Operation, schemas: JSON) -> JSON:
    meaning = inspect.getdoc(operation.view) or ""
    body = {"requestBody": _request_body(operation.body, schemas)} if operation.body else {}
    return {
        "operationId": operation.view.__name__,
        "summary": re.split(r"[.:;]\s|[.]$", meaning)[0],
        "description": meaning,
        "parameters": _parameters(operation),
        **body,
        "responses": {
            **_successes(operation, schemas),
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in _statuses(operation)
            },
        },
    }


def _successes(operation: Operation, schemas: JSON) -> JSON:
    if operation.answer:
        return {"200": {"description": "Done.", "content": _json(operation.answer, schemas)}}
    whole = {"description": "All of it.", "content": _SOUND}
    return {"200": whole, "206": {"description": "The part asked for.", "content": _SOUND}}


def _parameters(operation: Operation) -> list[JSON]:
    parts = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **_FORMATS[kind]},
        }
        for kind, name in _PART.findall(operation.rule)
    ]
    return parts if operation.method == "GET" else [*parts, _KEY]


def _request_body(model: type[BaseModel], schemas: JSON) -> JSON:
    required = any(field.is_required() for field in model.model_fields.values())
    return {"required": required, "content": _json(model, schemas)}


def _statuses(operation: Operation) -> list[int]:
    changes = _OF_CHANGES if operation.method != "GET" else ()
    return sorted({*_EVERY, *changes, *operation.statuses})


def _problem(status: int) -> JSON:
    content = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}{Problem.__name__}"}}}
    return {"description": _REFUSALS[status], "content": content}


def _json(model: type[BaseModel], schemas: JSON) -> JSON:
    """A body of this shape, with the examples of its fields as one."""
    fields = schemas[model.__name__]["properties"]
    example = {name: field["examples"][0] for name, field in fields.items() if "examples" in field}
    content: JSON = {"schema": {"$ref": f"{_SCHEMAS}{model.__name__}"}}
    return {"application/json": content | ({"example": example} if example else {})}
