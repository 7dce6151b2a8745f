"""The telephone in a browser: its modules, on a simulator, with tokens of Twilio's own library."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import ChatGrant, VoiceGrant

from devstack.toolchain import Toolchain
from tests.simulator.conftest import NUMBER, StartSim, configure
from tests.simulator.sdk import ACCOUNT, TOKEN, client_of
from tests.simulator.service import Service

TESTS = Path(__file__).with_name("telephone.test.mjs")
APPLICATION = "AP" + "1" * 32
KEY, SECRET = "SK" + "2" * 32, "s" * 32


def token(
    identity: str | None = "agent_1",
    *,
    account: str = ACCOUNT,
    key: str = KEY,
    secret: str = SECRET,
    voice: dict[str, Any] | None = None,
    grant: bool = True,
    **life: int,
) -> str:
    made = AccessToken(account, key, secret, identity=identity, **life)
    given = {"incoming_allow": True, "outgoing_application_sid": APPLICATION}
    made.add_grant(VoiceGrant(**(given if voice is None else voice)) if grant else ChatGrant())
    return str(made.to_jwt())


def tokens() -> dict[str, str]:
    now = int(time.time())
    return {
        "agent": token(),
        "other": token("agent_2"),
        "deaf": token(voice={"outgoing_application_sid": APPLICATION}),
        "dumb": token(voice={"incoming_allow": True}),
        "lost": token(voice={"outgoing_application_sid": "AP" + "9" * 32}),
        "expired": token(ttl=-1, valid_until=now - 1),
        "early": token(nbf=now + 60),
        "endless": token(ttl=25 * 3600),
        "forged": token(secret="x" * 32),
        "foreign": token(key="SK" + "3" * 32),
        "astray": token(account="AC" + "3" * 32),
        "nobody": token(None),
        "chat": token(grant=False),
        "noise": "not a token",
    }


def test_the_telephone_behaves_like_the_voice_sdk(
    start_sim: StartSim, service: Service, tmp_path: Path
) -> None:
    sim = start_sim(speed=20, api_key=(KEY, SECRET), applications=(APPLICATION,))
    configure(sim, voice_url=service.url("/voice"))
    client_of(sim).applications(APPLICATION).update(voice_url=service.url("/placed"))
    service.on("/leg", "<Say>Hola</Say>", '<Dial><Conference waitUrl="">room</Conference></Dial>')
    service.on("/voice", '<Dial><Conference waitUrl="">room</Conference></Dial>')
    service.on(
        "/placed",
        '<Gather numDigits="3" action="/pressed"><Say>Marque</Say></Gather>',
        "<Pause length='60'/>",
    )
    service.answers["/pressed"] = lambda params: (
        f"<Response><Say>Marcó {params['Digits']}</Say><Pause length='60'/></Response>"
    )
    env = {
        "SIM": sim.base_url,
        "SERVICE": service.url(""),
        "NUMBER": NUMBER,
        "ACCOUNT": ACCOUNT,
        "AUTH_TOKEN": TOKEN,
        "SECRET": SECRET,
        "TOKENS": json.dumps(tokens()),
    }
    ran = subprocess.run(
        [str(Toolchain(tmp_path).node), "--test", "--test-reporter=tap", str(TESTS)],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout
    assert "\n# pass 0\n" not in ran.stdout
    (asked,) = [params for params in service.asked("/placed") if "extra" in params]
    assert asked["From"] == asked["Caller"] == "client:agent_1"
    assert asked["CallSid"] != f"CA{'9' * 32}"
    assert (asked["To"], asked["ApplicationSid"]) == ("300 999 0003", APPLICATION)
    assert asked["Direction"] == "inbound"
