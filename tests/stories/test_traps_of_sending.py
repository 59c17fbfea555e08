"""Traps that flows elsewhere fall into when they write to people; each test says how it is here."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from saleor_lifecycle.actions import flow_acts
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.flow_steps import NotifyStaff
from saleor_lifecycle.models import Decision, Enrollment
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.results import results
from saleor_lifecycle.tasks import flows, messages
from tests.facts import account, cart, order
from tests.shop_server import ShopServer, cart_node, install_at, shop_server
from tests.stories.days import (
    CALLED,
    DAY,
    HOUR,
    MINUTE,
    NO_CAPS,
    Days,
    passing,
    person,
    send,
    tag,
    tagged,
    wait,
)

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

ADA = "ada.1@example.com"
CART = {
    "key": "abandoned-cart",
    "trigger": {"kind": "cart_idle", "idle": "PT30M"},
    "ends": "P7D",
}
TWO = (send("one"), wait("pause", "P2D"), send("two"))


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    return passing(install_at(shop_server, now), now, monkeypatch)


def test_the_same_event_told_twice_sends_one_message(days: Days) -> None:
    days.flow(*TWO)
    joined = person(1, days.at)
    days.tell(joined, joined)
    days.go(DAY)
    days.tell(joined, replace(joined, first_name="Ada Lovelace"))
    days.go(30 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "two")]


def test_entering_again_for_the_same_occasion_sends_nothing_again(days: Days) -> None:
    days.join(1)
    days.flow(*TWO, trigger=CALLED)
    for _ in range(3):
        days.call("hello", occasion="spring")
        days.go(3 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "two")]
    days.call("hello", occasion="autumn")
    days.go(3 * DAY)
    assert days.sent() == 2 * [(ADA, "one"), (ADA, "two")]


def test_a_pause_repeats_nothing_and_loses_nothing(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    days.switch(State.OFF)
    days.go(10 * DAY)
    assert days.sent() == [(ADA, "one")]
    assert days.messages() == [("one", "sent", "")]
    days.switch(State.ON)
    days.go(10 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "two")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_step_once(days: Days) -> None:
    days.flow(send("one"), tag("mark", "greeted"), send("two"))
    days.settings(**NO_CAPS)
    days.join(*range(20))
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                flows.run(days.shop.pk, days.at)
                messages.run(days.shop.pk, days.at)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    days.go(HOUR)
    assert faults == []
    assert Counter(step for _, step in days.sent()) == {"one": 20, "two": 20}
    assert set(days.sink.taken.values()) == {1}
    passed = [step for _, step, _ in days.told(Decision.Kind.PASSED)]
    assert Counter(passed) == {"one": 20, "mark": 20, "two": 20}


@pytest.mark.parametrize("trouble", ["refused", "gone", "later", "unsure"])
def test_an_address_in_trouble_does_not_send_the_others_again(trouble: str, days: Days) -> None:
    days.sink.batch = 100
    days.flow(*TWO)
    days.join(1, 2)
    days.join(3, name=trouble)
    days.join(4, 5)
    days.go(10 * DAY)
    others = [f"ada.{number}@example.com" for number in (1, 2, 4, 5)]
    assert sorted(one for one in days.sent() if one[0] in others) == [
        (to, step) for to in others for step in ("one", "two")
    ]
    assert set(days.sink.taken.values()) == {1}


def test_a_customer_who_flaps_out_of_the_filter_and_in_again_keeps_the_waiting_step(days: Days) -> None:
    days.flow(tag("mark", "vip"), key="joins")
    days.flow(tag("unmark", "vip", "untag"), key="leaves", trigger=CALLED)
    days.flow(tag("mark", "vip"), key="returns", trigger=CALLED)
    days.join(1)
    days.go()
    days.flow(wait("pause", "P3D"), send("one"), trigger=CALLED, entry={"where": tagged("vip"), "per": "customer"})
    days.call("hello")
    days.go(DAY)
    began = days.at - DAY
    for _ in range(3):
        for flow in ("leaves", "hello", "returns", "hello"):
            days.call(flow)
            days.go(HOUR)
    days.go(30 * DAY)
    assert days.mails == [(began + 3 * DAY, ADA, "one")]


@pytest.mark.parametrize("trouble", ["refused", "gone", "unsure"])
def test_a_message_that_fails_for_good_lets_the_passage_go_on(trouble: str, days: Days) -> None:
    days.flow(send("one"), wait("pause", "P1D"), tag("mark", "through"))
    days.join(1, name=trouble)
    days.go(2 * DAY)
    assert days.states() == [("finished", "all steps done")]
    assert ("passed", "mark", "") in days.told(Decision.Kind.PASSED)


def test_everybody_who_entered_waits_has_finished_left_or_failed(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever becomes of somebody: entered = waiting + finished + exited + failed, and in the end nobody waits."""

    def fail(*_: Any) -> set[int]:
        raise ValueError

    monkeypatch.setitem(flow_acts._BY_KIND, NotifyStaff, fail)
    german = {"kind": "compare", "fact": "property.language", "op": "=", "value": "DE"}
    told = {"key": "tell", "kind": "notify_staff", "text": "somebody is here"}
    flow = days.flow(
        send("one"),
        {"key": "which", "kind": "branch", "cases": [{"when": german, "then": [told]}]},
        wait("pause", "P20D"),
        send("two"),
    )
    days.join(1, 2)
    days.join(3, name="refused")
    days.join(4, consent=None)
    days.tell(replace(person(5, days.at), language="DE"))
    days.go(DAY)
    days.unsubscribe(ADA)
    days.tell(order(days.at, user=None, email="ada.2@example.com"))
    seen = []
    for _ in range(4):
        with within(days.shop.pk):
            states = results(flow.pk, days.at - 90 * DAY).states
            assert sum(states.values()) == Enrollment.objects.count() == 5
        seen.append(states)
        days.go(10 * DAY)
    assert seen[0] == {"waiting": 2, "exited": 2, "failed": 1}
    assert seen[-1] == {"finished": 2, "exited": 2, "failed": 1}
    assert all(reason for _, reason in days.states())


