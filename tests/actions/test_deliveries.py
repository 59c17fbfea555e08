import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_lifecycle.actions import deliveries, identities
from saleor_lifecycle.actions.deliveries import Outcome
from saleor_lifecycle.domain.delivery import HAPPENS_WITHIN
from saleor_lifecycle.domain.facts import Fact, OrderFact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import DeliverySettings, Identity, Installation, OrderDelivery
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import deliveries as coming
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import DELIVERIES
from tests.entering import entered, flow, people
from tests.facts import fulfillment, in_every_order, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ORDER = "T3JkZXI6MQ=="
DELIVERED = {"kind": "event", "event": "order_delivered"}
KEY = "delivered_at"


def stored(shop: Installation) -> list[tuple[datetime, str, bool]]:
    """When each order is delivered, from where that is known, and whether it has come."""
    with within(shop.pk):
        rows = OrderDelivery.objects.order_by("order__order_id")
        return [(row.at, row.source, row.came_at is not None) for row in rows]


def says(shop: Installation, at: datetime, now: datetime, order_id: str = ORDER) -> Outcome | None:
    """Tell as another system does."""
    with within(shop.pk):
        return deliveries.tell(shop, {order_id: at}, now)[order_id]


def later(fact: OrderFact, at: datetime, **columns: Any) -> OrderFact:
    version = dataclasses.replace(fact.version, updated_at=at, issued_at=at)
    return dataclasses.replace(fact, version=version, **columns)


def test_is_reckoned_from_the_first_parcel_by_the_shipping_method(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        DeliverySettings.objects.create(installation=installation, methods={"Express": 1}, otherwise=2)
    express, other = order(now), order(now, "T3JkZXI6Mg==")
    facts: list[Fact] = [dataclasses.replace(express, shipping_method="express"), other]
    for order_id in (ORDER, other.order_id):
        facts += [fulfillment(now + HOUR, order_id), fulfillment(now + DAY, order_id, "2")]
    tell(installation, facts, now + DAY)
    assert stored(installation) == [(now + HOUR + DAY, "shipped", False), (now + HOUR + 2 * DAY, "shipped", False)]


def test_the_way_is_longer_over_public_holidays_where_it_goes(installation: Installation, now: datetime) -> None:
    thursday = now + 8 * DAY  # 19 March, Saint Joseph's, which is one in Valencia only; 3 April is Good Friday
    spanish = dataclasses.replace(order(now), country="ES")
    tell(installation, [spanish, fulfillment(thursday + 14 * DAY)], thursday + 14 * DAY)
    # Thursday 2 April and three working days, of which Friday 3 April is none in Spain.
    assert stored(installation) == [(thursday + 20 * DAY, "shipped", False)]


@pytest.mark.parametrize("status", ["CANCELED", "WAITING_FOR_APPROVAL", "REFUNDED"])
def test_what_has_not_left_is_not_on_its_way(status: str, installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), fulfillment(now, status=status)], now)
    assert stored(installation) == []


def test_a_cancelled_parcel_takes_its_delivery_back(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), fulfillment(now + HOUR)], now + HOUR)
    tell(installation, [fulfillment(now + 2 * HOUR, status="CANCELED", created=now + HOUR)], now + 2 * HOUR)
    assert stored(installation) == []


@pytest.mark.parametrize("where", ["fulfillment", "order"])
def test_a_mapped_key_of_metadata_says_it(where: str, installation: Installation, now: datetime) -> None:
    arrived = now + 2 * DAY
    said = ((KEY, arrived.isoformat()), ("another", "x"))
    placed, sent = order(now), fulfillment(now + HOUR)
    facts: list[Fact] = (
        [placed, dataclasses.replace(sent, metadata=said)]
        if where == "fulfillment"
        else [dataclasses.replace(placed, metadata=said), sent]
    )
    tell(installation, facts, now + HOUR)
    assert stored(installation) == [(arrived, "metadata", False)]


