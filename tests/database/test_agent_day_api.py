"""An agent's day over the API, by who asks."""

from __future__ import annotations

import pytest

from tests.database.people import People


def ask(people: People, role: str, of: str, **more: str) -> tuple[int, dict[str, object]]:
    answer = people.api(role).get("/rpc/agent_day", params={"p_agent_id": of, **more})
    return answer.status_code, answer.json()


@pytest.mark.parametrize("role", ["agent", "supervisor", "gerente", "service"])
def test_an_agents_day_is_theirs_and_supervisors(role: str, people: People) -> None:
    agent = people.agent_ids["agent"]
    status, day = ask(people, role, agent)
    assert (status, day["agent_id"]) == (200, agent)
    assert set(day) == {
        "agent_id", "day", "time_zone", "from", "to", "intervals", "seconds", "breaks",
    }  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("other", 404), ("outsider", 404), ("anon", 401)])
def test_for_others_there_is_no_such_agent(role: str, status: int, people: People) -> None:
    assert ask(people, role, people.agent_ids["agent"])[0] == status


def test_a_day_of_before_is_asked_for_by_its_date(people: People) -> None:
    status, day = ask(people, "agent", people.agent_ids["agent"], p_day="2020-02-03")
    assert status == 200
    assert (day["from"], day["intervals"]) == ("2020-02-03T05:00:00+00:00", [])


def test_a_break_that_a_screen_writes_with_its_reason_is_in_the_day(people: People) -> None:
    agent = people.agent_ids["agent"]
    place = {"id": f"eq.{agent}"}
    for written in (
        {"agent_status": "break", "break_reason": "almuerzo"},
        {"agent_status": "available"},
        {"agent_status": "offline"},
    ):
        answer = people.api("agent").patch("/call_center_agents", params=place, json=written)
        assert answer.status_code == 200, answer.text
    _, day = ask(people, "supervisor", agent)
    assert "almuerzo" in day["breaks"]  # type: ignore[operator]


def test_a_reason_is_not_longer_than_a_hundred_characters(people: People) -> None:
    answer = people.api("agent").patch(
        "/call_center_agents",
        params={"id": f"eq.{people.agent_ids['agent']}"},
        json={"agent_status": "break", "break_reason": "x" * 101},
    )
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("break_reason: ")


def test_a_screen_gives_a_call_only_the_words_of_its_queue(people: People) -> None:
    queue = people.insert("call_queues", name=f"words {people.mark}", dispositions=["sold"])
    call = people.insert(
        "call_records",
        call_id=f"CAwords{people.mark}",
        caller_number="+573001112233",
        queue_id=queue["id"],
        agent_id=people.agent_ids["agent"],
        call_status="completed",
        ended_at="2026-01-01T00:00:00Z",
    )
    place = {"id": f"eq.{call['id']}"}
    refused = people.api("agent").patch("/call_records", params=place, json={"disposition": "x"})
    assert (refused.status_code, refused.json()["message"]) == (400, "disposition: one of sold")
    people.api("agent").patch("/call_records", params=place, json={"disposition": "sold"})
    after = people.read("call_records", call["id"])
    assert after
    assert (after["disposition"], after["disposition_by"]) == ("sold", people.user_ids["agent"])
    people.db.execute("delete from public.call_records where id = %s", [call["id"]])
    people.db.execute("delete from public.call_queues where id = %s", [queue["id"]])
