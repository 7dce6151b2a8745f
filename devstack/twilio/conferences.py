"""Conference rooms: who is in, who hears whom, and the callbacks about it."""

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from devstack.twilio.calls import Call
from devstack.twilio.clock import rfc2822
from devstack.twilio.engine.flow import Flow, Goto
from devstack.twilio.hearing import ANNOUNCEMENT, MUSIC, Sound, is_heard, neighbours, renew
from devstack.twilio.ids import new_sid
from devstack.twilio.rooms import Conference, Entry, Participant, about
from devstack.twilio.webhooks import Endpoint, Params

if TYPE_CHECKING:
    from devstack.twilio.world import World

BUILT_IN_MUSIC = ("twimlets.com", "com.twilio.", "twilio.com")


class Complaint(NamedTuple):
    """Why somebody is not let in: an error of Twilio's dictionary."""

    code: int
    message: str


class Conferences:
    def __init__(self, world: "World") -> None:
        self._world = world
        self.by_sid: dict[str, Conference] = {}
        self._active: dict[str, Conference] = {}

    def active(self, name_or_sid: str) -> Conference | None:
        found = self._active.get(name_or_sid) or self.by_sid.get(name_or_sid)
        return found if found and found.status != "completed" else None

    def open(self, entry: Entry) -> Conference:
        """The active room of that name, or a new one whose callbacks are this entry's."""
        room = self._active.get(entry.name)
        if room is None:
            now = self._world.clock.time()
            record = entry if entry.record else None
            room = Conference(new_sid("CF"), entry.name, now, now, entry.callback, record)
            self.by_sid[room.sid] = self._active[entry.name] = room
        return room

    def expect(self, call: Call, entry: Entry) -> Participant:
        """Somebody is rung into a room, which exists from now on."""
        room = self.open(entry)
        person = self._participant(call, room, entry)
        room.expected[call.sid] = person
        return person

    def absent(self, person: Participant) -> None:
        """They never came; a room made for them, where nobody ever was, closes."""
        room = person.conference
        room.expected.pop(person.call.sid, None)
        self.notify(room, "leave", person)
        if room.status == "init" and not room.participants and not room.expected:
            room.status = "completed"
            self._active.pop(room.name, None)

    def _participant(self, call: Call, room: Conference, entry: Entry) -> Participant:
        now = self._world.clock.time()
        return Participant(call, room, entry, entry.muted, entry.end_on_exit, entry.coach, now)

    # -- in and out ---------------------------------------------------------------------------

    async def attend(self, call: Call, entry: Entry, expected: Participant | None = None) -> str:
        """Keeps the call in the room until somebody lets go; cancelling leaves too.

        Returns "full", "refused" for its label, "ended" or "kicked".
        """
        complaint = self.complaint(entry) if expected is None else self.nobody_to_coach(entry)
        if complaint:
            self._world.feed.error(call.sid, complaint.code, complaint.message)
            if expected:
                self.absent(expected)
            return "refused"
        room = self.open(entry)
        if len(room.participants) >= entry.most:
            return "full"
        person = expected or self._participant(call, room, entry)
        self._join(person, room)
        try:
            await call.signal.until(lambda: bool(person.gone))
        finally:
            self._leave(person)
        return person.gone

    def complaint(self, entry: Entry) -> Complaint | None:
        """Why somebody who wants to come in is not let in."""
        label = entry.label
        if len(label) > 128 or "/" in unquote(label) or re.fullmatch(r"CA[0-9a-f]{32}", label):
            return Complaint(16023, f"participantLabel is too long, a SID, or has a /: {label}")
        room = self._active.get(entry.name)
        people = [*room.participants.values(), *room.expected.values()] if room else []
        if label and any(person.entry.label == label for person in people):
            return Complaint(16025, f"participantLabel is in use in this conference: {label}")
        return self.nobody_to_coach(entry)

    def nobody_to_coach(self, entry: Entry) -> Complaint | None:
        """Why whom they are to coach can't be coached now."""
        if not entry.coach:
            return None
        room = self._active.get(entry.name)
        if room is None or entry.coach not in room.participants:
            return Complaint(13240, f"{entry.coach} is not in this conference to be coached")
        if room.participants[entry.coach].hold:
            return Complaint(16027, f"{entry.coach}, who is to be coached, is on hold")
        return None

    def _join(self, person: Participant, room: Conference) -> None:
        call = person.call
        person.conference.expected.pop(call.sid, None)
        person.conference = room
        person.joined = room.updated = self._world.clock.time()
        room.participants[call.sid] = person
        call.participant = person
        call.hear("joined", f"joined {room.name}")
        self.notify(room, "join", person)
        self._start(room)
        self._beep(room, person, "onEnter")
        self._refresh(room)

    def _start(self, room: Conference) -> None:
        """A room starts with its second participant, if one of them may start it."""
        enough = len(room.participants) > 1
        starter = any(p.entry.start_on_enter for p in room.participants.values())
        if room.status == "init" and enough and starter:
            room.status = "in-progress"
            self.notify(room, "start")
            if room.record:
                self._world.recordings.start_conference(room, room.record.recording_callback)

    def _leave(self, person: Participant) -> None:
        room, call = person.conference, person.call
        room.participants.pop(call.sid, None)
        call.participant = None
        self._stop_music(person)
        for task in person.announcements:
            task.cancel()
        if not call.over:
            call.hear("left", f"left {room.name}")
        self.notify(room, "leave", person)
        self._beep(room, person, "onExit")
        if room.status != "completed":
            self._end_if_done(room, person)
        renew(call)
        self._refresh(room)

    def _end_if_done(self, room: Conference, left: Participant) -> None:
        kind = "kicked" if left.gone == "kicked" else "left"
        if left.end_on_exit:
            self.end(room, f"participant-with-end-conference-on-exit-{kind}", left.call.sid)
        elif not room.participants:
            self.end(room, f"last-participant-{kind}", left.call.sid)

    def end(self, room: Conference, reason: str, by: str = "") -> None:
        if room.status == "completed":
            return
        room.status = "completed"
        room.reason, room.ended_by = reason, by
        room.updated = self._world.clock.time()
        self._active.pop(room.name, None)
        for person in list(room.participants.values()):
            person.let_go("ended")
        renew(*(person.call for person in room.participants.values()))
        self._world.recordings.conference_ended(room)
        params = {"ReasonConferenceEnded": reason}
        if by:
            params["CallSidEndingConference"] = by
        self.notify(room, "end", None, params)

    # -- sound --------------------------------------------------------------------------------

    def _beep(self, room: Conference, person: Participant, when: str) -> None:
        if person.entry.beep in {"true", when} and room.talking:
            for other in room.participants.values():
                other.call.hear("beep")

    def _refresh(self, room: Conference) -> None:
        """Music until the room starts, and on hold; one left alone hears nothing."""
        waits = room.status == "init"
        for person in room.participants.values():
            if waits and person.music is None and not person.entry.silent_wait:
                self._start_music(person, person.entry.wait)
            elif not waits and not person.hold:
                self._stop_music(person)
                person.call.signal.fire()
        renew(*(person.call for person in room.participants.values()))

    def _start_music(self, person: Participant, source: Endpoint | None) -> None:
        self._stop_music(person)
        person.sound = Sound(person.call, MUSIC)
        person.music = self._world.tasks.spawn(self._play_music(person.call, source, person.sound))

    def _stop_music(self, person: Participant) -> None:
        if person.music and person.sound:
            person.music.cancel()
            person.sound.stop()
            person.music = None

    async def _play_music(self, call: Call, source: Endpoint | None, sound: Sound) -> None:
        """Twilio's own music isn't fetched, and goes on; any other document is played once, and
        then there is silence, unless it goes on by itself.
        """
        if source is None or any(host in source.url for host in BUILT_IN_MUSIC):
            call.hear("music")
            return
        await Flow(self._world, call, "conference").run(Goto(source))
        sound.stop()
        call.hear("silence")

    def set_muted(self, person: Participant, muted: bool) -> None:
        if person.muted != muted:
            person.muted = muted
            self.notify(person.conference, "mute" if muted else "unmute", person)
            self._refresh(person.conference)

    def set_coach(self, person: Participant, coach: str) -> None:
        """``coach``: the SID of whom they coach from now on, "" for nobody."""
        if person.coach != coach:
            person.coach = coach
            self.notify(person.conference, "modify", person)
            self._refresh(person.conference)

    def set_end_on_exit(self, person: Participant, end_on_exit: bool) -> None:
        """Of somebody on hold it is accepted and ignored."""
        if not person.hold:
            person.end_on_exit = end_on_exit
            self.notify(person.conference, "modify", person)

    def set_hold(self, person: Participant, hold: bool, music: Endpoint | None) -> None:
        if person.hold == hold:
            return
        person.hold = hold
        if hold:
            person.call.feed.event(person.call.sid, "hold", "on hold")
            self._start_music(person, music)
        else:
            self._stop_music(person)
        self.notify(person.conference, "unhold" if not hold else "hold", person)
        self._refresh(person.conference)

    def announce(self, people: list[Participant], source: Endpoint) -> None:
        """The document is requested once per hearer, as part of that hearer's call."""
        for person in people:
            task = self._world.tasks.spawn(self._tell(person.call, source))
            person.announcements.add(task)
            task.add_done_callback(person.announcements.discard)

    async def _tell(self, call: Call, source: Endpoint) -> None:
        with Sound(call, ANNOUNCEMENT):
            await Flow(self._world, call, "conference").run(Goto(source))

    def carry_voice(self, call: Call, text: str) -> None:
        """What somebody says, to whoever can hear it now, and to the room's recording."""
        for other in neighbours(call):
            if is_heard(call, other):
                other.hear("voice", text)
        speaker = call.participant
        inaudible = call.lost or call.mic_off
        if speaker and not (speaker.muted or speaker.hold or speaker.coach or inaudible):
            self._world.recordings.hear_in_conference(speaker.conference, text)

    # -- callbacks ----------------------------------------------------------------------------

    def notify(
        self, room: Conference, event: str, person: Participant | None = None,
        extra: Params | None = None,
    ) -> None:  # fmt: skip
        """Sequence numbers are the room's own and count the callbacks sent."""
        family = {"unhold": "hold", "unmute": "mute"}.get(event, event)
        wanted = room.callback
        self._world.feed.event(room.sid, "conference", f"{room.name}: {event}")
        if wanted is None or family not in wanted.events:
            return
        scope = "participant" if person else "conference"
        params = {
            "AccountSid": self._world.config.account_sid,
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "StatusCallbackEvent": f"{scope}-{event}",
            "SequenceNumber": str(room.sequence),
            "Timestamp": rfc2822(self._world.clock.time()),
        }
        room.sequence += 1
        params |= about(person, event) if person else {}
        sid = person.call.sid if person else room.sid
        self._world.webhooks.notify("conference", sid, wanted.endpoint, params | (extra or {}))
