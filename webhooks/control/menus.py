"""What the database says of an IVR script, as OpenAPI describes it: its faults, a walk, its calls.

Whoever writes scripts asks Supabase for these (docs/database.md).
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel


class ScriptFault(BaseModel):
    """Of `rpc('check_ivr_script')`. place: such as script_data.menus[0].options[1].digit."""

    place: str
    reason: str


class Speech(BaseModel):
    """How words sound: a language's name (BCP 47), and the voice that Twilio has for it."""

    language: str
    voice: str


class WalkedStep(BaseModel):
    """Of `rpc('walk_ivr_script')`: what a caller hears. play_url: instead of words; menu, attempt:
    of a menu; number: that is dialled; queue: where they wait or leave a message, wait: what they
    hear there, why: they can't wait there."""

    kind: Literal["menu", "enqueue", "voicemail", "callback", "dial", "hang_up"]
    say: list[str] | None = None
    play_url: str | None = None
    menu: str | None = None
    attempt: int | None = None
    timeout: int | None = None
    number: str | None = None
    speech: Speech
    queue: str | None
    wait: list[str] | None
    why: Literal["closed", "nobody", "full"] | None


class OptionUsage(BaseModel):
    """Calls that chose an option, and how they stand. option: its key; to: where it led."""

    menu: str
    option: str
    action: str
    to: str
    calls: int
    answered: int
    voicemail: int
    callback: int
    transfer: int
    abandoned: int
    live: int


class MenuUsage(BaseModel):
    """Calls that heard a menu, and in which of them nothing or no answer was said, or hung up."""

    menu: str
    calls: int
    silent: int
    not_understood: int
    hung_up: int


class ScriptUsage(BaseModel):
    """`rpc('ivr_script_usage')`: a script's last calls, a hundred at most; since: their first;
    in_force: the next call begins with it."""

    in_force: bool
    time_zone: str
    calls: int
    since: AwareDatetime | None
    options: list[OptionUsage]
    menus: list[MenuUsage]


DOCUMENTS: tuple[type[BaseModel], ...] = (ScriptFault, WalkedStep, ScriptUsage)