def test_whoever_merely_looks_at_the_unsubscribe_page_stays_subscribed(days: Days) -> None:
    days.flow(*TWO)
    days.join(1)
    days.go(DAY)
    Client().get(days.links[ADA])
    days.go(3 * DAY)
    assert days.sent() == [(ADA, "one"), (ADA, "two")]


@pytest.mark.parametrize("when", ["before", "while the worker asks", "while the words are made"])
def test_whoever_unsubscribes_while_a_message_waits_does_not_get_it(
    when: str, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consent is read in the transaction that sends, however far the worker has come."""
    refusal = replace(person(1, days.at + MINUTE, consent=False), joined_at=days.at)

    said: list[Fact] = []

    def no(original: Any) -> Any:
        def first(*args: Any, **named: Any) -> Any:
            answer = original(*args, **named)
            if not said:
                said.append(refusal)
                days.tell(refusal)
            return answer

        return first

    days.flow(send("one"))
    days.join(1)
    days.go(sends=False)
    assert days.messages() == [("one", "queued", "")]
    days.at += MINUTE
    if when == "before":
        days.tell(refusal)
    elif when == "while the worker asks":
        monkeypatch.setattr(messages.contents, "ask", no(messages.contents.ask))
    else:
        monkeypatch.setattr(days.sink, "prepare", no(days.sink.prepare))
    days.go(30 * DAY)
    assert days.sent() == []
    assert [(step, state) for step, state, _ in days.messages()] == [("one", "skipped")]


@pytest.mark.parametrize(
    ("bought", "is_first", "leaves"),
    [
        (None, False, True),
        ({"user": "VXNlcjo5", "email": "grace@example.com"}, False, True),
        ({"checkout": "Q2hlY2tvdXQ6MQ=="}, False, False),
        ({"checkout": "Q2hlY2tvdXQ6OQ=="}, False, False),
        ({"email": None}, False, False),
        ({"user": None}, False, False),
        ({"paid": False}, False, False),
        ({}, True, False),
        ({"user": None, "checkout": "Q2hlY2tvdXQ6OQ==", "paid": False}, True, False),
    ],
    ids=str,
)
def test_no_cart_mail_follows_a_purchase(
    bought: dict[str, Any] | None, is_first: bool, leaves: bool, days: Days, shop_server: ShopServer
) -> None:
    """By whichever checkout, account or address it was ordered, paid or not, and in whatever order that is told."""
    days.flow(wait("pause", "PT1H", since="anchor"), send("one"), **CART)
    left_at = days.at
    shop_server.carts["Q2hlY2tvdXQ6MQ=="] = cart_node()
    told: list[Fact] = [cart(left_at)]
    if bought is not None:
        told.append(order(left_at + 45 * MINUTE, **bought))
    days.tell(account(left_at - DAY, consent=True))
    if is_first:
        days.at += 46 * MINUTE
        for fact in reversed(told):
            days.tell(fact)
    else:
        days.tell(told[0])
        days.go(46 * MINUTE)
        days.tell(*told[1:])
    days.go(10 * DAY)
    assert days.sent() == ([("ada@example.com", "one")] if leaves else [])
