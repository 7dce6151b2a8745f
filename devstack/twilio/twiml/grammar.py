"""Verbs and nouns: which attributes they take, what may stand inside them, which text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devstack.twilio.twiml import checks as c
from devstack.twilio.twiml.checks import Check

CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
CONFERENCE_EVENTS = (
    "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement",
)  # fmt: skip
RECORDING_EVENTS = ("in-progress", "completed", "absent")
DIAL_RECORD = (
    "do-not-record", "true", "false", "record-from-answer", "record-from-ringing",
    "record-from-answer-dual", "record-from-ringing-dual",
)  # fmt: skip
SPEECH = ("Say", "Play", "Pause", "Gather", "Record", "Redirect", "Hangup")
VERBS = frozenset({*SPEECH, "Dial", "Enqueue", "Leave", "Reject"})
SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
    | {"amazon:effect", "amazon:domain"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """``text`` checks an element's own text: None where it may have none."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: Check | None = None
    error: int = 12200


_RECORDING: dict[str, Check] = {
    "recordingStatusCallback": c.url,
    "recordingStatusCallbackMethod": c.method,
    "recordingStatusCallbackEvent": c.words_of(*RECORDING_EVENTS),
}
_CALL_STATUS: dict[str, Check] = {
    "statusCallback": c.url,
    "statusCallbackMethod": c.method,
    "statusCallbackEvent": c.words_of(*CALL_EVENTS),
}
_ACTION: dict[str, Check] = {"action": c.url, "method": c.method}
_WHISPER: dict[str, Check] = {"url": c.url, "method": c.method}
_MACHINE: dict[str, Check] = {
    "machineDetection": c.one_of("Enable", "DetectMessageEnd"),
    "machineDetectionTimeout": c.integer(3, 59),
    "amdStatusCallback": c.url,
    "amdStatusCallbackMethod": c.method,
}


def _optional_text(check: Check) -> Check:
    return lambda value: check(value) if value else None


def _anything(_: str) -> None:
    return None


RULES: dict[str, Rule] = {
    "Response": Rule(
        children=VERBS,
        error=12100,
    ),
    "Say": Rule(
        {"language": c.say_language, "voice": c.voice, "loop": c.integer(0, 1000)},
        SSML,
        c.any_text,
        13520,
    ),
    "Play": Rule(
        {"loop": c.integer(0, 1000), "digits": c.digits}, text=_optional_text(c.url), error=13420
    ),
    "Pause": Rule({"length": c.integer(0, 180)}, error=13610),
    "Gather": Rule(
        {
            **_ACTION,
            "input": c.gather_input,
            "timeout": c.integer(1, 600),
            "speechTimeout": c.speech_timeout,
            "maxSpeechTime": c.integer(1, 600),
            "numDigits": c.integer(1, 100),
            "finishOnKey": c.finish_keys,
            "language": c.language_tag,
            "hints": c.any_text,
            "speechModel": c.any_text,
            "enhanced": c.boolean,
            "profanityFilter": c.boolean,
            "bargeIn": c.boolean,
            "actionOnEmptyResult": c.boolean,
            "partialResultCallback": c.url,
            "partialResultCallbackMethod": c.method,
        },
        frozenset({"Say", "Play", "Pause"}),
        error=13312,
    ),
    "Dial": Rule(
        {
            **_ACTION,
            **_RECORDING,
            "timeout": c.integer(5, 600),
            "timeLimit": c.integer(1, 86_400),
            "callerId": c.caller_id,
            "hangupOnStar": c.boolean,
            "answerOnBridge": c.boolean,
            "record": c.one_of(*DIAL_RECORD),
            "trim": c.trim,
            "recordingTrack": c.one_of("inbound", "outbound", "both"),
            "ringTone": c.pattern(r"[a-z]{2}", "a country code"),
            "sequential": c.boolean,
        },
        frozenset({"Number", "Client", "Conference", "Sip", "Queue"}),
        _optional_text(c.phone_number),
        13200,
    ),
    "Number": Rule(
        {**_WHISPER, **_CALL_STATUS, **_MACHINE, "sendDigits": c.digits},
        text=c.phone_number,
        error=13223,
    ),
    "Client": Rule(
        {**_WHISPER, **_CALL_STATUS}, frozenset({"Identity", "Parameter"}),
        _optional_text(c.identity), 13222,
    ),
    "Identity": Rule(text=c.identity, error=13222),
    "Parameter": Rule({"name": c.any_text, "value": _anything}),
    "Sip": Rule(
        {**_WHISPER, **_CALL_STATUS, "username": c.any_text, "password": c.any_text},
        text=c.pattern(r"sips?:\S+", "a SIP address"),
        error=13224,
    ),
    "Conference": Rule(
        {
            **_RECORDING,
            "muted": c.boolean,
            "beep": c.one_of("true", "false", "onEnter", "onExit"),
            "startConferenceOnEnter": c.boolean,
            "endConferenceOnExit": c.boolean,
            "participantLabel": c.pattern(r".{1,128}", "a label of up to 128 characters"),
            "jitterBufferSize": c.one_of("off", "small", "medium", "large"),
            "waitUrl": c.url_or_empty,
            "waitMethod": c.method,
            "maxParticipants": c.integer(2, 250),
            "record": c.one_of("do-not-record", "record-from-start", "true", "false"),
            "region": c.any_text,
            "trim": c.trim,
            "coach": c.call_sid,
            "statusCallback": c.url,
            "statusCallbackMethod": c.method,
            "statusCallbackEvent": c.words_of(*CONFERENCE_EVENTS),
            "eventCallbackUrl": c.url,
        },
        text=c.conference_name,
        error=13230,
    ),
    "Queue": Rule({**_WHISPER, "reservationSid": c.any_text, "postWorkActivitySid": c.any_text},
                  text=c.queue_name, error=13235),
    "Enqueue": Rule(
        {**_ACTION, "waitUrl": c.url, "waitUrlMethod": c.method},
        text=_optional_text(c.queue_name),
        error=13236,
    ),
    "Leave": Rule(),
    "Record": Rule(
        {
            **_ACTION,
            **_RECORDING,
            "timeout": c.integer(1, 600),
            "finishOnKey": c.finish_keys,
            "maxLength": c.integer(1, 3600),
            "playBeep": c.boolean,
            "trim": c.trim,
            "recordingTrack": c.one_of("inbound", "outbound", "both"),
            "transcribe": c.boolean,
            "transcribeCallback": c.url,
        },
        error=13612,
    ),
    "Redirect": Rule({"method": c.method}, text=c.url, error=13710),
    "Hangup": Rule(),
    "Reject": Rule({"reason": c.one_of("rejected", "busy")}),
}  # fmt: skip

# Documents that run beside a call, not as it: fewer verbs may stand at their top.
CONTEXTS: dict[str, frozenset[str]] = {
    "call": RULES["Response"].children,
    "queue-wait": frozenset(["Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"]),
    "conference": frozenset(["Play", "Say", "Pause", "Redirect"]),
    "whisper": frozenset(SPEECH),
}
