"""The SQL interpreter of ``domain.profile.fold`` and ``domain.phases.stand``, for a block of customers at once.

Two statements share it: ``WHOLE`` folds everything again, as a new policy asks for; ``LOSS`` only what a new fit moves.
Both end in the relation ``stood``: a row per customer, with ``old_`` columns beside the new ones.
"""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.carts import OPEN_FOR
from saleor_lifecycle.domain.phases import Phase, Reason
from saleor_lifecycle.domain.scoring import Band, Kind, Part, Policy, unshown

from .histories import LOSS_AT, LOSS_RUNG, LOSSES, ORDER_DAYS, figures_of, orders_of
from .installations import Installation, Scoring

_CUSTOMERS = """
    FROM lifecycle_customer customer
    {join}
    WHERE customer.installation_id = %(installation)s AND customer.merged_into_id IS NULL
        AND customer.id > %(after)s AND customer.id <= %(until)s AND customer.phase_since IS NOT NULL
"""

_HELD = """
    customer.id, customer.phase AS old_phase, customer.band AS old_band, customer.loss_at AS old_loss_at,
    customer.due_at AS old_due_at"""

_SUMS = """
    acts AS (
        SELECT customer_id, 'order' AS kind, created_at AS at FROM placed WHERE qualifies IS NOT NULL
        UNION ALL SELECT customer_id, 'return', created_at FROM placed WHERE NOT qualifies
        UNION ALL SELECT customer_id, 'cart', changed_at FROM filled
        UNION ALL SELECT message.customer_id, 'click', min(event.occurred_at)
        FROM lifecycle_message message JOIN lifecycle_deliveryevent event ON event.message_id = message.id
        WHERE message.installation_id = %(installation)s
            AND message.customer_id > %(after)s AND message.customer_id <= %(until)s
            AND event.provider = '' AND event.kind = 'clicked' AND event.verdict = 'human'
        GROUP BY message.id
        UNION ALL SELECT identity.customer_id, 'account', account.joined_at
        FROM lifecycle_identity identity JOIN lifecycle_account account ON account.identity_id = identity.id
        WHERE identity.installation_id = %(installation)s AND account.deleted_at IS NULL
            AND identity.customer_id > %(after)s AND identity.customer_id <= %(until)s
    ),
    weighed AS (
        SELECT * FROM unnest(%(parts)s::text[], %(kinds)s::text[], %(half_lives)s::float8[], %(weights)s::float8[])
            AS weighed(part, kind, half_life, weight)
    ),
    sums AS (
        SELECT customer_id, part, kind, weight, top + ln(sum(power(2.0::float8, GREATEST(exponent - top, -1000.0))))
            / ln(2.0::float8) AS u
        FROM (
            SELECT customer_id, part, kind, weight, exponent,
                max(exponent) OVER (PARTITION BY customer_id, part, kind) AS top
            FROM (
                SELECT customer_id, part, kind, weight, extract(epoch FROM at)::float8 / 86400.0 / half_life AS exponent
                FROM acts JOIN weighed USING (kind)
            ) exponents
        ) topped
        GROUP BY customer_id, part, kind, weight, top
    ),
    engaged AS (
        SELECT customer_id,
            jsonb_agg(jsonb_build_array(part, kind, u) ORDER BY part COLLATE "C", kind COLLATE "C") AS sums,
            min(CASE WHEN part = 'before' AND total > 0 THEN top + ln(total) / ln(2.0::float8) END) AS before_u,
            min(CASE WHEN part = 'customer' AND total > 0 THEN top + ln(total) / ln(2.0::float8) END) AS customer_u
        FROM (
            SELECT customer_id, part, kind, u, top, sum(weight * power(2.0::float8, GREATEST(u - top, -1000.0)))
                OVER (PARTITION BY customer_id, part) AS total
            FROM (SELECT *, max(u) OVER (PARTITION BY customer_id, part) AS top FROM sums) topped
        ) totals
        GROUP BY customer_id
    )"""

_CARTS = """
    filled AS (
        SELECT identity.customer_id, cart.changed_at, cart.ordered_at
        FROM lifecycle_identity identity JOIN lifecycle_cart cart ON cart.identity_id = identity.id
        WHERE identity.installation_id = %(installation)s
            AND identity.customer_id > %(after)s AND identity.customer_id <= %(until)s
            AND cart.updated_at IS NOT NULL AND cart.changed_at IS NOT NULL AND cart.lines_hash <> ''
    ),
    open_carts AS (
        SELECT customer_id, max(changed_at) + %(open_for)s AS cart_open_until
        FROM filled WHERE ordered_at IS NULL GROUP BY customer_id
    )"""

