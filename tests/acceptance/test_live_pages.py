"""Pages in Chromium, signed in as different people: what each is told live, and what nobody may."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from devstack.layout import DevstackError
from devstack.pages import serving
from devstack.stack import Stack
from devstack.toolchain import ensure_browser
from tests.acceptance.centre import HANGS_UP, JOINS, CallCentre
from tests.acceptance.screen import Screen

pytestmark = pytest.mark.xdist_group("live_pages")
SCRIPT = Path(__file__).with_name("live_pages.mjs")
FIRST, SECOND = "agente1@demo.local", "agente2@demo.local"
SUPERVISOR, STRANGER = "supervisor@demo.local", "nadie@demo.local"
PEOPLE = (FIRST, SECOND, SUPERVISOR, STRANGER)
TALKS = [JOINS, {"talk": 600}]
Told = dict[str, Any]


class Pages:
    """One page for each of the people, and all that they were told."""

    def __init__(self, stack: Stack, url: str) -> None:
        self._process = subprocess.Popen(
            [str(stack.tools.node), str(SCRIPT)],
            env={
                "BROWSER": str(stack.tools.browser),
                "PAGE": url,
                "PASSWORD": stack.credentials.user_password,
                "PEOPLE": " ".join(PEOPLE),
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._told: list[Told] = []
        self._since = 0
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._told.append(json.loads(line))

    def ready(self) -> bool:
        """Whether everybody is signed in and listens."""
        listening = [t["who"] for t in self._told if t["content"] == "Subscribed to PostgreSQL"]
        return set(listening) == set(PEOPLE)

    def close(self) -> None:
        """Chromium ends with the script."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def forget(self) -> None:
        """What was told before is another test's."""
        self._since = len(self._told)

    def told(self, who: str, kind: str) -> list[Any]:
        """What somebody was told of a kind, in order."""
        told = self._told[self._since :]
        return [t["content"] for t in told if (t["who"], t["kind"]) == (who, kind)]

    def does(self, centre: CallCentre, who: str, what: str, topic: str = "") -> Any:
        """What came of it."""
        kind = f"{what} {topic}"
        asked = json.dumps({"who": who, "what": what, "topic": topic})
        before = len(self.told(who, kind))
        assert self._process.stdin
        self._process.stdin.write(asked + "\n")
        self._process.stdin.flush()
        centre.until(lambda: len(self.told(who, kind)) > before, f"{who}: {kind}")
        return self.told(who, kind)[-1]


@pytest.fixture(scope="module")
def opened(stack: Stack) -> Iterator[Pages]:
    try:
        ensure_browser(stack.tools)
    except DevstackError as error:
        pytest.skip(str(error))
    sign_up_stranger(stack)
    with serving(stack) as url:
        pages = Pages(stack, url)
        yield pages
        pages.close()


@pytest.fixture
def pages(opened: Pages, centre: CallCentre) -> Iterator[Pages]:
    """The pages, in a call centre with nobody in it."""
    centre.until(opened.ready, "everybody is signed in, and listens", 60)
    opened.forget()
    yield opened
    faults = [fault for who in PEOPLE for fault in opened.told(who, "fault")]
    assert not faults


def sign_up_stranger(stack: Stack) -> None:
    """Somebody who is signed in, and nothing else."""
    body = {"email": STRANGER, "password": stack.credentials.user_password}
    answer = httpx.post(f"{stack.auth.url}/auth/v1/signup", json=body, timeout=20)
    assert answer.status_code in {200, 201, 400, 422}, answer.text


class Scene:
    """A caller for support, whom the first agent lets ring in vain and the second takes."""

    def __init__(self, centre: CallCentre) -> None:
        self._centre = centre
        centre.queue(ring_timeout_seconds=10)
        centre.agent_ready("1001", ignore=True)
        self.sid = centre.caller_for_support(JOINS, {"talk": 600}, HANGS_UP)
        centre.until(lambda: centre.agent_rings("1001"), "the first agent rings")
        centre.agent_ready("1002", TALKS)
        centre.until(lambda: centre.talking(self.sid), "the second answers")
        self.row = str(centre.call(self.sid)["id"])

    def ends(self) -> None:
        self._centre.sim.act(self.sid, [HANGS_UP])
        self._centre.settled(self.sid)


def once_each(words: Iterable[str | None]) -> list[str]:
    """Words in order, those that are said again at once left out."""
    return [word for word, _ in groupby(words) if word]


def statuses(pages: Pages, who: str, row: str) -> list[str]:
    """Those that a page heard the row of a call to have, as the existing one listens."""
    rows = [change["row"] for change in pages.told(who, "change")]
    return once_each(r["call_status"] for r in rows if r.get("id") == row)


def heard_the_end(pages: Pages, who: str, row: str) -> bool:
    return statuses(pages, who, row)[-1:] == ["completed"]


def on_desk(pages: Pages, who: str, row: str) -> list[str]:
    """What a desk showed of a call; gone: it had it, and no longer has."""
    shown: list[str | None] = []
    for told in pages.told(who, "desk"):
        found = next((c["status"] for c in told["state"]["calls"] if c["id"] == row), None)
        shown.append(found or ("gone" if any(shown) else None))
    return once_each(shown)


def test_postgres_changes_tell_each_the_calls_that_are_theirs(
    pages: Pages, centre: CallCentre
) -> None:
    scene = Scene(centre)
    scene.ends()
    for who in (SECOND, SUPERVISOR):
        centre.until(partial(heard_the_end, pages, who, scene.row), f"{who} hears the end")
    # The last that the first agent hears is that it rings for them no more.
    assert statuses(pages, FIRST, scene.row) == ["ringing", "queued"]
    assert statuses(pages, SECOND, scene.row) == ["ringing", "active", "completed"]
    # In the menu, in the queue, at the first agent, in the queue, at the second.
    whole = ["ringing", "queued", "ringing", "queued", "ringing", "active", "completed"]
    assert statuses(pages, SUPERVISOR, scene.row) == whole
    assert not pages.told(STRANGER, "change")


