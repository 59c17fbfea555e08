"""What messages carry, asked of the shop: products by channel and language, vouchers by channel."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from saleor_lifecycle.domain.contents import Carried, Product, Shown, Voucher, show
from saleor_lifecycle.models import Cart, Order
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused
from saleor_lifecycle.saleor.gateway import MOST_AT_ONCE, Shop

Place = tuple[str, str]
"""Saleor's channel and a language."""

logger = logging.getLogger(__name__)


def ask(shop: Shop, carried: Mapping[int, tuple[Carried, Place]], now: datetime) -> dict[int, Shown]:
    """Return what each message may show in its place, by the message's id.

    A request for each place, and for each channel with vouchers; more where a place has over a hundred products.
    """
    wanted: dict[Place, list[str]] = {}
    vouchers: dict[str, list[str]] = {}
    for one, place in carried.values():
        wanted.setdefault(place, []).extend(filter(None, (*one.product_ids, one.because_product)))
        vouchers.setdefault(place[0], []).extend(filter(None, (one.voucher_id,)))
    products = {place: _products(shop, place, ids) for place, ids in wanted.items() if place[0]}
    held = {channel: _vouchers(shop, channel, ids) for channel, ids in vouchers.items() if channel and ids}
    found: dict[int, Shown] = {}
    for message_id, (one, place) in carried.items():
        known, country = products.get(place, ({}, ""))
        found[message_id] = show(one, known, held.get(place[0], {}).get(one.voucher_id), country, now)
    return found


def places(customer_ids: Collection[int]) -> dict[int, Place]:
    """Return the channel and language in which each customer last ordered or filled a cart."""
    orders = Order.objects.filter(identity__customer_id__in=customer_ids).order_by("created_at", "id")
    carts = Cart.objects.filter(identity__customer_id__in=customer_ids, changed_at__isnull=False).exclude(channel="")
    seen = [
        *orders.values_list("created_at", "identity__customer_id", "channel", "language"),
        *carts.order_by("changed_at", "id").values_list("changed_at", "identity__customer_id", "channel", "language"),
    ]
    found: dict[int, tuple[datetime, Place]] = {}
    for at, customer_id, channel, language in seen:
        if at and (customer_id not in found or found[customer_id][0] <= at):
            found[customer_id] = (at, (channel, language))
    return {customer_id: place for customer_id, (_, place) in found.items()}


def _products(shop: Shop, place: Place, ids: Collection[str]) -> tuple[dict[str, Product], str]:
    products: dict[str, Product] = {}
    country = ""
    unique = list(dict.fromkeys(ids))
    for start in range(0, max(len(unique), 1), MOST_AT_ONCE):
        answer = shop.products_now(*place, unique[start : start + MOST_AT_ONCE])
        products |= answer.products
        country = answer.country
    return products, country


def _vouchers(shop: Shop, channel: str, ids: Collection[str]) -> dict[str, Voucher]:
    """Return the vouchers; none where staff have not granted the permission to read them: nothing is promised then."""
    unique = list(dict.fromkeys(ids))
    found: dict[str, Voucher] = {}
    try:
        for start in range(0, len(unique), MOST_AT_ONCE):
            found |= shop.vouchers_now(channel, unique[start : start + MOST_AT_ONCE])
    except (PermissionMissing, Refused) as error:
        logger.warning("vouchers cannot be read: %s", error)
    return found
