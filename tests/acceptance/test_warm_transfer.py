"""A colleague is asked before the customer is handed over: who hears whom in each phase."""

from __future__ import annotations

import pytest

from tests.acceptance.centre import CallCentre
from tests.acceptance.room import IN_THE_ROOM, LEAVES, MUSIC, Conversation

OUTSIDE = "+576015550178"
in_any_weather = pytest.mark.in_any_weather


@pytest.fixture
def talk(centre: CallCentre) -> Conversation:
    conversation = Conversation(centre)
    centre.agent_ready("1002", IN_THE_ROOM)
    return conversation


def consults(talk: Conversation, to: str = "1002") -> str:
    """The agent talks with whom they ask, and the customer hears music; the other's leg."""
    talk.does("consult", to=to)
    other = talk.leg_of(to) if to == "1002" else talk.leg_to(to)
    talk.hear({talk.customer: {MUSIC}, talk.agent: {other}, other: {talk.agent}})
    return other


def never_long_alone(talk: Conversation) -> None:
    """Virtual seconds: what one request to Twilio and back takes, or, with faults, a few."""
    assert talk.seconds_of_silence() < (15 if talk.centre.calm else 240)


def has_them(talk: Conversation, extension: str) -> bool:
    return bool(talk.row()["agent_id"] == talk.centre.agent(extension)["id"])


@in_any_weather
def test_a_colleague_is_asked_swapped_merged_and_left_with_the_customer(
    talk: Conversation,
) -> None:
    customer, agent = talk.customer, talk.agent
    colleague = consults(talk)
    talk.does("consult/swap")
    talk.hear({customer: {agent}, agent: {customer}, colleague: {MUSIC}})
    talk.does("consult/swap")
    talk.hear({customer: {MUSIC}, agent: {colleague}, colleague: {agent}})
    if talk.centre.calm:
        assert not talk.heard_each_other(customer, colleague), "they were asked in private"
    talk.does("consult/merge")
    talk.hear({customer: {agent, colleague}, agent: {customer, colleague}})
    talk.does("leave")
    talk.hear({customer: {colleague}, colleague: {customer}})
    assert has_them(talk, "1002")
    talk.sim.act(customer, LEAVES)
    row = talk.centre.settled(customer)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    assert (row["transferred"], row["transferred_to_agent_id"]) == (True, row["agent_id"])
    assert row["hold_duration_seconds"] > 0
    never_long_alone(talk)


@in_any_weather
def test_a_completed_consult_leaves_the_two_alone(talk: Conversation) -> None:
    colleague = consults(talk)
    talk.does("consult/complete")
    talk.hear({talk.customer: {colleague}, colleague: {talk.customer}})
    talk.sim.wait_until_ended(talk.agent, 30)
    assert has_them(talk, "1002")
    talk.sim.act(talk.customer, LEAVES)
    row = talk.centre.settled(talk.customer)
    assert (row["call_status"], row["transferred"]) == ("completed", True)
    never_long_alone(talk)


def test_a_consult_completed_while_it_rings_has_music_until_the_colleague_comes(
    talk: Conversation,
) -> None:
    talk.centre.agent_ready("1002", IN_THE_ROOM, answer_after=12)
    talk.does("consult", to="1002")
    colleague = talk.leg_of("1002")
    talk.does("consult/complete")
    talk.sim.wait_until_ended(talk.agent, 10)
    talk.hear({talk.customer: {MUSIC}, colleague: set()})
    talk.hear({talk.customer: {colleague}, colleague: {talk.customer}})
    talk.sim.act(talk.customer, LEAVES)
    assert talk.centre.settled(talk.customer)["call_status"] == "completed"
    assert not talk.heard_each_other(talk.agent, colleague)
    never_long_alone(talk)


@pytest.mark.parametrize("answered", [False, True])
def test_a_cancelled_consult_gives_the_customer_back(talk: Conversation, answered: bool) -> None:
    if answered:
        colleague = consults(talk)
    else:
        talk.centre.agent_ready("1002", ignore=True)
        talk.does("consult", to="1002")
        colleague = talk.leg_of("1002")
    talk.does("consult/cancel")
    talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer}})
    talk.sim.wait_until_ended(colleague, 10)
    talk.centre.until(
        lambda: talk.centre.agent("1002")["current_call_count"] == 0, "the colleague is free"
    )
    assert not talk.heard_each_other(talk.customer, colleague)
    talk.does("leave")
    row = talk.centre.settled(talk.customer)
    assert (row["ended_by"], row["transferred"]) == ("agent", False)
    assert has_them(talk, "1001")
    never_long_alone(talk)


def test_a_colleague_who_does_not_answer_leaves_the_customer_held_and_says_why(
    talk: Conversation,
) -> None:
    talk.centre.agent_ready("1002", reject="busy")
    talk.does("consult", to="1002")
    talk.centre.until(lambda: talk.seen()["consult"]["state"] == "failed", "it failed")
    assert talk.seen()["consult"]["why"] == "busy"
    talk.hear({talk.customer: {MUSIC}})
    talk.does("resume")
    talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer}})
    talk.does("leave")
    assert talk.centre.settled(talk.customer)["ended_by"] == "agent"
    never_long_alone(talk)


@in_any_weather
def test_an_agent_who_is_lost_leaves_the_customer_to_whom_they_asked(talk: Conversation) -> None:
    colleague = consults(talk)
    talk.sim.act(talk.agent, [{"lose": 5}])
    talk.hear({talk.customer: {colleague}, colleague: {talk.customer}})
    talk.centre.until(lambda: has_them(talk, "1002"), "the call is the colleague's")
    talk.sim.act(talk.customer, LEAVES)
    row = talk.centre.settled(talk.customer)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    never_long_alone(talk)


@pytest.mark.parametrize("answered", [False, True])
def test_a_customer_who_leaves_ends_it_for_all(talk: Conversation, answered: bool) -> None:
    if answered:
        consults(talk)
    else:
        talk.centre.agent_ready("1002", ignore=True)
        talk.does("consult", to="1002")
        talk.leg_of("1002")
    talk.sim.act(talk.customer, LEAVES)
    row = talk.centre.settled(talk.customer)
    assert (row["call_status"], row["ended_by"]) == ("completed", "customer")
    assert not talk.sim.calls(live=True)
    never_long_alone(talk)


@pytest.mark.parametrize("alone", [False, True])
def test_somebody_outside_joins_and_leaves(talk: Conversation, alone: bool) -> None:
    """alone: with the customer, for the agent left first."""
    talk.sim.person(OUTSIDE, IN_THE_ROOM, {"answer_after": 2})
    outside = consults(talk, OUTSIDE)
    talk.does("consult/merge")
    talk.hear({talk.customer: {talk.agent, outside}, outside: {talk.agent, talk.customer}})
    if alone:
        talk.does("leave")
        talk.hear({talk.customer: {outside}, outside: {talk.customer}})
    talk.sim.act(outside, LEAVES)
    if not alone:
        talk.hear({talk.customer: {talk.agent}, talk.agent: {talk.customer}})
        talk.centre.until(lambda: len(talk.seen()["parties"]) == 2, "we are told")
        talk.does("leave")
    row = talk.centre.settled(talk.customer)
    assert (row["call_status"], row["transferred"]) == ("completed", alone)
    never_long_alone(talk)
