"""A profile and where its customer stands, as one hand-written piece of SQL: the floor's, and what fills a bench shop.

It knows one policy, that of a new installation, and one rung, the fixed one. Written from the definitions (DESIGN §2)
beside the app's own fold, which a test holds it equal to.
"""

FOLD = """
counted AS (
    SELECT *, CASE
        WHEN status IN ('DRAFT', 'CANCELED', 'EXPIRED') THEN 'none'
        WHEN refunded > 0 AND charged <= 0 THEN 'back'
        WHEN charge_status IN ('PARTIAL', 'FULL', 'OVERCHARGED')
            OR status IN ('FULFILLED', 'PARTIALLY_FULFILLED', 'PARTIALLY_RETURNED', 'RETURNED') THEN 'good'
        ELSE 'none' END AS state
    FROM orders_of
), judged AS (
    SELECT *, state = 'good'
        OR (state = 'back' AND NOT bool_or(state = 'good') OVER (PARTITION BY customer)) AS is_bought
    FROM counted
), bought AS (
    SELECT customer, count(*) FILTER (WHERE state = 'good') AS orders,
        min(created_at) FILTER (WHERE is_bought) AS first_order_at,
        max(created_at) FILTER (WHERE is_bought) AS last_order_at, max(created_at) AS last_placed_at,
        (array_agg(channel ORDER BY created_at) FILTER (WHERE is_bought))[1] AS channel
    FROM judged GROUP BY customer
), spent AS (
    SELECT customer, jsonb_object_agg(currency, amount) AS spent FROM (
        SELECT customer, currency, sum(total)::text AS amount FROM judged WHERE state = 'good'
        GROUP BY customer, currency
    ) one GROUP BY customer
), bought_days AS (
    SELECT customer, (created_at AT TIME ZONE 'UTC')::date AS day, ceil(extract(epoch FROM max(created_at))) AS last,
        row_number() OVER (PARTITION BY customer ORDER BY (created_at AT TIME ZONE 'UTC')::date) AS x
    FROM judged WHERE is_bought GROUP BY customer, (created_at AT TIME ZONE 'UTC')::date
), lost AS (
    SELECT customer, count(*) AS order_days, min(day) AS first_order_day, max(day) AS last_order_day,
        to_timestamp(max(last + 86400 * CASE x WHEN 1 THEN 180 WHEN 2 THEN 90 ELSE 40 END)::float8) AS loss_at
    FROM bought_days GROUP BY customer
), open_carts AS (
    SELECT customer, max(changed_at) + interval '720 hours' AS until
    FROM carts_of WHERE lines_hash <> '' AND ordered_at IS NULL GROUP BY customer
), activities AS (
    SELECT customer, 'before' AS part, 'account' AS kind, 4.0::float8 AS weight, joined_at AS at FROM accounts_of
    UNION ALL SELECT customer, 'before', 'cart', 12.0, changed_at FROM carts_of WHERE lines_hash <> ''
    UNION ALL SELECT customer, 'customer', 'cart', 4.0, changed_at FROM carts_of WHERE lines_hash <> ''
    UNION ALL SELECT customer, 'customer', 'order', 30.0, created_at FROM judged WHERE state <> 'none'
    UNION ALL SELECT customer, 'customer', 'return', -15.0, created_at FROM judged WHERE state = 'back'
), exponents AS (
    SELECT *, extract(epoch FROM at)::float8 / 86400 / CASE part WHEN 'before' THEN 7.0 ELSE 90.0 END AS e
    FROM activities
), sums AS (
    SELECT customer, part, kind, weight, top + ln(sum(2.0::float8 ^ (e - top))) / ln(2.0::float8) AS u
    FROM (SELECT *, max(e) OVER (PARTITION BY customer, part, kind) AS top FROM exponents) one
    GROUP BY customer, part, kind, weight, top
), totals AS (
    SELECT customer, part, top, sum(weight * 2.0::float8 ^ (u - top)) AS total
    FROM (SELECT *, max(u) OVER (PARTITION BY customer, part) AS top FROM sums) one GROUP BY customer, part, top
), scores AS (
    SELECT customer,
        max(top + ln(total) / ln(2.0::float8)) FILTER (WHERE part = 'before') AS before_u,
        max(top + ln(total) / ln(2.0::float8)) FILTER (WHERE part = 'customer') AS customer_u
    FROM totals WHERE total > 0 GROUP BY customer
), kept AS (
    SELECT customer, jsonb_agg(jsonb_build_array(part, kind, u) ORDER BY part, kind) AS sums FROM sums GROUP BY customer
), profiles AS (
    SELECT people.customer, coalesce(bought.orders, 0) AS orders, first_order_at, last_order_at, last_placed_at,
        coalesce(spent, '{}') AS spent, until AS cart_open_until, before_u, customer_u,
        coalesce(kept.sums, '[]') AS sums, loss_at, coalesce(channel, '') AS channel,
        coalesce(order_days, 0) AS order_days, first_order_day, last_order_day
    FROM people LEFT JOIN bought USING (customer) LEFT JOIN spent USING (customer) LEFT JOIN lost USING (customer)
    LEFT JOIN open_carts USING (customer) LEFT JOIN scores USING (customer) LEFT JOIN kept USING (customer)
), thresholds AS (
    SELECT *, CASE WHEN loss_at IS NULL THEN 7.0 ELSE 90.0 END::float8 AS h,
        CASE WHEN loss_at IS NULL THEN before_u ELSE customer_u END AS u,
        to_timestamp(ceil(extract(epoch FROM cart_open_until))::float8) AS cart_until,
        to_timestamp(ceil(round((7.0 * (before_u - ln(10.0::float8) / ln(2.0::float8)) * 86400)::numeric, 4))::float8)
            AS engaged_until
    FROM profiles
), bands AS (
    SELECT *, greatest(engaged_until, cart_until) AS sales_until,
        to_timestamp(ceil(round((h * (u - ln(20 * 55 / 45.0::float8) / ln(2.0::float8)) * 86400)::numeric, 4))::float8)
            AS hot_until,
        to_timestamp(ceil(round((h * (u - ln(20 * 25 / 75.0::float8) / ln(2.0::float8)) * 86400)::numeric, 4))::float8)
            AS warm_until
    FROM thresholds
), folded AS (
    SELECT customer, orders, first_order_at, last_order_at, last_placed_at, spent, cart_open_until, before_u,
        customer_u, sums, channel, order_days, first_order_day, last_order_day, loss_at,
        CASE WHEN loss_at IS NULL THEN '' ELSE 'fixed-40-90-180' END AS loss_rung,
        CASE WHEN loss_at > %(now)s THEN 'retention' WHEN loss_at IS NOT NULL THEN 'loss'
            WHEN sales_until > %(now)s THEN 'sales' ELSE 'education' END AS phase,
        CASE WHEN loss_at > %(now)s THEN 'ordered' WHEN loss_at IS NOT NULL THEN 'silent_too_long'
            WHEN cart_until > %(now)s THEN 'open_cart' WHEN sales_until > %(now)s THEN 'engaged'
            ELSE 'no_interest_yet' END AS phase_reason,
        CASE WHEN hot_until > %(now)s THEN 'hot' WHEN warm_until > %(now)s THEN 'warm' ELSE 'cold' END AS band,
        least(CASE WHEN hot_until > %(now)s THEN hot_until WHEN warm_until > %(now)s THEN warm_until END,
            CASE WHEN loss_at IS NOT NULL THEN CASE WHEN loss_at > %(now)s THEN loss_at END
                WHEN sales_until > %(now)s THEN sales_until END) AS due_at
    FROM bands
)
"""

COLUMNS = (
    *("orders", "first_order_at", "last_order_at", "last_placed_at", "spent", "cart_open_until", "before_u"),
    *("channel", "order_days", "first_order_day", "last_order_day"),
    *("customer_u", "sums", "loss_at", "loss_rung", "phase", "phase_reason", "band", "due_at"),
)
"""The columns of a customer that ``folded`` has beside the id."""
