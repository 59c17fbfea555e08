"""How a shop's predicted chances turned out, and the curve that corrects the next ones.

The parameters are right on average and wrong at the ends, because no shop's customers are gamma and beta. So they are
fitted once on all but the last horizon, asked what that horizon would bring, and told by a monotone curve what it did.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .chances import order_within
from .fit import Unfittable, fit
from .order_days import OrderDays, known, ordered_between, triples

Floats = NDArray[np.float64]
BINS = 20
FEWEST_BUYERS = 1000
FEWEST_ORDERING = 100


@dataclass(frozen=True, slots=True)
class Curve:
    """Predicted chances against observed ones, both rising from 0 to 1, straight in between."""

    predicted: tuple[float, ...]
    observed: tuple[float, ...]


UNCHANGED = Curve((0.0, 1.0), (0.0, 1.0))


def calibrate(predicted: ArrayLike, ordered: ArrayLike) -> Curve:
    """Return the curve through what was predicted (chances) and whether they ordered (booleans), of one shape.

    Isotonic regression (pool adjacent violators) over twenty groups of equal size. Too few customers leave chances as
    they are: 1,000 of them, and 100 on each side.
    """
    chance = np.asarray(predicted, dtype=np.float64)
    came = np.asarray(ordered, dtype=bool)
    if len(chance) < FEWEST_BUYERS or min(int(came.sum()), int((~came).sum())) < FEWEST_ORDERING:
        return UNCHANGED
    by = np.argsort(chance, kind="stable")
    pools: list[tuple[float, float, int]] = []  # mean predicted, mean observed, customers
    for group in np.array_split(by, BINS):
        pool = (float(chance[group].mean()), float(came[group].mean()), len(group))
        while pools and (pools[-1][1] >= pool[1] or pools[-1][0] >= pool[0]):
            pool = _joined(pools.pop(), pool)
        pools.append(pool)
    inner = [pool for pool in pools if 0.0 < pool[0] < 1.0]
    return Curve(
        (0.0, *(pool[0] for pool in inner), 1.0),
        (0.0, *(pool[1] for pool in inner), max(1.0, inner[-1][1] if inner else 1.0)),
    )


def _joined(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float, int]:
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
    fitted = fit(triples(then))
    if isinstance(fitted, Unfittable):
        return UNCHANGED
    chance = order_within(fitted, then.x, then.t_x, then.age, float(horizon))
    return calibrate(chance, ordered_between(orders, then, day - horizon, day) > 0)
