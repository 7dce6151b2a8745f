"""TwiML from plans: the database says what a caller should hear, this says it in XML.

A plan is a JSON object: `kind` names the builder below, `say` is a list of texts, `speech` says
how they sound ({language, voice}), the rest belongs to the kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from urllib.parse import urlencode

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from callcenter.events import Role
from callcenter.models import JSON

# Twilio asks again, three times, whatever went wrong: by default it gives up on a first failure.
RETRIES = "#ct=2000&rt=6000&rc=3&rp=all"
# Control characters and the like: not even escaped does XML hold them.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What one <Say> may hold.
_LONGEST_SAY = 4000
_RING_SECONDS = 25
# Silence that ends what a caller says; Twilio's own is the menu's timeout.
_PAUSE_SECONDS = 2
# What <Gather> takes: words and phrases, with commas between, and the length of each.
_MOST_HINTS = 100
_LONGEST_HINT = 100
_APOLOGETIC = {"language": "es-MX"}
# How often a leg that asks where to go is answered without having got there.
MOST_RETRIES = 5
# In which one that was restarted answers again.
_FALLBACK_PAUSE_SECONDS = 5


class Urls:
    """Absolute addresses of our own webhooks, as Twilio reaches them."""

    def __init__(self, public_url: str, role: Role | None = None) -> None:
        self._public_url = public_url
        self._role = role

    def for_leg(self, role: Role | None) -> Urls:
        """The same, each saying which role the leg has that asks it."""
        return Urls(self._public_url, role)

    def __call__(self, path: str, **query: object) -> str:
        """An address with a query, of which what is None is left out."""
        query = {k: v for k, v in {"role": self._role, **query}.items() if v is not None}
        suffix = f"?{urlencode(query)}" if query else ""
        return f"{self._public_url}/api/twilio/{path}{suffix}{RETRIES}"

    def without_retries(self, path: str) -> str:
        """For where Twilio's connection overrides are not documented."""
        return f"{self._public_url}/api/twilio/{path}"

    def asset(self, name: str) -> str:
        return f"{self._public_url}/static/{name}"


def render(plan: JSON, urls: Urls) -> str:
    """Return the TwiML document of a plan."""
    response = VoiceResponse()
    _BUILDERS[plan["kind"]](response, plan, urls)
    return _NOT_XML.sub("", str(response))


def hold_music(urls: Urls) -> str:
    """What a waiting caller hears while the database can't be reached: music, then ask again."""
    response = VoiceResponse()
    response.play(urls.asset("hold-music.wav"))
    return str(response)


def music_on_hold(urls: Urls, music: str | None) -> str:
    """What somebody on hold hears, on and on: music at an address, or else ours."""
    response = VoiceResponse()
    response.play(music or urls.asset("hold-music.wav"), loop=0)
    return str(response)


def announcement(digits: str | None, text: str | None, speech: dict[str, str | None]) -> str:
    """What one participant of a room hears: keys, or words."""
    response = VoiceResponse()
    if digits:
        response.play(digits=digits)
    _say(response, {"say": [text or ""], "speech": speech})
    return _NOT_XML.sub("", str(response))


