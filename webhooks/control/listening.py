"""Recordings, for people in a browser: played in a tab or by a player, and links for players.

A tab and a player send no Authorization. The page's own origin passes its cookie on to us; to
whoever has none, an operation hands a link out that is good for minutes.
"""

from __future__ import annotations

import re
from typing import cast

from flask import Blueprint, Response, g, request

from callcenter.errors import BadRequestError
from callcenter.models import JSON
from callcenter.sound import Format
from webhooks.control.answers import Link, OneRecording
from webhooks.control.blueprint import (
    OPERATIONS,
    Operation,
    ask,
    find_out_who_asks,
    let_nobody_keep_it,
    operation,
)
from webhooks.control.bodies import Hold
from webhooks.services import services

listening = Blueprint("listening", __name__, url_prefix="/api")
_RULE = "/twilio/recordings/<recording>"
_RECORDING = re.compile(r"(RE[0-9a-f]{32})(?:\.(mp3|wav))?")
# Whose player takes nothing for so long is let go: it asks again where it goes on.
_STALLED_SECONDS = 20.0


@operation("POST", "/recordings/<recording>/link", Link)
def share_recording(recording: str) -> JSON:
    """Get an address that plays a recording for ten minutes, for players that send no token.

    It is in the name of who asks, and as good as their own right to hear it.
    """
    sid, _ = _named(recording)
    ask("share_recording", recording=sid)
    url, until = services().links.make(sid, g.user_id)
    return {"url": url, "expires_at": until.isoformat()}


@operation("DELETE", "/recordings/<recording>", OneRecording)
def delete_recording(recording: str) -> JSON:
    """Delete all that was recorded of its call, or the message that it is. For supervisors.

    Nobody hears it from then on; its status tells when Twilio has deleted it, too.
    """
    return ask("delete_recording", recording=_named(recording)[0])


@operation("POST", "/recordings/<recording>/hold", OneRecording, Hold)
def hold_recording(recording: str, body: Hold) -> JSON:
    """Keep all that was recorded of its call, or the message (legal hold). For supervisors.

    Neither its time nor anybody deletes it, nor the row of its call, until the hold is lifted.
    """
    return ask("hold_recording", recording=_named(recording)[0], on=True, reason=body.reason)


@operation("DELETE", "/recordings/<recording>/hold", OneRecording)
def lift_hold(recording: str) -> JSON:
    """Lift a legal hold. For supervisors."""
    return ask("hold_recording", recording=_named(recording)[0], on=False)


@listening.before_request
def find_out_who_listens() -> None:
    """By the link's key, or else as for any operation."""
    if key := request.args.get("key"):
        sid, _ = _named(str((request.view_args or {})["recording"]))
        g.user_id = services().links.user_of(sid, key)
    else:
        find_out_who_asks()


listening.after_request(let_nobody_keep_it)


@listening.get(_RULE)
def listen(recording: str) -> Response:
    """Hear a recording, whole or (Range) a part of it, as MP3 or, with .wav behind its SID, as WAV.

    What call_records.recording_url and voicemails.recording_url lead to. Who may see the call or
    the message may hear it, and that they did is kept. With a link's key nothing else is needed.
    """
    sid, form = _named(recording)
    method = "HEAD" if request.method == "HEAD" else "GET"
    wanted = dict(request.headers)
    stream = services().listening.begin(g.user_id, sid, form, method, wanted)
    if connection := request.environ.get("gunicorn.socket"):
        connection.settimeout(_STALLED_SECONDS)
    answer = Response(stream, stream.sound.status, stream.sound.headers)
    answer.headers["Content-Disposition"] = f'inline; filename="{sid}.{form}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


OPERATIONS.append(Operation("GET", _RULE, listen, None, None, (416, 502)))


def _named(recording: str) -> tuple[str, Format]:
    """The SID and the format; raises BadRequestError."""
    found = _RECORDING.fullmatch(recording)
    if not found:
        raise BadRequestError("a recording's SID, with .mp3 or .wav behind it or not", "recording")
    return found[1], cast(Format, found[2] or "mp3")