def test_another_key_is_not_looked_at(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        DeliverySettings.objects.create(installation=installation, metadata_key="arrived")
    said = ((KEY, now.isoformat()),)
    tell(installation, [order(now), fulfillment(now, metadata=said)], now)
    assert [source for _, source, _ in stored(installation)] == ["shipped"]


def test_snapshots_in_any_order_say_the_same(installation: Installation, now: datetime) -> None:
    placed = order(now)
    sent = fulfillment(now + HOUR)
    arrived = fulfillment(now + DAY, created=now + HOUR, metadata=((KEY, (now + DAY).isoformat()),))
    for _ in in_every_order(installation, [placed, sent, arrived, later(placed, now + DAY)], now + DAY):
        assert stored(installation)[0][:2] == (now + DAY, "metadata")


@pytest.mark.parametrize(
    ("case", "status", "refunded"),
    [("cancelled", "CANCELED", 0), ("wholly returned", "RETURNED", 0), ("wholly refunded", "FULFILLED", 20)],
)
def test_an_order_that_is_over_before_it_arrives_never_does(
    case: str, status: str, refunded: int, installation: Installation, now: datetime
) -> None:
    flow(installation, DELIVERED, now)
    placed = order(now)
    tell(installation, [placed, fulfillment(now + HOUR)], now + HOUR)
    over = later(placed, now + 2 * HOUR, status=status, refunded=Decimal(refunded))
    if refunded:
        over = dataclasses.replace(over, charged=Decimal(0), charge_status="NONE")
    tell(installation, [over], now + 2 * HOUR)
    assert stored(installation) == []
    assert says(installation, now + DAY, now + DAY) is Outcome.ORDER_OVER
    assert coming.run(installation.pk, now + 30 * DAY) == 0
    assert (stored(installation), entered(installation)) == ([], [])


def test_comes_at_its_moment_once_and_starts_flows_with_what_it_is(installation: Installation, now: datetime) -> None:
    flow(installation, DELIVERED, now)
    tell(installation, [order(now), fulfillment(now + HOUR)], now + HOUR)
    arrives = now + HOUR + 5 * DAY  # three working days from a Wednesday
    before, at = arrives - SECOND, arrives
    assert (DELIVERIES, installation.pk) not in sweep.due(before)
    assert coming.run(installation.pk, before) == 0
    assert entered(installation) == []
    assert (DELIVERIES, installation.pk) in sweep.due(at)
    assert coming.run(installation.pk, at) == 1
    assert coming.run(installation.pk, at) == 0
    assert (DELIVERIES, installation.pk) not in sweep.due(at + DAY)
    (found,) = entered(installation)
    assert (found.key, found.anchor_at) == (ORDER, arrives)
    assert (found.properties["source"], found.properties["is_first_order"]) == ("shipped", True)
    assert found.properties["number"] == "1"


def test_another_system_goes_before_all_else_and_may_correct_itself_until_then(
    installation: Installation, now: datetime
) -> None:
    flow(installation, DELIVERED, now)
    tell(installation, [order(now), fulfillment(now, metadata=((KEY, (now + DAY).isoformat()),))], now)
    for days in (3, 2, 2):
        assert says(installation, now + days * DAY, now) is Outcome.ACCEPTED
    assert stored(installation) == [(now + 2 * DAY, "told", False)]
    tell(installation, [fulfillment(now + HOUR, created=now)], now + HOUR)
    assert stored(installation) == [(now + 2 * DAY, "told", False)]
    coming.run(installation.pk, now + 2 * DAY)
    for at in (now + DAY, now + 9 * DAY):
        assert says(installation, at, now + 3 * DAY) is Outcome.ALREADY_DELIVERED
    tell(installation, [fulfillment(now + 4 * DAY, created=now, metadata=((KEY, "2026-03-20"),))], now + 4 * DAY)
    assert stored(installation) == [(now + 2 * DAY, "told", True)]
    assert coming.run(installation.pk, now + 30 * DAY) == 0
    assert len(entered(installation)) == 1


def test_an_order_that_nobody_knows_is_not_kept(installation: Installation, now: datetime) -> None:
    assert says(installation, now, now) is None
    assert stored(installation) == []


def test_another_shops_order_is_none_of_ours(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(other_installation, [order(now)], now)
    assert says(installation, now, now) is None
    assert (stored(installation), stored(other_installation)) == ([], [])


@pytest.mark.parametrize(
    ("case", "cause", "change"),
    [
        ("read from the shop's past", Cause.IMPORT, lambda fact: fact),
        ("brought along from elsewhere", Cause.BEHAVIOUR, lambda f: dataclasses.replace(f, origin="BULK_CREATE")),
    ],
)
def test_imports_start_nothing_but_are_known(
    case: str, cause: Cause, change: Callable[[OrderFact], OrderFact], installation: Installation, now: datetime
) -> None:
    flow(installation, DELIVERED, now - 10 * DAY)
    placed = dataclasses.replace(change(order(now - DAY)), metadata=((KEY, now.isoformat()),))
    tell(installation, [placed], now + HOUR, cause)
    assert stored(installation) == [(now, "metadata", True)]
    assert coming.run(installation.pk, now + DAY) == 0
    assert entered(installation) == []


@pytest.mark.parametrize(("late", "count"), [(HAPPENS_WITHIN, 1), (HAPPENS_WITHIN + SECOND, 0)])
def test_what_is_told_of_too_late_starts_nothing(
    late: timedelta, count: int, installation: Installation, now: datetime
) -> None:
    flow(installation, DELIVERED, now)
    tell(installation, [order(now)], now)
    says(installation, now, now + late)
    assert coming.run(installation.pk, now + late) == 1
    assert len(entered(installation)) == count
    with within(installation.pk):
        assert OrderDelivery.objects.get().came_at == (now + late if count else now)


def test_an_order_that_becomes_anothers_meanwhile_comes_with_the_next_batch(
    installation: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow(installation, DELIVERED, now)
    tell(installation, [order(now)], now)
    says(installation, now, now)
    [other] = people(installation, 1, now)
    lock = identities.lock

    def moving(customer_ids: Iterable[int]) -> None:
        Identity.objects.filter(order__order_id=ORDER).update(customer=other)
        lock(customer_ids)

    with monkeypatch.context() as while_it_waits:
        while_it_waits.setattr(identities, "lock", moving)
        assert coming.run(installation.pk, now) == 1
    assert stored(installation) == [(now, "told", False)]
    assert entered(installation) == []
    assert coming.run(installation.pk, now) == 1
    assert stored(installation) == [(now, "told", True)]
    assert [one.customer_id for one in entered(installation)] == [other.pk]


def test_waits_while_a_restored_shop_is_held(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), fulfillment(now, metadata=((KEY, now.isoformat()),))], now)
    with within(installation.pk):
        Installation.objects.update(held_at=now)
    assert coming.run(installation.pk, now) == 0
    assert (DELIVERIES, installation.pk) not in sweep.due(now)
    assert stored(installation) == [(now, "metadata", False)]
