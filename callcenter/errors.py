"""What can go wrong, as one tree, each with the HTTP status it is answered with."""

from __future__ import annotations


class CallCenterError(Exception):
    """Base of everything this project raises on purpose."""

    http_status = 500


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


class DatabaseUnavailableError(CallCenterError):
    """Supabase can't be reached or does not answer in time; nothing is known to have happened."""

    http_status = 503


class DatabaseRefusedError(CallCenterError):
    """Postgres refused; sqlstate says why (or PostgREST's own PGRST code)."""

    def __init__(self, sqlstate: str, message: str) -> None:
        super().__init__(f"{sqlstate}: {message}")
        self.sqlstate = sqlstate


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
