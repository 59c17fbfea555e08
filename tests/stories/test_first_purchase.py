"""A first order, from the shop's webhooks to the mails that follow it by the clock of its delivery."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import flow_drafts, named_flows, recommendations
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.models import Customer, Decision, DeliverySettings, Enrollment, Installation, OrderDelivery
from saleor_lifecycle.models.entry import within
from tests.api.storefront import data
from tests.facts import receive
from tests.recordings import recording
from tests.shop_server import ShopServer, install_at, product_node, shop_server
from tests.stories.days import DAY, HOUR, Days, passing

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

KEY = "first-purchase"
ADA, ADAS = "VXNlcjo1MDE=", "ada@example.com"
THANKS, CARE, REVIEW, NUDGE = "first-purchase-1", "first-purchase-2", "review-request", "first-purchase-3"
MUG = "UHJvZHVjdDox"
TELL = """mutation ($order: ID!, $at: DateTime!) {
    lifecycleOrdersDelivered(deliveries: [{orderId: $order, deliveredAt: $at}]) { errors { field } } }"""
PAID: dict[str, Any] = {"chargeStatus": "FULL", "totalCharged": {"amount": 21.19}}
REFUNDED: dict[str, Any] = {"chargeStatus": "NONE", "totalCharged": {"amount": 0.0}, "totalRefunded": {"amount": 21.19}}
Story = Callable[["Purchase"], object]


class Purchase:
    """Somebody's order in a shop where days pass; whatever becomes of it, the shop sends webhooks of it."""

    def __init__(self, days: Days, user: str = ADA, email: str = ADAS, **columns: Any) -> None:
        self.days, self.parcels, self.sent_at = days, 0, days.at
        with within(days.shop.pk):
            number = Enrollment.objects.count() + Customer.objects.count() * 10
        self.order = json.loads(recording("ORDER_CREATED-1").body)["order"] | {
            "id": f"an order of {user} at {days.at.isoformat()} {number}",
            "created": days.at.isoformat(),
            "checkoutId": None,
            "userEmail": email,
            "user": {"id": user},
            "chargeStatus": "NONE",
            "totalCharged": {"amount": 0.0},
            "shippingMethodName": "Post",
            **columns,
        }
        self.changes("OrderCreated")

    def changes(self, event: str = "OrderUpdated", **columns: Any) -> None:
        self.order |= {**columns, "updatedAt": self.days.at.isoformat()}
        self._webhook(event)

    def is_sent(self, event: str = "FulfillmentCreated", **columns: Any) -> None:
        """Leave in one parcel, or have that parcel change."""
        if event == "FulfillmentCreated":
            self.sent_at = self.days.at
        self.order |= {"status": "FULFILLED", "updatedAt": self.days.at.isoformat()}
        parcel = {"id": f"a parcel of {self.order['id']}", "status": "FULFILLED", "created": self.sent_at.isoformat()}
        self._webhook(event, fulfillment={"metadata": [], **parcel, **columns})

    def is_delivered(self) -> None:
        """Have another system tell that it was, now."""
        told = {"order": self.order["id"], "at": self.days.at.isoformat()}
        assert data(self.days.shop, self.days.at, TELL, None, is_server=True, **told) == {
            "lifecycleOrdersDelivered": {"errors": []}
        }
        self.days.work()

    def _webhook(self, event: str, **more: Any) -> None:
        webhook(self.days, event, order=self.order, **more)


def webhook(days: Days, event: str, **content: Any) -> None:
    frame = {"issuedAt": days.at.isoformat(), "recipient": {"id": "QXBwOjE="}, "issuingPrincipal": None}
    receive(days.shop, [json.dumps({"__typename": event, **frame, **content}).encode()], days.at)
    days.work()


def registers(days: Days, user: str = ADA, email: str = ADAS, language: str = "EN", agrees: bool = True) -> None:
    metadata = [{"key": "marketing_consent", "value": "true"}] if agrees else []
    account = json.loads(recording("CUSTOMER_CREATED-1").body)["user"]
    dated = {"dateJoined": days.at.isoformat(), "updatedAt": days.at.isoformat()}
    account |= {"id": user, "email": email, "isConfirmed": True, "languageCode": language, "metadata": metadata}
    webhook(days, "CustomerCreated", user=account | dated)


