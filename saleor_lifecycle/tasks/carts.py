"""The way back to a cart: one decision for the links of mails and for storefronts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from saleor_lifecycle.actions import installations
from saleor_lifecycle.channels.links import CartLink, Link, LinkBroken, LinkExpired, read_restore
from saleor_lifecycle.models import Cart, Installation
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop


class Way(StrEnum):
    """Where a token leads."""

    OPEN = "open"  # the checkout is there
    GONE = "gone"
    ORDERED = "ordered"
    EXPIRED = "expired"
    BROKEN = "broken"
    SHOP_AWAY = "shop_away"


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where a token leads, in which installation and to which cart; the shop was asked just now for OPEN and GONE."""

    way: Way
    installation_id: int | None = None  # None when no token of ours was given
    cart: Cart | None = None  # None when it is BROKEN


def way_back(token: str, now: datetime, only: int | None = None) -> WayBack:
    """Return where a token leads; for the installation ``only``, if that is given, others' tokens are broken.

    It enters the database by itself, and asks the shop outside of any transaction. Nothing is written.
    """
    try:
        link, is_expired = read_restore(token, now), False
    except LinkExpired as expired:
        link, is_expired = expired.link, True
    except LinkBroken:
        return WayBack(Way.BROKEN)
    with across():
        installation_id = (
            Installation.objects.filter(public_id=link.installation_id).values_list("id", flat=True).first()
        )
    if installation_id is None or only not in (None, installation_id):
        return WayBack(Way.BROKEN)
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        cart = _named(link)
    if cart is None:
        return WayBack(Way.BROKEN, installation_id)
    if cart.ordered_at is not None:
        return WayBack(Way.ORDERED, installation_id, cart)
    if is_expired:
        return WayBack(Way.EXPIRED, installation_id, cart)
    return WayBack(_ask(installation, cart), installation_id, cart)


def _named(link: Link | CartLink) -> Cart | None:
    match link:
        case CartLink(cart_id=cart_id):
            return Cart.objects.filter(public_id=cart_id).first()
        case Link(message_id=message_id):
            return Cart.objects.filter(enrollment__messages__public_id=message_id).first()


def _ask(installation: Installation, cart: Cart) -> Way:
    if installation.state == Installation.State.REMOVED:
        return Way.GONE  # we hold no token to ask with
    try:
        with Shop(
            installation.saleor_api_url, installations.unseal(installation.token), settings.ALLOW_PRIVATE_ADDRESSES
        ) as shop:
            found = shop.carts_now([cart.checkout_id])
    except ShopError:
        return Way.SHOP_AWAY
    if cart.checkout_id not in found:
        return Way.SHOP_AWAY
    return Way.GONE if found[cart.checkout_id] is None else Way.OPEN
