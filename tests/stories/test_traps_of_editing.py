"""Traps that flows elsewhere fall into when a running one is changed; each test says how it is here."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import why
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.api import flow_stories
from saleor_lifecycle.api.why import speech
from saleor_lifecycle.domain.flow_moves import People, Place
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Decision, Enrollment, FlowVersion, Message, Tag
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.entry import within
from tests.facts import cart, order
from tests.shop_server import ShopServer, install_at, shop_server
from tests.stories.days import CALLED, DAY, HOUR, NO_CAPS, Days, passing, person, send, tag, wait

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

ADA, BOB = "ada.1@example.com", "ada.2@example.com"
TWO = (send("one"), wait("pause", "P3D"), send("two"))
SOLD = {"kind": "event", "event": "order_placed"}


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    return passing(install_at(shop_server, now), now, monkeypatch)


def arms(days: Days) -> dict[str, str]:
    """Of everybody in a flow the arm, by the number of their account."""
    with within(days.shop.pk):
        rows = Enrollment.objects.filter(flow__key="hello").order_by("id")
        return {f"ada.{row.key.removeprefix('VXNlcjo')}@example.com": row.arm for row in rows}


def test_whoever_is_inside_when_a_flow_is_changed_finishes_it_as_they_began(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    days.flow(wait("pause", "P1D"), send("other"))
    days.join(2)
    days.go(10 * DAY)
    assert days.sent() == [(ADA, "one"), (BOB, "other"), (ADA, "two")]


def test_whoever_is_moved_gets_the_new_steps_and_no_message_again(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    days.flow(send("one"), send("before"), wait("pause", "P3D"), send("new"), send("two"), people=People.MOVE)
    days.go(20 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "new"), (ADA, "two")]
    with within(days.shop.pk):
        passage = Enrollment.objects.select_related("customer", "flow").get()
        (story,) = why.why(passage.customer, passage.flow, 1)
    tongue = speech("en", "UTC", days.at)
    words = [flow_stories.line_words(line, story.document, tongue) for line in story.lines]
    assert "Moved to version 2 of the flow." in words


def test_whoever_is_moved_back_to_a_message_that_they_had_does_not_get_it_again(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    days.flow(*TWO, people=People.MOVE, choices={Place(1, "pause"): "one"})
    days.go(20 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "two")]


@pytest.mark.parametrize(("moved_after", "sent_after"), [(1, 2), (5, 5)])
def test_a_new_wait_holds_for_whoever_waits_already(moved_after: int, sent_after: int, days: Days) -> None:
    days.flow(wait("pause", "P30D"), send("one"))
    days.join(1)
    joined_at = days.at
    days.go(moved_after * DAY)
    days.flow(wait("pause", "P2D"), send("one"), people=People.MOVE)
    days.go(40 * DAY)
    assert days.mails == [(joined_at + sent_after * DAY, ADA, "one")]


@pytest.mark.parametrize("people", list(People))
def test_a_republished_flow_does_not_mail_those_who_had_the_message_already(people: People, days: Days) -> None:
    everybody = range(1, 11)
    days.flow(send("one"))
    days.join(*everybody)
    days.go(DAY)
    assert len(days.sent()) == len(everybody)
    for steps in ((send("one"),), (send("one"), wait("pause", "P1D"), send("two"))):
        days.flow(*steps, people=people)
        days.tell(*[replace(person(number, days.at - DAY), first_name="A") for number in everybody])
        days.go(5 * DAY)
    assert len(days.sent()) == len(everybody)


@pytest.mark.parametrize(
    ("choices", "ends", "mails"),
    [
        (None, ("finished", "all steps done"), ["one", "two"]),
        ({Place(1, "pause"): "later"}, ("finished", "all steps done"), ["one", "later"]),
        ({Place(1, "pause"): None}, ("exited", "version_changed"), ["one"]),
    ],
)
def test_nobody_hangs_at_a_step_that_was_taken_out(
    choices: dict[Place, str | None] | None, ends: tuple[str, str], mails: list[str], days: Days
) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    people = People.STAY if choices is None else People.MOVE
    days.flow(send("one"), send("later"), people=people, choices=choices)
    days.go(10 * DAY)
    assert [step for _, step in days.sent()] == mails
    assert days.states() == [ends]


def test_a_step_with_people_at_it_is_not_taken_out_without_a_word_about_them(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    with pytest.raises(DocumentError):
        days.flow(send("one"), send("later"), people=People.MOVE)
    with within(days.shop.pk):
        assert FlowVersion.objects.filter(flow__key="hello").count() == 1


@pytest.mark.parametrize("state", [State.ON, State.SHADOW])
def test_a_flow_that_is_switched_on_mails_nobody_for_what_happened_before(state: State, days: Days) -> None:
    days.flow(send("one"), state=State.OFF)
    days.flow(send("sold"), key="sold", trigger=SOLD, exits_on_order=False, state=State.OFF)
    days.join(1)
    days.tell(order(days.at, user="VXNlcjo1", email=ADA))
    days.go(DAY)
    days.switch(state)
    days.switch(state, "sold")
    days.tell(person(2, days.at - HOUR), order(days.at - HOUR, "T3JkZXI6Mg==", "VXNlcjo2", BOB))
    days.go(10 * DAY)
    assert (days.sent(), days.states()) == ([], [])
    days.switch(State.ON)
    days.join(3)
    days.go(DAY)
    assert days.sent() == [("ada.3@example.com", "one")]


@pytest.mark.parametrize(("cause", "entered"), [(Cause.IMPORT, 0), (Cause.BEHAVIOUR, 3)])
def test_an_import_starts_no_flow(cause: Cause, entered: int, days: Days) -> None:
    days.flow(send("one"))
    days.flow(send("sold"), key="sold", trigger=SOLD, exits_on_order=False)
    left = {"key": "abandoned-cart", "trigger": {"kind": "cart_idle", "idle": "PT30M"}}
    days.flow(wait("pause", "PT1H", since="anchor"), send("left"), **left)
    days.go(HOUR)
    joined = person(1, days.at)
    days.tell(joined, order(days.at, user="VXNlcjo1", email=ADA), cause=cause)
    days.go(HOUR)
    days.tell(cart(days.at, user="VXNlcjo1", email=ADA), cause=cause)
    days.go(DAY)
    assert len(days.states()) == entered


def test_whoever_is_held_out_gets_nothing_and_stays_held_out_in_a_new_version(days: Days) -> None:
    days.flow(*TWO, tag("mark", "greeted"), holdout=0.5)
    days.join(*range(1, 31))
    days.go(DAY)
    before = arms(days)
    held_out = {to for to, arm in before.items() if arm == "holdout"}
    assert 0 < len(held_out) < 30
    days.flow(*TWO, send("new"), tag("mark", "greeted"), holdout=0, people=People.MOVE)
    days.go(20 * DAY)
    assert arms(days) == before
    assert {to for to, _ in days.sent()} == before.keys() - held_out
    with within(days.shop.pk):
        assert not Message.objects.filter(enrollment__arm="holdout").exists()
        assert Tag.objects.count() == 30 - len(held_out)
    passed = days.told(Decision.Kind.PASSED)
    assert passed.count(("passed", "mark", "holdout")) == len(held_out)


@pytest.mark.parametrize(
    "more",
    [{"topic": "service", "purpose": Purpose.SERVICE}, {"is_asked_for": True}],
    ids=["service", "asked for"],
)
def test_nobody_is_held_out_of_service_or_of_what_they_asked_for(more: dict[str, Any], days: Days) -> None:
    days.flow(send("one"), holdout=0.5, **more)
    days.join(*range(1, 13))
    days.go(DAY)
    assert len(days.sent()) == 12
    assert set(arms(days).values()) == {""}


def test_whoever_entered_a_shadow_is_decided_about_and_never_written_to(days: Days) -> None:
    days.flow(*TWO, state=State.SHADOW)
    days.join(1)
    days.go(DAY)
    days.switch(State.ON)
    days.join(2)
    days.go(10 * DAY)
    assert days.sent() == [(BOB, "one"), (BOB, "two")]
    told = days.told(Decision.Kind.PASSED, Decision.Kind.FINISHED)
    assert [one for one in told if one[2] == "shadow"] == [("passed", "one", "shadow"), ("passed", "two", "shadow")]
    assert days.states() == 2 * [("finished", "all steps done")]


def test_flows_that_start_one_another_come_to_an_end(days: Days) -> None:
    days.settings(**NO_CAPS)
    days.flow(send("ping"), key="ping", trigger={"kind": "flow"})
    back = {"key": "back", "kind": "start_flow", "flow": "ping"}
    days.flow(send("pong"), back, key="pong", trigger={"kind": "flow"})
    days.flow(send("ping"), {"key": "on", "kind": "start_flow", "flow": "pong"}, key="ping", trigger=CALLED)
    days.join(1)
    days.call("ping")
    days.go(timedelta(days=60))
    assert 2 <= len(days.sent()) <= 12
    assert {state for state, _ in days.states()} == {"finished"}