@pytest.fixture
def days(shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    """A shop whose flow of first orders is on, holds nobody out, and has a mug to recommend."""
    days = passing(install_at(shop_server, now), now, monkeypatch)
    with within(days.shop.pk):
        DeliverySettings.objects.create(installation=days.shop, methods={"Express": 1})
    hold_out(days, 0.0)
    days.switch(State.ON, KEY)
    shop_server.products = {MUG: product_node(MUG, "Mug")}

    def choose(shop: Installation, people: set[int], kind: str, now: datetime) -> dict[int, dict[str, Any]]:
        return {one: {"products": [MUG], "because": {"kind": "bought", "product": MUG}} for one in people}

    monkeypatch.setattr(recommendations, "choose", choose)
    return days


def hold_out(days: Days, share: float) -> None:
    with within(days.shop.pk):
        flow = flow_drafts.locked(days.shop.pk, KEY)
        named_flows.change(flow, {}, {"holdout": share}, "VXNlcjoyMQ==", days.at)


def mails(days: Days, since: datetime) -> list[tuple[timedelta, str]]:
    return [(at - since, step) for at, _, step in days.mails]


def is_told(bought: Purchase) -> None:
    bought.days.go(DAY)
    bought.is_sent()
    bought.days.go(DAY)
    bought.is_delivered()


def is_noted(bought: Purchase) -> None:
    bought.days.go(DAY)
    bought.is_sent()
    bought.days.go(DAY)
    noted = {"key": "delivered_at", "value": bought.days.at.isoformat()}
    bought.is_sent("FulfillmentMetadataUpdated", metadata=[noted])


def is_sent_only(bought: Purchase) -> None:
    bought.changes(shippingMethodName="Express")
    bought.days.go(DAY)
    bought.is_sent()
    bought.days.go(DAY)


@pytest.mark.parametrize(("arrives", "source"), [(is_told, "told"), (is_noted, "metadata"), (is_sent_only, "shipped")])
@pytest.mark.parametrize("columns", [PAID, {}], ids=["paid", "cash on delivery"])
def test_four_mails_follow_by_the_clock_of_the_delivery(
    columns: dict[str, Any], arrives: Story, source: str, days: Days
) -> None:
    registers(days)
    began = days.at
    arrives(Purchase(days, **columns))
    days.go(60 * DAY)
    assert mails(days, began) == [
        (HOUR, THANKS),
        (3 * DAY, CARE),
        (9 * DAY, REVIEW),
        (23 * DAY, NUDGE),  # three weeks after it came, as long as no others have ordered again
    ]
    assert days.states() == [("finished", "all steps done")]
    with within(days.shop.pk):
        (delivery,) = OrderDelivery.objects.all()
    assert (delivery.source, delivery.at) == (source, began + 2 * DAY)


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        (
            "EN",
            [
                "Thank you for your first order at A shop",
                "Is everything as it should be?",
                "What do you think of your order from A shop?",
                "When you feel like it again: A shop",
            ],
        ),
        (
            "ES",
            [
                "Gracias por tu primera compra en A shop",
                "¿Está todo como debe?",
                "¿Qué te parece tu pedido de A shop?",
                "Cuando te apetezca volver a A shop",
            ],
        ),
    ],
)
def test_each_is_written_to_in_their_language(language: str, subjects: list[str], days: Days) -> None:
    registers(days, language=language)
    is_told(Purchase(days, languageCodeEnum=language))
    days.go(60 * DAY)
    assert [mail.subject for mail in days.handed] == subjects
    assert "Mug" in days.handed[-1].text


def orders_again(bought: Purchase) -> None:
    Purchase(bought.days, **PAID)


LEAVING: dict[str, tuple[dict[str, Any], Story, str]] = {
    "a second order": (PAID, orders_again, "ordered"),
    "cancelled": ({}, lambda bought: bought.changes("OrderCancelled", status="CANCELED"), "order_cancelled"),
    "all sent back and refunded": (
        PAID,
        lambda bought: bought.changes(status="RETURNED", **REFUNDED),
        "order_returned",
    ),
    "all sent back, the money still to come": (
        PAID,
        lambda bought: bought.changes(status="RETURNED"),
        "order_returned",
    ),
    "all sent back, never paid": ({}, lambda bought: bought.changes(status="RETURNED"), "order_returned"),
    "unsubscribed": (PAID, lambda bought: bought.days.unsubscribe(ADAS), "unsubscribed"),
}


@pytest.mark.parametrize(("columns", "leaves", "reason"), LEAVING.values(), ids=list(LEAVING))
def test_nothing_follows_once_it_is_over(columns: dict[str, Any], leaves: Story, reason: str, days: Days) -> None:
    registers(days)
    bought = Purchase(days, **columns)
    is_told(bought)
    days.go(2 * DAY)
    leaves(bought)
    days.go(60 * DAY)
    assert [step for _, step in days.sent()] == [THANKS, CARE]
    assert days.states() == [("exited", reason)]


