"""The caller finds their way: menus and submenus, keys and words, languages, changing scripts."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from tests.acceptance.centre import (
    BRIDGED,
    HANGS_UP,
    TALKS_AND_HANGS_UP,
    CallCentre,
    hears,
    menu,
)

pytestmark = pytest.mark.in_any_weather

SUPPORT = {"digit": "1", "description": "Soporte", "actionQueue": "support"}
SOMEBODY = "+576015550777"


def transfers_to(number: str) -> dict[str, str]:
    return {"digit": "9", "description": "Planta", "actionTransfer": number}


def test_keys_lead_through_submenus_and_back(centre: CallCentre) -> None:
    centre.script(
        menu("main", "Para repuestos marque 3.", {"digit": "3", "actionMenu": "parts"}, SUPPORT),
        menu(
            "parts",
            "Para motos marque 1, para volver, asterisco.",
            {"digit": "1", "actionQueue": "sales"},
            {"digit": "*", "actionMenu": "main"},
        ),
    )
    centre.agent_ready()
    there, back = (hears("repuestos"), {"press": "3"}), (hears("motos"), {"press": "*"})
    sid = centre.caller(*there, *back, *there, hears("motos"), {"press": "1"}, *TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("sales", "completed")
    steps = [(step["menu"], step["input"], step["to"]) for step in call["ivr_path"]["steps"]]
    assert steps == [
        ("main", "3", "parts"),
        ("parts", "*", "main"),
        ("main", "3", "parts"),
        ("parts", "1", "sales"),
    ]


def test_a_caller_says_the_department_or_one_of_its_words(centre: CallCentre) -> None:
    for extension in ("1001", "1002", "1003"):
        centre.agent_ready(extension)
    said = ("con soporte técnico, por favor", "Necesito AYUDA", "¿Soporte?")
    callers = {
        words: centre.caller(hears("Soporte"), {"say": words}, *TALKS_AND_HANGS_UP)
        for words in said
    }
    for words, sid in callers.items():
        call = centre.settled(sid)
        assert (call["queue_name"], call["disposition"]) == ("support", "completed")
        (step,) = call["ivr_path"]["steps"]
        assert (step["menu"], step["input"], step["to"]) == ("main", words, "support")


def test_zero_is_the_operator(centre: CallCentre) -> None:
    centre.agent_ready(answer_after=15)
    sid = centre.caller(hears("marque 0"), {"press": "0"}, *TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("General", "completed")
    assert "Le comunicamos con Atención General" in centre.heard(sid)


def test_star_and_hash_are_keys_like_any_other(centre: CallCentre) -> None:
    hash_key = {"digit": "#", "description": "Ventas", "actionQueue": "sales"}
    centre.script(menu("main", "Para ventas marque numeral.", hash_key, SUPPORT))
    centre.agent_ready()
    sid = centre.caller(hears("numeral"), {"press": "#"}, *TALKS_AND_HANGS_UP)
    assert centre.settled(sid)["queue_name"] == "sales"


def test_after_three_wrong_answers_the_caller_reaches_the_general_queue(centre: CallCentre) -> None:
    centre.agent_ready()
    wrong = {"press": "9"}
    again = hears("No entendimos")
    sid = centre.caller(hears("Soporte"), wrong, again, wrong, again, wrong, *TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("General", "completed")
    assert [step["to"] for step in call["ivr_path"]["steps"]] == [None, None, None]


def test_a_menu_has_its_own_words_for_a_second_try_and_its_own_way_out(
    centre: CallCentre,
) -> None:
    more = {"retryMessage": "¿Cómo dice?", "maxAttempts": 3, "timeout": 2, "defaultQueue": "hr"}
    centre.script(menu("main", "Marque 1.", SUPPORT, **more), welcome="Buenos días.")
    centre.agent_ready()
    again = hears("¿Cómo dice?")
    sid = centre.caller(hears("Marque 1"), {"press": "7"}, again, again, *TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("hr", "completed")
    assert [step["input"] for step in call["ivr_path"]["steps"]] == ["7", "", ""]
    heard = centre.heard(sid)
    assert heard.count("¿Cómo dice?") == 2
    assert heard.count("Buenos días.") == 1
    assert "No entendimos" not in heard
    assert "No recibimos" not in heard


def test_a_caller_is_put_through_to_a_number_outside(centre: CallCentre) -> None:
    centre.script(menu("main", "Planta, 9.", transfers_to("(601) 555-0777"), SUPPORT))
    centre.sim.person(SOMEBODY, [{"wait": 5}, HANGS_UP])
    talks = (BRIDGED, {"talk": 3})
    waits = centre.caller(hears("Planta"), {"press": "9"}, *talks)
    leaves = centre.caller(hears("Planta"), {"press": "9"}, *talks, HANGS_UP)
    for sid in (waits, leaves):
        call = centre.settled(sid)
        assert (call["call_status"], call["disposition"]) == ("completed", "transferred")
        assert call["transferred"]
        assert call["queue_name"] is None
        assert f"bridged with {SOMEBODY}" in centre.heard(sid)
    assert "Gracias por llamar" in centre.heard(waits)


def test_when_the_number_outside_does_not_answer_the_caller_reaches_people_here(
    centre: CallCentre,
) -> None:
    busy = "+576015550888"
    rings, engaged = transfers_to(SOMEBODY), {"digit": "8", "actionTransfer": busy}
    centre.script(menu("main", "Planta, 9.", rings, engaged, SUPPORT))
    centre.sim.person(SOMEBODY, [], {"ignore": True})
    centre.sim.person(busy, [], {"reject": "busy"})
    centre.agent_ready()
    callers = [
        centre.caller(hears("Planta"), {"press": key}, *TALKS_AND_HANGS_UP) for key in ("9", "8")
    ]
    for sid in callers:
        call = centre.settled(sid)
        assert (call["queue_name"], call["disposition"]) == ("General", "completed")
        assert not call["transferred"]
        assert "No fue posible comunicarle" in centre.heard(sid)


def test_a_caller_who_gives_up_while_a_number_outside_rings_has_missed_it(
    centre: CallCentre,
) -> None:
    centre.script(menu("main", "Planta, 9.", transfers_to(SOMEBODY), SUPPORT))
    centre.sim.person(SOMEBODY, [], {"ignore": True})
    sid = centre.caller(hears("Planta"), {"press": "9"}, hears("ringing"), {"wait": 5}, HANGS_UP)
    call = centre.settled(sid)
    assert (call["call_status"], call["disposition"]) == ("missed", "abandoned")
    assert not call["transferred"]


def test_everything_is_said_in_the_scripts_language(centre: CallCentre) -> None:
    centre.agent_ready(answer_after=12)
    spanish = centre.caller_for_support(*TALKS_AND_HANGS_UP)
    centre.settled(spanish)
    assert centre.languages_heard(spanish) == {"es-MX"}
    centre.script(
        menu("main", "For support press 1.", SUPPORT), language="en", welcome="Good morning."
    )
    english = centre.caller(
        hears("press 1"), {"press": "5"}, hears("did not understand"), {"press": "1"},
        hears("number 1 in the queue"), *TALKS_AND_HANGS_UP,
    )  # fmt: skip
    assert centre.settled(english)["disposition"] == "completed"
    assert centre.languages_heard(english) == {"en-US"}
    assert "Call from" in centre.agent_heard()


def script_of_version(centre: CallCentre, version: str) -> None:
    centre.rows(
        "update public.ivr_scripts set script_data = %s where description = 'De prueba'",
        Jsonb({"menus": [
            menu("main", f"Menú {version}.", {"digit": "1", "actionMenu": "more"}),
            menu("more", f"Submenú {version}.", SUPPORT),
        ]}),
    )  # fmt: skip


def test_a_changed_script_is_for_the_next_call_and_the_running_one_keeps_its_own(
    centre: CallCentre,
) -> None:
    centre.script(menu("main", "Vacío.", SUPPORT))
    script_of_version(centre, "uno")
    centre.agent_ready()
    running = centre.caller(hears("Menú uno"))
    centre.until(lambda: "Menú uno" in centre.heard(running), "the menu is heard")
    script_of_version(centre, "dos")
    steps = ({"press": "1"}, hears("Submenú"), {"press": "1"}, *TALKS_AND_HANGS_UP)
    centre.sim.act(running, list(steps))
    following = centre.caller(hears("Menú dos"), *steps)
    for sid, version in ((running, "uno"), (following, "dos")):
        assert (centre.settled(sid)["queue_name"]) == "support"
        assert f"Submenú {version}" in centre.heard(sid)


def test_a_script_deleted_in_mid_call_serves_that_call_to_its_end(centre: CallCentre) -> None:
    centre.script(
        menu("main", "Marque 1.", {"digit": "1", "actionMenu": "more"}, SUPPORT | {"digit": "2"}),
        menu("more", "Otra vez 1.", SUPPORT),
    )
    centre.agent_ready()
    sid = centre.caller(hears("Marque 1"))
    centre.until(lambda: "Marque 1" in centre.heard(sid), "the menu is heard")
    centre.rows("delete from public.ivr_scripts where description = 'De prueba'")
    centre.sim.act(sid, [{"press": "1"}, hears("Otra vez"), {"press": "1"}, *TALKS_AND_HANGS_UP])
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("support", "completed")


def test_with_no_script_at_all_callers_go_straight_to_people(centre: CallCentre) -> None:
    centre.no_script()
    centre.agent_ready()
    sid = centre.caller(*TALKS_AND_HANGS_UP)
    call = centre.settled(sid)
    assert (call["queue_name"], call["disposition"]) == ("General", "completed")
    assert "No recibimos" not in centre.heard(sid)
