"""What can go wrong, as one tree, each with the HTTP status it is answered with."""

from __future__ import annotations

from typing import Any


class CallCenterError(Exception):
    """Base of everything this project raises on purpose."""

    http_status = 500
    # What a program needs to know of it, for the answer.
    details: dict[str, Any] | None = None


class SettingsError(CallCenterError):
    """The environment lacks something or holds what it must not; the message lists all of it."""


class MissingParameterError(CallCenterError):
    """A webhook came without a parameter that Twilio always sends."""

    http_status = 400

    def __init__(self, name: str) -> None:
        super().__init__(f"missing parameter: {name}")


class BadParameterError(CallCenterError):
    """A parameter is there and can't be what it says."""

    http_status = 400


class SignatureError(CallCenterError):
    """The request is not Twilio's, or not for this URL."""

    http_status = 403


class NotSignedInError(CallCenterError):
    """The request has no token of a signed-in user, or one that is not (or no longer) good."""

    http_status = 401


class ForeignOriginError(CallCenterError):
    """A page from elsewhere asks in the name of whoever is signed in there."""

    http_status = 403


class LinkRefusedError(CallCenterError):
    """A link that was handed out is over its time, or was never handed out like this.

    details: code, which is link_expired or link_not_good.
    """

    http_status = 403

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.details = {"code": code}


class KeysUnavailableError(CallCenterError):
    """Supabase's public keys can't be had: nobody knows whether a token is good."""

    http_status = 503


class BadRequestError(CallCenterError):
    """What somebody asked for can't be read; field says where."""

    http_status = 400

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.details = {"code": "bad_request", **({"field": field} if field else {})}


class OperationRefusedError(CallCenterError):
    """The database refused what somebody asked for, and changed nothing.

    details: code, and by the reason field, state, allowed_actions, retry_after (seconds).
    """

    details: dict[str, Any]

    def __init__(self, status: int, message: str, details: dict[str, Any]) -> None:
        super().__init__(message)
        self.http_status = status
        self.details = details


class TwilioDeclinedError(CallCenterError):
    """Twilio refused what somebody asked for. details: code; twilio_code where it said one."""

    http_status = 502

    def __init__(self, reason: str, twilio_code: int | None) -> None:
        super().__init__(reason)
        self.details = {"code": "twilio_refused", "twilio_code": twilio_code}


class SoundUnavailableError(CallCenterError):
    """A recording's sound can't be had, or not now. details: code, retry_after (s)."""

    def __init__(
        self, status: int, code: str, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.http_status = status
        wait = {"retry_after": retry_after} if retry_after else {}
        self.details = {"code": code, **wait}


class SoftphonesUnavailableError(CallCenterError):
    """Softphones can't sign in: what they need is not set (missing: its names)."""

    http_status = 503

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"Softphones need {', '.join(missing)}: see docs/deployment.md.")
        self.details = {"code": "softphones_not_set_up"}


class RangeRefusedError(CallCenterError):
    """A part of a recording was asked for that lies beyond its end; total: its bytes, if known."""

    http_status = 416

    def __init__(self, total: int | None) -> None:
        super().__init__("the recording is shorter")
        self.details = {"code": "beyond_the_end"}
        self.total = total


class DatabaseUnavailableError(CallCenterError):
    """Supabase can't be reached or does not answer in time; nothing is known to have happened."""

    http_status = 503


class DatabaseRefusedError(CallCenterError):
    """Postgres refused; sqlstate says why (or PostgREST's own PGRST code)."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(f"{sqlstate}: {message}")
        self.sqlstate = sqlstate


class RealtimeUnavailableError(CallCenterError):
    """Supabase Realtime can't be reached, or lets nobody join; the message says what it said."""

    http_status = 503


class TwilioError(CallCenterError):
    """Twilio did not do what it was asked."""

    http_status = 502


class TwilioRefusedError(TwilioError):
    """Twilio said no, and will again; code is Twilio's error code."""

    def __init__(self, status: int, code: int | None, message: str) -> None:
        super().__init__(f"Twilio {status}/{code}: {message}")
        self.status = status
        self.code = code


class TwilioBusyError(TwilioError):
    """Twilio did not process the request (429): safe to ask again later."""


class TwilioUncertainError(TwilioError):
    """No answer, or a 5xx: Twilio may or may not have acted."""


class StorageError(CallCenterError):
    """Storage did not do what it was asked."""

    http_status = 502


class StorageRefusedError(StorageError):
    """Storage said no, and will again; status as it says it (404 beneath a 400), code its word."""

    def __init__(self, status: int | None, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class StorageUncertainError(StorageError):
    """No answer, a 5xx or too many requests: Storage may or may not have acted."""
