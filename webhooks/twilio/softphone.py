"""A call that an agent places from their softphone: the TwiML App of softphones asks what to do."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from callcenter.events import Role
from callcenter.phone import to_e164
from callcenter.twiml import hang_up
from webhooks.services import services
from webhooks.twilio.answers import respond_with_plan
from webhooks.twilio.blueprint import bp
from webhooks.twilio.parameters import optional, required, voice_request


@bp.post("/softphone-call")
def softphone_call() -> Response:
    """The same wish as initiate-call, with the agent on the line already.

    To is the number, as typed, that the page gave Device.connect; From the softphone. A number of
    ours is nobody to ring.
    """
    required("From")
    settings = services().settings
    is_ours = to_e164(optional("To"), settings.default_region) in settings.twilio_phone_numbers
    asked = replace(voice_request(), role=Role.AGENT)
    request = replace(asked, to=None) if is_ours else asked
    return respond_with_plan(services().db.receive_softphone_call, request, hang_up())
