"""After a delivery: products that go with what somebody bought, learnt from what the shop's others bought."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.actions import flow_drafts, named_flows, recommendation_counts
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain.facts import OrderFact, ProductFact
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import DeliverySettings, Enrollment
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import recommendations as learning
from tests.facts import order
from tests.shop_server import ShopServer, install_at, product_node, shop_server
from tests.stories.days import DAY, Days, passing
from tests.stories.test_first_purchase import ADAS, PAID, REFUNDED, Purchase, Story, is_sent_only, is_told, registers

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

KEY = "cross-sell"
MUG, JUG = 1, 2
GOES_WITH_THE_MUG = [2, 3, 4, 5, 6]
"""By rank: of those who bought the mug, each was bought by one more than the next."""


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    """A shop that has learnt from forty customers what goes with a mug, and has all of it in stock."""
    shop_server.products = {f"P{number}": product_node(f"P{number}", f"Product {number}") for number in range(1, 11)}
    days = passing(install_at(shop_server, now), now, monkeypatch)
    days.tell(*[product(number, now) for number in range(1, 11)], cause=Cause.IMPORT)
    baskets = [[MUG, *GOES_WITH_THE_MUG]] * 10 + [[MUG, *GOES_WITH_THE_MUG[:most]] for most in (1, 2, 3, 4)]
    baskets += [[MUG]] * 2
    baskets += [[number] for number in (7, 8, 9, 10) for _ in range(6)]
    past = [others(number, now, products) for number, products in enumerate(baskets)]
    days.tell(*past, cause=Cause.IMPORT)
    with within(days.shop.pk):
        DeliverySettings.objects.create(installation=days.shop, methods={"Express": 1})
        recommendation_counts.ask(days.shop.pk, now)
    assert learning.run(days.shop.pk, now)
    hold_out(days, 0.0)
    days.switch(State.ON, KEY)
    return days


def product(number: int, now: datetime) -> ProductFact:
    told = order(now, f"product {number}")
    return ProductFact(f"P{number}", f"Product {number}", f"p{number}", "", (), (f"V{number}",), told.version)


def others(number: int, now: datetime, products: list[int]) -> OrderFact:
    fact = order(now - 60 * DAY, f"a past order {number}", None, f"customer.{number}@example.com")
    return replace(fact, lines=tuple((f"V{one}", 1) for one in products))


def hold_out(days: Days, share: float) -> None:
    with within(days.shop.pk):
        flow = flow_drafts.locked(days.shop.pk, KEY)
        named_flows.change(flow, {}, {"holdout": share}, "VXNlcjoyMQ==", days.at)


def buys(days: Days, *products: int, **columns: Any) -> Purchase:
    lines = [{"productVariantId": f"V{one}", "quantity": 1} for one in products or (MUG,)]
    return Purchase(days, **{**PAID, "lines": lines, **columns})


def shown(text: str) -> list[int]:
    """Return which products a mail shows, in their order; the first is named as what was bought."""
    places = {number: text.find(f"- Product {number},") for number in range(1, 11)}
    return sorted((number for number, place in places.items() if place >= 0), key=lambda number: places[number])


@pytest.mark.parametrize("arrives", [is_told, is_sent_only])
@pytest.mark.parametrize("columns", [PAID, {"chargeStatus": "NONE"}], ids=["paid", "cash on delivery"])
def test_four_products_that_go_with_it_follow_ten_days_after_the_delivery(
    columns: dict[str, Any], arrives: Story, days: Days
) -> None:
    registers(days)
    began = days.at
    arrives(buys(days, **columns))
    days.go(30 * DAY)
    assert [(at - began, step) for at, _, step in days.mails] == [(12 * DAY, "cross-sell")]
    assert shown(days.handed[0].text) == GOES_WITH_THE_MUG[:4]
    assert days.states() == [("finished", "all steps done")]


@pytest.mark.parametrize(
    ("language", "subject", "because"),
    [
        ("EN", "Goes well with Product 1", "Because you bought Product 1"),
        ("ES", "Va bien con Product 1", "Porque compraste Product 1"),
    ],
)
def test_it_says_why_in_the_customers_language(language: str, subject: str, because: str, days: Days) -> None:
    registers(days, language=language)
    is_told(buys(days, languageCodeEnum=language))
    days.go(30 * DAY)
    (mail,) = days.handed
    assert mail.subject == subject
    assert because in mail.text


def test_what_is_sold_out_as_it_leaves_makes_room_for_the_next(days: Days, shop_server: ShopServer) -> None:
    registers(days)
    is_told(buys(days))
    days.go(9 * DAY)
    shop_server.products["P3"] = product_node("P3", "Product 3", available=0)
    days.go(9 * DAY)
    assert shown(days.handed[0].text) == [2, 4, 5, 6]


def test_with_nothing_left_in_stock_nobody_is_written_to(days: Days, shop_server: ShopServer) -> None:
    registers(days)
    is_told(buys(days))
    shop_server.products = {}
    days.go(30 * DAY)
    assert days.mails == []
    assert days.messages() == [("cross-sell", "skipped", "products_gone")]


def test_nobody_is_offered_what_they_have(days: Days) -> None:
    registers(days)
    is_told(buys(days, MUG, JUG, 4))
    days.go(30 * DAY)
    assert shown(days.handed[0].text)[:3] == [3, 5, 6]
    assert not {MUG, JUG, 4} & set(shown(days.handed[0].text))


def test_for_whom_nothing_goes_with_it_there_is_no_mail(days: Days) -> None:
    registers(days)
    is_told(buys(days, 7))
    days.go(30 * DAY)
    assert days.mails == []
    assert [state for state, _ in days.states()] == ["finished"]


def test_nobody_is_written_to_twice_within_three_weeks(days: Days) -> None:
    registers(days)
    began = days.at
    for until in (13, 30, 60):
        is_told(buys(days))
        days.go(began + until * DAY - days.at)
    assert [at - began for at, _, _ in days.mails] == [12 * DAY, 42 * DAY]


LEAVING: dict[str, tuple[Story, str]] = {
    "another order": (lambda bought: buys(bought.days), "ordered"),
    "cancelled": (lambda bought: bought.changes("OrderCancelled", status="CANCELED"), "order_cancelled"),
    "all sent back": (lambda bought: bought.changes(status="RETURNED", **REFUNDED), "order_returned"),
}


@pytest.mark.parametrize(("leaves", "reason"), LEAVING.values(), ids=list(LEAVING))
def test_nothing_comes_once_it_is_over(leaves: Story, reason: str, days: Days) -> None:
    registers(days)
    bought = buys(days)
    is_told(bought)
    days.go(2 * DAY)
    leaves(bought)
    days.go(30 * DAY)
    assert days.mails == []
    assert days.states() == [("exited", reason)]


def test_without_consent_nothing_leaves(days: Days) -> None:
    registers(days, agrees=False)
    is_told(buys(days))
    days.go(30 * DAY)
    assert days.mails == []
    assert days.messages() in ([("cross-sell", "skipped", "no_consent")], [])


def test_whoever_is_held_out_gets_nothing_and_is_counted(days: Days) -> None:
    hold_out(days, 0.5)
    people = [(f"VXNlcjo2{number}", f"held.{number}@example.com") for number in range(8)]
    for user, email in people:
        registers(days, user, email)
        is_told(buys(days, user=user, email=email))
    days.go(30 * DAY)
    with within(days.shop.pk):
        arms = list(Enrollment.objects.values_list("customer__identities__value", "arm").distinct())
    treated = {email for email, arm in arms if "@" in email and arm == Arm.TREATED}
    assert 0 < len(treated) < len(people)
    assert {to for to, _ in days.sent()} == treated


def test_the_shops_own_orders_change_what_it_recommends(days: Days) -> None:
    """Twenty more buy the mug with product 10: from then on it is the first that goes with it."""
    for number in range(20):
        days.tell(others(100 + number, days.at + 60 * DAY, [MUG, 10]))
    registers(days)
    is_told(buys(days))
    days.go(30 * DAY)
    text = next(mail.text for mail in days.handed if mail.to_address == ADAS)
    assert shown(text)[:2] == [10, JUG]
