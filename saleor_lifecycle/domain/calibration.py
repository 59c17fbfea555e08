"""How a shop's predicted chances turned out, and the curve that corrects the next ones.

The parameters are right on average and wrong at the ends, because no shop's customers are gamma and beta. So they are
fitted once on all but the last horizon, asked what that horizon would bring, and told by a monotone curve what it did.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .chances import order_within
from .fit import Unfittable, fit
from .likelihood import Counts, Triples
from .order_days import OrderDays, known, ordered_between, triples
from .prediction import Parameters

Floats = NDArray[np.float64]
BINS = 20
FEWEST_BUYERS = 1000
FEWEST_ORDERING = 100
HORIZONS = (30, 90)  # days


@dataclass(frozen=True, slots=True)
class Curve:
    """Predicted chances against observed ones, both rising from 0 to 1, straight in between."""

    predicted: tuple[float, ...]
    observed: tuple[float, ...]


UNCHANGED = Curve((0.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Histories as they were known so many days ago, and of how many customers of each orders came since."""

    histories: Triples
    came: Counts


def calibrate(predicted: ArrayLike, ordered: ArrayLike, customers: ArrayLike | None = None) -> Curve:
    """Return the curve through what was predicted (chances) and whether they ordered (booleans), of one shape.

    With ``customers``, each row stands for so many, of whom ``ordered`` did. Isotonic regression (pool adjacent
    violators) over twenty groups of about equal size. Too few customers leave chances as they are: 1,000 of them, and
    100 on each side.
    """
    chance, came = np.asarray(predicted, dtype=np.float64), np.asarray(ordered, dtype=np.float64)
    size = np.ones(len(chance)) if customers is None else np.asarray(customers, dtype=np.float64)
    total, ordering = float(size.sum()), float(came.sum())
    if total < FEWEST_BUYERS or min(ordering, total - ordering) < FEWEST_ORDERING:
        return UNCHANGED
    by = np.argsort(chance, kind="stable")
    chance, came, size = chance[by], came[by], size[by]
    group = ((np.cumsum(size) - size / 2) * BINS / total).astype(np.int64)
    pools: list[tuple[float, float, float]] = []  # mean predicted, mean observed, customers
    for number in np.unique(group):
        rows = group == number
        within = float(size[rows].sum())
        pool = (float(chance[rows] @ size[rows]) / within, float(came[rows].sum()) / within, within)
        while pools and (pools[-1][1] >= pool[1] or pools[-1][0] >= pool[0]):
            pool = _joined(pools.pop(), pool)
        pools.append(pool)
    inner = [pool for pool in pools if 0.0 < pool[0] < 1.0]
    return Curve(
        (0.0, *(pool[0] for pool in inner), 1.0),
        (0.0, *(pool[1] for pool in inner), max(1.0, inner[-1][1] if inner else 1.0)),
    )


def _joined(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    size = one[2] + other[2]
    return (one[0] * one[2] + other[0] * other[2]) / size, (one[1] * one[2] + other[1] * other[2]) / size, size


def corrected(curve: Curve, chance: ArrayLike) -> Floats:
    """Return the chances as the curve corrects them; their order stays."""
    return np.asarray(np.interp(np.asarray(chance, dtype=np.float64), curve.predicted, curve.observed))


def calibrate_on_split(orders: OrderDays, day: int, horizon: int) -> Curve:
    """Return the curve for ``horizon`` days from what was known so many days before ``day`` and what came since.

    The horizon is held out of the fit; a shop that cannot be fitted without it keeps its chances as they are.
    """
    then = known(orders, day - horizon)
    came = ordered_between(orders, then, day - horizon, day) > 0
    fitted = fit(triples(then))
    if isinstance(fitted, Unfittable):
        return UNCHANGED
    chance = order_within(fitted, then.x, then.t_x, then.age, float(horizon))
    return calibrate(chance, came)


def calibrate_split(split: Split, horizon: int, start: Parameters | None) -> Curve:
    """Return the same from histories that are compressed already; ``start`` saves passes of the fit."""
    then = split.histories
    fitted = fit(then, start)
    if isinstance(fitted, Unfittable):
        return UNCHANGED
    return calibrate(order_within(fitted, then.x, then.t_x, then.age, float(horizon)), split.came, then.weight)
