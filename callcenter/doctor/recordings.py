"""Whether recordings can be copied to the bucket that they are to be copied to."""

from __future__ import annotations

from callcenter.bootstrap import Services
from callcenter.doctor.finding import Finding, Runbook, look
from callcenter.errors import CallCenterError

# Twilio's MP3 of two channels has 64 kbit/s.
_HOUR_BYTES = 64_000 // 8 * 3600


def look_at_recordings(services: Services) -> list[Finding]:
    """Nothing where none are copied: they stay at Twilio, and are heard from there."""
    what = "copies of recordings"
    try:
        name = services.db.recordings_bucket()
    except CallCenterError as error:
        return [Finding(what, str(error), Runbook.SUPABASE, advice=True)]
    if name is None:
        return []
    return [look(what, Runbook.COPIES, lambda: _bucket(services, name), advice=True)]


def _bucket(services: Services, name: str) -> str:
    bucket = services.storage.bucket(name)
    if bucket is None:
        return f"Storage has no bucket {name}: make a private one, or set another"
    if bucket.is_public:
        return f"bucket {name} is public, so nothing is sent there: make it private"
    if not bucket.takes_mp3:
        return f"bucket {name} takes no audio/mpeg: allow it"
    if bucket.limit is not None and bucket.limit < _HOUR_BYTES:
        minutes = bucket.limit * 60 // _HOUR_BYTES
        return f"bucket {name} refuses what is longer than {minutes} min: raise its file size limit"
    return ""
