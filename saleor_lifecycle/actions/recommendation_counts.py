"""What a shop's orders say of its products, counted: kept up as orders come, and by a walk through all customers.

Counted is by customer: what one's orders said before is taken off, and what they say now is added, so an order that
was cancelled, came back, got other lines or is somebody else's is as if it had always been so. What was counted lies in
``CountedOrder``.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection

from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.domain.phases import CHARGED, FULFILLED, VOID
from saleor_lifecycle.domain.recommendations import MOST_PRODUCTS, TOGETHER_DAYS
from saleor_lifecycle.models import Backfill, Customer, Learning
from saleor_lifecycle.models.sets import ids

from . import identities

LEASE = timedelta(minutes=2)
BLOCK = 2000
BASKETS = (Kind.CUSTOMERS, Kind.ORDERS, Kind.PRODUCTS)
"""What has to be read of a shop before it says which products go together."""
WALKS_EVERY = timedelta(days=7)
"""A walk finds what nothing tells of: orders of products that came to be known after them."""
LATELY = timedelta(days=90)
FAVOURITES_EVERY = timedelta(days=1)
MOST_FAVOURITES = 500
"""Of a channel."""


def ask(installation_id: int, now: datetime) -> None:
    """Make a walk through everybody's orders due now; from then on, orders are counted as they come."""
    Learning.objects.update_or_create(installation_id=installation_id, defaults={"cursor": 0, "due_at": now})


def keep_up(installation_id: int, now: datetime) -> None:
    """Begin with a shop whose history is there and whose orders nobody counts yet; else see daily what is liked."""
    learnt = Learning.objects.filter(pk=installation_id).first()
    if learnt is not None:
        if learnt.favourites_at is None or learnt.favourites_at <= now - FAVOURITES_EVERY:
            refresh_favourites(installation_id, now)
    elif not Backfill.objects.filter(installation_id=installation_id, kind__in=BASKETS, finished_at=None).exists():
        ask(installation_id, now)


def recount(installation_id: int, customer_ids: Collection[int]) -> None:
    """Bring the counts up to what the orders of these customers say now, who are locked; nothing before a walk."""
    if not customer_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _RECOUNT,
            {
                "shop": installation_id,
                "people": ids(customer_ids),
                "void": list(VOID),
                "charged": list(CHARGED),
                "fulfilled": list(FULFILLED),
                "most": MOST_PRODUCTS,
                "days": TOGETHER_DAYS,
            },
        )


def claim(installation_id: int, now: datetime) -> Learning | None:
    """Return the walk of an installation that is due, leased; None if there is none."""
    due = Learning.objects.filter(pk=installation_id, due_at__lte=now)
    row = due.select_for_update(skip_locked=True, no_key=True).first()
    if row is not None:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return row


def count_block(held: Learning, now: datetime) -> Learning | None:
    """Count the orders of the next customers; return the walk to go on with, None when it is over or another's."""
    people = Customer.objects.filter(installation_id=held.pk, id__gt=held.cursor).order_by("id")
    block = list(people.values_list("id", flat=True)[:BLOCK])
    identities.lock(block)
    row = Learning.objects.select_for_update(no_key=True).filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        return None
    recount(row.pk, block)
    is_over = len(block) < BLOCK
    row.cursor = 0 if is_over else block[-1]
    row.due_at = now + (WALKS_EVERY if is_over else LEASE)
    row.save(update_fields=["cursor", "due_at"])
    if not is_over:
        return row
    Learning.objects.filter(pk=row.pk).update(learnt_at=now)
    refresh_favourites(row.pk, now)
    return None


def release(held: Learning, now: datetime) -> None:
    """Give the lease back: whoever comes next goes on."""
    Learning.objects.filter(pk=held.pk, due_at=held.due_at).update(due_at=now)


def refresh_favourites(installation_id: int, now: datetime) -> None:
    """Store which products most customers of each channel bought lately; removed ones are not for sale any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FAVOURITES,
            {"shop": installation_id, "since": (now - LATELY).date(), "most": MOST_FAVOURITES, "now": now},
        )


_FAVOURITES = """
    WITH liked AS (
        SELECT made.channel, product.id AS product,
            row_number() OVER (
                PARTITION BY made.channel ORDER BY count(DISTINCT counted.customer_id) DESC, product.id
            ) AS place
        FROM lifecycle_countedorder counted
        JOIN lifecycle_order made ON made.id = counted.order_id
        CROSS JOIN LATERAL jsonb_array_elements_text(counted.products) AS told(product)
        JOIN lifecycle_product product ON product.id = told.product::bigint AND product.removed_at IS NULL
        WHERE counted.installation_id = %(shop)s AND counted.day > %(since)s
        GROUP BY made.channel, product.id
    ), listed AS (
        SELECT channel, jsonb_agg(product ORDER BY place) AS products FROM liked
        WHERE place <= %(most)s GROUP BY channel
    )
    UPDATE lifecycle_learning SET favourites_at = %(now)s,
        favourites = COALESCE((SELECT jsonb_object_agg(channel, products) FROM listed), '{}')
    WHERE installation_id = %(shop)s
