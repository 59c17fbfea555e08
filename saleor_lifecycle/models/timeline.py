"""What a customer did, newest first."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from saleor_lifecycle.domain.phases import OrderState, order_state

from .carts import Cart
from .identities import Account
from .messages import Message
from .orders import Order


class ActivityKind(StrEnum):
    """What counts in the score, and the messages between."""

    ACCOUNT = "account"
    CART = "cart"
    ORDER = "order"
    RETURN = "return"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Activity:
    """``reference`` names it in the shop or the flow: an order's number, a message's step; nothing personal."""

    kind: ActivityKind
    at: datetime
    reference: str = ""
    amount: Decimal | None = None
    currency: str = ""


def activities(customer_id: int, limit: int) -> list[Activity]:
    """Return the newest activities of a customer; an order that came back is there twice, as in the score."""
    accounts = Account.objects.filter(identity__customer_id=customer_id, deleted_at=None)
    carts = Cart.objects.filter(identity__customer_id=customer_id, changed_at__isnull=False).exclude(lines_hash="")
    messages = Message.objects.filter(
        customer_id=customer_id, state=Message.State.SENT, settled_at__isnull=False
    ).order_by("-settled_at")
    found = [
        *(Activity(ActivityKind.ACCOUNT, at) for at in accounts.values_list("joined_at", flat=True)[:limit]),
        # No reference: a checkout's id is a bearer secret.
        *(
            Activity(ActivityKind.CART, at)
            for at in carts.order_by("-changed_at").values_list("changed_at", flat=True)[:limit]
            if at is not None
        ),
        *_orders(customer_id, limit),
        *(
            Activity(ActivityKind.MESSAGE, at, step)
            for at, step in messages.values_list("settled_at", "step")[:limit]
            if at is not None
        ),
    ]
    return sorted(found, key=lambda activity: activity.at, reverse=True)[:limit]


def _orders(customer_id: int, limit: int) -> list[Activity]:
    """Return those of the newest orders that count; read lazily, because which do is the domain's to say."""
    found: list[Activity] = []
    rows = Order.objects.filter(identity__customer_id=customer_id).order_by("-created_at", "-id")
    for row in rows.iterator(chunk_size=100):
        state = order_state(row.status, row.charge_status, row.charged, row.refunded)
        if state is OrderState.DOES_NOT_COUNT:
            continue
        if state is OrderState.CAME_BACK:
            found.append(Activity(ActivityKind.RETURN, row.created_at, row.number, row.refunded, row.currency))
        found.append(Activity(ActivityKind.ORDER, row.created_at, row.number, row.total, row.currency))
        if len(found) >= limit:
            break
    return found
