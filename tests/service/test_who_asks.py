"""Whose token a request brings, and that nobody gets in with one that is not."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callcenter import auth
from callcenter.bootstrap import build_services
from tests.service.conftest import OFFLINE
from tests.service.stand_in import SECRET, USER, Key, Supabase, supabase
from webhooks.app import create_app

PAGE = "https://app.example.com"
STATE: dict[str, Any] = {"agent": None, "calls": [], "wrap_up": None, "version": 1}


@pytest.fixture(scope="module")
def shared_project() -> Iterator[Supabase]:
    with supabase() as stand_in:
        yield stand_in


@pytest.fixture
def project(shared_project: Supabase) -> Supabase:
    """One whose keys stay as they are."""
    shared_project.asked.clear()
    shared_project.rpcs["read_my_state"] = 200, {**STATE, "commands": []}
    return shared_project


@pytest.fixture
def changing() -> Iterator[Supabase]:
    """One of the test's own."""
    with supabase() as stand_in:
        stand_in.rpcs["read_my_state"] = 200, {**STATE, "commands": []}
        yield stand_in


def client_of(project: Supabase, **changes: Any) -> FlaskClient:
    settings = replace(
        OFFLINE,
        supabase_url=project.url,
        token_issuers=(f"{project.url}/auth/v1",),
        allowed_origins=(PAGE,),
        **changes,
    )
    return create_app(build_services(settings)).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def client(shared_project: Supabase) -> FlaskClient:
    return client_of(shared_project)


def ask(client: FlaskClient, token: str) -> TestResponse:
    return client.get("/api/me", headers={"Authorization": f"Bearer {token}"})


def in_base64(session: object) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(session).encode()).decode()
    return "base64-" + encoded.rstrip("=")


def test_a_signed_in_user_asks_in_their_own_name(client: FlaskClient, project: Supabase) -> None:
    answer = ask(client, project.token())
    assert (answer.status_code, answer.json) == (200, STATE)
    ((function, sent),) = project.asked
    assert (function, sent["p_request"]) == ("read_my_state", {"user_id": USER})


def with_public_key_as_secret(project: Supabase) -> str:
    """Algorithm confusion: what verifies a signature, taken for what makes one."""
    assert project.keys
    public = project.keys[0].private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "JWT", "kid": project.keys[0].id}
    return signed_by_hand(header, project.claims(), pem)


