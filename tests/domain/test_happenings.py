from datetime import UTC, datetime
from decimal import Decimal

import pytest

from saleor_lifecycle.domain.happenings import Happened, OrderStatus, of_order

PLACED = datetime(2026, 3, 11, 12, tzinfo=UTC)
CHANGED = datetime(2026, 3, 12, 12, tzinfo=UTC)


def status(name: str, charge: str = "NONE", charged: int = 0, refunded: int = 0) -> OrderStatus:
    return OrderStatus(name, charge, Decimal(charged), Decimal(refunded))


OPEN = status("UNFULFILLED")
PAID = status("UNFULFILLED", "FULL", 20)
SENT = status("FULFILLED", "FULL", 20)
BACK = status("FULFILLED", "NONE", 0, 20)


@pytest.mark.parametrize(
    ("case", "before", "after", "events"),
    [
        ("new", None, OPEN, ["order_placed"]),
        ("new and paid", None, PAID, ["order_placed", "order_paid"]),
        ("paid", OPEN, PAID, ["order_paid"]),
        ("paid in part", OPEN, status("UNFULFILLED", "PARTIAL", 5), []),
        ("nothing new", PAID, PAID, []),
        ("sent", PAID, SENT, ["order_fulfilled"]),
        ("sent in part", PAID, status("PARTIALLY_FULFILLED", "FULL", 20), []),
        ("cancelled", OPEN, status("CANCELED"), ["order_cancelled"]),
        ("returned", SENT, status("RETURNED", "FULL", 20), ["order_returned"]),
        ("paid back as a whole", SENT, BACK, ["order_returned"]),
        ("paid back, then returned", BACK, status("RETURNED", "NONE", 0, 20), []),
    ],
)
def test_what_happened_to_an_order(
    case: str, before: OrderStatus | None, after: OrderStatus, events: list[str]
) -> None:
    assert [one.event for one in of_order(before, after, PLACED, CHANGED)] == events


def test_an_order_that_was_not_known_may_have_been_paid_when_it_was_placed() -> None:
    assert list(of_order(None, PAID, PLACED, CHANGED)) == [
        Happened("order_placed", PLACED, PLACED),
        Happened("order_paid", CHANGED, PLACED),
    ]
    assert list(of_order(OPEN, PAID, PLACED, CHANGED)) == [Happened("order_paid", CHANGED, CHANGED)]
