"""What was looked at, and what cures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from callcenter.errors import CallCenterError


class Runbook(StrEnum):
    """The headings of docs/runbook.md."""

    SUPABASE = "Supabase does not answer"
    COUNTRY_OF_NUMBERS = "The database and the service are of two countries"
    CREDENTIALS = "Twilio refuses the credentials"
    TRIAL = "A trial account"
    COUNTRY = "Calls to a country are not permitted"
    NO_NUMBER = "A number is not in the account"
    NO_VOICE = "A number can't take calls"
    TAKEN = "An application or a trunk takes a number's calls"
    ELSEWHERE = "A number leads elsewhere"
    NO_SENDER = "Text messages have no sender"
    NOT_WRITTEN = "Nobody can opt out of text messages"
    TRANSCRIPTION = "Voicemails are transcribed in English only"
    SOFTPHONES = "Softphones place no calls"
    FALLBACK = "The fallback document"
    COPIES = "Recordings are not copied"
    TOKENS = "Nobody at a screen is let in"
    ORIGINS = "A page is refused"
    NO_REALTIME = "The database has no Realtime"
    REALTIME = "Realtime refuses or does not answer"
    PARTITION = "Messages of today have no partition"
    POLICIES = "Nobody may listen"
    PUBLICATION = "A table is not published"
    BROADCASTS = "Broadcasts do not arrive"


@dataclass(frozen=True)
class Finding:
    """One thing looked at; remedy is empty where it is well.

    runbook: where more is said. advice: calls work without it.
    """

    what: str
    remedy: str = ""
    runbook: Runbook | None = None
    advice: bool = False

    @property
    def fails(self) -> bool:
        return bool(self.remedy) and not self.advice


def look(what: str, runbook: Runbook, check: Callable[[], str], advice: bool = False) -> Finding:
    """What a check finds: it returns a remedy, "" where all is well; what it raises is one too."""
    try:
        remedy = check()
    except CallCenterError as error:
        remedy = str(error)
    return Finding(what, remedy, runbook if remedy else None, advice)
