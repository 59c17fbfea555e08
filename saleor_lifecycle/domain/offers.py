"""What waits for one customer in one channel: the same answer on every surface."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .carts import OPEN_FOR


class OfferKind(StrEnum):
    CART = "cart"


class OfferReason(StrEnum):
    CART_WAITS = "cart_waits"


@dataclass(frozen=True, slots=True)
class OfferLine:
    """So many of one variant."""

    variant_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CartFacts:
    """A cart as an offer may be made of it; ``key`` names it outside."""

    key: str
    channel: str
    language: str
    lines: tuple[OfferLine, ...]
    changed_at: datetime
    is_being_paid: bool
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Products for one customer, until ``expires_at``; ``key`` names what it is made of."""

    kind: OfferKind
    reason: OfferReason
    key: str
    channel: str
    language: str
    lines: tuple[OfferLine, ...]
    expires_at: datetime


def offers(
    carts: Iterable[CartFacts], channel: str, last_placed_at: datetime | None, limit: int, now: datetime
) -> tuple[Offer, ...]:
    """Return at most ``limit`` offers that hold in the channel now, the one that was touched last first.

    ``last_placed_at``: the customer's last order, paid or not.
    """
    newest_first = sorted(carts, key=lambda cart: (cart.changed_at, cart.key), reverse=True)
    made = (cart_offer(cart, last_placed_at, now) for cart in newest_first if cart.channel == channel)
    return tuple(offer for offer in made if offer is not None)[:limit]


def cart_offer(cart: CartFacts, last_placed_at: datetime | None, now: datetime) -> Offer | None:
    """Return the offer of a cart that waits; None for one of which no cart mail would leave either.

    Nobody is called back to a cart who has ordered anything since they last touched it.
    """
    lines = tuple(line for line in cart.lines if line.quantity > 0)
    expires_at = cart.changed_at + OPEN_FOR
    if not lines or cart.is_ordered or cart.is_being_paid or now >= expires_at:
        return None
    if last_placed_at is not None and last_placed_at >= cart.changed_at:
        return None
    return Offer(OfferKind.CART, OfferReason.CART_WAITS, cart.key, cart.channel, cart.language, lines, expires_at)
