"""Which products go with what a customer bought, and which the shop's customers like most."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db import connection

from saleor_lifecycle.domain.contents import MOST_PRODUCTS
from saleor_lifecycle.domain.phases import CHARGED, FULFILLED, VOID
from saleor_lifecycle.domain.recommendations import (
    RESTING_DAYS,
    SUPPORT,
    Counts,
    Ranked,
    is_consumable,
    newest,
    partners,
    rank,
)
from saleor_lifecycle.models import Installation, Learning, Product, ProductCount
from saleor_lifecycle.models.sets import ids

MOST_SHOWN = 4
"""In a message; more are carried, in case that some cannot be bought when it leaves."""
MOST_LIKED = 100
"""How many of what most customers bought, of all and of each channel, are looked at beside what goes with it."""
MOST_PARTNERS = 200
"""Of a product, those that most customers bought with it."""


class _Bought(NamedTuple):
    last_day: date
    is_kept: bool  # it counts: neither unpaid and unsent, nor did it come back


def choose(
    installation: Installation, customer_ids: Collection[int], kind: str, now: datetime
) -> dict[int, Mapping[str, Any]]:
    """Return by customer what a message carries for them: ``products`` by rank, and ``because`` of what.

    Nobody is named for whom nothing goes with what they bought. What somebody has is offered where it is used up, and
    not to whoever bought it lately; what they sent back is not offered at all.
    """
    learnt = Learning.objects.filter(pk=installation.pk).first()
    if learnt is None or learnt.learnt_at is None:
        return {}
    sold = learnt.favourites if isinstance(learnt.favourites, dict) else {}  # a list is not by channel: of older rows
    bought = _bought(installation.pk, customer_ids)
    channels = _channels(installation.pk, customer_ids)
    if kind == "favourites":
        liked = {"": _merged(sold), **sold}
        counts = _counts(installation.pk, learnt, {product for held in bought.values() for product in held})
        found = {
            one: _favourites(liked.get(channels.get(one, ""), ()), counts, bought.get(one, {}), now)
            for one in customer_ids
        }
    else:
        found = _cross_sell(installation.pk, learnt, bought, sold if len(sold) > 1 else {}, channels, now)
    return _told(found)


def _cross_sell(
    installation_id: int,
    learnt: Learning,
    bought: Mapping[int, Mapping[int, _Bought]],
    sold: Mapping[str, Sequence[int]],
    channels: Mapping[int, str],
    now: datetime,
) -> dict[int, Ranked]:
    """``sold`` is what each channel sells most, where there are several: in one, all is for sale that is anywhere."""
    kept = {
        one: newest({product: (held.last_day.toordinal(),) for product, held in all_.items() if held.is_kept})
        for one, all_ in bought.items()
    }
    pairs = _pairs(installation_id, {product for products in kept.values() for product in products})
    liked = _liked(installation_id, sold)
    known = {product for pair in pairs for product in pair}.union(liked, *bought.values())
    counts = _counts(installation_id, learnt, known)
    counts.together.update(pairs)
    goes_with = partners(counts)
    of_channel = {channel: set(products) for channel, products in sold.items()}
    found = {}
    for one, all_ in bought.items():
        left_out, here = _left_out(counts, all_, now), of_channel.get(channels.get(one, ""), ())
        found[one] = rank(counts, goes_with, liked, kept[one], left_out, MOST_PRODUCTS, here)
    return found


def _liked(installation_id: int, sold: Mapping[str, Sequence[int]]) -> list[int]:
    """Return what most customers bought, and of each channel what most bought there: else a small one has nothing."""
    counted = ProductCount.objects.filter(
        installation_id=installation_id, buyers__gte=SUPPORT, product__removed_at=None
    ).values_list("product_id", flat=True)
    in_channels = {product for products in sold.values() for product in products[:MOST_LIKED]}
    return [*counted.order_by("-buyers", "product_id")[:MOST_LIKED], *counted.filter(product__in=in_channels)]


def _merged(sold: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """Return what is liked in any channel: the first of each, then the second of each, and so on."""
    turns = zip_longest(*sold.values())
    return tuple(dict.fromkeys(product for turn in turns for product in turn if product is not None))


def _favourites(liked: Sequence[int], counts: Counts, bought: Mapping[int, _Bought], now: datetime) -> Ranked:
    left_out = _left_out(counts, bought, now)
    return Ranked(tuple(product for product in liked if product not in left_out)[:MOST_PRODUCTS])


def _left_out(counts: Counts, bought: Mapping[int, _Bought], now: datetime) -> set[int]:
    """Return which of the products that a customer bought are not offered to them."""
    return {
        product
        for product, held in bought.items()
        if not held.is_kept
        or not is_consumable(counts.buyers[product], counts.again[product])
        or (now.date() - held.last_day).days < RESTING_DAYS
    }


def _channels(installation_id: int, customer_ids: Collection[int]) -> dict[int, str]:
    """Return the channel in which each customer last ordered or filled a cart: there a message asks for products.

    A customer's own column does not do: it is the channel of the first order.
    """
    return dict(_run(_CHANNELS, {"shop": installation_id, "people": ids(customer_ids)}))


def _bought(installation_id: int, customer_ids: Collection[int]) -> dict[int, dict[int, _Bought]]:
    """Return what each of these customers ordered, by product; orders that never came about aside."""
    asked = {
        "shop": installation_id,
        "people": ids(customer_ids),
        "void": list(VOID),
        "charged": list(CHARGED),
        "fulfilled": list(FULFILLED),
    }
    found: dict[int, dict[int, _Bought]] = {}
    for customer_id, product, last_day, is_kept in _run(_BOUGHT, asked):
        found.setdefault(customer_id, {})[product] = _Bought(last_day, is_kept)
    return found


def _pairs(installation_id: int, products: Collection[int]) -> dict[tuple[int, int], int]:
    """Return which others were bought with these products oftener than by chance, and by how many customers."""
    asked = {"shop": installation_id, "products": ids(products), "support": SUPPORT, "most": MOST_PARTNERS}
    return {(min(pair), max(pair)): customers for *pair, customers in _run(_PAIRS, asked)}


def _counts(installation_id: int, learnt: Learning, products: Collection[int]) -> Counts:
    counts = Counts(customers=learnt.customers)
    held = ProductCount.objects.filter(installation_id=installation_id, product__in=products)
    for product, buyers, again in held.values_list("product_id", "buyers", "again"):
        counts.buyers[product], counts.again[product] = buyers, again
    return counts


def _told(found: Mapping[int, Ranked]) -> dict[int, Mapping[str, Any]]:
    """Return what was found in the shop's own ids."""
    named = {product for one in found.values() for product in (*one.products, one.because) if product is not None}
    names = dict(Product.objects.filter(id__in=named).values_list("id", "product_id"))
    told: dict[int, Mapping[str, Any]] = {}
    for customer_id, one in found.items():
        if one.products:
            because = {} if one.because is None else {"because": {"kind": "bought", "product": names[one.because]}}
            products = [names[product] for product in one.products]
            told[customer_id] = {"products": products, "most": MOST_SHOWN, "extra": True, **because}
    return told


