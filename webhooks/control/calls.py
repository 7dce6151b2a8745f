"""One call and who is in it: its state, its end, hold, mute, keys, transfer, recording."""

from __future__ import annotations

from callcenter.models import JSON
from webhooks.control.answers import OneCall
from webhooks.control.blueprint import ask, operation
from webhooks.control.bodies import Destination, Digits, Participant
from webhooks.control.numbers import to_ring


@operation("GET", "/calls/<call>", OneCall)
def read_call(call: str) -> JSON:
    """The call, who is in it, and what who asks may do with it now."""
    return ask("read_call", call)


@operation("POST", "/calls/<call>/leave", OneCall)
def leave(call: str) -> JSON:
    """Leave the call; the others stay. Whom only the caller of this talked to goes on by plan:
    a customer is never left alone without one.
    """
    return ask("leave_call", call)


@operation("POST", "/calls/<call>/end", OneCall)
def end(call: str) -> JSON:
    """End the call for everybody in it."""
    return ask("end_call_for_all", call)


@operation("POST", "/calls/<call>/hold", OneCall, Participant)
def hold(call: str, body: Participant) -> JSON:
    """Put somebody on hold, by default the customer: they hear music, and nobody hears them."""
    return ask("hold_party", call, party=body.party, on=True)


@operation("POST", "/calls/<call>/resume", OneCall, Participant)
def resume(call: str, body: Participant) -> JSON:
    """Take somebody off hold, by default the customer."""
    return ask("hold_party", call, party=body.party, on=False)


@operation("POST", "/calls/<call>/mute", OneCall, Participant)
def mute(call: str, body: Participant) -> JSON:
    """Mute somebody, by default oneself: they hear everybody, and nobody hears them.

    Who was muted by another can't unmute themselves.
    """
    return ask("mute_party", call, party=body.party, on=True)


@operation("POST", "/calls/<call>/unmute", OneCall, Participant)
def unmute(call: str, body: Participant) -> JSON:
    """Let somebody be heard again, by default oneself."""
    return ask("mute_party", call, party=body.party, on=False)


@operation("POST", "/calls/<call>/digits", OneCall, Digits)
def digits(call: str, body: Digits) -> JSON:
    """Press keys that one party alone hears, by default the customer."""
    return ask("send_digits", call, party=body.party, digits=body.digits)


@operation("POST", "/calls/<call>/transfer", OneCall, Destination, statuses=(429,))
def transfer(call: str, body: Destination) -> JSON:
    """Hand the customer over without asking first (blind transfer), and leave.

    Who does not answer costs the customer nothing: they wait in the queue they came from, at their
    old place.
    """
    return ask("transfer_call", call, to=to_ring(body.to, "to"))


@operation("POST", "/calls/<call>/recording/pause", OneCall)
def pause_recording(call: str) -> JSON:
    """Pause the recording, such as for a card's number. Where none runs, it is no error."""
    return ask("pause_recording", call, on=True)


@operation("POST", "/calls/<call>/recording/resume", OneCall)
def resume_recording(call: str) -> JSON:
    """Go on recording."""
    return ask("pause_recording", call, on=False)
