"""Who hears what, from when to when: each leg keeps the stretches of all that reached its ear."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from devstack.twilio.calls import Call

MUSIC = "music"
ANNOUNCEMENT = "announcement"


@dataclass(slots=True)
class Stretch:
    """``source``: the SID of a leg that could be heard, or the kind of a sound. Times are virtual
    seconds since 1970; ``end`` is None while it lasts.
    """

    source: str
    begin: float
    end: float | None = None


def renew(*calls: "Call") -> None:
    """To be called whenever something changed of who hears what."""
    for call in calls:
        _note(call, _sources(call))


def renew_around(call: "Call") -> None:
    """The same for a leg and for whoever is connected to it."""
    renew(call, *neighbours(call))


class Sound:
    """Something is played to a leg alone, from now until it is stopped or its block is left."""

    def __init__(self, call: "Call", kind: str) -> None:
        self._call = call
        self.kind = kind
        call.sounds.append(self)
        renew(call)

    def stop(self) -> None:
        if self in self._call.sounds:
            self._call.sounds.remove(self)
            renew(self._call)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def neighbours(call: "Call") -> "list[Call]":
    """The other legs of a bridge or a room, whether or not they are heard."""
    found = [call.bridged_with] if call.bridged_with else []
    if call.participant:
        found += [p.call for p in call.participant.conference.participants.values()]
    return [other for other in found if other is not call]


def is_heard(speaker: "Call", hearer: "Call") -> bool:
    """Whether what one says reaches the other now. A muted one is heard by nobody; somebody on hold
    neither hears nor is heard; a coach is heard by whom they coach.
    """
    if speaker.over or hearer.over or speaker.lost or hearer.lost or speaker.mic_off:
        return False
    if speaker.bridged_with is hearer and hearer.bridged_with is speaker:
        return True
    one, other = speaker.participant, hearer.participant
    if one is None or other is None or one.conference is not other.conference:
        return False
    silent = one.muted or one.hold or other.hold or not one.conference.talking
    return not silent and one.coach in {"", hearer.sid}


def hears_somebody(call: "Call") -> bool:
    """Whether a leg is in a conversation, as whoever is on it would say."""
    return any(is_heard(other, call) for other in neighbours(call))


def _sources(call: "Call") -> set[str]:
    if call.over or call.lost:
        return set()
    people = {other.sid for other in neighbours(call) if is_heard(other, call)}
    return people | {sound.kind for sound in call.sounds}


def _note(call: "Call", sources: set[str]) -> None:
    now = call.clock.time()
    going_on = {stretch.source for stretch in call.hearing if stretch.end is None}
    for stretch in call.hearing:
        if stretch.end is None and stretch.source not in sources:
            stretch.end = now
    call.hearing += [Stretch(source, now) for source in sorted(sources - going_on)]
