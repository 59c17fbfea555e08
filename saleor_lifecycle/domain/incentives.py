"""Personal codes: what one is worth and for how long, who may have one, and what an order still earns with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Literal

from .flow_triggers import EXACT

MOST_PERCENT = 50
"""What an app gives away without anybody looking stays below that."""

SERIAL_CARTS = 3
"""Whoever left so many carts within SERIAL_WITHIN waits for codes, and would learn that it pays."""
SERIAL_WITHIN = timedelta(days=90)

LOOK_AGAIN = timedelta(minutes=2)
PATIENCE = timedelta(hours=1)
"""How long a passage waits at its offer for a code that the shop has not made yet, before it goes on without."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is taken for something else when it is read aloud or typed: 0 and O, 1, I and L, U and V."""
CODE_LENGTH = 15
"""Of 30 letters: 73 bits."""


@dataclass(frozen=True, slots=True)
class Incentive:
    """A code of a customer's own, used once: ``percent`` off the order, or its delivery free where that is 0."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = EXACT
    percent: int
    lasts: timedelta  # from when it is given, rounded up to the end of the shop's day
    first_order_only: bool = False
    again_after: timedelta = timedelta(days=180)  # since the customer's last code, of whatever flow
    kind: Literal["code"] = "code"


class NoCode(StrEnum):
    """Why somebody is given none."""

    NOT_PERMITTED = "code_not_permitted"  # staff have not let the app make vouchers
    NOT_REACHED = "code_not_reached"  # no consent, no address: nobody would learn of it
    NOT_FIRST_ORDER = "code_not_first_order"
    VOUCHER_IN_CART = "code_voucher_in_cart"
    SERIAL_ABANDONER = "code_serial_abandoner"
    HAD_ONE = "code_had_one"
    BUDGET_SPENT = "code_budget_spent"
    NONE_READY = "code_none_ready"
    BELOW_MARGIN = "code_below_margin"  # when the message leaves, as the two below
    GONE = "code_gone"


@dataclass(frozen=True, slots=True)
class Buyer:
    """What of a customer decides whether they may have a code."""

    orders: int = 0
    orders_with_code: int = 0
    carts_left: int = 0  # filled and not ordered, within SERIAL_WITHIN
    has_voucher_in_cart: bool = False
    last_code_at: datetime | None = None


def refusal(incentive: Incentive, buyer: Buyer, now: datetime) -> NoCode | None:
    """Return why a customer may not have a code, whatever the shop's budget; None when nothing stands against it."""
    if incentive.first_order_only and buyer.orders > 0:
        return NoCode.NOT_FIRST_ORDER
    if buyer.has_voucher_in_cart:
        return NoCode.VOUCHER_IN_CART
    if buyer.carts_left >= SERIAL_CARTS or 0 < buyer.orders == buyer.orders_with_code:
        return NoCode.SERIAL_ABANDONER
    if buyer.last_code_at is not None and now < buyer.last_code_at + incentive.again_after:
        return NoCode.HAD_ONE
    return None


def expires_on(incentive: Incentive, given_at: datetime, zone: tzinfo) -> date:
    """Return the last day of the shop's on which a code that is given then can be used."""
    return (given_at + incentive.lasts).astimezone(zone).date()


def ends_at(day: date, zone: tzinfo) -> datetime:
    """Return the last moment of a day of the shop's."""
    return datetime.combine(day, time(23, 59, 59), zone)


def spelled(digest: bytes) -> str:
    """Return the code that a digest comes to."""
    number = int.from_bytes(digest)
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "-".join("".join(letters[begin : begin + 5]) for begin in range(0, CODE_LENGTH, 5))


@dataclass(frozen=True, slots=True)
class CostedLine:
    """A line of a cart: what it brings without tax, and what its pieces cost the shop, None where that is unknown."""

    net: Decimal
    cost: Decimal | None


def keeps_margin(lines: Iterable[CostedLine], percent: int, floor_percent: int) -> bool:
    """Return whether a cart still earns so much of what it brings, with a code's percentage off.

    Judged by the lines of which the shop knows the cost; of none, nothing stands against it. Free delivery is left to
    the merchant: what a parcel costs is not known.
    """
    known = [(one.net, one.cost) for one in lines if one.cost is not None]
    brings = sum((net for net, _ in known), Decimal()) * (100 - percent) / 100
    costs = sum((cost for _, cost in known), Decimal())
    return not known or (brings - costs) * 100 >= brings * floor_percent
