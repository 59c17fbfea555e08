"""What is expected of one buyer at a moment: an order soon, how many in a quarter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .calibration import Curve, corrected
from .chances import expected_orders, order_within
from .prediction import Parameters

SOON, QUARTER = 30, 90


@dataclass(frozen=True, slots=True)
class Outlook:
    """Chances from 0 to 1, as the shop's own past corrects them, and expected orders as the fit has them."""

    chance_30: float
    chance_90: float
    orders_90: float


def outlook(
    fitted: Parameters, curve: Callable[[int], Curve], order_days: int, first: date, last: date, today: date
) -> Outlook:
    """Return what is expected of a buyer from ``today`` on, from their order days; all are days of the shop.

    ``curve`` is the correction for a horizon. A first order in the future is seen as today's.
    """
    x, t_x = order_days - 1, (last - first).days
    age = max((today - first).days, t_x)

    def chance(horizon: int) -> float:
        return float(corrected(curve(horizon), order_within(fitted, x, t_x, age, float(horizon))))

    # Corrected one by one, the two may cross by a hair: an order within 30 days is one within 90.
    soon = chance(SOON)
    return Outlook(soon, max(soon, chance(QUARTER)), float(expected_orders(fitted, x, t_x, age, float(QUARTER))))
