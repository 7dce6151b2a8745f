"""Text messages through the whole service: what people write, what agents send, what is told."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest

from devstack.stack import Stack
from devstack.twilio.client import Sim
from tests.acceptance.screen import Screen
from tests.service.conftest import Post

OURS = "+15550009999"


@pytest.fixture
def number() -> str:
    """A mobile that nobody else writes to."""
    return f"+57315{uuid.uuid4().int % 10_000_000:07d}"


@pytest.fixture
def screen(stack: Stack) -> Screen:
    return Screen(stack, "agente1@demo.local")


def until(fact: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def written(number: str, words: str) -> dict[str, str]:
    sid = f"SM{uuid.uuid4().hex}"
    return {"MessageSid": sid, "From": number, "To": OURS, "Body": words}


@pytest.mark.parametrize("path", ["incoming-message", "message-status"])
def test_what_twilio_did_not_sign_is_refused(post: Post, number: str, path: str) -> None:
    form = {**written(number, "BAJA"), "MessageStatus": "delivered"}
    assert post(path, form, signed="").status_code == 403


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("incoming-message", {"From": "+573001234567", "Body": "BAJA"}),
        ("message-status?message=1", {"MessageSid": "SM1", "MessageStatus": "sent"}),
        ("message-status", {"MessageSid": "SM1"}),
    ],
)
def test_what_is_missing_or_is_none_is_refused(post: Post, path: str, form: dict[str, str]) -> None:
    assert post(path, form).status_code == 400


def test_a_status_of_a_message_that_is_not_ours_changes_nothing(post: Post) -> None:
    form = {"MessageSid": f"SM{uuid.uuid4().hex}", "MessageStatus": "delivered"}
    assert post(f"message-status?message={uuid.uuid4()}", form).status_code == 204
    assert post("message-status", form).status_code == 204


def test_what_people_write_is_answered_with_nothing(post: Post, number: str) -> None:
    answer = post("incoming-message", written(number, "Gracias"))
    assert (answer.status_code, answer.text.endswith("<Response />")) == (200, True)


def test_an_agents_message_is_delivered_unless_they_opted_out(
    post: Post, sim: Sim, screen: Screen, number: str
) -> None:
    post("incoming-message", written(number, "¡Baja!"))
    refused = screen.asks("POST", "messages", to=number, text="Hola")
    assert (refused.status_code, refused.json()["details"]["code"]) == (409, "opted_out")
    post("incoming-message", written(number, "alta"))
    sent = screen.does("messages", to=number, text="Su pedido sale mañana.")["message"]
    rows = screen.table("text_messages").select("state,sid").eq("id", sent["id"])
    until(lambda: rows.single().execute().data["state"] == "delivered")
    (message,) = [message for message in sim.messages() if message["to"] == number]
    assert message["body"] == "Su pedido sale mañana."
    assert message["sid"] == rows.single().execute().data["sid"]
