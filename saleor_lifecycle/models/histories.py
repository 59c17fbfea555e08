"""SQL over the orders of many customers: which of them count, on which days of the shop, and what date follows.

The same rules as ``domain.profile.fold`` and ``domain.prediction.loss_date``, and equal to them to the second: what
depends on the number of the order day alone comes from the same Python function, and what is left is a product, a sum,
two bounds and a rounding of doubles, which PostgreSQL's are too.
"""

from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from saleor_lifecycle.domain.calibration import HORIZONS, Split
from saleor_lifecycle.domain.ladder import YOUNGEST_INTERVAL_DAYS, Three
from saleor_lifecycle.domain.likelihood import Counts, Triples
from saleor_lifecycle.domain.phases import CHARGED, FULFILLED, VOID
from saleor_lifecycle.domain.prediction import (
    FLOAT_NOISE,
    LONGEST_WAIT_DAYS,
    MOST_ORDER_DAYS,
    RUNG_FIT,
    RUNG_FIXED,
    RUNG_SET,
    LossRule,
    LossRules,
    line,
    wait_line,
    whole_seconds,
)

# qualifies: true, false for an order that came back, null for one that does not count.
PLACED = """
    placed AS (
        SELECT identity.customer_id, made.created_at, made.total, made.currency, made.channel,
            CASE WHEN made.status = ANY(%(void)s) THEN NULL
                WHEN made.refunded > 0 AND made.charged <= 0 THEN false
                WHEN made.charge_status = ANY(%(charged)s) OR made.status = ANY(%(fulfilled)s) THEN true
            END AS qualifies
        FROM lifecycle_identity identity JOIN lifecycle_order made ON made.identity_id = identity.id
        WHERE identity.installation_id = %(installation)s
            AND identity.customer_id > %(after)s AND identity.customer_id <= %(until)s
    )"""

ORDER_DAYS = f"""{PLACED},
    each_day AS (
        SELECT customer_id, (created_at AT TIME ZONE %(zone)s)::date AS day,
            max(created_at) FILTER (WHERE qualifies) AS good_at, max(created_at) AS returned_at
        FROM placed WHERE qualifies IS NOT NULL GROUP BY 1, 2
    ),
    days AS (
        SELECT customer_id, day, COALESCE(good_at, returned_at) AS last_at,
            row_number() OVER by_day - 1 AS x, first_value(day) OVER by_day AS first_day
        FROM (
            SELECT *, bool_or(good_at IS NOT NULL) OVER (PARTITION BY customer_id) AS has_good FROM each_day
        ) told
        WHERE good_at IS NOT NULL OR (%(keeps_returned_buyers)s AND NOT has_good)
        WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
    )"""

# By the shop's rung; ``LOSS_AT`` and ``LOSS_RUNG`` put in its place what the merchant set.
LOSSES = """
    line AS MATERIALIZED (
        SELECT %(bases)s::float8[] AS base, %(growths)s::float8[] AS growth, %(offsets)s::float8[] AS wait_offset,
            %(factors)s::float8[] AS wait_factor
    ),
    chosen AS (
        SELECT * FROM unnest(%(channels)s::text[], %(channel_seconds)s::bigint[]) AS chosen(channel, seconds)
    ),
    bought AS (
        SELECT customer_id, count(*) AS order_days, min(day) AS first_day, max(day) AS last_day,
            ceil(extract(epoch FROM max(last_at)))::bigint AS last_at,
            max(ceil(extract(epoch FROM last_at))::bigint + ceil(
                LEAST(GREATEST(
                    base[LEAST(x, %(last_line)s) + 1] + growth[LEAST(x, %(last_line)s) + 1] * (day - first_day),
                    %(earliest)s
                ), %(latest)s) * 86400.0 - %(noise)s
            )::bigint) AS loss
        FROM days CROSS JOIN line GROUP BY customer_id
    ),
    losses AS (
        SELECT bought.*,
            CASE WHEN %(waits)s THEN to_timestamp(last_at + ceil(LEAST(
                (wait_offset[LEAST(order_days - 1, %(last_line)s) + 1] + %(wait_slope)s * (last_day - first_day))
                    * wait_factor[LEAST(order_days - 1, %(last_line)s) + 1],
                %(longest_wait)s
            ) * 86400.0 - %(noise)s)) END AS next_order_at
        FROM bought CROSS JOIN line
    )"""

_SET = "COALESCE(chosen.seconds, %(everyone_seconds)s)"
LOSS_AT = f"to_timestamp(COALESCE(losses.last_at + {_SET}, losses.loss))"
LOSS_RUNG = f"CASE WHEN {_SET} IS NULL THEN %(rung)s ELSE %(rung_set)s END"

EVERYBODY = (0, 2**62)

# Of the planner's guesses one is wrong here: rows that were made together lie together.
SETTINGS = """
    SELECT set_config('random_page_cost', '1.1', true), set_config('work_mem', '32MB', true),
        set_config('jit', 'off', true)
"""

