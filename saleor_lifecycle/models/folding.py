"""The SQL interpreter of ``domain.profile.fold`` and ``domain.phases.stand``, for a block of customers at once.

Three statements share it: ``WHOLE`` folds everything again, as a new policy asks for; ``SCORES`` only the sums, for a
policy that reads orders as the one before did; ``LOSS`` only what a new fit moves. All end in the relation ``stood``:
a row per customer, with ``old_`` columns beside the new ones.
"""

import math
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.carts import OPEN_FOR
from saleor_lifecycle.domain.phases import Phase, Reason
from saleor_lifecycle.domain.scoring import Band, Kind, Policy, unshown

from .histories import LOSS_AT, LOSS_RUNG, LOSSES, ORDER_DAYS, PLACED, figures_of, orders_of
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


def _total(part: str) -> str:
    """SQL of the log-sum of a part: NULL where nothing counts, or not above zero."""
    total = f"sum({part}_weight * power(2.0::float8, GREATEST({part}_u - {part}_top, -1000.0)))"
    return f"max({part}_top) + ln(CASE WHEN {total} > 0 THEN {total} END) / ln(2.0::float8)"


def _entries(part: str) -> str:
    """SQL of the sums of a part as text: PostgreSQL reads one array faster than it builds one of arrays."""
    return f"""string_agg('["{part}", "' || name || '", ' || {part}_u || ']', ',' ORDER BY kind)"""


# Kinds by number, in the order of their names: what is sorted and grouped costs less than text.
_KINDS = {kind: number for number, kind in enumerate(sorted(Kind), 1)}
_SUMS = f"""
    acts AS (
        SELECT customer_id, way.kind, date_part('epoch', created_at) AS at
        FROM placed CROSS JOIN LATERAL (VALUES ({_KINDS[Kind.ORDER]}), ({_KINDS[Kind.RETURN]})) AS way(kind)
        WHERE qualifies IS NOT NULL AND (way.kind = {_KINDS[Kind.ORDER]} OR NOT qualifies)
        UNION ALL SELECT customer_id, {_KINDS[Kind.CART]}, date_part('epoch', changed_at) FROM filled
        UNION ALL SELECT message.customer_id, {_KINDS[Kind.CLICK]}, date_part('epoch', min(event.occurred_at))
        FROM lifecycle_message message JOIN lifecycle_deliveryevent event ON event.message_id = message.id
        WHERE message.installation_id = %(installation)s
            AND message.customer_id > %(after)s AND message.customer_id <= %(until)s
            AND event.provider = '' AND event.kind = 'clicked' AND event.verdict = 'human'
        GROUP BY message.id
        UNION ALL SELECT identity.customer_id, {_KINDS[Kind.ACCOUNT]}, date_part('epoch', account.joined_at)
        FROM lifecycle_identity identity JOIN lifecycle_account account ON account.identity_id = identity.id
        WHERE identity.installation_id = %(installation)s AND account.deleted_at IS NULL
            AND identity.customer_id > %(after)s AND identity.customer_id <= %(until)s
    ),
    weights AS (
        SELECT * FROM unnest(%(kinds)s::int[], %(names)s::text[], %(before)s::float8[], %(customer)s::float8[])
            AS weights(kind, name, before, customer)
    ),
    -- Both parts at once, each by its own half-life.
    added AS (
        SELECT customer_id, kind, max(at) / 86400.0 AS day,
            sum(power(2.0::float8, GREATEST((at - last) / 86400.0 / %(before_half_life)s, -1000.0))) AS before,
            sum(power(2.0::float8, GREATEST((at - last) / 86400.0 / %(customer_half_life)s, -1000.0))) AS customer
        FROM (SELECT *, max(at) OVER (PARTITION BY customer_id, kind) AS last FROM acts) dated
        GROUP BY customer_id, kind
    ),
    sums AS (
        SELECT customer_id, kind, name, weights.before AS before_weight, weights.customer AS customer_weight,
            CASE WHEN weights.before IS NOT NULL
                THEN day / %(before_half_life)s + ln(added.before) / ln(2.0::float8) END AS before_u,
            CASE WHEN weights.customer IS NOT NULL
                THEN day / %(customer_half_life)s + ln(added.customer) / ln(2.0::float8) END AS customer_u
        FROM added JOIN weights USING (kind)
    ),
    engaged AS (
        SELECT customer_id, {", ".join(f"{_total(part)} AS {part}_u" for part in ("before", "customer"))},
            ('[' || concat_ws(',', {_entries("before")}, {_entries("customer")}) || ']')::jsonb AS sums
        FROM (
            SELECT *, max(before_u) OVER one AS before_top, max(customer_u) OVER one AS customer_top
            FROM sums WINDOW one AS (PARTITION BY customer_id)
        ) topped
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

_ENGAGED = f"""
    folded AS (
        SELECT {_HELD}, customer.loss_at, customer.cart_open_until, engaged.before_u, engaged.customer_u,
            COALESCE(engaged.sums, '[]') AS sums
        {_CUSTOMERS.format(join="LEFT JOIN engaged ON engaged.customer_id = customer.id")}
    )"""

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
        join="LEFT JOIN losses ON losses.customer_id = customer.id "
        "LEFT JOIN chosen ON chosen.channel = customer.channel"
    )
    + f"""
    ),
    folded AS (
        SELECT *, CASE WHEN {_LOSS_MOVED} THEN new_loss_at ELSE old_loss_at END AS loss_at,
            CASE WHEN {_LOSS_MOVED} THEN new_rung ELSE old_rung END AS loss_rung,
            CASE WHEN {_ORDER_MOVED} THEN new_order_at ELSE old_order_at END AS next_order_at
        -- Not by an inner join: of so few rows as it would guess, the planner would look up each by itself.
        FROM refitted WHERE COALESCE(order_days, 0) > 0 AND ({_LOSS_MOVED} OR {_ORDER_MOVED} OR old_days <> order_days)
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
SCORES = f"WITH {', '.join((PLACED, _CARTS, _SUMS, _ENGAGED, _STOOD))}"
LOSS = f"WITH {', '.join((ORDER_DAYS, LOSSES, _REFITTED, _STOOD))}"

_STANDING = ("phase", "phase_reason", "band", "due_at")
_LOSS = ("loss_at", "loss_rung", "next_order_at", "order_days", "first_order_day", "last_order_day")
LOSS_COLUMNS = (*_LOSS, *_STANDING)
SCORE_COLUMNS = ("before_u", "customer_u", "sums", *_STANDING)
WHOLE_COLUMNS = (
    *("orders", "first_order_at", "last_order_at", "last_placed_at", "spent", "cart_open_until", "channel"),
    *(*_LOSS, *SCORE_COLUMNS),
)


def values(installation: Installation, scoring: Scoring, after: int, until: int, now: datetime) -> dict[str, Any]:
    """Return the values of all three for the customers in (after, until]."""
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
    return {
        "kinds": list(_KINDS.values()),
        "names": list(_KINDS),
        "before": [policy.before.weights.get(kind) for kind in _KINDS],
        "customer": [policy.customer.weights.get(kind) for kind in _KINDS],
    }
