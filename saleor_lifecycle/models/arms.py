"""What the arms of a flow brought, as sums: SQL reads them without telling of anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.intervals import Sums
from saleor_lifecycle.domain.phases import CHARGED, FULFILLED, VOID

from .delivery_events import CLICK
from .results import REACHED

WEEK = timedelta(days=7)

Weekly = tuple[tuple[datetime, Sums, Sums], ...]
"""When a week was over, and what it added to the treated and to the held-out: as ``domain.lift.series`` reads it."""


@dataclass(frozen=True, slots=True)
class Arms:
    weeks: float  # in which these people entered
    conversions: Weekly
    amounts: tuple[tuple[str, Weekly], ...]  # by currency


# As ``domain.phases.order_state`` says.
_QUALIFIES = """NOT placed.status = ANY(%(void)s) AND NOT (placed.refunded > 0 AND placed.charged <= 0)
    AND (placed.charge_status = ANY(%(charged)s) OR placed.status = ANY(%(fulfilled)s))"""
_RULES = {"void": sorted(VOID), "charged": sorted(CHARGED), "fulfilled": sorted(FULFILLED)}

# Person by person through indexes: of joins the planner would make scans of everybody's orders and messages.
_ARMS = f"""
    WITH person AS (
        SELECT DISTINCT ON (customer_id) customer_id, arm = %(held_out)s AS is_held_out, entered_at,
            floor(extract(epoch FROM entered_at - %(since)s) / extract(epoch FROM %(week)s::interval))::int AS week
        FROM lifecycle_enrollment
        WHERE {{flows}} AND entered_at >= %(since)s AND entered_at <= %(until)s
            AND arm = ANY(%(arms)s) AND NOT is_shadow
        ORDER BY customer_id, entered_at, id
    ), spent AS (
        SELECT person.customer_id, person.week, person.is_held_out, by_currency.*
        FROM person CROSS JOIN LATERAL (
            SELECT placed.currency, sum(GREATEST(placed.total, 0))::float8 AS worth
            FROM lifecycle_identity identity JOIN lifecycle_order placed ON placed.identity_id = identity.id
            WHERE identity.customer_id = person.customer_id AND {_QUALIFIES}
                AND placed.created_at >= person.entered_at AND placed.created_at < person.entered_at + %(window)s
            GROUP BY 1
        ) by_currency
    )
    SELECT week, is_held_out, NULL AS currency, count(*), count(buyer.customer_id), 0, 0, 0, min(entered_at)
    FROM person LEFT JOIN (SELECT DISTINCT customer_id FROM spent) buyer USING (customer_id)
    GROUP BY 1, 2
    UNION ALL
    SELECT week, is_held_out, currency, 0, count(*), sum(worth), sum(worth ^ 2), sum(worth ^ 3), NULL
    FROM spent WHERE worth > 0
    GROUP BY 1, 2, 3
"""

_ATTRIBUTED = f"""
    SELECT currency, count(*), sum(GREATEST(total, 0))
    FROM (
        SELECT DISTINCT bought.id, bought.currency, bought.total
        FROM lifecycle_enrollment enrollment CROSS JOIN LATERAL (
            SELECT placed.id, placed.currency, placed.total, placed.created_at
            FROM lifecycle_identity identity JOIN lifecycle_order placed ON placed.identity_id = identity.id
            WHERE identity.customer_id = enrollment.customer_id AND {_QUALIFIES}
                AND placed.created_at >= enrollment.entered_at
            OFFSET 0
        ) bought
        WHERE enrollment.flow_id = %(flow)s AND enrollment.entered_at >= %(since)s AND EXISTS (
            SELECT FROM lifecycle_message message JOIN lifecycle_deliveryevent event ON event.message_id = message.id
            WHERE message.enrollment_id = enrollment.id AND {REACHED}
                AND event.occurred_at <= bought.created_at AND event.occurred_at > bought.created_at - %(window)s
            OFFSET 0
        )
    ) once
    GROUP BY 1 ORDER BY 1
"""


def arms(flow_id: int | None, since: datetime, window: timedelta, now: datetime) -> Arms:
    """Return what those who entered from ``since`` on did within ``window`` after it, by arm and by week of entry.

    Of a flow; None for all flows together, against those held out of all. Only whose window is over counts, so all are
    seen at the same age, and each person once, from their first entry. The always-valid intervals hold only if
    ``since`` stays what it was: where the comparison began, not so many days ago.
    """
    until = now - window
    flows = "flow_id IN (SELECT id FROM lifecycle_flow)" if flow_id is None else "flow_id = %(flow)s"
    held_out = Arm.EVERYWHERE if flow_id is None else Arm.HOLDOUT
    compared = list(Arm) if flow_id is None else [Arm.TREATED, Arm.HOLDOUT]
    asked = {"week": WEEK, "arms": [arm.value for arm in compared if arm.value], "held_out": held_out.value}
    people: dict[tuple[int, bool], tuple[int, int]] = {}
    spent: dict[str, dict[tuple[int, bool], tuple[int, float, float, float]]] = {}
    began = until
    for week, is_held_out, currency, count, converted, *sums, first in _rows(
        _ARMS.format(flows=flows), flow_id, since, window, until=until, **asked
    ):
        if currency is None:
            people[week, is_held_out] = count, converted
            began = min(began, first)
        else:
            spent.setdefault(currency, {})[week, is_held_out] = (converted, *map(float, sums))

    def weekly(of: Callable[[int, bool], Sums]) -> Weekly:
        return tuple(
            (min(since + (week + 1) * WEEK + window, now), of(week, False), of(week, True))
            for week in sorted({week for week, _ in people})
        )

    def conversions(week: int, is_held_out: bool) -> Sums:
        count, converted = people.get((week, is_held_out), (0, 0))
        return Sums(count, converted, *[float(converted)] * 3)

    def amounts(currency: str) -> Callable[[int, bool], Sums]:
        return lambda week, is_held_out: Sums(
            people.get((week, is_held_out), (0, 0))[0],
            *spent[currency].get((week, is_held_out), (0, 0.0, 0.0, 0.0)),
        )

    by_currency = tuple((currency, weekly(amounts(currency))) for currency in sorted(spent))
    return Arms((until - began) / WEEK, weekly(conversions), by_currency)


def totals(weekly: Weekly) -> tuple[Sums, Sums]:
    """Return the sums of the treated and of the held-out over all weeks, as ``domain.lift.compare`` reads them."""
    treated = held_out = Sums()
    for _, more_treated, more_held_out in weekly:
        treated, held_out = treated + more_treated, held_out + more_held_out
    return treated, held_out


def attributed(flow_id: int, since: datetime, window: timedelta) -> tuple[tuple[str, int, Decimal], ...]:
    """Return (currency, orders, worth) of what was ordered within ``window`` after a message of these enrollments.

    That is what such figures mostly say, and no proof: many of these orders would have come without any message. A
    message counts from when it was delivered or its person followed a link; each order counts once.
    """
    return tuple((currency, orders, worth) for currency, orders, worth in _rows(_ATTRIBUTED, flow_id, since, window))


def _rows(
    statement: str, flow_id: int | None, since: datetime, window: timedelta, **more: Any
) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {**_RULES, **CLICK, "flow": flow_id, "since": since, "window": window, **more}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