@pytest.mark.parametrize("to", ["1003", "General"])
def test_the_last_that_a_page_hears_of_a_call_it_handed_on_is_that_somebody_else_is_waited_for(
    pages: Pages, centre: CallCentre, to: str
) -> None:
    scene = Scene(centre)
    centre.agent_ready("1003", TALKS)
    centre.agent_on_break("1001")
    # The call is no young one.
    centre.rows("update private.call_offers set created_at = created_at - interval '1 hour'")
    Screen(centre.stack, SECOND).does(f"calls/{scene.sid}/transfer", to=to)
    third = centre.agent("1003")["id"]
    centre.becomes(scene.sid, agent_id=third, call_status="active")
    scene.ends()
    centre.until(partial(heard_the_end, pages, SUPERVISOR, scene.row), "it is over")
    assert statuses(pages, SECOND, scene.row) == ["ringing", "active", "queued"]


def test_a_deleted_call_tells_its_key_and_nothing_else(pages: Pages, centre: CallCentre) -> None:
    sid = centre.caller(JOINS)
    centre.becomes(sid, ended_at=None)
    row = str(centre.call(sid)["id"])
    centre.clear()

    def deleted() -> list[Told]:
        return [c for c in pages.told(STRANGER, "change") if c["old"].get("id") == row]

    centre.until(deleted, "the stranger hears that a row went")
    assert deleted() == [{"eventType": "DELETE", "row": {}, "old": {"id": row}}]


def test_broadcasts_tell_each_the_desk_and_the_figures_that_are_theirs(
    pages: Pages, centre: CallCentre
) -> None:
    scene = Scene(centre)
    scene.ends()
    centre.until(
        lambda: on_desk(pages, SECOND, scene.row)[-1:] == ["gone"], "the second has wrapped up"
    )
    assert on_desk(pages, FIRST, scene.row) == ["ringing", "gone"]
    assert on_desk(pages, SECOND, scene.row) == ["ringing", "active", "completed", "gone"]

    def boards() -> list[Told]:
        return [told["state"] for told in pages.told(SUPERVISOR, "wallboard")]

    def support(told: list[Told]) -> Told:
        return next(q for q in told[-1]["queues"] if q["name"] == "support")

    centre.until(lambda: not boards()[-1]["calls"], "the call is off the wall")
    assert scene.row in {call["id"] for board in boards() for call in board["calls"]}
    # A stay counts in the quarter of an hour that it began in, which is 45 of our seconds.
    quarters = [support([board])["interval"] for board in boards()]
    assert quarters[-1]["answered"] >= 1 or quarters[0]["start"] != quarters[-1]["start"]
    in_queue = [told["state"] for told in pages.told(FIRST, "queue support")]
    assert in_queue
    # Who waits for less than a second may be told of by no message.
    assert {queue["waiting"] for queue in in_queue} <= {0, 1}
    for who in (FIRST, SECOND, STRANGER):
        assert not pages.told(who, "wallboard")
    assert not pages.told(STRANGER, "desk")


def test_nobody_listens_to_what_is_not_theirs(pages: Pages, centre: CallCentre) -> None:
    first, second = (f"agent:{centre.agent(e)['id']}" for e in ("1001", "1002"))
    support, others = (f"queue:{queue}" for queue in queues_of_all_and_of_nobody(centre))
    allowed = {
        FIRST: {first, support},
        SECOND: {second, support},
        SUPERVISOR: {first, second, support, others, "supervisors"},
        STRANGER: set[str](),
    }
    for who, topics in allowed.items():
        for topic in (first, second, support, others, "supervisors", "calls"):
            came = pages.does(centre, who, "join", topic)
            if topic in topics:
                assert came == {"status": "SUBSCRIBED"}, (who, topic)
            else:
                assert came["status"] == "CHANNEL_ERROR", (who, topic)
                assert came["error"].startswith("Unauthorized: "), (who, topic)


def queues_of_all_and_of_nobody(centre: CallCentre) -> list[str]:
    """Ids of the queue support, of which every agent is a member, and of one that has none."""
    centre.rows(
        "insert into public.call_queues (name) values ('De nadie') on conflict (name) do nothing"
    )
    query = "select id from public.call_queues where name in ('support', 'De nadie') order by name"
    return [str(queue["id"]) for queue in centre.rows(query)][::-1]


def test_nobody_speaks_on_a_topic(pages: Pages, centre: CallCentre) -> None:
    topic = f"agent:{centre.agent()['id']}"
    for who in (FIRST, SUPERVISOR):
        assert pages.does(centre, who, "join", topic)["status"] == "SUBSCRIBED"
    for who in (FIRST, SUPERVISOR):
        assert pages.does(centre, who, "send", topic) == "timed out"
    centre.agent_on_break()
    for who in (FIRST, SUPERVISOR):
        heard = partial(pages.told, who, f"heard on {topic}")
        centre.until(heard, f"{who} hears of the break")
        assert {message["payload"].get("kind") for message in heard()} == {"desk"}


def test_the_page_of_the_docs_shows_a_call_as_it_goes(pages: Pages, centre: CallCentre) -> None:
    pages.does(centre, SUPERVISOR, "look")
    scene = Scene(centre)

    def row() -> set[str]:
        shown = pages.does(centre, SUPERVISOR, "text", f'[data-call="{scene.sid}"]')
        return set(shown.split("\t"))

    centre.until(lambda: {"support", "active", "Valentina Ríos"} <= row(), "who talks is shown")
    scene.ends()
