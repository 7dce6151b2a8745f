"""The console's menus in Chromium: what a supervisor writes there is what callers hear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.acceptance.centre import HANGS_UP, CallCentre, hears
from tests.acceptance.scenes import Scene

pytestmark = pytest.mark.xdist_group("live_pages")
THE_SCRIPT = "name = 'IVR Principal'"


def script(centre: CallCentre) -> dict[str, Any]:
    return centre.row(f"select * from public.ivr_scripts where {THE_SCRIPT}")


@pytest.fixture
def seeded(centre: CallCentre) -> Iterator[dict[str, Any]]:
    """The script of the seed, which is put back."""
    before = script(centre)
    yield before
    centre.rows(
        f"update public.ivr_scripts set script_data = %s, welcome_message = %s where {THE_SCRIPT}",
        Jsonb(before["script_data"]),
        before["welcome_message"],
    )


def test_a_supervisor_writes_walks_and_takes_back_what_callers_hear(
    centre: CallCentre, seeded: dict[str, Any], play: Callable[[str], Scene]
) -> None:
    centre.agent_on_break()
    scene = play("console_menus.mjs")
    scene.until("refused")
    assert script(centre)["updated_at"] == seeded["updated_at"]
    scene.goes_on()
    scene.until("saved")
    saved = script(centre)
    menu = saved["script_data"]["menus"][0]
    assert menu["message"] == "Para Facturas marque 4."
    assert [option["digit"] for option in menu["options"]] == ["1", "4", "2", "3", "0"]
    assert menu["options"][1] == {
        "digit": "4", "description": "Facturas", "actionQueue": "support",
    }  # fmt: skip
    kept = centre.rows(
        "select version, saved_by_name from public.ivr_script_versions where script_id = %s"
        " order by id desc",
        seeded["id"],
    )
    assert (kept[0]["version"], kept[0]["saved_by_name"]) == (saved["version"], "Camilo Restrepo")
    assert kept[1]["version"] == seeded["version"]
    scene.goes_on()
    scene.until("walked")
    assert centre.rows("select 1 from private.call_sessions") == []
    assert script(centre)["script_data"] == saved["script_data"]
    new_words = (hears("Facturas marque 4"), {"press": "4"})
    sid = centre.caller(*new_words, hears("Le comunicamos con Soporte"), HANGS_UP)
    assert centre.settled(sid)["queue_name"] == "support"
    scene.goes_on()
    scene.until("told")
    scene.until("hours")
    support = centre.row("select opening_hours from public.call_queues where name = 'support'")
    assert support["opening_hours"] == {"mon": [["08:00", "17:30"]]}
    scene.until("restored")
    restored = script(centre)
    assert restored["script_data"] == seeded["script_data"]
    assert restored["version"] == saved["version"] + 1
    scene.ends()
