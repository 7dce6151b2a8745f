"""Recordings: started, paused, ended, processed, kept on disk across restarts."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devstack.twilio.calls import Call
from devstack.twilio.clock import rfc2822
from devstack.twilio.ids import new_sid
from devstack.twilio.webhooks import Endpoint, Params, Subscription

if TYPE_CHECKING:
    from devstack.twilio.rooms import Conference
    from devstack.twilio.world import World

PROCESSING_SECONDS = 2.0
TRANSCRIPTION_SECONDS = 5.0
DEFAULT_EVENTS = frozenset({"completed"})


@dataclass(slots=True)
class Recording:
    sid: str
    source: str
    call_sid: str
    conference_sid: str
    channels: int
    started: float
    status: str = "in-progress"
    duration: int = 0
    updated: float = 0.0
    track: str = "both"
    text: str = ""
    deleted: bool = False


@dataclass(slots=True)
class Transcription:
    sid: str
    recording_sid: str
    status: str
    text: str
    duration: int
    created: float


@dataclass(eq=False, slots=True)
class Running:
    """A recording that still runs: paused time is taken off its length."""

    recording: Recording
    leg: Call | None
    callback: Subscription | None
    heard_from: int = 0
    paused_at: float | None = None
    skipped: float = 0.0
    transcribe: Endpoint | None = None
    wants_text: bool = False
    longest: int = 24 * 3600
    # Seconds when it ended, before silence was trimmed.
    length: int = 0
    # What was said in a conference while it ran.
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Recordings:
    world: "World"
    folder: Path
    by_sid: dict[str, Recording] = field(default_factory=dict)
    transcriptions: dict[str, Transcription] = field(default_factory=dict)
    running: dict[str, Running] = field(default_factory=dict)

    def load(self) -> None:
        """Those of earlier runs; one that was running then is gone, as its call is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob("RE*.json"):
            recording = Recording(**json.loads(path.read_text()))
            self.by_sid[recording.sid] = recording

    def forget_unfinished(self) -> None:
        self.running.clear()
        done = {"completed", "absent"}
        self.by_sid = {sid: r for sid, r in self.by_sid.items() if r.status in done}

    # -- running ------------------------------------------------------------------------------

    def start(
        self, call: Call, source: str, callback: Subscription | None, channels: int = 1
    ) -> Running:
        """On a leg; the SID that callbacks carry is always the parent's."""
        owner = call.parent or call
        now = self.world.clock.time()
        recording = Recording(new_sid("RE"), source, owner.sid, "", channels, now, updated=now)
        return self._begin(Running(recording, call, callback, heard_from=len(call.said)))

    def start_conference(self, room: "Conference", callback: Subscription | None) -> Running:
        """Conference recordings are mono and belong to no call."""
        now = self.world.clock.time()
        recording = Recording(new_sid("RE"), "Conference", "", room.sid, 1, now, updated=now)
        return self._begin(Running(recording, None, callback))

    def _begin(self, running: Running) -> Running:
        recording = running.recording
        self.by_sid[recording.sid] = recording
        self.running[recording.sid] = running
        self._notify(running, "in-progress")
        return running

    def pause(self, running: Running, skip: bool) -> None:
        """``skip`` leaves the pause out of the length; otherwise it is silence inside it."""
        if running.paused_at is None and skip:
            running.paused_at = self.world.clock.time()
        self._set(running.recording, "paused")

    def resume(self, running: Running) -> None:
        if running.paused_at is not None:
            running.skipped += self.world.clock.time() - running.paused_at
            running.paused_at = None
        self._set(running.recording, "in-progress")

    def stop(self, running: Running, absent: bool = False, trailing: float = 0.0) -> None:
        """Ends it, less the trailing silence; the media is ready only after processing."""
        recording = running.recording
        if self.running.pop(recording.sid, None) is None:
            return
        end = running.paused_at or self.world.clock.time()
        seconds = min(end - recording.started - running.skipped, running.longest)
        running.length = round(seconds)
        recording.duration = max(0, round(seconds - trailing))
        said = running.leg.said[running.heard_from :] if running.leg else running.words
        recording.text = " ".join(filter(None, said))
        self._set(recording, "processing")
        self.world.tasks.spawn_telling(self._process(running, absent))

    def _set(self, recording: Recording, status: str) -> None:
        recording.status = status
        recording.updated = self.world.clock.time()

    def call_ended(self, call: Call) -> None:
        """A recording that a verb made is stopped by that verb."""
        for running in list(self.running.values()):
            if running.leg is call and not running.recording.source.endswith("Verb"):
                self.stop(running)

    def conference_ended(self, room: "Conference") -> None:
        for running in self.of_conference(room.sid):
            self.stop(running)

    def hear_in_conference(self, room: "Conference", text: str) -> None:
        """A pause leaves out what is said, whether or not its time is kept as silence."""
        for running in self.of_conference(room.sid):
            if running.recording.status == "in-progress":
                running.words.append(text)

    def of_conference(self, sid: str) -> list[Running]:
        return [r for r in self.running.values() if r.recording.conference_sid == sid]

    def of_call(self, sid: str) -> list[Running]:
        return [r for r in self.running.values() if r.recording.call_sid == sid]

    # -- afterwards ---------------------------------------------------------------------------

    async def _process(self, running: Running, absent: bool) -> None:
        await self.world.clock.sleep(PROCESSING_SECONDS)
        recording = running.recording
        status = "absent" if absent else "completed"
        self._set(recording, status)
        self._save(recording)
        self._notify(running, status)
        if running.wants_text and not absent:
            await self._transcribe(running)

    async def _transcribe(self, running: Running) -> None:
        """Twilio transcribes 2 to 120 seconds, and American English only."""
        await self.world.clock.sleep(TRANSCRIPTION_SECONDS)
        recording = running.recording
        possible = 2 <= recording.duration <= 120 and not self.world.faults.strikes(
            "transcription_fail"
        )
        result = Transcription(
            sid=new_sid("TR"),
            recording_sid=recording.sid,
            status="completed" if possible else "failed",
            text=recording.text if possible else "",
            duration=recording.duration,
            created=self.world.clock.time(),
        )
        self.transcriptions[result.sid] = result
        params = self._params(recording, "completed") | {
            "TranscriptionSid": result.sid,
            "TranscriptionText": result.text,
            "TranscriptionStatus": result.status,
            "TranscriptionType": "fast",
        }
        sid = recording.call_sid
        self.world.webhooks.notify("transcription", sid, running.transcribe, params)

    def delete(self, recording: Recording) -> None:
        self.by_sid.pop(recording.sid, None)
        self.running.pop(recording.sid, None)
        self._path(recording).unlink(missing_ok=True)

    def _save(self, recording: Recording) -> None:
        if recording.sid in self.by_sid:
            self._path(recording).write_text(json.dumps(asdict(recording)))

    def _path(self, recording: Recording) -> Path:
        return self.folder / f"{recording.sid}.json"

    def url(self, recording: Recording) -> str:
        config = self.world.config
        path = f"/2010-04-01/Accounts/{config.account_sid}/Recordings/{recording.sid}"
        return config.base_url + path

    # -- callbacks ----------------------------------------------------------------------------

    def _notify(self, running: Running, event: str) -> None:
        recording = running.recording
        sid = recording.call_sid or recording.conference_sid
        self.world.feed.event(sid, "recording", f"{recording.sid} {event}")
        wanted = running.callback
        if wanted and event in wanted.events:
            params = self._params(recording, event)
            self.world.webhooks.notify("recording", sid, wanted.endpoint, params)

    def _params(self, recording: Recording, status: str) -> Params:
        params = {
            "AccountSid": self.world.config.account_sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": self.url(recording),
            "RecordingStatus": status,
            "RecordingChannels": str(recording.channels),
            "RecordingStartTime": rfc2822(recording.started),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
            "ErrorCode": "0",
        }
        if recording.conference_sid:
            params["ConferenceSid"] = recording.conference_sid
        else:
            params["CallSid"] = recording.call_sid
        if status != "in-progress":
            params["RecordingDuration"] = str(recording.duration)
        return params

    def as_rest(self, recording: Recording) -> dict[str, Any]:
        account = self.world.config.account_sid
        uri = f"/2010-04-01/Accounts/{account}/Recordings/{recording.sid}"
        done = recording.status in {"completed", "absent"}
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "call_sid": recording.call_sid or None,
            "channels": recording.channels,
            "conference_sid": recording.conference_sid or None,
            "date_created": rfc2822(recording.started),
            "date_updated": rfc2822(recording.updated),
            "duration": str(recording.duration) if done else "-1",
            "encryption_details": None,
            "error_code": None,
            "media_url": self.url(recording),
            "price": None,
            "price_unit": "USD",
            "sid": recording.sid,
            "source": recording.source,
            "start_time": rfc2822(recording.started),
            "status": recording.status,
            "subresource_uris": {"transcriptions": f"{uri}/Transcriptions.json"},
            "track": recording.track,
            "uri": f"{uri}.json",
        }
