"""When customers usually order a second time: learnt from those who did, told of those who may."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection

from saleor_lifecycle.domain.delivery import ENOUGH_CUSTOMERS, LONGEST_GAP, usual_second_order
from saleor_lifecycle.models import SecondOrderDays
from saleor_lifecycle.models.sets import ids

WHOLE_SHOP = ""
LEARNT_EVERY = timedelta(days=7)


def learn(installation_id: int, now: datetime) -> bool:
    """Learn anew what the last week did not; return whether it was time. Everybody is looked at, in one statement."""
    held = SecondOrderDays.objects.filter(installation_id=installation_id, category=WHOLE_SHOP)
    if held.filter(learnt_at__gt=now - LEARNT_EVERY).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            _LEARN, {"shop": installation_id, "now": now, "enough": ENOUGH_CUSTOMERS, "longest": LONGEST_GAP.days}
        )
    SecondOrderDays.objects.filter(installation_id=installation_id).exclude(learnt_at=now).delete()
    return True


def usual_at(installation_id: int, customer_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these customers, of whose first order the delivery is known, would order again."""
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, {"shop": installation_id, "people": ids(customer_ids)})
        return {
            customer_id: usual_second_order(delivered_at, of_category, of_shop)
            for customer_id, delivered_at, of_category, of_shop in cursor.fetchall()
        }


# Of the catalogue's root, that of which most was ordered.
_CATEGORY = """
    SELECT split_part(product.category, '/', 1) AS root
    FROM jsonb_array_elements(bought.lines) AS line
    JOIN lifecycle_variant variant ON variant.installation_id = %(shop)s AND variant.variant_id = line->>0
    JOIN lifecycle_product product ON product.id = variant.product_id
    WHERE product.category <> '' GROUP BY 1 ORDER BY sum((line->>1)::int) DESC, 1 LIMIT 1
"""
_PLACED = """
    SELECT identity.customer_id, made.id, made.created_at, made.lines
    FROM lifecycle_identity identity JOIN lifecycle_order made ON made.identity_id = identity.id
    WHERE made.installation_id = %(shop)s AND made.status NOT IN ('CANCELED', 'EXPIRED', 'DRAFT')
"""
# What was ordered within a day of the first belongs to it.
_LEARN = f"""
    WITH placed AS (
        {_PLACED} AND identity.customer_id IN (
            SELECT id FROM lifecycle_customer WHERE installation_id = %(shop)s AND order_days > 1)
    ), bought AS (
        SELECT DISTINCT ON (customer_id) customer_id, id, created_at, lines FROM placed
        ORDER BY customer_id, created_at, id
    ), again AS (
        SELECT bought.customer_id, min(placed.created_at) AS at FROM placed JOIN bought USING (customer_id)
        WHERE placed.created_at >= bought.created_at + interval '1 day' GROUP BY 1
    ), gaps AS (
        SELECT extract(epoch FROM again.at - COALESCE(held.at, bought.created_at)) / 86400 AS days, category.root
        FROM again JOIN bought USING (customer_id)
        LEFT JOIN lifecycle_orderdelivery held ON held.order_id = bought.id
        LEFT JOIN LATERAL ({_CATEGORY}) category ON true
        WHERE again.at > COALESCE(held.at, bought.created_at)
            AND again.at <= bought.created_at + make_interval(days => %(longest)s)
    )
    INSERT INTO lifecycle_secondorderdays (installation_id, category, days, customers, learnt_at)
    SELECT %(shop)s, COALESCE(root, ''),
        CASE WHEN count(*) >= %(enough)s THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY days) END, count(*), %(now)s
    FROM gaps GROUP BY GROUPING SETS ((root), ())
    HAVING GROUPING(root) = 1 OR (root IS NOT NULL AND count(*) >= %(enough)s)
    ON CONFLICT (installation_id, category) DO UPDATE
        SET days = EXCLUDED.days, customers = EXCLUDED.customers, learnt_at = EXCLUDED.learnt_at
"""
_USUAL = f"""
    SELECT person.id, held.at, of_category.days, of_shop.days
    FROM unnest(%(people)s::bigint[]) AS person(id)
    CROSS JOIN LATERAL (
        {_PLACED} AND identity.customer_id = person.id ORDER BY made.created_at, made.id LIMIT 1
    ) bought
    JOIN lifecycle_orderdelivery held ON held.order_id = bought.id
    LEFT JOIN LATERAL ({_CATEGORY}) category ON true
    LEFT JOIN lifecycle_secondorderdays of_category
        ON of_category.installation_id = %(shop)s AND of_category.category = category.root
    LEFT JOIN lifecycle_secondorderdays of_shop ON of_shop.installation_id = %(shop)s AND of_shop.category = ''
"""
