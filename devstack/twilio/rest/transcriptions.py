"""voice.twilio.com: batch transcription (v3) and its configurations (v2). JSON both ways.

v2 refuses in Twilio's usual words, v3 with RFC 9457's problem details.
"""

import json
import re
from typing import Any

from aiohttp import web

from devstack.twilio.rest.context import world_of
from devstack.twilio.rest.errors import RestError, bad, not_found
from devstack.twilio.rest.forms import bad_url
from devstack.twilio.transcriptions import Configuration, Job, job_url
from devstack.twilio.world import World

Json = dict[str, Any]

_LANGUAGES = frozenset(
    {
        "en-US", "en-GB", "en-AU", "de-DE", "fr-FR", "it-IT", "es-MX", "es-ES", "es-US", "pt-BR",
        "pt-PT", "nl-NL", "no-NO", "pl-PL", "sv-SE", "da-DK",
    }
)  # fmt: skip
_MODELS: dict[str, frozenset[str | None]] = {
    "google": frozenset({"chirp_2"}),
    "deepgram": frozenset({"nova-3", "nova-2"}),
    "twilio_managed": frozenset({None}),
}
_SETTINGS = frozenset(
    {
        "configurationType", "transcriptionEngine", "speechModel", "language",
        "transcriptionStatusCallback", "conversationConfigurationId", "participantDefaults",
    }
)  # fmt: skip
_ROLES = frozenset({"CUSTOMER", "HUMAN_AGENT", "AI_AGENT"})
_INVALID = 20001
_UNIQUE_NAME_MISSING = 94301


async def _sent(request: web.Request, allowed: frozenset[str]) -> Json:
    try:
        body = json.loads(await request.text())
    except ValueError:
        raise bad(_INVALID, "The body is not JSON") from None
    if not isinstance(body, dict):
        raise bad(_INVALID, "The body is not a JSON object")
    return _known(body, allowed)


def _known(values: Json, allowed: frozenset[str]) -> Json:
    for name in values:
        if name not in allowed:
            raise bad(_INVALID, f"Unknown property {name}")
    return values


# -- configurations -------------------------------------------------------------------------------


def _configuration(request: web.Request) -> Configuration:
    found = world_of(request).transcriptions.find(request.match_info["id"])
    if found is None:
        raise not_found(request)
    return found


async def _wanted(request: web.Request) -> Json:
    body = await _sent(request, frozenset({"unique_name", "description", "configuration"}))
    if not body.get("unique_name"):
        raise bad(_UNIQUE_NAME_MISSING, "UniqueName is required")
    _check_settings(body.get("configuration"))
    return body


def _check_settings(settings: Any) -> None:
    if not isinstance(settings, dict):
        raise bad(_INVALID, "configuration is required")
    _known(settings, _SETTINGS)
    if settings.get("configurationType") != "Transcription":
        raise bad(_INVALID, "configurationType must be Transcription")
    engine, language = settings.get("transcriptionEngine"), settings.get("language")
    if engine not in _MODELS or settings.get("speechModel") not in _MODELS[engine]:
        raise bad(_INVALID, "transcriptionEngine and speechModel do not go together")
    if language not in _LANGUAGES and (language, engine) != ("multi", "deepgram"):
        raise bad(_INVALID, f"language is not supported: {language}")
    callback = settings.get("transcriptionStatusCallback") or {}
    if callback and (bad_url(callback.get("url", " ")) or callback.get("method") != "POST"):
        raise bad(_INVALID, "transcriptionStatusCallback needs a url, and POST as its method")
    roles = settings.get("participantDefaults") or []
    if [role.get("audioChannelIndex") for role in roles] not in ([], [1, 2]):
        raise bad(_INVALID, "participantDefaults must map audioChannelIndex 1 and 2")
    if not all(role.get("type") in _ROLES for role in roles):
        raise bad(_INVALID, f"a participant's type is one of {sorted(_ROLES)}")