_ORDERED = """
    ordered AS (
        SELECT customer_id, max(created_at) AS last_placed_at, count(*) FILTER (WHERE qualifies) AS orders,
            CASE WHEN bool_or(qualifies) THEN min(created_at) FILTER (WHERE qualifies)
                WHEN %(keeps_returned_buyers)s THEN min(created_at) FILTER (WHERE NOT qualifies)
            END AS first_order_at,
            CASE WHEN bool_or(qualifies) THEN max(created_at) FILTER (WHERE qualifies)
                WHEN %(keeps_returned_buyers)s THEN max(created_at) FILTER (WHERE NOT qualifies)
            END AS last_order_at
        FROM placed GROUP BY customer_id
    ),
    first_channels AS (
        SELECT DISTINCT ON (customer_id) customer_id, channel FROM placed WHERE qualifies IS NOT NULL
        ORDER BY customer_id, created_at, total, channel COLLATE "C"
    ),
    spendings AS (
        SELECT customer_id, jsonb_object_agg(currency, total::text) AS spent
        FROM (
            SELECT customer_id, currency, sum(GREATEST(total, 0)) AS total FROM placed WHERE qualifies GROUP BY 1, 2
        ) by_currency
        GROUP BY customer_id
    )"""

_PROFILE = (
    f"""
    folded AS (
        SELECT {_HELD},
            COALESCE(ordered.orders, 0) AS orders, ordered.first_order_at, ordered.last_order_at,
            ordered.last_placed_at, COALESCE(spendings.spent, '{{}}') AS spent, open_carts.cart_open_until,
            engaged.before_u, engaged.customer_u, COALESCE(engaged.sums, '[]') AS sums,
            {LOSS_AT} AS loss_at, CASE WHEN losses.loss IS NULL THEN '' ELSE {LOSS_RUNG} END AS loss_rung,
            losses.next_order_at, CASE WHEN losses.loss IS NULL THEN '' ELSE first_channels.channel END AS channel,
            COALESCE(losses.order_days, 0) AS order_days,
            losses.first_day AS first_order_day, losses.last_day AS last_order_day"""
    + _CUSTOMERS.format(
        join="".join(
            f"LEFT JOIN {name} ON {name}.customer_id = customer.id "
            for name in ("ordered", "spendings", "open_carts", "engaged", "first_channels", "losses")
        )
        + "LEFT JOIN chosen ON chosen.channel = first_channels.channel"
    )
    + ")"
)

# A date that moves by less than a day stays, unless it stands on another rung now.
_MOVED = "(({0} IS NULL) <> ({1} IS NULL) OR COALESCE(abs(extract(epoch FROM {0} - {1})) >= 86400, false))"
_LOSS_MOVED = f"({_MOVED.format('old_loss_at', 'new_loss_at')} OR old_rung <> new_rung)"
_ORDER_MOVED = _MOVED.format("old_order_at", "new_order_at")
_REFITTED = (
    f"""
    refitted AS (
        SELECT {_HELD}, customer.cart_open_until, customer.before_u, customer.customer_u,
            losses.order_days, losses.first_day AS first_order_day, losses.last_day AS last_order_day,
            customer.order_days AS old_days, customer.loss_rung AS old_rung, customer.next_order_at AS old_order_at,
            {LOSS_AT} AS new_loss_at, {LOSS_RUNG} AS new_rung, losses.next_order_at AS new_order_at"""
    + _CUSTOMERS.format(
        join="JOIN losses ON losses.customer_id = customer.id LEFT JOIN chosen ON chosen.channel = customer.channel"
    )
    + f"""
    ),
    folded AS (
        SELECT *, CASE WHEN {_LOSS_MOVED} THEN new_loss_at ELSE old_loss_at END AS loss_at,
            CASE WHEN {_LOSS_MOVED} THEN new_rung ELSE old_rung END AS loss_rung,
            CASE WHEN {_ORDER_MOVED} THEN new_order_at ELSE old_order_at END AS next_order_at
        FROM refitted WHERE {_LOSS_MOVED} OR {_ORDER_MOVED} OR old_days <> order_days
    )"""
)


