"""Whatever the database may say to a screen has words there, in both languages."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any, get_args

import pytest

from devstack.layout import ROOT
from devstack.stack import Stack
from tests.database.migration_text import files
from tests.database.switchboard import Switchboard
from tests.database.test_docs import known
from webhooks.control.live import Candidate

SOURCES = ROOT / "console" / "src"
LANGUAGES = ("es", "en")
# Prints a dictionary; a sentence that takes arguments is said with them.
PRINT = """
const [path, language] = process.argv.slice(1)
const words = (await import(path))[language]
console.log(JSON.stringify(words, (_, value) => typeof value === 'function' ? value('x') : value))
"""


@pytest.fixture(scope="module")
def words(stack: Stack) -> dict[str, dict[str, Any]]:
    """By language: all words, those of the wall as `wall`."""

    def printed(path: str, language: str) -> Any:
        command = [
            str(stack.tools.node), "--input-type=module", "-e", PRINT, str(SOURCES / path), language
        ]  # fmt: skip
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(answer.stdout)

    return {
        language: {
            **printed(f"words/{language}.ts", language),
            "wall": printed(f"wall/words/{language}.ts", language),
        }
        for language in LANGUAGES
    }


def dispositions() -> set[str]:
    """What telephony says of a call: what ends one that was placed or a callback, what a call
    without a conversation came to, and its last status.
    """
    text = "\n".join(path.read_text() for path in files())
    ends = re.findall(
        r"private\.end_(?:placed_call\(\w+,|callback\(\w+, '\w+',)(.*?)private\.clock\(\)"
        r"|private\.end_placed_call\(p_call, case(.*?)v_offer\.ended_at",
        text,
        re.DOTALL,
    )
    said = {
        word
        for found in ends
        for part in found
        for word in re.findall(r"(?:^|then|else)\s*'(\w+)'", part)
    }
    assert {"machine", "refused", "callback_expired", "agent_unreachable"} <= said
    of_calls = {"completed", "abandoned", "no_answer", "failed", "busy", "not_placed"}
    return said | of_calls | {"voicemail", "callback_requested", "transferred", "rejected"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_database_says_has_words(
    board: Switchboard, words: dict[str, Any], language: str
) -> None:
    said = words[language]
    ways_to_end = known(board, "private.call_offers", "outcome_known")
    set_aside = {
        outcome
        for outcome in ways_to_end
        if board.row("select private.counts_as_missed(%s) as so", outcome)["so"]
    } | {"unreachable"}
    purposes = known(board, "private.call_offers", "purpose_known")
    roles = {
        board.row("select private.offer_role(%s, gen_random_uuid()) as role", purpose)["role"]
        for purpose in purposes
    }
    missing = {
        "an agent's state": known(board, "private.agent_times", "state_known")
        - said["status"]["states"].keys(),
        "why they were set on break": set_aside - said["outcomes"].keys(),
        "what came of a consult": ways_to_end - {"finished", "cancelled"} - said["outcomes"].keys(),
        "what came of an offer": ways_to_end
        - said["outcomes"].keys()
        - said["wall"]["routing"]["outcomes"].keys(),
        "what came of a call": dispositions() - said["disposition"]["telephony"].keys(),
        "who is in a call": (roles | {"consult", "customer"}) - said["call"]["roles"].keys(),
        "how a live call is": {"queued", "ringing", "active"} - said["wall"]["statuses"].keys(),
        "why somebody was not rung": reasons() - said["wall"]["routing"]["why"].keys(),
    }
    assert {what: codes for what, codes in missing.items() if codes} == {}


def reasons() -> set[str]:
    return set(get_args(Candidate.model_fields["why"].annotation))


def test_every_reason_that_the_router_writes_is_told_by_a_code(board: Switchboard) -> None:
    (source,) = board.rows(
        "select prosrc as text from pg_proc where oid = 'private.why_not_free'::regproc"
    )
    written = set(re.findall(r"'([a-z :]+)'", source["text"].partition("return case")[2]))
    samples = {
        text + "x" if text.endswith(": ") else "break" + text if text.startswith(" ") else text
        for text in written - {"break", "available"}
    } | {"lacks skill x"}
    assert {"at capacity", "on break: x", "break after their call"} <= samples
    told = {
        text: board.row("select private.why_lost(%s) ->> 'why' as why", text)["why"]
        for text in samples
    }
    assert set(told.values()) <= reasons(), told
