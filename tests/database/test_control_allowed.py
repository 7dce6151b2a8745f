"""A call's document names what may be done: all of that is possible, and all else is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.database.desk import CUSTOMER, Desk, answers, call, ends, ringing, talking
from tests.database.switchboard import Switchboard
from tests.database.test_control_supervision import Supervisor

# By its function: the names that say it may be done now, and what it is asked with.
OPERATIONS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "leave_call": ({"leave"}, {}),
    "end_call_for_all": ({"end"}, {}),
    "hold_party": ({"hold", "resume"}, {"on": True}),
    "mute_party": ({"mute", "unmute"}, {"on": True}),
    "send_digits": ({"digits"}, {"digits": "1"}),
    "transfer_call": ({"transfer"}, {"to": "spare"}),
    "start_consult": ({"consult"}, {"to": "spare"}),
    "cancel_consult": ({"cancel_consult"}, {}),
    "swap_consult": ({"swap_consult"}, {}),
    "merge_consult": ({"merge_consult"}, {}),
    "complete_consult": ({"complete_consult"}, {}),
    "add_party": ({"add_party"}, {"to": "spare"}),
    "remove_party": ({"remove_party"}, {"party": "the third"}),
    "pause_recording": ({"pause_recording", "resume_recording"}, {"on": True}),
    "ask_for_help": ({"help"}, {}),
    "supervise_call": ({"supervise"}, {"mode": "listen"}),
    "stop_supervising": ({"stop_supervising"}, {}),
    "take_over_call": ({"take_over"}, {}),
    "move_call": ({"move"}, {"to": "elsewhere"}),
    "schedule_callback": ({"callback"}, {"at": "tomorrow"}),
}
# Asked for once more, or too late, they change nothing, and that is no error.
IDEMPOTENT = {"leave_call", "end_call_for_all", "stop_supervising"}


class Scene:
    """A call in some state, and those who may see it."""

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self.agent, self.sid, self.leg, _ = talking(board, record_calls=True)
        self.colleague = Desk(board, extension="second")
        self.supervisor = Supervisor(board, extension="above")
        board.queue(Desk(board, extension="spare").id, name="elsewhere")
        query = "select private.clock() + interval '1 day' as at"
        self.tomorrow = board.row(query)["at"].isoformat()

    def ask(self, function: str, **more: object) -> None:
        self.agent.asks(function, self.sid, **more)


def in_menu(scene: Scene) -> None:
    script = {"menus": [{"id": "main", "options": []}]}
    scene.sid = scene.board.in_menu(script, "+573011112222")


def waiting(scene: Scene) -> None:
    scene.sid = scene.board.caller(scene.board.queue(), "+573011112222")


def ringing_one(scene: Scene) -> None:
    name = scene.board.queue(scene.colleague.id)
    scene.sid = scene.board.caller(name, "+573011112222")
    assert scene.board.rung(scene.sid) == scene.colleague.id


def connecting(scene: Scene) -> None:
    ringing_one(scene)
    scene.colleague.takes(scene.sid)


def held(scene: Scene) -> None:
    scene.ask("hold_party", on=True)


def asking(scene: Scene) -> None:
    scene.ask("start_consult", to="second")


def asked(scene: Scene) -> None:
    asking(scene)
    scene.colleague.takes(scene.sid)


def swapped(scene: Scene) -> None:
    asked(scene)
    scene.ask("swap_consult")


def inviting(scene: Scene) -> None:
    scene.ask("add_party", to="second")


def merged(scene: Scene) -> None:
    asked(scene)
    scene.ask("merge_consult")


def given_away(scene: Scene) -> None:
    asked(scene)
    scene.ask("complete_consult")


def transferring(scene: Scene) -> None:
    scene.ask("transfer_call", to="second")


def to_a_number(scene: Scene) -> None:
    scene.ask("transfer_call", to="601 555 0199")
    answers(scene.board, scene.sid)


def lost(scene: Scene) -> None:
    ends(scene.board, scene.leg)
    scene.board.pass_time(2.1)
    scene.board.sweep()
    assert ringing(scene.board, scene.sid)["purpose"] == "return"


def paused(scene: Scene) -> None:
    scene.ask("pause_recording", on=True)


def to_be_heard(scene: Scene) -> None:
    scene.supervisor.asks("supervise_call", scene.sid, mode="listen")


def heard(scene: Scene) -> None:
    scene.supervisor.hears(scene.sid)


def taking_over(scene: Scene) -> None:
    scene.supervisor.asks("take_over_call", scene.sid)


def taken_over(scene: Scene) -> None:
    taking_over(scene)
    scene.supervisor.takes(scene.sid)


def ended(scene: Scene) -> None:
    scene.board.status(scene.sid, "completed", 9)


def placing(scene: Scene) -> None:
    placed = scene.colleague.asks("place_call", number=CUSTOMER)
    scene.sid = str(placed["call"]["id"])


def placed_and_answered(scene: Scene) -> None:
    placing(scene)
    scene.colleague.takes(scene.sid)


STATES: list[Callable[[Scene], None]] = [
    in_menu,
    waiting,
    ringing_one,
    connecting,
    lambda _scene: None,
    held,
    asking,
    asked,
    swapped,
    inviting,
    merged,
    given_away,
    transferring,
    to_a_number,
    lost,
    paused,
    to_be_heard,
    heard,
    taking_over,
    taken_over,
    ended,
    placing,
    placed_and_answered,
]


def status_of(scene: Scene, who: Desk, function: str, arguments: dict[str, Any]) -> int:
    """What somebody is answered; whatever it did is undone."""
    try:
        with scene.board.db.transaction(force_rollback=True):
            who.asks(function, scene.sid, **arguments)
    except psycopg.Error as error:
        if not str(error.sqlstate).startswith("PT"):
            raise
        return int(str(error.sqlstate)[2:])
    return 200


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("<>"))
def test_what_is_named_is_possible_and_all_else_is_refused(
    board: Switchboard, state: Callable[[Scene], None]
) -> None:
    scene = Scene(board)
    state(scene)
    third = next(
        (
            str(row["party"])
            for row in board.rows(
                "select coalesce(leg_sid, id::text) as party from private.call_offers"
                " where purpose = 'party' and state <> 'ended'"
            )
        ),
        "nobody",
    )
    wrong = []
    for who in (scene.agent, scene.colleague, scene.supervisor):
        if status_of(scene, who, "read_call", {}) == 404:
            continue
        document = who.asks("read_call", scene.sid)["call"]
        for function, (names, given) in OPERATIONS.items():
            allowed = bool(names & set(document["allowed_actions"]))
            known_now = {"party": third, "at": scene.tomorrow}
            arguments = given | {name: known_now[name] for name in given.keys() & known_now}
            status = status_of(scene, who, function, arguments)
            right = {200} if allowed else {409, 403}
            if not allowed and function in IDEMPOTENT:
                right |= {200}
            if status not in right:
                wrong.append((type(who).__name__, who.id, function, allowed, status))
    assert wrong == []
    known = set().union(*(names for names, _ in OPERATIONS.values())) | {"disposition"}
    assert set(scene.supervisor.asks("read_call", scene.sid)["call"]["allowed_actions"]) <= known


def test_who_had_the_call_is_told_that_it_is_another_agents_now(board: Switchboard) -> None:
    scene = Scene(board)
    given_away(scene)
    assert str(call(board, scene.sid)["agent_id"]) == scene.colleague.id
    refusal = scene.agent.is_refused("transfer_call", scene.sid, to="spare")
    assert (refusal["status"], refusal["state"]) == ("PT409", "active")