def _falls(u: str, half_life: str, threshold: str) -> str:
    """SQL of ``scoring.falls_below``: the first whole second, to a tenth of a millisecond."""
    return f"to_timestamp(ceil(%({half_life})s * ({u} - %({threshold})s) * 86400.0 - 0.00005))"


_CART_UNTIL = "to_timestamp(ceil(extract(epoch FROM cart_open_until)::float8 - 0.00005))"
_STOOD = f"""
    ahead AS (
        SELECT *, loss_at IS NOT NULL AS is_buyer,
            CASE WHEN loss_at IS NULL THEN {_falls("before_u", "before_half_life", "before_hot")}
                ELSE {_falls("customer_u", "customer_half_life", "customer_hot")} END AS hot_until,
            CASE WHEN loss_at IS NULL THEN {_falls("before_u", "before_half_life", "before_warm")}
                ELSE {_falls("customer_u", "customer_half_life", "customer_warm")} END AS warm_until,
            {_CART_UNTIL} AS cart_until,
            CASE WHEN loss_at IS NULL
                THEN GREATEST({_falls("before_u", "before_half_life", "theta")}, {_CART_UNTIL}) END AS sales_until
        FROM folded
    ),
    stood AS (
        SELECT *,
            CASE WHEN is_buyer THEN CASE WHEN loss_at > %(now)s THEN '{Phase.RETENTION}' ELSE '{Phase.LOSS}' END
                WHEN sales_until > %(now)s THEN '{Phase.SALES}' ELSE '{Phase.EDUCATION}' END AS phase,
            CASE WHEN is_buyer
                    THEN CASE WHEN loss_at > %(now)s THEN '{Reason.ORDERED}' ELSE '{Reason.SILENT_TOO_LONG}' END
                WHEN NOT COALESCE(sales_until > %(now)s, false) THEN '{Reason.NO_INTEREST_YET}'
                WHEN cart_until > %(now)s THEN '{Reason.OPEN_CART}' ELSE '{Reason.ENGAGED}' END AS phase_reason,
            CASE WHEN hot_until > %(now)s THEN '{Band.HOT}' WHEN warm_until > %(now)s THEN '{Band.WARM}'
                ELSE '{Band.COLD}' END AS band,
            LEAST(
                CASE WHEN COALESCE(loss_at, sales_until) > %(now)s THEN COALESCE(loss_at, sales_until) END,
                CASE WHEN hot_until > %(now)s THEN hot_until WHEN warm_until > %(now)s THEN warm_until END
            ) AS due_at
        FROM ahead
    )"""

WHOLE = f"WITH {', '.join((ORDER_DAYS, LOSSES, _CARTS, _SUMS, _ORDERED, _PROFILE, _STOOD))}"
LOSS = f"WITH {', '.join((ORDER_DAYS, LOSSES, _REFITTED, _STOOD))}"

LOSS_COLUMNS = (
    *("loss_at", "loss_rung", "next_order_at", "order_days", "first_order_day", "last_order_day"),
    *("phase", "phase_reason", "band", "due_at"),
)
WHOLE_COLUMNS = (
    *("orders", "first_order_at", "last_order_at", "last_placed_at", "spent", "cart_open_until"),
    *("before_u", "customer_u", "sums", "channel", *LOSS_COLUMNS),
)


def values(installation: Installation, scoring: Scoring, after: int, until: int, now: datetime) -> dict[str, Any]:
    """Return the values of both statements for the customers in (after, until]."""
    policy = scoring.policy
    return {
        **orders_of(installation.pk, after, until, installation.time_zone, policy.keeps_returned_buyers),
        **figures_of(scoring.rules),
        **_weights(policy),
        "open_for": OPEN_FOR,
        "theta": math.log2(policy.theta),
        "before_half_life": policy.before.half_life_days,
        "customer_half_life": policy.customer.half_life_days,
        **{
            f"{part}_{band}": math.log2(unshown(score, policy))
            for part in ("before", "customer")
            for band, score in (("warm", policy.warm_from), ("hot", policy.hot_from))
        },
        "now": now,
    }


def _weights(policy: Policy) -> dict[str, Any]:
    rows = [*_rows("before", policy.before), *_rows("customer", policy.customer)]
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    return dict(zip(("parts", "kinds", "half_lives", "weights"), map(list, columns), strict=True))


def _rows(name: str, part: Part) -> Iterator[tuple[str, Kind, float, float]]:
    for kind, weight in part.weights.items():
        yield name, kind, part.half_life_days, weight
