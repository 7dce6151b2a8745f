"""Twilio's webhooks: verify, parse, one call of the database, TwiML.

Each module's routes hang on `bp`, whose before_request refuses what Twilio did not sign: a new
webhook is a module in the list below, and has nothing to check.
"""

from webhooks.twilio import (  # noqa: F401 - for their routes
    call_status,
    connect,
    incoming_call,
    ivr_input,
    messages,
    queue,
    recording_status,
    room_sounds,
    softphone,
    transcription_status,
)
from webhooks.twilio.blueprint import bp

__all__ = ["bp"]
