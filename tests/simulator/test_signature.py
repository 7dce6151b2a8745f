"""Twilio's published vectors, and how an URL is signed and requested."""

import pytest
from twilio.request_validator import RequestValidator

from devstack.twilio.client import Sim
from devstack.twilio.overrides import RETRYABLE, Overrides, split_overrides
from devstack.twilio.signature import sign, signed_url
from tests.simulator.conftest import NUMBER, configure
from tests.simulator.sdk import TOKEN
from tests.simulator.service import Service

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


@pytest.mark.parametrize(
    ("url", "params", "signature"),
    [
        (URL, PARAMS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:443"), PARAMS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (
            URL.replace("https", "http").replace(".com", ".com:80"),
            PARAMS,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
        (
            URL.replace("https", "http").replace(".com", ".com:1234"),
            PARAMS,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
        (URL, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (f"{URL}&bodySHA256={BODY_HASH}", [], "a9nBmqA0ju/hNViExpshrM61xv4="),
    ],
)
def test_twilios_official_vectors(url: str, params: list[tuple[str, str]], signature: str) -> None:
    assert sign(TOKEN, url, params) == signature


def test_https_loses_its_port_and_http_keeps_it() -> None:
    assert signed_url("https://a.co:8443/x?y=1") == "https://a.co/x?y=1"
    assert signed_url("http://a.co:8080/x") == "http://a.co:8080/x"
    assert signed_url("https://a.co/x#rc=2") == "https://a.co/x"


@pytest.mark.parametrize("path", ["/v/%C3%B3%2F?x=%7C%7E&y=a+b%5B", "/v?x=ñ"])
def test_odd_urls_are_sent_as_they_were_signed(sim: Sim, service: Service, path: str) -> None:
    configure(sim, voice_url=service.url(path) + "#rc=0", status_callback="")
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    request = service.requests[0]
    assert "#" not in request.url
    validator = RequestValidator(TOKEN)
    signature = request.headers["x-twilio-signature"]
    assert validator.validate(request.url, request.params, signature)


def test_a_get_is_signed_with_its_parameters_in_the_url(sim: Sim, service: Service) -> None:
    configure(sim, voice_url=service.url("/voice?a=1"), voice_method="GET")
    service.on("/voice", "<Reject/>")
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    request = service.requests[0]
    assert request.method == "GET"
    assert request.params["a"] == "1"
    assert request.params["From"] == "+573001112233"
    signature = request.headers["x-twilio-signature"]
    assert RequestValidator(TOKEN).validate(request.url, {}, signature)


def test_a_fragment_asks_for_patience_and_retries() -> None:
    assert split_overrides("http://a.co/x") == ("http://a.co/x", Overrides())
    url, asked = split_overrides("http://a.co/x?y#ct=2000&rt=3000&tt=4000&rc=3&rp=5xx,rt")
    assert url == "http://a.co/x?y"
    assert asked == Overrides(2.0, 3.0, 4.0, 3, frozenset({"5xx", "rt"}))
    assert split_overrides("http://a.co#rp=all")[1].policies == RETRYABLE
    assert split_overrides("http://a.co#tt=60000&rc=9")[1] == Overrides()


def test_a_5xx_is_retried_only_when_asked(sim: Sim, service: Service) -> None:
    service.answers["/voice"] = (500, "text/plain", "no")
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    assert len(service.asked("/voice")) == 1
    configure(sim, voice_url=service.url("/voice#rc=2&rp=5xx"))
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    retried = [r for r in service.requests if r.path == "/voice"][1:]
    assert len(retried) == 3
    assert len({r.headers["i-twilio-idempotency-token"] for r in retried}) == 1


def test_a_failed_connection_is_retried_once(sim: Sim, service: Service) -> None:
    configure(sim, voice_url="http://127.0.0.1:1/voice")
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    attempts = [w for w in sim.webhooks() if w["kind"] == "document"]
    assert [w["attempt"] for w in attempts] == [1, 2]
    assert sim.errors()[0]["code"] == 11205


def test_a_connection_that_breaks_is_not_retried_unless_asked(sim: Sim, service: Service) -> None:
    service.answers["/voice"] = (0, "", "")
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    assert len(service.asked("/voice")) == 1
    configure(sim, voice_url=service.url("/voice#rp=all"))
    sim.wait_until_ended(sim.ring("+573001112233", NUMBER))
    assert len(service.asked("/voice")) == 3


def test_a_slow_answer_is_not_waited_for(sim: Sim, service: Service) -> None:
    configure(sim, voice_url=service.url("/voice#tt=300"), voice_fallback_url=service.url("/fb"))
    service.on("/voice", "<Say>Tarde</Say>")
    service.on("/fb", "<Say>Disculpe</Say>")
    service.delays["/voice"] = 0.6
    sid = sim.ring("+573001112233", NUMBER)
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Disculpe"
    assert service.asked("/fb")[0]["ErrorCode"] == "11205"


def test_http_redirects_are_followed(sim: Sim, service: Service) -> None:
    service.answers["/voice"] = (307, "text/plain", "/moved/here")
    service.on("/moved/here", "<Redirect>next</Redirect>")
    service.on("/moved/next", "<Say>Aquí</Say>")
    sid = sim.ring("+573001112233", NUMBER)
    sim.wait_until_ended(sid)
    assert sim.heard(sid)[-1] == "Aquí"
    assert service.asked("/moved/here")[0]["CallSid"] == sid
