"""What a fitted shop expects of its customers at a moment: still here, an order soon, how many.

Each function takes MBG/NBD parameters and histories, as numbers or as arrays of one shape, and returns an array of that
shape. A history: x order days after the first, t_x days from the first to the last, T (``age``) days from the first to
the moment.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .prediction import Parameters

Floats = NDArray[np.float64]


def alive(fitted: Parameters, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Floats:
    """Return the chance that they have not left: 1/(1 + a/(b+x)·((α+T)/(α+t_x))^(r+x)); falls strictly with T.

    Batislam, Denizel and Filiztekin 2007, appendix A.
    """
    count, last, now = (np.asarray(part, dtype=np.float64) for part in (x, t_x, age))
    odds = np.log(fitted.a / (fitted.b + count)) + (fitted.r + count) * np.log1p((now - last) / (fitted.alpha + last))
    return np.asarray(np.exp(-np.logaddexp(0.0, odds)))


def order_within(fitted: Parameters, x: ArrayLike, t_x: ArrayLike, age: ArrayLike, horizon: float) -> Floats:
    """Return the chance of an order in the next ``horizon`` days: P(alive)·(1 − ((α+T)/(α+T+H))^(r+x)).

    Falls strictly with T, as both factors do; so a threshold is crossed once.
    """
    count, now = np.asarray(x, dtype=np.float64), np.asarray(age, dtype=np.float64)
    silent = -(fitted.r + count) * np.log1p(horizon / (fitted.alpha + now))
    return np.asarray(alive(fitted, x, t_x, age) * -np.expm1(silent))


def expected_orders(fitted: Parameters, x: ArrayLike, t_x: ArrayLike, age: ArrayLike, horizon: float) -> Floats:
    """Return the orders expected in the next ``horizon`` days; relative error under 1e-9.

    Wagner and Hoppe (2008) write it with ₂F₁ and divide by a − 1, which fails at a = 1 and loses digits near it. This
    is the same as a sum of positive terms: P(alive)·Σ_{k≥0} P(N > k)·E[q^k], where N is how many orders there would be
    if nobody left, a negative binomial(r + x, (α+T)/(α+T+H)), and q, a beta(b + x + 1, a), is the chance of staying.
    """
    count, last, now = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (x, t_x, age)))
    here = alive(fitted, count, last, now).reshape(-1)
    total = np.zeros(here.size)
    if horizon > 0:
        s, stays = (fitted.r + count).reshape(-1), (fitted.b + count + 1.0).reshape(-1)
        rest = (fitted.alpha + now).reshape(-1)
        rows = np.arange(here.size)
        log_term = -s * np.log1p(horizon / rest)
        z = horizon / (rest + horizon)
        tail = -np.expm1(log_term)
        kept = np.ones(here.size)
        k = 0
        while rows.size:
            total[rows] += tail * kept
            log_term = log_term + np.log(z * (s + k) / (k + 1.0))
            kept = kept * (stays + k) / (stays + fitted.a + k)
            tail = tail - np.exp(log_term)
            k += 1
            going = tail * kept > 1e-11 * total[rows] * (1.0 - z)
            if not going.all():
                rows, s, stays, z = rows[going], s[going], stays[going], z[going]
                log_term, kept, tail = log_term[going], kept[going], tail[going]
    return np.asarray((total * here).reshape(count.shape))