"""

# Everything reads what was there when the statement began: "held" is what was counted before.
_RECOUNT = """
    WITH placed AS MATERIALIZED (
        SELECT made.id AS order_id, identity.customer_id, (made.created_at AT TIME ZONE 'UTC')::date AS day,
            told.products
        FROM lifecycle_learning
        JOIN lifecycle_identity identity ON identity.installation_id = %(shop)s
            AND identity.customer_id = ANY(%(people)s::bigint[])
        JOIN lifecycle_order made ON made.identity_id = identity.id
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(DISTINCT variant.product_id ORDER BY variant.product_id) AS products
            FROM jsonb_array_elements(made.lines) AS line
            JOIN lifecycle_variant variant
                ON variant.installation_id = %(shop)s AND variant.variant_id = line ->> 0
        ) told
        WHERE lifecycle_learning.installation_id = %(shop)s AND told.products IS NOT NULL
            AND made.status <> ALL(%(void)s) AND NOT (made.refunded > 0 AND made.charged <= 0)
            AND (made.charge_status = ANY(%(charged)s) OR made.status = ANY(%(fulfilled)s))
    ), held AS MATERIALIZED (
        SELECT order_id, customer_id, day, products FROM lifecycle_countedorder
        WHERE customer_id = ANY(%(people)s::bigint[])
    ), changed AS MATERIALIZED (
        SELECT placed.customer_id FROM placed LEFT JOIN held USING (order_id, customer_id, day, products)
        WHERE held.order_id IS NULL
        UNION
        SELECT held.customer_id FROM held LEFT JOIN placed USING (order_id, customer_id, day, products)
        WHERE placed.order_id IS NULL
    ), gone AS (
        DELETE FROM lifecycle_countedorder USING held
        WHERE lifecycle_countedorder.order_id = held.order_id
            AND NOT EXISTS (SELECT FROM placed WHERE placed.order_id = held.order_id)
    ), written AS (
        INSERT INTO lifecycle_countedorder (order_id, installation_id, customer_id, day, products)
        SELECT placed.order_id, %(shop)s, placed.customer_id, placed.day, placed.products
        FROM placed LEFT JOIN held USING (order_id, customer_id, day, products) WHERE held.order_id IS NULL
        ON CONFLICT (order_id) DO UPDATE
        SET customer_id = EXCLUDED.customer_id, day = EXCLUDED.day, products = EXCLUDED.products
    ), told AS (
        SELECT -1 AS sign, held.* FROM held JOIN changed USING (customer_id)
        UNION ALL SELECT 1, placed.* FROM placed JOIN changed USING (customer_id)
    ), bought AS (
        SELECT sign, customer_id, product::bigint AS product, array_agg(DISTINCT day) AS days, max(day) AS last_day
        FROM told, jsonb_array_elements_text(products) AS product GROUP BY 1, 2, 3
    ), newest AS MATERIALIZED (
        SELECT *, row_number() OVER (PARTITION BY sign, customer_id ORDER BY last_day DESC, product) AS place
        FROM bought
    ), counts AS (
        INSERT INTO lifecycle_productcount AS held (product_id, installation_id, buyers, again)
        SELECT product, %(shop)s, sum(sign), sum(sign * (cardinality(days) > 1)::int) FROM newest GROUP BY product
        HAVING sum(sign) <> 0 OR sum(sign * (cardinality(days) > 1)::int) <> 0 ORDER BY product
        ON CONFLICT (product_id) DO UPDATE
        SET buyers = held.buyers + EXCLUDED.buyers, again = held.again + EXCLUDED.again
    ), pairs AS (
        INSERT INTO lifecycle_productpair AS held (installation_id, one_id, other_id, customers)
        SELECT %(shop)s, one.product, other.product, sum(sign)
        FROM newest one JOIN newest other USING (sign, customer_id)
        WHERE one.product < other.product AND one.place <= %(most)s AND other.place <= %(most)s
            AND EXISTS (
                SELECT FROM unnest(one.days) AS day, unnest(other.days) AS later WHERE abs(day - later) <= %(days)s
            )
        GROUP BY 2, 3 HAVING sum(sign) <> 0 ORDER BY 2, 3
        ON CONFLICT (one_id, other_id) DO UPDATE SET customers = held.customers + EXCLUDED.customers
    ), everybody AS (
        SELECT sum(sign) AS customers FROM (SELECT DISTINCT sign, customer_id FROM newest) AS who HAVING sum(sign) <> 0
    )
    UPDATE lifecycle_learning SET customers = lifecycle_learning.customers + everybody.customers
    FROM everybody WHERE installation_id = %(shop)s
"""
