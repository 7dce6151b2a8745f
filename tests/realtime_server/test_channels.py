"""Broadcasts and private channels, with both versions of the protocol."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import jwt
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_websocket

from devstack.stack import Stack
from tests.realtime_server.client import Client
from tests.realtime_server.conftest import OWNER, STRANGER, Notes, token_of

pytestmark = pytest.mark.xdist_group("devstack")
Connect = Callable[..., Client]


@pytest.fixture
def websocket(own_stack: Stack) -> Iterator[Callable[..., ClientConnection]]:
    """A bare connection of vsn 2."""
    with ExitStack() as connections:

        def opened(key: str = "", version: str = "2.0.0") -> ClientConnection:
            url = own_stack.env["SUPABASE_URL"].replace("http", "ws")
            key = key or own_stack.env["SUPABASE_PUBLISHABLE_KEY"]
            address = f"{url}/realtime/v1/websocket?apikey={key}&vsn={version}"
            connection = open_websocket(address)
            connections.callback(connection.close)
            return connection

        yield opened


def joined(connection: ClientConnection, topic: str, **config: Any) -> dict[str, Any]:
    """Join with vsn 2; the reply's payload."""
    token = config.pop("access_token", None)
    presence = config.pop("presence", {"enabled": False})
    payload = {"config": {**config, "presence": presence}, "access_token": token}
    connection.send(json.dumps(["1", "1", f"realtime:{topic}", "phx_join", payload]))
    join_ref, ref, name, event, reply = json.loads(connection.recv(10))
    assert (join_ref, ref, name, event) == ("1", "1", f"realtime:{topic}", "phx_reply")
    return dict(reply)


def frame(*parts: str, payload: bytes) -> bytes:
    """A broadcast as supabase-js pushes it: join_ref, ref, topic, event, metadata."""
    encoded = [part.encode() for part in parts]
    return b"".join([bytes([3, *map(len, encoded), 1]), *encoded, payload])


def test_a_broadcast_reaches_the_others_and_oneself_only_if_wanted(
    notes: Notes, connect: Connect
) -> None:
    speaker, other = connect().join("hall"), connect().join("hall")
    selfish = connect().join("hall", hears_itself=True)
    speaker.says("hello", {"who": "speaker"})
    for listening in (other, selfish):
        told = listening.hears()
        assert (told["event"], told["payload"]) == ("hello", {"who": "speaker"})
    assert speaker.hears_nothing(0.2)
    selfish.says("hello", {})
    assert selfish.hears()["event"] == "hello"


def test_the_database_broadcasts_to_private_and_to_public_channels_of_a_name(
    notes: Notes, connect: Connect
) -> None:
    public = connect().join("news")
    private = connect(OWNER).join("news", private=True)
    notes.send("news", "for members")
    told = private.hears()
    assert (told["event"], told["payload"]["a"]) == ("for members", 1)
    assert told["meta"]["id"] == told["payload"]["id"]
    notes.send("news", "for everybody", private=False)
    assert public.hears()["event"] == "for everybody"
    assert private.hears_nothing(0.2)


def test_a_private_channel_is_open_to_whom_the_policies_let_in(
    notes: Notes, connect: Connect
) -> None:
    team = f"team:{notes.user_id(OWNER)}"
    member = connect(OWNER).join(team, private=True)
    member.becomes("SUBSCRIBED")
    stranger = connect(STRANGER).join(team, private=True)
    refusal = f"Unauthorized: You do not have permissions to read from this Channel topic: {team}"
    assert json.loads(stranger.complaint()) == {"reason": refusal}
    nobody = connect().join(team, private=True)
    assert "Unauthorized" in nobody.complaint()
    service = connect(key="SUPABASE_SECRET_KEY").join(team, private=True, hears_itself=True)
    member.says("hello", {})
    assert service.hears()["event"] == "hello"


def test_only_the_service_hears_that_commands_wait(notes: Notes, connect: Connect) -> None:
    assert "Unauthorized" in connect(OWNER).join("callcenter:commands", private=True).complaint()
    assert "Unauthorized" in connect().join("callcenter:commands", private=True).complaint()
    service = connect(key="SUPABASE_SERVICE_ROLE_KEY").join("callcenter:commands", private=True)
    service.becomes("SUBSCRIBED")


def test_who_may_listen_may_not_therefore_speak(notes: Notes, connect: Connect) -> None:
    owner, stranger = (connect(who).join("news", private=True) for who in (OWNER, STRANGER))
    owner.says("hello", {})
    assert stranger.hears_nothing()


def test_vsn_2_gets_what_the_database_says_in_a_frame(
    notes: Notes, websocket: Callable[..., ClientConnection]
) -> None:
    connection = websocket()
    assert joined(connection, "news") == {"status": "ok", "response": {"postgres_changes": []}}
    notes.send("news", "moved", private=False)
    told = connection.recv(10)
    assert isinstance(told, bytes)
    sizes, head = told[1:4], 5
    topic, event = told[head : head + sizes[0]], told[head + sizes[0] : head + sizes[0] + sizes[1]]
    assert (told[0], topic, event, told[4]) == (4, b"realtime:news", b"moved", 1)
    assert json.loads(told[head + sum(sizes) :])["a"] == 1


def test_a_frame_of_vsn_2_is_json_for_vsn_1(
    connect: Connect, websocket: Callable[..., ClientConnection]
) -> None:
    listening, connection = connect().join("hall"), websocket()
    joined(connection, "hall", broadcast={"ack": True})
    connection.send(frame("1", "2", "realtime:hall", "olá", "", payload=b'{"a": "\xc3\xa9"}'))
    assert json.loads(connection.recv(10))[3:] == ["phx_reply", {"status": "ok", "response": {}}]
    assert listening.hears() == {"event": "olá", "payload": {"a": "é"}}


