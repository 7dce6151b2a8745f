"""The console with Twilio's own Voice SDK, as in production, and the simulator at its other end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from werkzeug.serving import make_server

from callcenter.bootstrap import build_services
from callcenter.settings import Settings
from tests.acceptance.centre import JOINS, CallCentre
from tests.acceptance.room import leg_to, leg_to_desk, they_hear
from tests.acceptance.scenes import Scene
from webhooks.app import create_app

pytestmark = pytest.mark.xdist_group("live_pages")
FRIEND = "+573009990004"
STAYS = [JOINS, {"talk": 24 * 3600}]


@pytest.fixture
def service(centre: CallCentre) -> Iterator[str]:
    """The address of one whose console has no telephone but Twilio's."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    settings = {**centre.stack.env, "PUBLIC_URL": url, "TELEPHONE_URL": ""}
    server.app = create_app(build_services(Settings.from_env(settings)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()


def test_calls_come_and_go_through_twilios_voice_sdk(
    centre: CallCentre, service: str, play: Callable[[str], Scene]
) -> None:
    centre.queue(wrap_up_seconds=0, ring_timeout_seconds=300)
    centre.sim.person(FRIEND, STAYS)
    scene = play("voice_sdk.mjs")
    signalling = centre.stack.env["TELEPHONE_URL"].replace("http", "ws", 1)
    scene.goes_on(
        address=f"{service}/console/", signalling=signalling.replace("telephone.js", "signal")
    )
    scene.until("available")
    sid = centre.caller_for_support(*STAYS)
    scene.until("rejected")
    centre.until(lambda: centre.first_offers(sid)["1001"], "the offer is over")
    assert centre.first_offers(sid)["1001"] == "rejected"
    scene.goes_on()
    scene.until("answered")
    me = leg_to_desk(centre)
    they_hear(centre, {me: {sid}, sid: {me}})
    scene.goes_on()
    scene.until("over")
    assert centre.ended(sid)["ended_by"] == "agent"
    scene.goes_on()
    scene.until("dialled")
    me, customer = leg_to_desk(centre), leg_to(centre, FRIEND)
    they_hear(centre, {me: {customer}, customer: {me}})
    centre.sim.act(customer, [{"hangup": True}])
    scene.goes_on()
    scene.ends()
