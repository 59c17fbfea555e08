from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.domain.delivery import LONGEST_AHEAD
from saleor_lifecycle.models import Installation, OrderDelivery
from saleor_lifecycle.models.entry import within
from tests.api.storefront import data
from tests.facts import order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ORDER, OTHER = "T3JkZXI6MQ==", "T3JkZXI6Mg=="
TELL = """mutation ($told: [LifecycleDeliveryInput!]!) { lifecycleOrdersDelivered(deliveries: $told) {
    deliveries { orderId outcome } errors { field code } } }"""


def say(shop: Installation, now: datetime, *told: tuple[str, datetime], is_server: bool = True) -> Any:
    given = [{"orderId": order_id, "deliveredAt": at.isoformat()} for order_id, at in told]
    return data(shop, now, TELL, None, is_server=is_server, told=given)["lifecycleOrdersDelivered"]


def stored(shop: Installation) -> list[datetime]:
    with within(shop.pk):
        return list(OrderDelivery.objects.order_by("order__order_id").values_list("at", flat=True))


def test_a_server_tells_of_many_orders_any_number_of_times(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), order(now, OTHER)], now)
    for _ in range(2):
        said = say(installation, now, (OTHER, now + DAY), (ORDER, now))
        assert said == {
            "deliveries": [{"orderId": OTHER, "outcome": "ACCEPTED"}, {"orderId": ORDER, "outcome": "ACCEPTED"}],
            "errors": [],
        }
    assert stored(installation) == [now, now + DAY]


def test_each_fault_is_told_by_itself_and_the_rest_counts(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now), order(now, OTHER)], now)
    late = now + LONGEST_AHEAD + timedelta(seconds=1)
    said = say(installation, now, ("nonsense", now), (ORDER, now), (OTHER, late))
    assert [one["outcome"] for one in said["deliveries"]] == [None, "ACCEPTED", None]
    assert said["errors"] == [
        {"field": "deliveries.0.orderId", "code": "NOT_FOUND"},
        {"field": "deliveries.2.deliveredAt", "code": "INVALID"},
    ]
    assert stored(installation) == [now]


def test_a_moment_needs_its_offset(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    said = say(installation, now, (ORDER, now.replace(tzinfo=None)))
    assert said["errors"] == [{"field": "deliveries.0.deliveredAt", "code": "INVALID"}]
    assert stored(installation) == []


def test_only_a_server_may(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    said = say(installation, now, (ORDER, now), is_server=False)
    assert said == {"deliveries": [], "errors": [{"field": None, "code": "UNAUTHENTICATED"}]}
    assert stored(installation) == []


@pytest.mark.parametrize(("count", "errors"), [(100, []), (101, [{"field": "deliveries", "code": "INVALID"}])])
def test_at_most_a_hundred_at_once(count: int, errors: Any, installation: Installation, now: datetime) -> None:
    tell(installation, [order(now)], now)
    said = say(installation, now, *[(ORDER, now)] * count)
    assert (len(said["deliveries"]), said["errors"]) == (0 if errors else 100, errors)
    assert stored(installation) == ([] if errors else [now])