async def create_configuration(request: web.Request) -> web.Response:
    world = world_of(request)
    wanted = await _wanted(request)
    if world.transcriptions.find(wanted["unique_name"]):
        raise bad(_INVALID, f"unique_name is taken: {wanted['unique_name']}")
    made = world.transcriptions.configure(wanted)
    return web.json_response(made.as_rest(world.config.account_sid), status=201)


async def fetch_configuration(request: web.Request) -> web.Response:
    account_sid = world_of(request).config.account_sid
    return web.json_response(_configuration(request).as_rest(account_sid))


async def update_configuration(request: web.Request) -> web.Response:
    world = world_of(request)
    changed = world.transcriptions.configure(await _wanted(request), _configuration(request))
    return web.json_response(changed.as_rest(world.config.account_sid))


async def delete_configuration(request: web.Request) -> web.Response:
    world_of(request).transcriptions.remove(_configuration(request))
    return web.Response(status=204)


# -- transcriptions -------------------------------------------------------------------------------


async def create(request: web.Request) -> web.Response:
    try:
        job = await _start(request)
    except RestError as error:
        return _problem(error)
    return web.json_response(
        _operation(request, job), status=202, headers={"Location": job_url(job)}
    )


async def _start(request: web.Request) -> Job:
    world = world_of(request)
    allowed = frozenset({"transcriptionConfigurationId", "inputSource", "sourceId", "participants"})
    body = await _sent(request, allowed)
    wanted = str(body.get("transcriptionConfigurationId", ""))
    if not re.fullmatch(r"voice_transcriptionconfiguration_[0-9a-z]{26}", wanted):
        raise bad(_INVALID, f"transcriptionConfigurationId is none: {wanted}")
    configuration = world.transcriptions.find(wanted)
    if configuration is None:
        raise RestError(404, 20404, f"There is no configuration {wanted}")
    recording = world.recordings.by_sid.get(str(body.get("sourceId", "")))
    if recording is None or recording.status != "completed":
        raise RestError(404, 20404, f"There is no completed recording {body.get('sourceId')}")
    _check_participants(world, body.get("participants", []))
    return world.transcriptions.start(
        configuration, recording, request.headers.get("Idempotency-Key", "")
    )


def _check_participants(world: World, given: Any) -> None:
    """Two, one a channel, each with an address: nothing tells Twilio who is on a voicemail."""
    if not isinstance(given, list) or len(given) not in (0, 2):
        raise bad(17510, "There must be no or two participants")
    if not given and not world.account.infers_participants:
        raise RestError(422, 17563, "Could not resolve participant addresses from recording")
    for person in given:
        _known(person, frozenset({"type", "address", "name", "audioChannelIndex"}))
    if sorted(str(person.get("audioChannelIndex")) for person in given) not in ([], ["1", "2"]):
        raise bad(17513, "audioChannelIndex must be 1 of one participant and 2 of the other")
    if given and "CUSTOMER" not in {person.get("type") for person in given}:
        raise bad(17516, "Participants must include at least one CUSTOMER")
    if not all(str(person.get("address") or "").strip() for person in given):
        raise RestError(422, 17563, "Could not resolve participant addresses from recording")


async def fetch(request: web.Request) -> web.Response:
    job = world_of(request).transcriptions.jobs.get(request.match_info["id"])
    if job is None:
        return _problem(not_found(request))
    return web.json_response(_operation(request, job) | {"operationId": job.id})


def _operation(request: web.Request, job: Job) -> Json:
    return {
        "status": job.status,
        "statusUrl": job_url(job),
        "transcription": world_of(request).transcriptions.as_rest(job),
    }


def _problem(error: RestError) -> web.Response:
    body = {
        "type": f"https://www.twilio.com/docs/api/errors/{error.code}",
        "title": "Twilio could not do that",
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    return web.json_response(body, status=error.status, content_type="application/problem+json")
