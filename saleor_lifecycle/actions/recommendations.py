"""Which products go with what a customer bought, and which the shop's customers like most."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
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
"""How many of what most customers bought are looked at beside what goes with what one of them bought."""
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
    bought = _bought(installation.pk, customer_ids)
    if kind == "favourites":
        counts = _counts(installation.pk, learnt, set(learnt.favourites))
        found = {one: _favourites(learnt, counts, bought.get(one, {}), now) for one in customer_ids}
    else:
        found = _cross_sell(installation.pk, learnt, bought, now)
    return _told(found)


def _cross_sell(
    installation_id: int, learnt: Learning, bought: Mapping[int, Mapping[int, _Bought]], now: datetime
) -> dict[int, Ranked]:
    kept = {
        one: newest({product: (held.last_day.toordinal(),) for product, held in all_.items() if held.is_kept})
        for one, all_ in bought.items()
    }
    pairs = _pairs(installation_id, {product for products in kept.values() for product in products})
    liked = list(
        ProductCount.objects.filter(installation_id=installation_id, buyers__gte=SUPPORT, product__removed_at=None)
        .order_by("-buyers", "product_id")
        .values_list("product_id", flat=True)[:MOST_LIKED]
    )
    known = {product for pair in pairs for product in pair}.union(liked, *bought.values())
    counts = _counts(installation_id, learnt, known)
    counts.together.update(pairs)
    goes_with = partners(counts)
    return {
        one: rank(counts, goes_with, liked, kept[one], _left_out(counts, all_, now), MOST_PRODUCTS)
        for one, all_ in bought.items()
    }


def _favourites(learnt: Learning, counts: Counts, bought: Mapping[int, _Bought], now: datetime) -> Ranked:
    left_out = _left_out(counts, bought, now)
    return Ranked(tuple(product for product in learnt.favourites if product not in left_out)[:MOST_PRODUCTS])


def _left_out(counts: Counts, bought: Mapping[int, _Bought], now: datetime) -> set[int]:
    """Return which of the products that a customer bought are not offered to them."""
    return {
        product
        for product, held in bought.items()
        if not held.is_kept
        or not is_consumable(counts.buyers[product], counts.again[product])
        or (now.date() - held.last_day).days < RESTING_DAYS
    }


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
            told[customer_id] = {"products": products, "most": MOST_SHOWN, **because}
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
