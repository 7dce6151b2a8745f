"""The database, a method a SQL function: the only importer of `supabase`.

Every function may be called twice with the same arguments, so a call that failed on the way is
repeated: once for a broken connection, a few times where Postgres ended it to break a deadlock.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import httpx
from postgrest import APIError
from supabase import Client, ClientOptions, create_client

from callcenter import metrics
from callcenter.errors import (
    DatabaseRefusedError,
    DatabaseUnavailableError,
    OperationRefusedError,
)
from callcenter.events import (
    ControlRequest,
    IncomingMessage,
    LegEvent,
    ListedCall,
    MessageEvent,
    RecordingEvent,
    RoomEvent,
    TranscriptionEvent,
    VoiceRequest,
)
from callcenter.http_session import Session
from callcenter.models import (
    JSON,
    Answer,
    BroadcastSetup,
    Command,
    CommandResult,
    Opened,
    Questions,
    Statistics,
    Swept,
)
from callcenter.settings import Settings

_T = TypeVar("_T")
_Event = (
    VoiceRequest
    | LegEvent
    | RoomEvent
    | RecordingEvent
    | TranscriptionEvent
    | MessageEvent
    | IncomingMessage
)
# deadlock_detected, serialization_failure, lock_not_available
_RETRYABLE_STATES = frozenset({"40P01", "40001", "55P03"})
# Cannot connect, shut down or out of time, out of connections.
_UNAVAILABLE_STATES = ("08", "57", "53")
# Raised by our own functions, with the HTTP status.
_REFUSED = re.compile(r"PT(4\d\d)")
_ATTEMPTS = 4


class Database:
    """Supabase as the service role. Make one a process, after fork."""

    def __init__(self, settings: Settings) -> None:
        self.process = f"{socket.gethostname()}-{os.getpid()}-{random.randrange(1 << 32):08x}"
        self._client: Client = create_client(
            settings.supabase_url,
            settings.supabase_service_role_key,
            ClientOptions(httpx_client=Session(), auto_refresh_token=False, persist_session=False),
        )
        _ = (
            self._client.postgrest
        )  # made lazily and without a lock: make it before there are threads

    def receive_incoming_call(self, request: VoiceRequest) -> Answer:
        return self._event("receive_incoming_call", request)

    def receive_ivr_input(self, request: VoiceRequest) -> Answer:
        return self._event("receive_ivr_input", request)

    def receive_queue_wait(self, request: VoiceRequest) -> Answer:
        return self._event("receive_queue_wait", request)

    def receive_queue_key(self, request: VoiceRequest) -> Answer:
        return self._event("receive_queue_key", request)

    def receive_callback_choice(self, request: VoiceRequest) -> Answer:
        return self._event("receive_callback_choice", request)

    def receive_queue_exit(self, request: VoiceRequest) -> Answer:
        return self._event("receive_queue_exit", request)

    def receive_agent_answer(self, request: VoiceRequest) -> Answer:
        return self._event("receive_agent_answer", request)

    def receive_softphone_call(self, request: VoiceRequest) -> Answer:
        return self._event("receive_softphone_call", request)

    def receive_caller_connect(self, request: VoiceRequest) -> Answer:
        return self._event("receive_caller_connect", request)

    def receive_dial_exit(self, request: VoiceRequest) -> Answer:
        return self._event("receive_dial_exit", request)

    def receive_voicemail(self, request: VoiceRequest) -> Answer:
        return self._event("receive_voicemail", request)

    def record_call_event(self, event: LegEvent) -> Answer:
        return self._event("record_call_event", event)

    def record_room_event(self, event: RoomEvent) -> Answer:
        return self._event("record_room_event", event)

    def record_recording_event(self, event: RecordingEvent) -> Answer:
        return self._event("record_recording_event", event)

    def record_transcription(self, event: TranscriptionEvent) -> Answer:
        return self._event("record_transcription", event)

    def record_message_status(self, event: MessageEvent) -> Answer:
        return self._event("record_message_status", event)

    def receive_message(self, event: IncomingMessage) -> Answer:
        return self._event("receive_message", event)

    def operate(self, function: str, request: ControlRequest) -> JSON:
        """Do what somebody at a screen asks for, by the function that decides it.

        Returns call (its document, or None), commands, and what else the operation says. Raises
        OperationRefusedError, and then nothing has changed.
        """
        body = {"p_request": request.to_json(), "p_process": self.process}
        answer: JSON = self._rpc(function, body)
        return {**answer, "commands": Answer.from_json(answer).commands}

    def open_recording(self, user_id: str, recording: str, form: str, hears: bool) -> Opened:
        """Somebody wants to hear a recording (its SID) as mp3 or wav, or only to know its length.

        Raises OperationRefusedError where they may not, or it is kept in no such form.
        """
        about = {"p_user_id": user_id, "p_recording_sid": recording}
        body = {**about, "p_format": form, "p_hears": hears}
        return Opened.from_json(self._rpc("open_recording", body))

    def note_delivered(self, listen: int, first: int, last: int, total: int | None) -> None:
        """Somebody was given bytes from `first` up to and without `last`, of `total`."""
        body = {"p_listen_id": listen, "p_from": first, "p_to": last, "p_total": total}
        self._rpc("note_delivered", body)

    def claim_commands(self, limit: int) -> tuple[Command, ...]:
        rows = self._rpc("claim_commands", {"p_process": self.process, "p_limit": limit})
        return tuple(Command.from_json(row) for row in rows)

    def settle_commands(self, results: list[CommandResult]) -> Answer:
        """Say what came of commands; returns those that followed from it, held by this process."""
        body = {"p_process": self.process, "p_results": [r.to_json() for r in results]}
        return Answer.from_json(self._rpc("settle_commands", body))

    def receive_listed_calls(self, calls: Sequence[ListedCall], until: str) -> Answer:
        """Take in Twilio's list of calls, which goes up to a moment (ISO 8601).

        What is news is taken in by a transaction of its own, a call at a time.
        """
        listed = [call.to_json() for call in calls]
        body = {"p_calls": listed, "p_until": until, "p_process": self.process, "p_limit": 1}
        commands: list[Command] = []
        while True:
            answer = self._rpc("receive_listed_calls", body)
            commands += [Command.from_json(row) for row in answer["commands"]]
            if not answer["left"]:
                return Answer(None, tuple(commands))

    def receive_live_calls(self, call_sids: list[str]) -> None:
        """Take in which calls Twilio says are in progress."""
        self._rpc("receive_live_calls", {"p_call_sids": call_sids})

    def sweep(self, part: str) -> Swept:
        """Do a little of what time alone made due; see private.sweep_parts() for the parts."""
        return Swept.from_json(self._rpc("sweep", {"p_process": self.process, "p_part": part}))

    def claim_questions(self) -> Questions:
        """What Twilio is to be asked about now, by this process."""
        return Questions.from_json(self._rpc("claim_questions", {}))

    def vital_signs(self) -> Statistics:
        return Statistics.from_json(self._rpc("vital_signs", {}))

    def broadcast_figures(self) -> None:
        """Tell the screens what changed since they were told last, if that is a second ago."""
        self._rpc("broadcast_figures", {})

    def try_broadcast(self) -> BroadcastSetup:
        """Tell the topic `callcenter:doctor` something, and how live screens are set up."""
        return BroadcastSetup(**self._rpc("try_broadcast", {}))

    def default_region(self) -> str:
        """The country (ISO code) of numbers without a country's code, to the database."""
        return str(self._rpc("read_default_region", {}))

    def recordings_bucket(self) -> str | None:
        """The bucket that recordings are copied to, if they are."""
        bucket: str | None = self._rpc("read_recordings_bucket", {})
        return bucket

    def housekeep(self, limit: int) -> dict[str, int]:
        """Delete what is past its time, at most `limit` rows a kind; how many of each were."""
        counts: dict[str, int] = self._rpc("housekeep", {"p_limit": limit})
        return counts

    def ping(self) -> None:
        """Ask for one row; raises DatabaseUnavailableError or DatabaseRefusedError."""
        # The library repeats a GET for a quarter of a minute; who asks whether we serve asks again.
        query = self._client.table("call_queues").select("id").limit(1).retry(False)
        with metrics.timed_database_call("ping"):
            _repeat(query.execute)

    def _event(self, function: str, event: _Event) -> Answer:
        body = {"p_event": event.to_json(), "p_process": self.process}
        return Answer.from_json(self._rpc(function, body))

    def _rpc(self, function: str, body: JSON) -> Any:
        with metrics.timed_database_call(function):
            return _repeat(lambda: self._client.rpc(function, body).execute().data)


def _repeat(ask: Callable[[], _T]) -> _T:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return ask()
        except APIError as error:
            state = str(error.code)
            if refused := _REFUSED.fullmatch(state):
                raise _refusal(int(refused[1]), error) from error
            if state.startswith(_UNAVAILABLE_STATES):
                raise DatabaseUnavailableError(f"{state}: {error.message}") from error
            if state not in _RETRYABLE_STATES or attempt == _ATTEMPTS:
                raise DatabaseRefusedError(state, str(error.message)) from error
            time.sleep(random.uniform(0.005, 0.03) * attempt)
        except httpx.RequestError as error:
            # A time-out is not repeated: Twilio waits no longer than we do.
            if attempt > 1 or isinstance(error, httpx.TimeoutException):
                raise DatabaseUnavailableError(str(error) or type(error).__name__) from error
    raise AssertionError("unreachable")


def _refusal(status: int, error: APIError) -> OperationRefusedError:
    try:
        details: JSON = json.loads(error.details or "{}")
    except ValueError:  # not by private.refuse, but by a guard that speaks to people
        details = {}
    return OperationRefusedError(status, str(error.message), details)
