"""Connection overrides that an URL's fragment asks for: ``#ct=2000&rc=3&rp=5xx,rt``.

Times are milliseconds, as at Twilio; the fragment is neither sent nor signed.
"""

from dataclasses import dataclass
from string import punctuation
from urllib.parse import parse_qsl, quote, urldefrag

RETRYABLE = frozenset({"ct", "rt", "4xx", "5xx"})


@dataclass(frozen=True, slots=True)
class Overrides:
    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policies: frozenset[str] = frozenset({"ct"})


def split_overrides(url: str) -> tuple[str, Overrides]:
    """The URL to request, and how patiently; values out of Twilio's range are ignored.

    What is ASCII in the URL is sent as it stands: the receiver checks a signature over it.
    """
    clean, fragment = urldefrag(quote(url, safe=punctuation))
    given = dict(parse_qsl(fragment))
    return clean, Overrides(
        connect=_seconds(given.get("ct"), 10_000, 5.0),
        read=_seconds(given.get("rt"), 15_000, 15.0),
        total=_seconds(given.get("tt"), 15_000, 15.0),
        retries=_retries(given.get("rc")),
        policies=_policies(given.get("rp")),
    )


def _seconds(text: str | None, most: int, default: float) -> float:
    if text and text.isdigit() and 100 <= int(text) <= most:
        return int(text) / 1000
    return default


def _retries(text: str | None) -> int:
    return int(text) if text in {"0", "1", "2", "3", "4", "5"} else 1


def _policies(text: str | None) -> frozenset[str]:
    asked = set((text or "").split(","))
    if "all" in asked:
        return RETRYABLE
    return frozenset(asked & RETRYABLE) or frozenset({"ct"})
