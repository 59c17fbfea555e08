"""What may happen to a customer that a flow can start with: read off how an order stood before, and how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .phases import OrderState, order_state

OF_ORDERS = ("order_placed", "order_paid", "order_fulfilled", "order_cancelled", "order_returned")
OF_FACTS = (*OF_ORDERS, "account_created", "cart_changed", "subscribed")
EVENTS = (*OF_FACTS, "order_delivered", "visited", "product_viewed", "message_clicked")


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """How an order stands."""

    status: str
    charge_status: str
    charged: Decimal
    refunded: Decimal


@dataclass(frozen=True, slots=True)
class Happened:
    """``since``: it may have happened as long ago as that, where nobody told of it at the time."""

    event: str
    at: datetime
    since: datetime


def of_order(
    before: OrderStatus | None, after: OrderStatus, placed_at: datetime, changed_at: datetime
) -> Iterator[Happened]:
    """Yield what happened to an order between two looks at it; None: it was not known.

    Of an order that was not known nobody can tell when it became what it is: perhaps right when it was placed.
    """
    since = changed_at if before is not None else placed_at
    if before is None:
        yield Happened("order_placed", placed_at, placed_at)
    for event, holds in (
        ("order_paid", _is_paid),
        ("order_fulfilled", _is_fulfilled),
        ("order_cancelled", _is_cancelled),
        ("order_returned", _is_returned),
    ):
        if holds(after) and (before is None or not holds(before)):
            yield Happened(event, changed_at, since)


def _is_paid(order: OrderStatus) -> bool:
    return order.charge_status in ("FULL", "OVERCHARGED")


def _is_fulfilled(order: OrderStatus) -> bool:
    return order.status == "FULFILLED" and not _is_returned(order)


def _is_cancelled(order: OrderStatus) -> bool:
    return order.status == "CANCELED"


def _is_returned(order: OrderStatus) -> bool:
    """Came it back, or its money? A wholly refunded order is fulfilled for Saleor."""
    state = order_state(order.status, order.charge_status, order.charged, order.refunded)
    return order.status in ("RETURNED", "PARTIALLY_RETURNED") or state is OrderState.CAME_BACK
