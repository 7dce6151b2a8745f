"""Two transactions that meet at one text message: each on a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from tests.database.switchboard import Switchboard
from tests.database.test_text_messages import CUSTOMER, misses
from tests.database.test_two_at_once import board, other, scratch

__all__ = ["board", "other", "scratch"]  # fixtures
RULES = ["missed_call", "voicemail_received", "callback_promised", "callback_missed"]
TEXTS = "select id::text, state, error_code from private.text_messages"
COMMANDS = "select state from private.telephony_commands where kind = 'send_sms'"


def at_once(board: Switchboard, first: Callable[[], object], second: Callable[[], object]) -> None:
    """The second begins while the first is not committed, and waits for it."""
    first()
    waiting = threading.Thread(target=second)
    waiting.start()
    deadline = time.monotonic() + 30
    with psycopg.connect(board.db.info.dsn, password=board.db.info.password) as looking:
        while not looking.execute(
            "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
            " and datname = current_database()"
        ).fetchone():
            assert waiting.is_alive(), "it waited for nobody"
            assert time.monotonic() < deadline, "it did not get so far"
            looking.rollback()
            time.sleep(0.01)
    board.db.commit()
    waiting.join()


@pytest.mark.parametrize("rule", RULES)
def test_an_event_that_two_learn_of_at_once_is_one_message(
    board: Switchboard, other: psycopg.Connection, rule: str
) -> None:
    sid = misses(board, rules=[])
    call = board.call(sid)
    board.rows("update public.call_queues set text_rules = %s", RULES)
    board.db.commit()
    tell = "select private.text_of_event(%s, %s, %s, %s, '0')"
    about = [call["id"], call["queue_id"], rule, CUSTOMER]
    at_once(board, lambda: board.rows(tell, *about), lambda: other.execute(tell, about))
    assert [text["state"] for text in board.rows(TEXTS)] == ["wanted"]
    assert [command["state"] for command in board.rows(COMMANDS)] == ["pending"]


def test_who_opts_out_while_a_message_is_taken_to_be_sent_is_sent_that_one(
    board: Switchboard, other: psycopg.Connection
) -> None:
    misses(board)
    board.rows("update private.telephony_commands set due_at = now() - interval '1 minute'")
    board.db.commit()
    at_once(
        board,
        lambda: board.rows("select public.claim_commands('test')"),
        lambda: other.execute("select private.opt_out(%s, 'word', private.clock())", [CUSTOMER]),
    )
    assert [text["state"] for text in board.rows(TEXTS)] == ["wanted"]
    assert [command["state"] for command in board.rows(COMMANDS)] == ["claimed"]


def test_who_opts_out_first_is_sent_nothing_by_whoever_comes_then(
    board: Switchboard, other: psycopg.Connection
) -> None:
    misses(board)
    board.rows("update private.telephony_commands set due_at = now() - interval '1 minute'")
    board.db.commit()
    board.rows("select private.opt_out(%s, 'word', private.clock())", CUSTOMER)
    claimed = other.execute("select public.claim_commands('test') as commands").fetchone()
    assert claimed == ([],)
    board.db.commit()
    assert [text["error_code"] for text in board.rows(TEXTS)] == ["opted_out"]
