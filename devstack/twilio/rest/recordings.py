"""Recordings, their media and transcriptions."""

import asyncio

from aiohttp import web

from devstack.twilio import audio
from devstack.twilio.clock import http_date, rfc2822
from devstack.twilio.recordings import DEFAULT_EVENTS, Recording, Running, Transcription
from devstack.twilio.rest.context import find_call, world_of
from devstack.twilio.rest.errors import RestError, bad, not_found
from devstack.twilio.rest.forms import BOOL, LIST, METHOD, TEXT, URL, Spec, posted, queried
from devstack.twilio.rest.paging import newest_first, page, within

LIST_FILTERS: Spec = {
    "DateCreated": TEXT, "DateCreated<": TEXT, "DateCreated>": TEXT, "CallSid": TEXT,
    "ConferenceSid": TEXT, "IncludeSoftDeleted": BOOL,
}  # fmt: skip
START: Spec = {
    "RecordingStatusCallback": URL, "RecordingStatusCallbackMethod": METHOD,
    "RecordingStatusCallbackEvent": LIST, "Trim": ("trim-silence", "do-not-trim"),
    "RecordingChannels": ("mono", "dual"), "RecordingTrack": ("inbound", "outbound", "both"),
}  # fmt: skip
CHANGE: Spec = {
    "Status": ("in-progress", "paused", "stopped"),
    "PauseBehavior": ("skip", "silence"),
}


def _recording(request: web.Request) -> Recording:
    recording = world_of(request).recordings.by_sid.get(request.match_info["sid"])
    if recording is None:
        raise not_found(request)
    return recording


async def listing(request: web.Request) -> web.Response:
    """All, or those of the call or conference in the path."""
    recordings = world_of(request).recordings
    form = queried(request, LIST_FILTERS)
    call_sid = request.match_info.get("call") or form.text("CallSid")
    conference_sid = request.match_info.get("conference") or form.text("ConferenceSid")
    found = [
        recording
        for recording in recordings.by_sid.values()
        if (not call_sid or recording.call_sid == call_sid)
        and (not conference_sid or recording.conference_sid == conference_sid)
        and within(form, "DateCreated", recording.started)
    ]
    ordered = newest_first(found, lambda r: r.started)
    return page(request, "recordings", [recordings.as_rest(r) for r in ordered])


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(world_of(request).recordings.as_rest(_recording(request)))


async def delete(request: web.Request) -> web.Response:
    world, sid = world_of(request), request.match_info["sid"]
    if sid in world.account.undeletable or sid in world.recordings.running:
        raise RestError(409, 20009, "Cannot delete this resource")
    world.recordings.delete(_recording(request))
    return web.Response(status=204)


async def start(request: web.Request) -> web.Response:
    world = world_of(request)
    call = find_call(request, request.match_info["call"])
    form = await posted(request, START)
    if not call.live:
        raise bad(21220, "Call is not in-progress. Cannot record.")
    callback = form.subscription(
        "RecordingStatusCallback",
        "RecordingStatusCallbackMethod",
        "RecordingStatusCallbackEvent",
        " ".join(DEFAULT_EVENTS),
    )
    channels = 2 if form.text("RecordingChannels", "dual") == "dual" else 1
    running = world.recordings.start(call, "StartCallRecordingAPI", callback, channels)
    return web.json_response(world.recordings.as_rest(running.recording), status=201)


def _running(request: web.Request) -> Running:
    """By SID, or ``Twilio.CURRENT``: the one that runs on this call or in this conference."""
    recordings = world_of(request).recordings
    wanted = request.match_info["sid"]
    if wanted == "Twilio.CURRENT":
        call, room = request.match_info.get("call"), request.match_info.get("conference")
        found = recordings.of_call(call) if call else recordings.of_conference(room or "")
        running = found[-1] if found else None
    else:
        running = recordings.running.get(wanted)
    if running is None:
        raise not_found(request)
    return running


