"""Loss dates of many customers at once, equal to ``prediction.loss_date`` to the second.

Equal by construction: what depends on x alone comes from the same scalar function, and what is left is a product, a
sum, two bounds and a rounding, which IEEE 754 fixes bit for bit.
"""

import numpy as np
from numpy.typing import NDArray

from .order_days import OrderDays
from .prediction import FLOAT_NOISE, SECONDS_OF_DAY, LossRule, line

Counts = NDArray[np.int64]


def loss_seconds(rule: LossRule, orders: OrderDays) -> Counts:
    """Return each customer's loss date in whole seconds since 1970-01-01 UTC."""
    if not len(orders.day):
        return np.zeros(0, np.int64)
    return np.asarray(np.maximum.reduceat(orders.at + silences(rule, orders), orders.starts))


def silences(rule: LossRule, orders: OrderDays) -> Counts:
    """Return, per order day, the seconds without an order that mean loss."""
    lines = np.array([line(rule, x) for x in range(int(orders.x.max(initial=0)) + 1)])
    days = lines[orders.x, 0] + lines[orders.x, 1] * orders.since_first
    held = np.minimum(np.maximum(days, rule.settings.earliest_days), rule.settings.latest_days)
    return np.asarray(np.ceil(held * SECONDS_OF_DAY - FLOAT_NOISE), dtype=np.int64)
