"""The three calls that the existing frontend makes, as it makes them."""

from __future__ import annotations

from callcenter.errors import OperationRefusedError
from callcenter.models import JSON
from webhooks.control.answers import HungUp, Initiated, Transferred
from webhooks.control.blueprint import ask, operation, perform
from webhooks.control.bodies import HangUpCall, InitiateCall, TransferCall
from webhooks.control.numbers import to_ring, to_show

# How long a screen waits to be told the SID of the leg that rings.
_PATIENCE_SECONDS = 8.0
_FIELDS = {"call": "callSid", "to": "transferToNumber"}


@operation("POST", "/twilio/initiate-call", Initiated, InitiateCall, statuses=(429,))
def initiate_call(body: InitiateCall) -> JSON:
    """Place a call: the agent is rung, and then the customer into the same room.

    The same request again, by its Idempotency-Key or within seconds, is the same call. callSid is
    the SID of the agent's leg, or, where Twilio has not answered within eight seconds, another id
    of the call: both name it in every operation. An agent may have five numbers a minute rung.
    """
    outcome = perform(
        "place_call",
        _PATIENCE_SECONDS,
        number=to_ring(body.to_number, "toNumber"),
        agent_id=str(body.agent_id) if body.agent_id else None,
        record=body.recording_enabled,
        detect_machine=body.detect_machine,
        caller_id=to_show(body.caller_id, "callerId"),
    )
    placed = (result["sid"] for result in outcome.results if "sid" in result)
    return {"success": True, "callSid": next(placed, outcome.answer["call_sid"])}


@operation("POST", "/twilio/hangup-call", HungUp, HangUpCall)
def hangup_call(body: HangUpCall) -> JSON:
    """End a call for everybody in it. One that is over already is no error."""
    _ask("end_call_for_all", body.call_sid)
    return {"success": True, "callSid": body.call_sid}


@operation("POST", "/twilio/transfer-call", Transferred, TransferCall, statuses=(429,))
def transfer_call(body: TransferCall) -> JSON:
    """Hand the customer over, without asking first (blind transfer).

    To a number, an agent by their extension, or a queue by its name. Who does not answer costs the
    customer nothing: they wait in the queue they came from, at their old place.
    """
    to = to_ring(body.transfer_to_number, "transferToNumber")
    answer = _ask("transfer_call", body.call_sid, to=to)
    return {
        "success": True,
        "callSid": body.call_sid,
        "transferredTo": answer["transferred_to"],
    }


def _ask(function: str, call: str, **arguments: str) -> JSON:
    """What is refused names a field as the page does."""
    try:
        return ask(function, call, **arguments)
    except OperationRefusedError as error:
        if field := _FIELDS.get(error.details.get("field", "")):
            error.details["field"] = field
        raise