async def change(request: web.Request) -> web.Response:
    recordings = world_of(request).recordings
    running = _running(request)
    form = await posted(request, CHANGE)
    status = form.text("Status")
    if not status:
        raise bad(20001, "Status is required")
    if status == "paused":
        recordings.pause(running, skip=form.text("PauseBehavior", "silence") == "skip")
    elif status == "in-progress":
        recordings.resume(running)
    else:
        recordings.stop(running)
    return web.json_response(recordings.as_rest(running.recording))


async def media(request: web.Request) -> web.StreamResponse:
    """404 until the recording is ready, and for one without sound. No suffix means WAV."""
    recording = _recording(request)
    if recording.status != "completed":
        raise not_found(request)
    mp3 = request.match_info.get("suffix") == ".mp3"
    sound = audio.mp3(recording.duration) if mp3 else audio.wav(recording.duration)
    headers = {
        "Content-Type": "audio/mpeg" if mp3 else "audio/x-wav",
        "ETag": f'"{recording.sid[2:]}{len(sound):x}"',
        "Last-Modified": http_date(recording.updated),
    }
    account = world_of(request).account
    if account.serves_ranges:
        answer = _part(request, sound, {**headers, "Accept-Ranges": "bytes"})
    else:
        answer = web.Response(body=sound, headers=headers)
    return await _slowly(request, answer, account.media_bytes_a_second)


async def _slowly(
    request: web.Request, answer: web.Response, bytes_a_second: int
) -> web.StreamResponse:
    """The same answer, a tenth of a second at a time."""
    if not bytes_a_second or not isinstance(answer.body, bytes):
        return answer
    slow = web.StreamResponse(status=answer.status, headers=answer.headers)
    slow.content_length = len(answer.body)
    await slow.prepare(request)
    step = max(1, bytes_a_second // 10)
    for first in range(0, len(answer.body), step):
        await slow.write(answer.body[first : first + step])
        await asyncio.sleep(0.1)
    return slow


def _part(request: web.Request, sound: bytes, headers: dict[str, str]) -> web.Response:
    """What Range asks for, unless If-Range says that the client's parts are another file's."""
    known = (None, headers["ETag"], headers["Last-Modified"])
    try:
        wanted = request.http_range if request.headers.get("If-Range") in known else slice(None)
    except ValueError:  # not one range of bytes: ignored
        wanted = slice(None)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=sound, headers=headers)
    first, last, _ = slice(wanted.start, wanted.stop).indices(len(sound))
    if first >= last:
        headers = {"Content-Range": f"bytes */{len(sound)}"}
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last - 1}/{len(sound)}"
    return web.Response(status=206, body=sound[first:last], headers=headers)


# -- transcriptions -------------------------------------------------------------------------------


async def transcriptions(request: web.Request) -> web.Response:
    queried(request, {})
    world = world_of(request)
    recording = request.match_info.get("recording")
    found = [
        _transcription_json(request, item)
        for item in newest_first(world.recordings.transcriptions.values(), lambda t: t.created)
        if recording in {None, item.recording_sid}
    ]
    return page(request, "transcriptions", found)


async def transcription(request: web.Request) -> web.Response:
    return web.json_response(_transcription_json(request, _transcription(request)))


async def delete_transcription(request: web.Request) -> web.Response:
    del world_of(request).recordings.transcriptions[_transcription(request).sid]
    return web.Response(status=204)


def _transcription(request: web.Request) -> Transcription:
    found = world_of(request).recordings.transcriptions.get(request.match_info["sid"])
    if found is None or request.match_info.get("recording") not in (None, found.recording_sid):
        raise not_found(request)
    return found


def _transcription_json(request: web.Request, item: Transcription) -> dict[str, object]:
    account = world_of(request).config.account_sid
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "date_created": rfc2822(item.created),
        "date_updated": rfc2822(item.created),
        "duration": str(item.duration),
        "price": None,
        "price_unit": "USD",
        "recording_sid": item.recording_sid,
        "sid": item.sid,
        "status": item.status,
        "transcription_text": item.text,
        "type": "fast",
        "uri": f"/2010-04-01/Accounts/{account}/Transcriptions/{item.sid}.json",
    }
