"""Batch transcription: reusable configurations, and jobs that end with a JSON callback."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from devstack.twilio.clock import iso
from devstack.twilio.webhooks import Endpoint

if TYPE_CHECKING:
    from devstack.twilio.recordings import Recording
    from devstack.twilio.world import World

Json = dict[str, Any]
STARTS_AFTER = 1.0
TAKES = 5.0


@dataclass(slots=True)
class Configuration:
    """Kept on disk, as Twilio keeps it; ``settings`` is the ``configuration`` of the request."""

    id: str
    unique_name: str
    description: str
    settings: Json
    created: float
    updated: float

    def as_rest(self, account_sid: str) -> Json:
        return {
            "id": self.id,
            "account_sid": account_sid,
            "unique_name": self.unique_name,
            "description": self.description,
            "date_created": iso(self.created),
            "date_updated": iso(self.updated),
            "configuration": self.settings,
        }


@dataclass(slots=True)
class Job:
    id: str
    configuration: Configuration
    recording: "Recording"
    created: float
    updated: float
    status: str = "PENDING"


@dataclass(slots=True)
class Transcriptions:
    world: "World"
    path: Path
    configurations: dict[str, Configuration] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    by_key: dict[str, Job] = field(default_factory=dict)

    def load(self) -> None:
        if self.path.exists():
            kept = [Configuration(**entry) for entry in json.loads(self.path.read_text())]
            self.configurations = {c.id: c for c in kept}

    def forget_jobs(self) -> None:
        self.jobs.clear()
        self.by_key.clear()

    # -- configurations -----------------------------------------------------------------------

    def find(self, id_or_name: str) -> Configuration | None:
        found = (c for c in self.configurations.values() if id_or_name in {c.id, c.unique_name})
        return next(found, None)

    def configure(self, given: Json, existing: Configuration | None = None) -> Configuration:
        """A new configuration, or an existing one with other contents."""
        now = self.world.clock.time()
        new = Configuration(
            id=existing.id if existing else _new_id("voice_transcriptionconfiguration_"),
            unique_name=given["unique_name"],
            description=given.get("description", ""),
            settings=given["configuration"],
            created=existing.created if existing else now,
            updated=now,
        )
        self.configurations[new.id] = new
        self._save()
        return new

    def remove(self, configuration: Configuration) -> None:
        del self.configurations[configuration.id]
        self._save()

    def _save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps([asdict(c) for c in self.configurations.values()]))

    # -- jobs ---------------------------------------------------------------------------------

    def start(self, configuration: Configuration, recording: "Recording", key: str) -> Job:
        """The same key starts nothing a second time."""
        if key and key in self.by_key:
            return self.by_key[key]
        now = self.world.clock.time()
        job = Job(_new_id("voice_transcription_"), configuration, recording, now, now)
        self.jobs[job.id] = job
        if key:
            self.by_key[key] = job
        self.world.tasks.spawn_telling(self._run(job))
        return job

    async def _run(self, job: Job) -> None:
        await self.world.clock.sleep(STARTS_AFTER)
        self._set(job, "RUNNING")
        await self.world.clock.sleep(TAKES)
        failed = self.world.faults.strikes("transcription_fail")
        self._set(job, "FAILED" if failed else "COMPLETED")
        callback = job.configuration.settings.get("transcriptionStatusCallback")
        sid = job.recording.call_sid or job.recording.conference_sid
        to = Endpoint(callback["url"]) if callback else None
        self.world.webhooks.notify_json("transcription", sid, to, self._told(job))

    def _set(self, job: Job, status: str) -> None:
        job.status = status
        job.updated = self.world.clock.time()

    def _told(self, job: Job) -> Json:
        """The only place where the words are ever told; in lower case, unlike REST's status."""
        told = {
            "id": job.id,
            "accountId": self.world.config.account_sid,
            "status": job.status.lower(),
            "sourceId": job.recording.sid,
            "transcriptionConfigurationId": job.configuration.id,
            "duration": job.recording.duration,
        }
        if job.status == "COMPLETED":
            told["sentences"] = self._sentences(job)
        return told

    def _sentences(self, job: Job) -> list[Json]:
        words = [text.strip() for text in job.recording.text.split(".")]
        return [
            {
                "sentenceIndex": index,
                "audioChannelIndex": 1,
                "startTimeSeconds": float(index),
                "text": f"{text}.",
                "confidence": 0.97,
            }
            for index, text in enumerate(filter(None, words))
        ]

    def as_rest(self, job: Job) -> Json:
        """Never with the words."""
        return {
            "id": job.id,
            "accountId": self.world.config.account_sid,
            "status": job.status,
            "transcriptionConfigurationId": job.configuration.id,
            "mediaUrl": None,
            "sourceId": job.recording.sid,
            "audioStartedAt": iso(job.recording.started),
            "conversationId": None,
            "duration": job.recording.duration if job.status == "COMPLETED" else None,
            "resolvedConfiguration": job.configuration.settings,
            "createdAt": iso(job.created),
            "updatedAt": iso(job.updated),
            "url": job_url(job),
        }


def job_url(job: Job) -> str:
    return f"https://voice.twilio.com/v3/Transcriptions/{job.id}"


def _new_id(prefix: str) -> str:
    return prefix + uuid4().hex[:26]
