"""Parameters that Twilio's requests carry."""

from devstack.twilio.calls import Call
from devstack.twilio.clock import rfc2822

API_VERSION = "2010-04-01"

# Enough prefixes for the calls people simulate; others go without a country.
_COUNTRIES = {"+57": "CO", "+1": "US", "+52": "MX", "+34": "ES", "+44": "GB", "+51": "PE"}


def country_of(number: str) -> str:
    """The ISO code of a number's country; "" where it is none of those people simulate."""
    return next((name for prefix, name in _COUNTRIES.items() if number.startswith(prefix)), "")


def voice_params(call: Call, account_sid: str) -> dict[str, str]:
    """What every voice request carries."""
    params = {
        "CallSid": call.sid,
        "AccountSid": account_sid,
        "From": call.from_,
        "To": call.told_to or call.to,
        "Caller": call.from_,
        "Called": call.told_to or call.to,
        "CallStatus": call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
    }
    if call.parent:
        params["ParentCallSid"] = call.parent.sid
    if call.answered_by:
        params["AnsweredBy"] = call.answered_by
    for party, number in (("From", call.from_), ("To", call.to)):
        params |= _geography(party, number)
    return params


def _geography(party: str, number: str) -> dict[str, str]:
    """Twilio sends these for telephone numbers only, and mostly empty outside North America."""
    if not number.startswith("+"):
        return {}
    country = country_of(number)
    alias = {"From": "Caller", "To": "Called"}[party]
    fields: dict[str, str] = {}
    for who in (party, alias):
        fields |= {f"{who}City": "", f"{who}State": "", f"{who}Zip": "", f"{who}Country": country}
    return fields


def progress_params(call: Call, account_sid: str, status: str, now: float) -> dict[str, str]:
    """A status callback of a call; takes the next sequence number."""
    params = voice_params(call, account_sid)
    params |= {
        "CallStatus": status,
        "Timestamp": rfc2822(now),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    call.sequence += 1
    if call.over:
        params["CallDuration"] = str(call.duration)
        params["Duration"] = str(-(-call.duration // 60))
        params["SipResponseCode"] = str(call.sip_code)
    return params