_BOUGHT = """
    SELECT identity.customer_id, variant.product_id, max((made.created_at AT TIME ZONE 'UTC')::date),
        bool_or(NOT (made.refunded > 0 AND made.charged <= 0)
            AND (made.charge_status = ANY(%(charged)s) OR made.status = ANY(%(fulfilled)s)))
    FROM lifecycle_identity identity
    JOIN lifecycle_order made ON made.identity_id = identity.id
    CROSS JOIN LATERAL jsonb_array_elements(made.lines) AS line
    JOIN lifecycle_variant variant ON variant.installation_id = %(shop)s AND variant.variant_id = line ->> 0
    WHERE identity.installation_id = %(shop)s AND identity.customer_id = ANY(%(people)s::bigint[])
        AND made.status <> ALL(%(void)s)
    GROUP BY 1, 2
"""

_CHANNELS = """
    SELECT DISTINCT ON (identity.customer_id) identity.customer_id, seen.channel
    FROM lifecycle_identity identity
    CROSS JOIN LATERAL (
        SELECT channel, created_at AS at FROM lifecycle_order WHERE identity_id = identity.id
        UNION ALL SELECT channel, changed_at FROM lifecycle_cart
        WHERE identity_id = identity.id AND changed_at IS NOT NULL AND channel <> ''
    ) seen
    WHERE identity.installation_id = %(shop)s AND identity.customer_id = ANY(%(people)s::bigint[])
    ORDER BY identity.customer_id, seen.at DESC, seen.channel
"""

_PAIRS = """
    SELECT asked.product, pair.other, pair.customers
    FROM unnest(%(products)s::bigint[]) AS asked(product)
    JOIN lifecycle_productcount mine ON mine.product_id = asked.product
    JOIN lifecycle_learning learnt ON learnt.installation_id = %(shop)s
    CROSS JOIN LATERAL (
        SELECT found.other, found.customers FROM (
            SELECT other_id AS other, customers FROM lifecycle_productpair
            WHERE one_id = asked.product AND customers >= %(support)s
            UNION ALL SELECT one_id, customers FROM lifecycle_productpair
            WHERE other_id = asked.product AND customers >= %(support)s
        ) found
        JOIN lifecycle_productcount theirs ON theirs.product_id = found.other
        JOIN lifecycle_product product ON product.id = found.other AND product.removed_at IS NULL
        WHERE found.customers::bigint * learnt.customers > mine.buyers::bigint * theirs.buyers
        ORDER BY found.customers DESC, found.other LIMIT %(most)s
    ) pair
"""


def _run(query: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
