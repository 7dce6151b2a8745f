"""Links to recordings for players that send neither a token nor a cookie: good for minutes, for one
recording, and in the name of one user, whose rights are asked for again when it is opened.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from callcenter.errors import LinkRefusedError
from callcenter.settings import Settings

LIFE = timedelta(minutes=10)


class RecordingLinks:
    """Makes and reads them; every process of ours reads what another made."""

    def __init__(self, settings: Settings) -> None:
        self._base = f"{settings.public_url}/api/twilio/recordings"
        # What is signed with is derived from the secret and the salt, and opens nothing else.
        self._signer = URLSafeTimedSerializer(
            settings.supabase_service_role_key,
            salt="callcenter recording link",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def make(self, recording: str, user_id: str) -> tuple[str, datetime]:
        """An address that plays a recording, and until when."""
        key = str(self._signer.dumps([recording, user_id]))
        until = datetime.now(UTC).replace(microsecond=0) + LIFE
        return f"{self._base}/{recording}?key={key}", until

    def user_of(self, recording: str, key: str) -> str:
        """In whose name a link to this recording was made; raises LinkRefusedError."""
        try:
            told = self._signer.loads(key, max_age=int(LIFE.total_seconds()))
        except SignatureExpired as error:
            raise LinkRefusedError("link_expired", "The link is over its time.") from error
        except BadData as error:
            raise LinkRefusedError("link_not_good", "The link is not one of ours.") from error
        if told[0] != recording:
            raise LinkRefusedError("link_not_good", "The link is another recording's.")
        return str(told[1])
