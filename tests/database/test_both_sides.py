"""What Python and SQL each say once, and must say alike."""

from __future__ import annotations

from dataclasses import fields

import pytest

from callcenter.commands import KINDS
from callcenter.events import (
    ControlRequest,
    LegEvent,
    ListedCall,
    RecordingEvent,
    Role,
    RoomEvent,
    TranscriptionEvent,
    VoiceRequest,
)
from callcenter.models import CommandResult
from callcenter.worker import MATCHING_PARTS, OTHER_PARTS
from tests.database.switchboard import Switchboard
from tests.service.test_operations import ASKED

A_LEG = LegEvent(call_sid="CA1", status="ringing", source="reconcile")
A_LISTED_CALL = ListedCall(leg=A_LEG, created_at="2026-11-23T15:00:00Z", reached_fallback=True)


def names(dataclass: type) -> set[str]:
    return {field.name.rstrip("_") for field in fields(dataclass)}


@pytest.mark.parametrize(
    ("type_name", "said"),
    [
        ("voice_request", names(VoiceRequest)),
        # Of a listed call's leg reached_fallback is said too.
        ("leg_event", names(LegEvent) | A_LISTED_CALL.to_json().keys()),
        ("room_event", names(RoomEvent)),
        ("recording_event", names(RecordingEvent)),
        ("transcription_event", names(TranscriptionEvent)),
        ("command_result", names(CommandResult)),
        ("control_request", names(ControlRequest)),
    ],
)
def test_an_event_has_the_fields_of_its_type_in_the_database(
    board: Switchboard, type_name: str, said: set[str]
) -> None:
    rows = board.rows(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped",
        f"private.{type_name}",
    )
    assert {row["attname"] for row in rows} == said


def test_every_kind_of_command_is_treated_alike_on_both_sides(board: Switchboard) -> None:
    rows = board.rows("select kind, when_unknown from private.command_kinds")
    assert {row["kind"]: row["when_unknown"] for row in rows} == {
        kind: said.when_unknown for kind, said in KINDS.items()
    }


def test_a_legs_roles_are_those_that_addresses_can_say(board: Switchboard) -> None:
    (check,) = board.rows(
        "select pg_get_constraintdef(oid) as says from pg_constraint"
        " where conrelid = 'private.call_legs'::regclass and conname = 'role_known'"
    )
    known = set(check["says"].split("'")[1::2])
    assert known == set(Role)


def test_every_operation_has_its_function(board: Switchboard) -> None:
    rows = board.rows(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace"
        " and proargnames[:2] = '{p_request,p_process}'"
        " and has_function_privilege('service_role', oid, 'execute')"
    )
    assert {function for _, _, (function, _) in ASKED.values()} == {r["proname"] for r in rows}


def test_the_worker_sweeps_every_part(board: Switchboard) -> None:
    parts = board.row("select private.sweep_parts() as parts")["parts"]
    assert sorted(parts) == sorted([*MATCHING_PARTS, *OTHER_PARTS])