def test_presence_is_a_state_and_its_differences(
    websocket: Callable[..., ClientConnection],
) -> None:
    first, second = websocket(), websocket()
    joined(first, "lobby", presence={"enabled": True, "key": "ana"})
    assert json.loads(first.recv(10))[3:] == ["presence_state", {}]
    track = {"type": "presence", "event": "track", "payload": {"mood": "fine"}}
    first.send(json.dumps(["1", "2", "realtime:lobby", "presence", track]))
    difference = json.loads(first.recv(10))
    assert difference[3] == "presence_diff"
    assert difference[4]["joins"]["ana"]["metas"][0]["mood"] == "fine"
    joined(second, "lobby", presence={"enabled": True})
    assert json.loads(second.recv(10))[4]["ana"]["metas"][0]["mood"] == "fine"
    first.close()
    assert list(json.loads(second.recv(10))[4]["leaves"]) == ["ana"]


def test_heartbeats_are_answered_and_leaving_is_confirmed(
    websocket: Callable[..., ClientConnection],
) -> None:
    connection = websocket()
    connection.send(json.dumps([None, "7", "phoenix", "heartbeat", {}]))
    expected = [None, "7", "phoenix", "phx_reply", {"status": "ok", "response": {}}]
    assert json.loads(connection.recv(10)) == expected
    joined(connection, "hall")
    connection.send(json.dumps(["1", "8", "realtime:hall", "phx_leave", {}]))
    assert json.loads(connection.recv(10))[3:] == ["phx_reply", {"status": "ok", "response": {}}]
    assert json.loads(connection.recv(10)) == ["1", "1", "realtime:hall", "phx_close", {}]
    connection.send(json.dumps(["1", "9", "realtime:hall", "broadcast", {}]))
    assert json.loads(connection.recv(10))[4]["response"] == {"reason": "unmatched topic"}


@pytest.mark.parametrize(
    ("claims", "secret", "reason"),
    [
        ({"exp": 1}, None, "InvalidJWTToken: Token has expired "),
        ({"exp": None}, None, "InvalidJWTToken: Fields `role` and `exp` are required in JWT"),
        ({}, "another secret, of those that are long enough", "JwtSignatureError: Failed to"),
    ],
)
def test_a_bad_token_is_refused_with_a_code(
    claims: dict[str, Any],
    secret: str | None,
    reason: str,
    own_stack: Stack,
    websocket: Callable[..., ClientConnection],
) -> None:
    content = {"role": "authenticated", "exp": time.time() + 60, **claims}
    content = {name: int(v) if name == "exp" else v for name, v in content.items() if v}
    token = jwt.encode(content, secret or own_stack.env["SUPABASE_JWT_SECRET"])
    reply = joined(websocket(), "hall", access_token=token)
    assert reply["status"] == "error"
    assert reply["response"]["reason"].startswith(reason)


def test_a_channel_ends_with_its_token_unless_it_gets_a_newer_one(
    own_stack: Stack, websocket: Callable[..., ClientConnection]
) -> None:
    def token(seconds: int) -> str:
        content = {"role": "authenticated", "exp": int(time.time()) + seconds}
        return jwt.encode(content, own_stack.env["SUPABASE_JWT_SECRET"])

    renewed, left = websocket(), websocket()
    for connection in (renewed, left):
        assert joined(connection, "hall", access_token=token(2))["status"] == "ok"
    newer = {"access_token": token(60)}
    renewed.send(json.dumps(["1", "2", "realtime:hall", "access_token", newer]))
    *_, event, payload = json.loads(left.recv(10))
    assert (event, payload["status"]) == ("system", "error")
    assert "Token has expired" in payload["message"]
    assert json.loads(left.recv(10))[3] == "phx_close"
    with pytest.raises(TimeoutError):
        renewed.recv(0.5)


def test_a_token_of_somebody_else_does_not_open_a_private_channel_further(
    notes: Notes, own_stack: Stack, websocket: Callable[..., ClientConnection]
) -> None:
    connection, team = websocket(), f"team:{notes.user_id(OWNER)}"
    owners, strangers = (token_of(own_stack, who) for who in (OWNER, STRANGER))
    assert joined(connection, team, private=True, access_token=owners)["status"] == "ok"
    payload = {"access_token": strangers}
    connection.send(json.dumps(["1", "2", f"realtime:{team}", "access_token", payload]))
    message = json.loads(connection.recv(10))[4]["message"]
    assert message == f"You do not have permissions to read from this Channel topic: {team}"
    assert json.loads(connection.recv(10))[3] == "phx_close"


def test_a_connection_needs_a_key_and_a_known_version(
    websocket: Callable[..., ClientConnection],
) -> None:
    for arguments in ({"key": "guess"}, {"version": "3.0.0"}):
        with pytest.raises(InvalidStatus):
            websocket(**arguments)


def test_what_is_no_message_ends_the_connection_and_no_other(
    notes: Notes, connect: Connect, websocket: Callable[..., ClientConnection]
) -> None:
    listening, connection = connect().join("news"), websocket()
    connection.send("{}")
    with pytest.raises(ConnectionClosed):
        connection.recv(10)
    assert connection.close_code == 1008
    notes.send("news", "still here", private=False)
    assert listening.hears()["event"] == "still here"