def signed_by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """Of what the library refuses to sign."""
    text = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims)
    )
    signature = jwt.get_algorithm_by_name("HS256").sign(text, secret) if secret else b""
    return (text + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def forged(project: Supabase) -> str:
    """The payload of a good token, changed."""
    header, _, signature = project.token().split(".")
    claims = json.dumps(project.claims(sub="11111111-1111-4111-8111-111111111111")).encode()
    return f"{header}.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.{signature}"


BAD_TOKENS: dict[str, Callable[[Supabase], str]] = {
    "empty": lambda _: "",
    "garbage": lambda _: "nobody",
    "three parts of garbage": lambda _: "a.b.c",
    "not even text": lambda _: "\xff\xfe.\xff.\xff",
    "nested too deeply": lambda _: base64.b64encode(b"[" * 9000).decode() + ".e30.",
    "too long": lambda project: project.token(padding="x" * 20_000),
    "changed since it was signed": forged,
    "signed by another project's key": lambda project: project.token(Key()),
    "signed by another's key under our key's name": lambda project: project.token(
        Key(), {"kid": (project.keys or [])[0].id}
    ),
    "that names no key": lambda project: project.token(headers={}),
    "another project's, by our key": lambda project: project.token(iss="https://x.example/auth/v1"),
    "that names no issuer": lambda project: project.token(iss=None),
    "expired": lambda project: project.token(exp=int(time.time()) - 60),
    "that never ends": lambda project: project.token(exp=None),
    "of tomorrow": lambda project: project.token(nbf=int(time.time()) + 86400),
    "unsigned": lambda project: signed_by_hand({"alg": "none"}, project.claims(), b""),
    "signed in a list of ways": lambda project: signed_by_hand(
        {"alg": ["HS256"]}, project.claims(), b""
    ),
    "signed in a way that has parts": lambda project: signed_by_hand(
        {"alg": {}}, project.claims(), b""
    ),
    "by a key whose name is no text": lambda project: signed_by_hand(
        {"alg": "ES256", "kid": {}}, project.claims(), b""
    ),
    "signed with a public key as secret": with_public_key_as_secret,
    "signed with a secret that nobody set": lambda project: jwt.encode(project.claims(), SECRET),
    "the service's": lambda project: project.token(role="service_role"),
    "nobody's in particular": lambda project: project.token(role="anon"),
    "for somebody else": lambda project: project.token(aud="other"),
    "without a user": lambda project: project.token(sub=None),
    "of a user that is no id": lambda project: project.token(sub="admin"),
}


@pytest.mark.parametrize("what", BAD_TOKENS)
def test_a_token_that_is_not_good_is_refused(
    client: FlaskClient, project: Supabase, what: str
) -> None:
    answer = ask(client, BAD_TOKENS[what](project))
    assert answer.status_code == 401, answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.get_json()["error"]
    assert project.asked == []


def test_a_secret_signs_tokens_only_where_it_is_set(project: Supabase) -> None:
    client = client_of(project, supabase_jwt_secret=SECRET)
    assert ask(client, jwt.encode(project.claims(), SECRET)).status_code == 200
    # Auth servers of one's own may not say who they are.
    assert ask(client, jwt.encode(project.claims(iss=None), SECRET)).status_code == 200
    refused = [
        jwt.encode(project.claims(), SECRET + "!"),
        jwt.encode(project.claims(iss="https://x.example/auth/v1"), SECRET),
        jwt.encode(project.claims(role="service_role", iss="supabase"), SECRET),
        jwt.encode(project.claims(), SECRET * 2, "HS512"),
        with_public_key_as_secret(project),
    ]
    assert [ask(client, token).status_code for token in refused] == [401] * len(refused)
    assert ask(client, project.token()).status_code == 200


def test_a_project_that_publishes_no_keys_has_no_tokens_signed_by_one(changing: Supabase) -> None:
    stray = changing.token()
    changing.keys = []
    client = client_of(changing, supabase_jwt_secret=SECRET)
    assert [ask(client, stray).status_code for _ in range(3)] == [401] * 3
    assert changing.fetches == 1, "not asked at every request"
    assert ask(client, jwt.encode(changing.claims(), SECRET)).status_code == 200


def test_keys_are_fetched_once_and_again_for_one_that_is_new(
    changing: Supabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(changing)
    for _ in range(5):
        assert ask(client, changing.token()).status_code == 200
    assert changing.fetches == 1
    for _ in range(5):
        assert ask(client, changing.token(Key())).status_code == 401
    assert changing.fetches == 1, "strangers don't have us ask at every request"
    new, old = Key(), changing.token()
    changing.keys = [new, *(changing.keys or [])]
    later = time.monotonic() + 11
    monkeypatch.setattr("jwt.jwks_client.time.monotonic", lambda: later)
    assert ask(client, changing.token(new)).status_code == 200
    assert ask(client, old).status_code == 200
    assert changing.fetches == 2


def test_keys_that_we_have_serve_while_new_ones_can_not_be_had(
    changing: Supabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(changing)
    token = changing.token()
    assert ask(client, token).status_code == 200
    changing.keys = None
    now = time.monotonic() + 3600
    monkeypatch.setattr("jwt.jwk_set_cache.time.monotonic", lambda: now)
    assert [ask(client, token).status_code for _ in range(3)] == [200] * 3
    assert changing.fetches == 2, "who does not answer is left alone for a while"


def test_without_any_key_nobody_knows_whether_a_token_is_good(
    changing: Supabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(changing)
    token, keys = changing.token(), changing.keys
    changing.keys = None
    answer = ask(client, token)
    assert (answer.status_code, changing.asked) == (503, [])
    changing.keys = keys
    monkeypatch.setattr(auth, "_REST_SECONDS", 0.0)
    assert ask(client, token).status_code == 200


def session(project: Supabase) -> dict[str, Any]:
    """As @supabase/ssr keeps it: larger than a cookie may be."""
    user = {"id": USER, "user_metadata": {"full_name": "Andrés Gómez", "notes": "ñ%41" * 700}}
    return {"access_token": project.token(), "refresh_token": "r", "user": user}


def in_pieces(value: str) -> dict[str, str]:
    return {f".{n}": value[n * 3180 : (n + 1) * 3180] for n in range(len(value) // 3180 + 1)}


COOKIES: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "in base64": lambda session: {"": in_base64(session)},
    "in base64, in pieces": lambda session: in_pieces(in_base64(session)),
    "plain": lambda session: {"": quote(json.dumps(session))},
    "plain, in pieces": lambda session: in_pieces(quote(json.dumps(session))),
}


def send(client: FlaskClient, cookies: dict[str, str], **headers: str) -> TestResponse:
    line = "; ".join(f"{name}={value}" for name, value in cookies.items())
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/me/wrap-up/finish", headers={"Cookie": line, **given})


@pytest.mark.parametrize("how", COOKIES)
@pytest.mark.parametrize("ref", ["project", "127", "a-b.c"])
def test_a_session_cookie_is_a_token(
    client: FlaskClient, project: Supabase, how: str, ref: str
) -> None:
    pieces = COOKIES[how](session(project))
    cookies = {f"sb-{ref}-auth-token{end}": value for end, value in pieces.items()}
    assert send(client, {"theme": "dark", **cookies}, Origin=PAGE).status_code == 200


def test_of_several_projects_sessions_ours_counts(client: FlaskClient, project: Supabase) -> None:
    cookies = {
        "sb-other-auth-token": in_base64({"access_token": project.token(Key())}),
        "sb-broken-auth-token": "base64-%%%",
        "sb-list-auth-token": in_base64(["token"]),
        "sb-verifier-auth-token-code-verifier": in_base64({"access_token": project.token()}),
        "sb-ours-auth-token": in_base64(session(project)),
    }
    assert send(client, cookies, Origin=PAGE).status_code == 200
    del cookies["sb-ours-auth-token"]
    assert send(client, cookies, Origin=PAGE).status_code == 401


def test_a_session_of_which_a_piece_is_missing_is_none(
    client: FlaskClient, project: Supabase
) -> None:
    pieces = in_pieces(in_base64(session(project)))
    del pieces[".1"]
    cookies = {f"sb-x-auth-token{end}": value for end, value in pieces.items()}
    assert send(client, cookies, Origin=PAGE).status_code == 401


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{PAGE}.evil.example", "http://app.example.com", "null", ""]
)
def test_a_page_from_elsewhere_can_not_act_with_a_session(
    client: FlaskClient, project: Supabase, origin: str
) -> None:
    cookie = {"sb-x-auth-token": in_base64(session(project))}
    answer = send(client, cookie, **({"Origin": origin} if origin else {}))
    assert (answer.status_code, project.asked) == (403, [])
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": PAGE}, 200),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_who_only_reads_with_a_session_comes_from_no_foreign_page(
    client: FlaskClient, project: Supabase, headers: dict[str, str], status: int
) -> None:
    cookie = f"sb-x-auth-token={in_base64(session(project))}"
    assert client.get("/api/me", headers={"Cookie": cookie, **headers}).status_code == status


def test_the_services_own_origin_is_one_of_ours(client: FlaskClient, project: Supabase) -> None:
    cookie = {"sb-x-auth-token": in_base64(session(project))}
    assert send(client, cookie, Origin="http://localhost").status_code == 200


def test_a_token_in_the_header_needs_no_origin_and_outdoes_a_cookie(
    client: FlaskClient, project: Supabase
) -> None:
    cookie = f"sb-x-auth-token={in_base64(session(project))}"
    for token, status in ((project.token(), 200), (project.token(Key()), 401)):
        headers = {"Cookie": cookie, "Authorization": f"bearer {token}", "Origin": "https://e.test"}
        assert client.get("/api/me", headers=headers).status_code == status


def test_a_page_of_ours_may_read_what_it_is_answered(
    client: FlaskClient, project: Supabase
) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, idempotency-key, content-type, x-other",
    }
    answer = client.options("/api/calls/1/hold", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert sorted(allowed) == ["authorization", "content-type", "idempotency-key"]
    assert {"POST", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    refused = client.get("/api/me", headers={"Origin": PAGE})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, PAGE)


def test_a_page_from_elsewhere_may_read_nothing(client: FlaskClient, project: Supabase) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/calls/1/hold", headers=asked)
    assert "Access-Control-Allow-Origin" not in answer.headers
    token = {"Authorization": f"Bearer {project.token()}", "Origin": "https://evil.example"}
    assert "Access-Control-Allow-Origin" not in client.get("/api/me", headers=token).headers