def test_a_cancelled_order_is_never_delivered(days: Days) -> None:
    registers(days)
    bought = Purchase(days)
    bought.is_sent()
    days.go(2 * HOUR)
    bought.changes("OrderCancelled", status="CANCELED")
    days.go(60 * DAY)
    assert [step for _, step in days.sent()] == [THANKS]
    assert days.states() == [("exited", "order_cancelled")]
    with within(days.shop.pk):
        assert not OrderDelivery.objects.exists()


def test_after_one_that_was_called_off_the_next_is_the_first(days: Days) -> None:
    registers(days)
    called_off = Purchase(days)
    days.go(2 * HOUR)
    called_off.changes("OrderCancelled", status="CANCELED")
    days.go(3 * DAY)
    began = days.at
    is_told(Purchase(days, **PAID))
    days.go(60 * DAY)
    # Thanks for the one that was called off had left before.
    assert mails(days, began)[1:] == [(HOUR, THANKS), (3 * DAY, CARE), (9 * DAY, REVIEW), (23 * DAY, NUDGE)]
    assert days.states() == [("exited", "order_cancelled"), ("finished", "all steps done")]


def test_while_goods_are_on_their_way_back_nothing_is_asked(days: Days) -> None:
    registers(days)
    bought = Purchase(days, **PAID)
    began = days.at
    is_told(bought)
    days.go(2 * DAY)
    bought.changes(status="PARTIALLY_RETURNED")
    days.go(9 * DAY)
    assert mails(days, began) == [(HOUR, THANKS), (3 * DAY, CARE)]
    assert ("deferred", "review", "return_open") in days.told(Decision.Kind.DEFERRED)
    refunded = {"totalRefunded": {"amount": 5.0}, "totalCharged": {"amount": 16.19}}
    bought.changes("OrderRefunded", **refunded)
    days.go(60 * DAY)
    (_, _, (paused, step), (_, last)) = mails(days, began)
    assert 13 * DAY <= paused <= 14 * DAY
    assert (step, last) == (REVIEW, NUDGE)


def test_another_size_is_neither_a_return_nor_a_second_order(days: Days) -> None:
    registers(days)
    bought = Purchase(days, **PAID)
    began = days.at
    is_told(bought)
    days.go(2 * DAY)
    # What Saleor does then: the parcel's goods are REPLACED, the order stays FULFILLED, and a draft takes their place.
    bought.changes(status="FULFILLED")
    other = Purchase(days, origin="REISSUE", status="DRAFT")
    other.changes("OrderConfirmed", status="UNFULFILLED")
    other.is_sent()
    days.go(60 * DAY)
    assert mails(days, began) == [(HOUR, THANKS), (3 * DAY, CARE), (9 * DAY, REVIEW), (23 * DAY, NUDGE)]
    with within(days.shop.pk):
        assert [one.orders for one in Customer.objects.filter(merged_into=None)] == [1]


def test_what_does_not_arrive_within_45_days_ends_it(days: Days) -> None:
    registers(days)
    Purchase(days, **PAID)
    days.go(60 * DAY)
    assert [step for _, step in days.sent()] == [THANKS]
    assert days.states() == [("finished", "not_delivered")]


def test_whoever_has_not_agreed_gets_nothing(days: Days) -> None:
    registers(days, agrees=False)
    is_told(Purchase(days, **PAID))
    days.go(60 * DAY)
    assert days.mails == []
    assert {reason for _, _, reason in days.messages()} == {"no_consent"}


def test_whoever_is_held_out_passes_in_silence(days: Days) -> None:
    hold_out(days, 0.5)
    people = {f"VXNlcjo{number}": f"person.{number}@example.com" for number in range(10, 22)}
    for user, email in people.items():
        registers(days, user, email)
    bought = [Purchase(days, user, email, **PAID) for user, email in people.items()]
    days.go(DAY)
    for one in bought:
        one.is_delivered()
    days.go(60 * DAY)
    with within(days.shop.pk):
        rows = list(Enrollment.objects.values_list("arm", "customer_id"))
        held_out = {customer for arm, customer in rows if Arm(arm).is_held_out}
        written = {customer for arm, customer in rows if not Arm(arm).is_held_out}
    assert held_out
    assert written
    assert len({to for to, _ in days.sent()}) == len(written)
    assert len(days.mails) == 4 * len(written)
