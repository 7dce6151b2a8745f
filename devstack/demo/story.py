"""The two calls of the demonstration, and a teller who says what happens while it does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from devstack.layout import DevstackError
from devstack.progress import say
from devstack.stack import Stack
from devstack.twilio.client import Script, Sim

CUSTOMER = "+573001112233"
SECOND_CUSTOMER = "+573154445566"
AGENT = "agente1@demo.local"
_LONGEST_CALL_REAL_SECONDS = 120.0


@dataclass(frozen=True)
class Story:
    """The SIDs of the calls that were played."""

    talked: str
    voicemail: str


def play(stack: Stack) -> Story:
    """Play both calls to their end; raises TimeoutError where one does not end."""
    sim = Sim(stack.env["TWILIO_API_BASE_URL"])
    softphone = f"client:agent_{_sign_agent_in(stack).replace('-', '')}"
    number = stack.env["TWILIO_PHONE_NUMBER"]
    sim.person(
        softphone,
        [{"until": "conference"}, {"talk": 5, "text": "Buenas, ¿en qué le puedo ayudar?"}],
        {"answer_after": 2},
        "Andrés",
    )
    names = {CUSTOMER: "María", SECOND_CUSTOMER: "Jorge"}
    with _told(sim, names):
        talked = sim.ring(CUSTOMER, number, _CHOOSES_SUPPORT_AND_TALKS)
        _wait_until_talking(sim, talked)
        voicemail = sim.ring(SECOND_CUSTOMER, number, _WAITS_AND_LEAVES_A_MESSAGE)
        for sid in (talked, voicemail):
            sim.wait_until_ended(sid, _LONGEST_CALL_REAL_SECONDS)
    # From now on somebody at the console answers, or nobody.
    sim.person(softphone, [], {"ignore": True})
    return Story(talked, voicemail)


_CHOOSES_SUPPORT_AND_TALKS: Script = [
    {"until_heard": "Soporte", "timeout": 60},
    {"wait": 1},
    {"press": "2"},
    {"until": "conference", "timeout": 60},
    {"talk": 20, "text": "Buenas, desde ayer no tengo internet."},
    {"hangup": True},
]
_WAITS_AND_LEAVES_A_MESSAGE: Script = [
    {"until_heard": "Soporte", "timeout": 60},
    {"say": "soporte"},
    {"until_heard": "en la fila", "timeout": 60},
    {"wait": 1},
    {"press": "2"},
    {"until_heard": "beep", "timeout": 60},
    {"talk": 6, "text": "Soy Jorge Díaz. Llámenme por favor esta tarde."},
    {"hangup": True},
]


def _sign_agent_in(stack: Stack) -> str:
    """As a browser would: signed in, under row-level security. Returns the agent's id."""
    headers = {
        "apikey": stack.env["SUPABASE_ANON_KEY"],
        "Authorization": f"Bearer {stack.access_token(AGENT)}",
        "Prefer": "return=representation",
    }
    answer = httpx.patch(
        f"{stack.env['SUPABASE_URL']}/rest/v1/call_center_agents?extension=eq.1001",
        headers=headers,
        json={"agent_status": "available"},
        timeout=10,
    )
    if answer.is_error or not answer.json():
        raise DevstackError(f"the agent could not sign in: {answer.status_code} {answer.text}")
    return str(answer.json()[0]["id"])


def _wait_until_talking(sim: Sim, sid: str) -> None:
    seen = 0
    while not sim.call(sid)["ended"]:
        for event in sim.events(since=seen, wait_real_seconds=5):
            seen = event["id"]
            if event["sid"] == sid and event["text"].startswith("joined call-"):
                return


@contextmanager
def _told(sim: Sim, names: dict[str, str]) -> Iterator[None]:
    """Print what people hear and do, as it happens, while the block runs."""
    done = threading.Event()
    first = max((event["id"] for event in sim.events()), default=0)
    teller = threading.Thread(target=_tell, args=(sim, names, first, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join(timeout=5)


_WORTH_TELLING = {
    "say": "hears   «{}»",
    "press": "presses {}",
    "speech": "says    «{}»",
    "joined": "is in the conversation",
    "beep": "hears the tone, and leaves a message",
    "ringing": "rings",
}


def _tell(sim: Sim, names: dict[str, str], seen: int, done: threading.Event) -> None:
    people: dict[str, str] = {}
    while not done.is_set():
        for event in sim.events(since=seen, wait_real_seconds=1):
            seen = event["id"]
            phrase = _WORTH_TELLING.get(event["kind"])
            if phrase:
                person = people.setdefault(event["sid"], _name(sim, event["sid"], names))
                say(f"{person:7}{phrase.format(event['text'])}")


def _name(sim: Sim, sid: str, names: dict[str, str]) -> str:
    call = sim.call(sid)
    return names.get(call["from"], "agent") if call["direction"] == "inbound" else "agent"
