"""A customer's profile: the fold of the rows of their identities."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from .carts import OPEN_FOR
from .phases import OrderState, order_state
from .prediction import UNFITTED, Loss, LossRules, loss_date, next_order_date
from .scoring import Kind, Part, Policy, combine, log_sum


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What the profile needs of an order."""

    created_at: datetime
    status: str
    charge_status: str
    charged: Decimal
    refunded: Decimal
    total: Decimal
    currency: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class CartRow:
    """What the profile needs of a cart."""

    changed_at: datetime
    is_empty: bool
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a customer, free of ``now``."""

    orders: int  # that qualify
    first_order_at: datetime | None
    last_order_at: datetime | None
    last_placed_at: datetime | None  # of any order, paid or not
    spent: tuple[tuple[str, Decimal], ...]  # (currency, total of qualifying orders), never summed across
    cart_open_until: datetime | None
    before_u: float | None
    customer_u: float | None
    sums: tuple[tuple[str, str, float], ...]  # (part, kind, u_k)
    loss: Loss | None  # of buyers
    next_order_at: datetime | None = None  # expected; of buyers, where the shop is known well enough
    channel: str = ""  # a buyer's: that of the first order that counts, or that came back
    order_days: int = 0  # days of the shop on which a buyer ordered, the first and the last of them
    first_order_day: date | None = None
    last_order_day: date | None = None


def fold(
    joined: Iterable[datetime],
    orders: Iterable[OrderRow],
    carts: Iterable[CartRow],
    policy: Policy,
    zone: tzinfo,
    rules: LossRules = UNFITTED,
    clicks: Iterable[datetime] = (),
) -> Profile:
    """Return the profile of one customer from their accounts' dates of joining, their orders, carts and clicks.

    ``zone`` is the shop's: two orders on one of its days count once in the history that predicts loss. ``rules`` are
    what means loss in that shop.
    """
    rows = sorted(orders, key=lambda row: (row.created_at, row.total, row.channel))
    states = [(row, order_state(row.status, row.charge_status, row.charged, row.refunded)) for row in rows]
    good = [row for row, state in states if state is OrderState.QUALIFIES]
    returned = [row for row, state in states if state is OrderState.CAME_BACK]
    channel = next((row.channel for row, state in states if state is not OrderState.DOES_NOT_COUNT), "")
    bought = good or (returned if policy.keeps_returned_buyers else [])
    last_of_day = {row.created_at.astimezone(zone).date(): row.created_at for row in bought}
    days = list(last_of_day)
    cart_rows = [row for row in carts if not row.is_empty]
    times = {
        Kind.ACCOUNT: list(joined),
        Kind.CART: [row.changed_at for row in cart_rows],
        Kind.CLICK: list(clicks),
        Kind.ORDER: [row.created_at for row in good + returned],
        Kind.RETURN: [row.created_at for row in returned],
    }
    before = _sums(times, policy.before)
    customer = _sums(times, policy.customer)
    spent: dict[str, Decimal] = {}
    for row in good:
        # Nobody spends less than nothing: a total below zero is a slip, and must not eat up what else was spent.
        spent[row.currency] = spent.get(row.currency, Decimal(0)) + max(row.total, Decimal(0))
    return Profile(
        orders=len(good),
        first_order_at=bought[0].created_at if bought else None,
        last_order_at=bought[-1].created_at if bought else None,
        last_placed_at=rows[-1].created_at if rows else None,
        spent=tuple(sorted(spent.items())),
        cart_open_until=max((row.changed_at + OPEN_FOR for row in cart_rows if not row.is_ordered), default=None),
        before_u=combine(before, policy.before),
        customer_u=combine(customer, policy.customer),
        sums=tuple(
            (part, str(kind), u)
            for part, sums in (("before", before), ("customer", customer))
            for kind, u in sorted(sums.items())
            if u is not None
        ),
        loss=loss_date(last_of_day, rules.of(channel)) if bought else None,
        next_order_at=next_order_date(last_of_day, rules.shop) if bought else None,
        channel=channel if bought else "",
        order_days=len(days),
        first_order_day=days[0] if days else None,
        last_order_day=days[-1] if days else None,
    )


def _sums(times: dict[Kind, list[datetime]], part: Part) -> dict[Kind, float | None]:
    return {kind: log_sum(times[kind], part.half_life_days) for kind in times if kind in part.weights}
