"""What is served, what the document says and what docs/ says are the same operations."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from flask import Flask
from pydantic import TypeAdapter

from devstack.layout import ROOT
from webhooks.control.blueprint import OPERATIONS

DOCS = (ROOT / "docs" / "http-api.md").read_text()
PARTS = {
    "$CALL": "{call}",
    "$AGENT": "{agent}",
    "$RECORDING": "{recording}",
    "CA00000000000000000000000000000002": "{party}",
}


def curls() -> list[tuple[str, str, str | None]]:
    """Each curl of the page that asks us: method, path with its parts' names, body."""
    found = []
    for line in re.findall(r"^curl .*\$API.*$", DOCS, re.MULTILINE):
        words = shlex.split(line)
        path = next(word for word in words if word.startswith("$API")).removeprefix("$API")
        for written, name in PARTS.items():
            path = path.replace(written, name)
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        found.append(
            (method, f"/api{path}", words[words.index("-d") + 1] if "-d" in words else None)
        )
    return found


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/openapi.json")
    assert answer.content_type == "application/json"
    described: dict[str, Any] = answer.get_json()
    return described


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }


def test_the_document_has_the_operations_that_are_served(
    app: Flask, document: dict[str, Any]
) -> None:
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in ("control", "listening")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described(document) == served
    assert len(OPERATIONS) == len(served)


def test_the_page_shows_each_operation_with_curl(document: dict[str, Any]) -> None:
    shown = [(method, path) for method, path, _ in curls()]
    assert set(shown) == described(document)
    assert len(shown) == len(set(shown))


def test_what_curl_sends_is_what_is_read() -> None:
    operations = {
        (o.method, "/api" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", o.rule)): o for o in OPERATIONS
    }
    for method, path, body in curls():
        model = operations[method, path].body
        assert (model is not None) or body is None, path
        if model:
            TypeAdapter(model).validate_json((body or "{}").replace("$CALL", "x"))


def test_the_page_tells_every_status_that_the_document_has(document: dict[str, Any]) -> None:
    table = DOCS.partition("### Errors")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| (\d{3}) \|", table, re.MULTILINE))
    assert told == document["components"]["responses"].keys()


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [ref for value in node.values() for ref in references(value)]
        return [ref for item in node for ref in references(item)] if isinstance(node, list) else []

    for reference in set(references(document)):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_operation_has_a_meaning_and_every_body_an_example(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"].startswith(operation["summary"])
            if "requestBody" in operation:
                assert operation["requestBody"]["content"]["application/json"]["example"]
