"""Rooms of calls: who is in one, what they hear of it, and whether it is recorded."""

from __future__ import annotations

from typing import Any

from callcenter.errors import TwilioRefusedError
from callcenter.models import JSON
from callcenter.settings import Settings
from callcenter.telephony.client import TwilioClient
from callcenter.twiml import Urls

# "Not in-progress": the recording was stopped.
_OVER = 21220


class Conferences:
    """Each method names the room (payload: room, and conference_sid where that is known), and
    returns False where what was to be changed is gone: the room, or whoever was in it.
    """

    def __init__(self, client: TwilioClient, settings: Settings) -> None:
        self._client = client
        self._urls = Urls(settings.public_url)

    def set_participant(self, call_sid: str, payload: JSON) -> bool:
        """Change a participant: payload's changes by Twilio's names.

        Of these, hold_url is what to play on and on (ours where none is given).
        """
        changes = dict(payload["changes"])
        music = changes.pop("hold_url", None)
        if changes.get("hold"):
            changes |= {"hold_url": self._urls("hold-music", music=music), "hold_method": "POST"}
        return self._change_participant(call_sid, payload, changes)

    def announce(self, payload: JSON) -> bool:
        """Have one participant (leg) hear a document of ours: path, query."""
        url = self._urls(payload["path"], **payload.get("query", {}))
        changes = {"announce_url": url, "announce_method": "POST"}
        return self._change_participant(payload["leg"], payload, changes)

    def set_recording(self, payload: JSON) -> bool:
        """Pause or resume (status: paused, in-progress) the recording; a pause is silence."""
        sid = self._conference_sid(payload)
        if sid is None:
            return False
        # A room is recorded once, by the document that opened it.
        current = self._client.rest.conferences(sid).recordings("Twilio.CURRENT")
        return self._change(current.update, status=payload["status"])

    def _change_participant(self, call_sid: str, payload: JSON, changes: JSON) -> bool:
        sid = self._conference_sid(payload)
        if sid is None:
            return False
        participant = self._client.rest.conferences(sid).participants(call_sid)
        return self._change(participant.update, **changes)

    def _conference_sid(self, payload: JSON) -> str | None:
        """The room's SID; one that nobody told us yet is asked for by the room's name."""
        if sid := payload.get("conference_sid"):
            return str(sid)
        # The newest first: an earlier room of this name is over.
        listed = self._client.rest.conferences.list
        found = self._client.ask(listed, friendly_name=payload["room"], limit=1)
        return str(found[0].sid) if found and found[0].status != "completed" else None

    def _change(self, update: Any, **changes: Any) -> bool:
        try:
            self._client.ask(update, **changes)
        except TwilioRefusedError as error:
            if error.status == 404 or error.code == _OVER:
                return False
            raise
        return True