# A row per horizon, as text without spaces between: a million rows of Python's would weigh more than all the rest.
_KNOWN = f"""
    WITH {ORDER_DAYS},
    known AS (
        SELECT min(day) AS first_day, count(*) AS all_days, max(day) AS last_day,
            {
    ", ".join(
        f"count(*) FILTER (WHERE day <= %(day)s::date - {back}) AS days_{back}, "
        f"max(day) FILTER (WHERE day <= %(day)s::date - {back}) AS last_{back}"
        for back in HORIZONS
    )
}
        FROM days WHERE day <= %(day)s GROUP BY customer_id
    ),
    grouped AS (
        SELECT horizon, order_days - 1 AS x, last - first_day AS t_x, %(day)s::date - horizon - first_day AS age,
            count(*) AS customers, count(*) FILTER (WHERE all_days > order_days) AS came
        FROM known, LATERAL (VALUES
            (0, all_days, last_day), {", ".join(f"({back}, days_{back}, last_{back})" for back in HORIZONS)}
        ) AS cut(horizon, order_days, last)
        WHERE order_days > 0 GROUP BY 1, 2, 3, 4
    )
    SELECT horizon, string_agg(x::text, ','), string_agg(t_x::text, ','), string_agg(age::text, ','),
        string_agg(customers::text, ','), string_agg(came::text, ',')
    FROM grouped GROUP BY horizon
"""

_MEDIANS = f"""
    WITH {ORDER_DAYS},
    gaps AS (
        SELECT LEAST(x, 2) AS place, day, lead(day) OVER (PARTITION BY customer_id ORDER BY day) AS following FROM days
    )
    SELECT place, percentile_cont(0.5) WITHIN GROUP (ORDER BY following - day), count(*)
    FROM gaps WHERE following <= %(day)s AND day <= %(day)s - %(youngest)s GROUP BY place
"""


def known(orders: dict[str, Any], day: date) -> dict[int, Split]:
    """Return what was known at the end of so many days before a day, and who ordered since, by the number of days."""
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(_KNOWN, {**orders, "day": day})
        found = {horizon: _split([_counts(text) for text in texts]) for horizon, *texts in cursor.fetchall()}
    nobody = _split([np.zeros(0, np.int64)] * 5)
    return {horizon: found.get(horizon, nobody) for horizon in (0, *HORIZONS)}


def _counts(text: str) -> Counts:
    return np.fromstring(text, dtype=np.int64, sep=",")


def _split(columns: list[Counts]) -> Split:
    x, t_x, age, customers, came = columns
    return Split(Triples(x, t_x, age, customers), came)


def medians(orders: dict[str, Any], day: date) -> tuple[Three, tuple[int, int, int]]:
    """Return what ``ladder.interval_medians`` does."""
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, {**orders, "day": day, "youngest": YOUNGEST_INTERVAL_DAYS})
        found = {place: (float(median), int(count)) for place, median, count in cursor.fetchall()}
    one, two, later = (found.get(place, (0.0, 0)) for place in range(3))
    return (one[0], two[0], later[0]), (one[1], two[1], later[1])


def orders_of(installation_id: int, after: int, until: int, zone: str, keeps_returned_buyers: bool) -> dict[str, Any]:
    """Return the values of ``ORDER_DAYS`` for the customers in (after, until]."""
    return {
        "installation": installation_id,
        "after": after,
        "until": until,
        "zone": zone,
        "keeps_returned_buyers": keeps_returned_buyers,
        "void": list(VOID),
        "charged": list(CHARGED),
        "fulfilled": list(FULFILLED),
    }


def figures_of(rules: LossRules) -> dict[str, Any]:
    """Return the values of ``LOSSES``."""
    shop = rules.shop
    lines = range(MOST_ORDER_DAYS + 1 if shop.parameters else len(shop.silences))
    waits = [wait_line(shop, x) for x in lines]
    return {
        "bases": [line(shop, x)[0] for x in lines],
        "growths": [line(shop, x)[1] for x in lines],
        "offsets": [offset for offset, _ in waits],
        "factors": [factor for _, factor in waits],
        "waits": shop.rung != RUNG_FIXED,
        "last_line": len(lines) - 1,
        "wait_slope": 1.0 if shop.rung == RUNG_FIT else 0.0,
        "longest_wait": LONGEST_WAIT_DAYS,
        "earliest": shop.settings.earliest_days,
        "latest": shop.settings.latest_days,
        "noise": FLOAT_NOISE,
        "rung": shop.rung,
        "rung_set": RUNG_SET,
        "channels": list(rules.per_channel),
        "channel_seconds": [_set_seconds(rule) for rule in rules.per_channel.values()],
        "everyone_seconds": None if rules.everyone is None else _set_seconds(rules.everyone),
    }


def _set_seconds(rule: LossRule) -> int:
    return whole_seconds(rule.silences[0])
