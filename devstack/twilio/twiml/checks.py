"""What an attribute's value may be; each check returns a complaint, or None."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from devstack.twilio.twiml.languages import SAY_LANGUAGES

Check = Callable[[str], str | None]

_BAD_URL = re.compile(r"[\s<>\"{}|\\^`]")


def one_of(*words: str) -> Check:
    def check(value: str) -> str | None:
        return None if value in words else f"must be one of {', '.join(words)}"

    return check


def words_of(*words: str) -> Check:
    """A space-separated list, such as statusCallbackEvent."""

    def check(value: str) -> str | None:
        bad = [word for word in value.split() if word not in words]
        return f"must hold only {', '.join(words)}" if bad or not value.split() else None

    return check


def integer(low: int, high: int) -> Check:
    def check(value: str) -> str | None:
        if not re.fullmatch(r"\d+", value) or not low <= int(value) <= high:
            return f"must be a whole number from {low} to {high}"
        return None

    return check


def integer_or(word: str, low: int, high: int) -> Check:
    number = integer(low, high)
    return lambda value: None if value == word else number(value)


def pattern(regex: str, meaning: str) -> Check:
    compiled = re.compile(regex)
    return lambda value: None if compiled.fullmatch(value) else f"must be {meaning}"


def any_text(value: str) -> str | None:
    return None if value.strip() else "must not be empty"


def url(value: str) -> str | None:
    """Relative or absolute, but something that can be requested."""
    if not value.strip() or _BAD_URL.search(value.strip()):
        return "is not a URL"
    scheme = urlsplit(value).scheme
    return None if scheme in {"", "http", "https"} else "must be an http or https URL"


def url_or_empty(value: str) -> str | None:
    return url(value) if value else None


def say_language(value: str) -> str | None:
    return None if value in SAY_LANGUAGES else "is not a language <Say> can speak"


boolean = one_of("true", "false")
method = one_of("GET", "POST")
digits = pattern(r"[0-9A-D*#wW]+", "keys, w for a pause")
voice = pattern(
    r"(man|woman|alice|(Polly|Google)\.[\w-]+)", "man, woman, alice, Polly.* or Google.*"
)
finish_keys = pattern(r"[0-9*#]*", "keys of the telephone")
language_tag = pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as es-CO")
call_sid = pattern(r"CA[0-9a-fA-F]{32}", "a call SID")
speech_timeout = pattern(r"auto|[1-9]\d{0,2}", "auto or seconds")
gather_input = words_of("dtmf", "speech")
trim = one_of("trim-silence", "do-not-trim")
conference_name = pattern(r"[^\x00-\x1f]{1,128}", "a name of up to 128 characters")
queue_name = pattern(r"[^\x00-\x1f]{1,64}", "a name of up to 64 characters")
phone_number = pattern(r"\+[1-9]\d{6,14}", "a number in E.164 form")
caller_id = pattern(r"\+[1-9]\d{6,14}|client:\S+|sip:\S+", "a number in E.164 form or a client")
identity = pattern(r"[A-Za-z0-9_]{1,256}", "a client identity: letters, digits, underscores")