def hang_up() -> str:
    """The end of a call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def no_reply() -> str:
    """What is answered to a text message: nothing."""
    return str(MessagingResponse())


def offline_answer(urls: Urls, fallback_number: str | None, caller_id: str) -> str:
    """What a caller hears while the database can't be asked: a person, or else a voicemail.

    caller_id: the number of ours that the person is shown.
    """
    if not fallback_number:
        return offline_voicemail(urls)
    response = VoiceResponse()
    response.say("En un momento le atendemos.", **_APOLOGETIC)
    response.dial(
        fallback_number,
        caller_id=caller_id,
        timeout=_RING_SECONDS,
        action=urls("fallback-exit"),
    )
    return str(response)


def fallback_document(urls: Urls) -> str:
    """What a caller hears while we can't be reached at all, from wherever it is hosted: patience,
    and then back to us.
    """
    response = VoiceResponse()
    response.say("Un momento, por favor. Enseguida le atendemos.", **_APOLOGETIC)
    response.pause(length=_FALLBACK_PAUSE_SECONDS)
    response.redirect(urls("fallback"))
    return str(response)


def offline_voicemail(urls: Urls) -> str:
    """A request for a voicemail that needs nothing of the database."""
    response = VoiceResponse()
    response.say("Lo sentimos. Deje su mensaje después del tono y le llamaremos.", **_APOLOGETIC)
    response.record(
        max_length=120,
        action=urls("voicemail"),
        recording_status_callback=urls("recording-status"),
    )
    return str(response)


def pause_and_repeat(urls: Urls, path: str, **query: object) -> str:
    """Silence of three seconds, and then the same request again."""
    response = VoiceResponse()
    response.pause(length=3)
    response.redirect(urls(path, **query))
    return str(response)


def _say(parent: VoiceResponse | Gather, plan: JSON) -> None:
    speech = {k: v for k, v in plan.get("speech", {}).items() if v}
    for text in filter(str.strip, plan.get("say", ())):
        parent.say(text[:_LONGEST_SAY], **speech)


def _menu(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    gather = response.gather(
        input="dtmf speech",
        num_digits=1,
        finish_on_key="",  # the hash key is a choice like any other
        timeout=plan["timeout"],
        speech_timeout=_PAUSE_SECONDS,
        language=plan["speech"]["language"],
        hints=_hints(plan["hints"]),
        action_on_empty_result=True,
        action=urls("ivr-input", menu=plan["menu"], attempt=plan["attempt"]),
    )
    _say(gather, plan)


def _hints(words: Iterable[str]) -> str | None:
    hints = dict.fromkeys(word.replace(",", " ")[:_LONGEST_HINT].strip() for word in words)
    return ",".join(filter(None, islice(hints, _MOST_HINTS))) or None


def _enqueue(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    _say(response, plan)
    response.enqueue(plan["queue"], wait_url=urls("queue-wait"), action=urls("queue-exit"))


def _wait(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    gather = response.gather(input="dtmf", num_digits=1, timeout=1, action=urls("queue-key"))
    _say(gather, plan)
    gather.play(plan.get("music_url") or urls.asset("hold-music.wav"), loop=2)


def _keep_waiting(response: VoiceResponse, _plan: JSON, urls: Urls) -> None:
    response.redirect(urls("queue-wait"))


def _leave(response: VoiceResponse, _plan: JSON, _urls: Urls) -> None:
    response.leave()


def _confirm(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    gather = response.gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",  # the hash key is a refusal like any other
        timeout=8,
        action_on_empty_result=True,
        action=urls("agent-connect", offer=plan["offer_id"], confirming=1),
    )
    _say(gather, plan)


def _callback(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    gather = response.gather(
        input="dtmf",
        finish_on_key="#",
        timeout=6,
        action_on_empty_result=True,
        action=urls("callback-choice", attempt=plan["attempt"]),
    )
    _say(gather, plan)


def _conference(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    _say(response, plan)
    retries = plan.get("retries", 0)
    dial = Dial()
    dial.conference(
        plan["name"],
        participant_label=f"{plan['label']}-{retries}" if retries else plan["label"],
        start_conference_on_enter=True,
        end_conference_on_exit=plan["end_on_exit"],
        muted=plan.get("muted", False),
        beep=False,
        # Twilio's own music is nobody's to hear.
        wait_url="" if plan["silent"] else urls("hold-music"),
        status_callback=urls("room-status", call=plan["call_record_id"]),
        status_callback_event="start end join leave mute hold modify",
        # As long as the conversation: trimmed, a recording says nothing of when it began.
        trim="do-not-trim",
        record="record-from-start" if plan["record"] else "do-not-record",
        recording_status_callback=urls("recording-status", call=plan["call_record_id"]),
        recording_status_callback_event="in-progress completed absent",
    )
    response.append(dial)
    # Reached only by a customer whom the room refused, or let go of.
    if plan["role"] == "caller" and retries < MOST_RETRIES:
        again = {"call": plan.get("call"), "attempt": plan.get("attempt")}
        response.redirect(urls("caller-connect", **again, retry=retries + 1))


def _dial(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    _say(response, plan)
    response.dial(
        plan["number"],
        caller_id=plan["caller_id"],
        action=urls("dial-exit"),
        timeout=_RING_SECONDS,
    )


def _voicemail(response: VoiceResponse, plan: JSON, urls: Urls) -> None:
    if plan.get("play_url"):
        response.play(plan["play_url"])
    _say(response, plan)
    response.record(
        max_length=plan["max_seconds"],
        timeout=5,
        play_beep=True,
        action=urls("voicemail"),
        recording_status_callback=urls("recording-status"),
        recording_status_callback_event="completed absent",
        **_transcribed(plan, urls),
    )


def _transcribed(plan: JSON, urls: Urls) -> JSON:
    if not plan["transcribe"]:
        return {}
    return {"transcribe": True, "transcribe_callback": urls("transcription-status")}


def _hang_up(response: VoiceResponse, plan: JSON, _urls: Urls) -> None:
    _say(response, plan)
    response.hangup()


def _reject(response: VoiceResponse, _plan: JSON, _urls: Urls) -> None:
    response.reject(reason="busy")


_BUILDERS: dict[str, Callable[[VoiceResponse, JSON, Urls], None]] = {
    "menu": _menu,
    "enqueue": _enqueue,
    "wait": _wait,
    "keep_waiting": _keep_waiting,
    "leave": _leave,
    "confirm": _confirm,
    "callback": _callback,
    "conference": _conference,
    "dial": _dial,
    "voicemail": _voicemail,
    "hang_up": _hang_up,
    "reject": _reject,
}
