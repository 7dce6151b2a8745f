"""Requests are Twilio's or they are refused; held to the vectors that Twilio publishes."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from callcenter.settings import Settings
from callcenter.storage import Storage
from callcenter.twilio_service import TwilioService

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}


@pytest.fixture
def twilio() -> TwilioService:
    settings = Settings(
        supabase_url="http://unused",
        supabase_service_role_key="unused",
        twilio_account_sid="AC0",
        twilio_auth_token="12345",
        twilio_phone_numbers=("+18005551212",),
        public_url="https://mycompany.com",
    )
    return TwilioService(settings, Storage(settings))


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http").replace(".com", ".com:80"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_twilios_vectors_pass(twilio: TwilioService, url: str, signature: str) -> None:
    assert twilio.is_signed(url, FORM, signature)


def test_a_parameter_given_several_times_is_signed_as_twilio_does(twilio: TwilioService) -> None:
    form = MultiDict(
        [("Sid", "CA123"), ("SidAccount", "AC123")]
        + [("Digits", value) for value in ("5678", "1234", "1234")]
    )
    assert twilio.is_signed(URL, form, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


def test_a_json_body_is_signed_by_its_hash_in_the_url(twilio: TwilioService) -> None:
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    body = '{"property": "value", "boolean": true}'
    assert twilio.is_signed(f"{URL}&bodySHA256={digest}", body, "a9nBmqA0ju/hNViExpshrM61xv4=")


@pytest.mark.parametrize("wrong", ["", "RSOYDt4T1cUTdK1PDd93/VVr8B9=", "not base64 ñ"])
def test_a_wrong_signature_fails(twilio: TwilioService, wrong: str) -> None:
    assert not twilio.is_signed(URL, FORM, wrong)


def test_a_signature_for_another_form_fails(twilio: TwilioService) -> None:
    changed = {**FORM, "Digits": "1235"}
    assert not twilio.is_signed(URL, changed, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
